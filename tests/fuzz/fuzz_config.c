/* Any bytes as a configuration file: read, or refused with a line; what is read prints and reads
 * back. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/app/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[CONFIG_ERROR_SIZE] = "";
    struct wire_wearer_config wire;
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    struct config *config = config_parse((const char *)data, size, "fuzz", error);
    if (config == NULL) {
        if (strncmp(error, "fuzz:", 5) != 0)
            abort();
        return 0;
    }
    for (int i = 0; i < config->wearers_n; i++) {
        config_wearer_wire(config, i, NULL, &wire);
        (void)!wire_encode_wearer_config(&wire, bytes, sizeof(bytes));
    }
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    if (file == NULL)
        abort();
    config_print(config, file);
    fclose(file);
    config_free(config);
    config = config_parse(text, length, "again", error);
    if (config == NULL)
        abort();
    config_free(config);
    free(text);
    return 0;
}
