/* Disk space: the ballast that is given up when the disk is full, and files set aside. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "hub/io/store_private.h"

void store_reserve_path(const struct store *store, char *out, size_t size)
{
    snprintf(out, size, "%s.reserve", store->path);
}

uint64_t store_free_bytes(const struct store *store)
{
    char folder[sizeof(store->path)];
    snprintf(folder, sizeof(folder), "%s", store->path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        snprintf(folder, sizeof(folder), ".");
    else
        slash[slash == folder ? 1 : 0] = '\0';
    struct statvfs space;
    if (statvfs(folder, &space) != 0)
        return 0;
    return (uint64_t)space.f_bavail * space.f_frsize;
}

static bool reserve_is_whole(const struct store *store, const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && (uint64_t)status.st_size == store->reserve_bytes &&
           (uint64_t)status.st_blocks * 512 >= store->reserve_bytes;
}

bool store_reserve_take(struct store *store)
{
    if (store->reserve_bytes == 0 || store->read_only)
        return true;
    char path[1100];
    const uint64_t free_bytes = store_free_bytes(store);
    store_reserve_path(store, path, sizeof(path));
    if (reserve_is_whole(store, path))
        return free_bytes >= STORE_FREE_MIN;
    if (free_bytes < 2 * store->reserve_bytes)
        return false;
    const int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    const bool whole = posix_fallocate(file, 0, (off_t)store->reserve_bytes) == 0;
    close(file);
    return whole;
}

/* A step at a time: all at once would be taken by whoever filled the disk, and there would be
 * nothing left for the next alert. */
bool store_reserve_give_up(struct store *store)
{
    char path[1100];
    struct stat status;
    if (store->reserve_bytes == 0)
        return false;
    store_reserve_path(store, path, sizeof(path));
    if (stat(path, &status) != 0)
        return false;
    if (status.st_size <= STORE_RESERVE_STEP)
        return unlink(path) == 0;
    return truncate(path, status.st_size - STORE_RESERVE_STEP) == 0;
}

bool store_quarantine(struct store *store)
{
    static const char *const companions[] = {"-wal", "-shm", ""};
    char from[1100], to[1200];
    struct stat status;
    for (int n = 1; n < 1000; n++) {
        snprintf(to, sizeof(to), "%s.corrupt-%d", store->path, n);
        if (stat(to, &status) == 0 || errno != ENOENT)
            continue;
        for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]); i++) {
            snprintf(from, sizeof(from), "%s%s", store->path, companions[i]);
            snprintf(to, sizeof(to), "%s.corrupt-%d%s", store->path, n, companions[i]);
            if (rename(from, to) != 0 && errno != ENOENT)
                return false;
        }
        return true;
    }
    return false;
}
