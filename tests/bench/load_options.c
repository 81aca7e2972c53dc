#include "tests/bench/load_options.h"

#include <getopt.h>

#include "proto/topic.h"

static const struct option long_options[] = {{"load", required_argument, NULL, 'l'},
                                             {"port", required_argument, NULL, 'p'},
                                             {"user", required_argument, NULL, 'u'},
                                             {"password-file", required_argument, NULL, 'w'},
                                             {"site", required_argument, NULL, 's'},
                                             {"connections", required_argument, NULL, 'c'},
                                             {"rate", required_argument, NULL, 'r'},
                                             {"window", required_argument, NULL, 'n'},
                                             {"count-file", required_argument, NULL, 'f'},
                                             {"log", required_argument, NULL, 'g'},
                                             {NULL, 0, NULL, 0}};

bool load_options_parse(int argc, char **argv, struct load_options *out)
{
    *out =
        (struct load_options){.connections_n = 4, .window = 20000, .user = "bench", .site = "home"};
    for (int key; (key = getopt_long(argc, argv, "", long_options, NULL)) != -1;)
        switch (key) {
        case 'l':
            out->load = optarg;
            break;
        case 'p':
            out->port = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'u':
            out->user = optarg;
            break;
        case 'w':
            out->password_file = optarg;
            break;
        case 's':
            out->site = optarg;
            break;
        case 'c':
            out->connections_n = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'r':
            out->rate = strtod(optarg, NULL);
            break;
        case 'n':
            out->window = strtoull(optarg, NULL, 10);
            break;
        case 'f':
            out->count_file = optarg;
            break;
        case 'g':
            out->log = optarg;
            break;
        default:
            return false;
        }
    return out->load && out->password_file && out->port > 0 && out->port <= UINT16_MAX &&
           out->connections_n > 0 && out->connections_n <= CONNECTIONS_MAX &&
           topic_id_valid(out->site) && topic_id_valid(out->user);
}

void load_options_usage(void)
{
    fprintf(stderr, "usage: bench_load --load FILE --port N [--user U] --password-file F [--site S]"
                    " [--connections N] [--rate FRAMES/S] [--window N]"
                    " [--count-file F] [--log F]\n");
}

bool load_options_password(const struct load_options *options, const char *user, char *out,
                           size_t size)
{
    FILE *file = fopen(options->password_file, "r");
    char line[256];
    const size_t user_size = strlen(user);
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (strncmp(line, user, user_size) != 0 || line[user_size] != ':')
            continue;
        int written = snprintf(out, size, "%s", line + user_size + 1);
        found = written > 0 && (size_t)written < size;
    }
    if (file)
        (void)fclose(file);
    if (!found)
        fprintf(stderr, "load: no password for %s\n", user);
    return found;
}
