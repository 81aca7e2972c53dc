/* Printing and help from the same table. */
#include <errno.h>
#include <math.h>
#include <sys/stat.h>

#include "hub/app/config_table.h"

static void print_keys(const void *record, enum config_section section, FILE *out)
{
    char value[1100];
    for (int i = 0; i < config_keys_n; i++) {
        if (config_keys[i].section == section &&
            config_get_value(record, &config_keys[i], value, sizeof(value)))
            fprintf(out, "%s = %s\n", config_keys[i].key, value);
    }
}

void config_print(const struct config *config, FILE *out)
{
    fprintf(out, "[hub]\n");
    print_keys(&config->hub, SECTION_HUB, out);
    fprintf(out, "\n[rules]\n");
    for (int i = 0; i < PARAM_COUNT; i++)
        fprintf(out, "%s = %.17g\n", param_info((enum param)i)->name, config->params.value[i]);
    for (int i = 0; i < config->wearers_n; i++) {
        fprintf(out, "\n[wearer %s]\n", config->wearers[i].id);
        print_keys(&config->wearers[i], SECTION_WEARER, out);
    }
    for (int i = 0; i < config->devices_n; i++) {
        fprintf(out, "\n[device %s]\n", config->devices[i].id);
        print_keys(&config->devices[i], SECTION_DEVICE, out);
    }
    for (int i = 0; i < config->caregivers_n; i++) {
        fprintf(out, "\n[caregiver %s]\n", config->caregivers[i].id);
        print_keys(&config->caregivers[i], SECTION_CAREGIVER, out);
    }
}

static void help_key(const struct config_key *key, FILE *out)
{
    fprintf(out, "  %-18s %s\n", key->key, key->help);
    fprintf(out, "  %-18s ", "");
    if (key->type == TYPE_INTEGER || key->type == TYPE_NUMBER)
        fprintf(out, "%g to %g %s; ", key->min, key->max, key->unit);
    else if (key->choices != NULL)
        fprintf(out, "%s; ", key->choices);
    else if (key->type == TYPE_YES_NO)
        fprintf(out, "yes or no; ");
    if (key->def == NULL)
        fprintf(out, "must be given\n");
    else
        fprintf(out, "default: %s\n", key->def[0] == '\0' ? "absent" : key->def);
}

void config_help(FILE *out)
{
    for (int section = SECTION_HUB; section < CONFIG_SECTIONS; section++) {
        const bool with_id = section >= SECTION_WEARER;
        fprintf(out, "[%s%s]\n", config_section_names[section], with_id ? " ID" : "");
        for (int i = 0; i < config_keys_n; i++) {
            if ((int)config_keys[i].section == section)
                help_key(&config_keys[i], out);
        }
        for (int i = 0; section == SECTION_RULES && i < PARAM_COUNT; i++) {
            const struct param_info *info = param_info((enum param)i);
            fprintf(out, "  %-26s %s\n  %-26s %g to %g %s; default: %g; %s\n", info->name,
                    info->help, "", info->min, info->max, info->unit, info->def, info->source);
        }
        fputc('\n', out);
    }
}

static bool find_password(FILE *file, const char *user, char *out, size_t size)
{
    char line[512];
    const size_t length = strlen(user);
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (strncmp(line, user, length) != 0 || line[length] != ':')
            continue;
        return (size_t)snprintf(out, size, "%s", line + length + 1) < size;
    }
    return false;
}

bool config_password(const char *path, const char *user, char *out, size_t size, char *error)
{
    struct stat status;
    FILE *file = fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        snprintf(error, CONFIG_ERROR_SIZE, "%.200s: cannot be read: %s", path,
                 strerrordesc_np(errno));
        if (file != NULL)
            fclose(file);
        return false;
    }
    bool ok = (status.st_mode & 0077) == 0;
    if (!ok) {
        snprintf(error, CONFIG_ERROR_SIZE, "%.200s: others may read it: chmod 600 it", path);
    } else if (!find_password(file, user, out, size)) {
        snprintf(error, CONFIG_ERROR_SIZE, "%.200s: has no line %s:<password>", path, user);
        ok = false;
    }
    fclose(file);
    return ok;
}
