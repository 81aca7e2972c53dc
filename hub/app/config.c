/* Reading the file, and giving it back. What a value may be is in config_table.c. */
#include "hub/app/config.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub/app/config_table.h"

enum { LINE_SIZE = 1200 };

struct reader {
    struct config *config;
    const char *name;
    char *error;
    int line;
    enum config_section section;
    void *record; /* of the section being read */
    int record_line;
    uint64_t given; /* bit per key of this section */
    bool hub_seen;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct reader *reader, const char *format,
                                                       ...)
{
    char text[CONFIG_ERROR_SIZE / 2 + 64];
    va_list arguments;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is started one line up */
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    snprintf(reader->error, CONFIG_ERROR_SIZE, "%.80s:%d: %s", reader->name, reader->line, text);
    return false;
}

/* A zeroed record more at the end of a growing table, or NULL. */
static void *grow(void **table, int *n, int *room, int max, size_t size)
{
    if (*n == max)
        return NULL;
    if (*n == *room) {
        const int more = *room == 0 ? 4 : *room * 2 < max ? *room * 2 : max;
        void *larger = realloc(*table, (size_t)more * size);
        if (larger == NULL)
            return NULL;
        *table = larger;
        *room = more;
    }
    void *record = (char *)*table + (size_t)(*n)++ * size;
    memset(record, 0, size);
    return record;
}

static void set_defaults(void *record, enum config_section section)
{
    char why[64];
    for (int i = 0; i < config_keys_n; i++) {
        const struct config_key *key = &config_keys[i];
        if (key->section != section)
            continue;
        if (key->def != NULL && key->def[0] != '\0')
            (void)config_set_value(record, key, key->def, why, sizeof(why));
        else if (key->type == TYPE_NUMBER)
            *(double *)((char *)record + key->offset) = (double)NAN;
    }
}

/* Every key without a default must have been given by the end of its section. */
static bool finish_section(struct reader *reader)
{
    for (int i = 0; i < config_keys_n && reader->record != NULL; i++) {
        const struct config_key *key = &config_keys[i];
        if (key->section != reader->section || key->def != NULL || (reader->given >> i & 1) != 0)
            continue;
        reader->line = reader->record_line;
        return fail(reader, "[%s] needs a line: %s = ... (%s)",
                    config_section_names[reader->section], key->key, key->help);
    }
    reader->record = NULL;
    return true;
}

static bool new_record(struct reader *reader, const char *id)
{
    struct config *config = reader->config;
    struct config_wearer *wearer = NULL;
    struct config_device *device = NULL;
    struct config_caregiver *caregiver = NULL;
    if (reader->section == SECTION_WEARER) {
        void *table = config->wearers;
        reader->record = wearer = grow(&table, &config->wearers_n, &config->wearers_room,
                                       CONFIG_WEARERS_MAX, sizeof(*wearer));
        config->wearers = table;
    } else if (reader->section == SECTION_DEVICE) {
        void *table = config->devices;
        reader->record = device = grow(&table, &config->devices_n, &config->devices_room,
                                       CONFIG_DEVICES_MAX, sizeof(*device));
        config->devices = table;
    } else {
        void *table = config->caregivers;
        reader->record = caregiver = grow(&table, &config->caregivers_n, &config->caregivers_room,
                                          CONFIG_CAREGIVERS_MAX, sizeof(*caregiver));
        config->caregivers = table;
    }
    if (reader->record == NULL)
        return fail(reader, "there are more [%s] sections than this program can hold",
                    config_section_names[reader->section]);
    set_defaults(reader->record, reader->section);
    char *record_id = wearer != NULL ? wearer->id : device != NULL ? device->id : caregiver->id;
    int *line = wearer != NULL ? &wearer->line : device != NULL ? &device->line : &caregiver->line;
    snprintf(record_id, ID_SIZE, "%s", id);
    *line = reader->line;
    return true;
}

static bool read_section(struct reader *reader, char *text)
{
    if (!finish_section(reader))
        return false;
    char *end = strchr(text, ']');
    if (end == NULL || end[1] != '\0')
        return fail(reader, "a section is written [hub] or [wearer ID]");
    *end = '\0';
    char *id = text + strcspn(text, " \t");
    if (*id != '\0')
        *id++ = '\0';
    id += strspn(id, " \t");
    reader->section = SECTION_NONE;
    for (int i = SECTION_HUB; i < CONFIG_SECTIONS; i++) {
        if (strcmp(text, config_section_names[i]) == 0)
            reader->section = (enum config_section)i;
    }
    reader->given = 0;
    reader->record_line = reader->line;
    if (reader->section == SECTION_NONE)
        return fail(reader, "[%.40s] is no section: use hub, rules, wearer, device or caregiver",
                    text);
    if (reader->section == SECTION_HUB || reader->section == SECTION_RULES) {
        if (*id != '\0')
            return fail(reader, "[%s] takes no id", text);
        if (reader->section == SECTION_HUB && reader->hub_seen)
            return fail(reader, "[hub] is there twice: join the two");
        reader->hub_seen = reader->hub_seen || reader->section == SECTION_HUB;
        reader->record = reader->section == SECTION_HUB ? &reader->config->hub : NULL;
        return true;
    }
    if (!topic_id_valid(id))
        return fail(reader, "[%s ID] needs an id: a-z, 0-9 and -, at most 32", text);
    return new_record(reader, id);
}

