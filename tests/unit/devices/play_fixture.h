/* Where the recordings are, and skipping by name where they are not. */
#ifndef STRIDE_TESTS_UNIT_DEVICES_PLAY_FIXTURE_H
#define STRIDE_TESTS_UNIT_DEVICES_PLAY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "devices/play/recording.h"

/* $STRIDEHUB_RECORDINGS, or shared/recordings beside the project, looked for upward from wherever
 * the test runs (a build tree's folder, mostly). Skips the test where it is not there. */
static inline void recordings_path(const char *name, char *out, size_t size)
{
    static const char *const roots[] = {"../shared/recordings", "../../shared/recordings",
                                        "../../../shared/recordings",
                                        "../../../../shared/recordings"};
    const char *given = getenv("STRIDEHUB_RECORDINGS");
    if (given != NULL) {
        snprintf(out, size, "%s/%s", given, name);
        if (access(out, R_OK) == 0)
            return;
    }
    for (size_t i = 0; given == NULL && i < sizeof(roots) / sizeof(roots[0]); i++) {
        snprintf(out, size, "%s/%s", roots[i], name);
        if (access(out, R_OK) == 0)
            return;
    }
    print_message("skipped: recording %s not found (set STRIDEHUB_RECORDINGS)\n", name);
    skip();
}

/* Writes a small file for a test of what is refused. */
static inline void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void temporary_path(char *out, size_t size, const char *name)
{
    const char *folder = getenv("TMPDIR");
    snprintf(out, size, "%s/stride-play-%d-%s", folder != NULL ? folder : "/tmp", (int)getpid(),
             name);
}

#endif