static bool read_rule(struct reader *reader, const char *name, const char *value)
{
    const enum param param = param_find(name);
    if (param == PARAM_COUNT)
        return fail(reader, "%.40s is no rule parameter: see stridehub check --help-config", name);
    if (reader->config->rule_line[param] != 0)
        return fail(reader, "%s is there twice", name);
    reader->config->rule_line[param] = reader->line;
    const struct param_info *info = param_info(param);
    char *end;
    const double number = strtod(value, &end);
    if (end == value || *end != '\0' || !params_set(&reader->config->params, param, number))
        return fail(reader, "%s must be from %g to %g %s", name, info->min, info->max, info->unit);
    return true;
}

static bool read_key(struct reader *reader, const char *name, const char *value)
{
    if (reader->section == SECTION_NONE)
        return fail(reader, "%.40s stands before the first section: begin with [hub]", name);
    if (reader->section == SECTION_RULES)
        return read_rule(reader, name, value);
    for (int i = 0; i < config_keys_n; i++) {
        if (config_keys[i].section != reader->section || strcmp(config_keys[i].key, name) != 0)
            continue;
        char why[160];
        if ((reader->given >> i & 1) != 0)
            return fail(reader, "%s is there twice in this section", name);
        reader->given |= UINT64_C(1) << i;
        if (value[0] == '\0')
            return fail(reader, "%s has no value: give one or take the line out", name);
        if (!config_set_value(reader->record, &config_keys[i], value, why, sizeof(why)))
            return fail(reader, "%s %s", name, why);
        if (config_keys[i].type == TYPE_RULES)
            ((struct config_wearer *)reader->record)->rules_line = reader->line;
        return true;
    }
    return fail(reader, "[%s] knows no key %.40s: see stridehub check --help-config",
                config_section_names[reader->section], name);
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

static bool read_line(struct reader *reader, char *line)
{
    char *text = trim(line);
    if (text[0] == '\0' || text[0] == '#' || text[0] == ';')
        return true;
    for (const char *c = text; *c != '\0'; c++) {
        if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
            return fail(reader, "there is a control character in this line");
    }
    if (text[0] == '[')
        return read_section(reader, text + 1);
    char *equals = strchr(text, '=');
    if (equals == NULL)
        return fail(reader, "a line is written: key = value");
    *equals = '\0';
    return read_key(reader, trim(text), trim(equals + 1));
}

static bool read_lines(struct reader *reader, const char *text, size_t size)
{
    const char *end = text + size;
    while (text < end) {
        char line[LINE_SIZE];
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const size_t length = (size_t)((newline == NULL ? end : newline) - text);
        reader->line++;
        if (length >= sizeof(line))
            return fail(reader, "the line is longer than %d bytes", LINE_SIZE - 1);
        if (memchr(text, '\0', length) != NULL)
            return fail(reader, "there is a zero byte in this line");
        memcpy(line, text, length);
        line[length] = '\0';
        if (!read_line(reader, line))
            return false;
        text += length + 1;
        if (newline == NULL)
            break;
    }
    if (!finish_section(reader))
        return false;
    reader->line = 1;
    return reader->hub_seen || fail(reader, "there is no [hub] section");
}

struct config *config_parse(const char *text, size_t size, const char *name, char *error)
{
    struct config *config = calloc(1, sizeof(*config));
    struct reader reader = {.config = config, .name = name, .error = error};
    if (config == NULL || size > CONFIG_FILE_BYTES_MAX) {
        (void)fail(&reader, "the file is too large");
        free(config);
        return NULL;
    }
    params_defaults(&config->params);
    set_defaults(&config->hub, SECTION_HUB);
    if (read_lines(&reader, text, size) && config_cross_check(config, name, error))
        return config;
    config_free(config);
    return NULL;
}

struct config *config_load(const char *path, char *error)
{
    struct config *config = NULL;
    char *text = NULL;
    FILE *file = fopen(path, "re");
    struct stat status;
    if (file == NULL || fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode)) {
        snprintf(error, CONFIG_ERROR_SIZE, "%.200s: cannot be read: %s", path,
                 errno != 0 ? strerrordesc_np(errno) : "not a file");
    } else if (status.st_size > CONFIG_FILE_BYTES_MAX ||
               (text = malloc((size_t)status.st_size + 1)) == NULL) {
        snprintf(error, CONFIG_ERROR_SIZE, "%.200s: is too large", path);
    } else {
        const size_t size = fread(text, 1, (size_t)status.st_size, file);
        config = config_parse(text, size, path, error);
    }
    free(text);
    if (file != NULL)
        fclose(file);
    return config;
}

const char *config_caregiver_name(const struct config *config, const char *account)
{
    for (int i = 0; i < config->caregivers_n; i++) {
        const struct config_caregiver *caregiver = &config->caregivers[i];
        if (strcmp(caregiver->id, account) == 0 && caregiver->name[0] != '\0')
            return caregiver->name;
    }
    return account;
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    free(config->wearers);
    free(config->devices);
    free(config->caregivers);
    free(config);
}
