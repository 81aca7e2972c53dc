#include "hub/app/cmd.h"
#include "hub/app/hub.h"

static const char usage[] =
    "usage: stridehub serve [--config FILE] [--clock-speed N] [--ready-fd FD] [--show|--story]\n"
    "\n"
    "Runs the hub until SIGTERM or SIGINT; SIGHUP reads the configuration anew, all of it or\n"
    "none. Prints one line \"ready: ...\" once it is subscribed.\n"
    "\n"
    "  --config FILE     default " CMD_CONFIG "\n"
    "  --clock-speed N   the hub's clock runs N times faster (tests and demo); kept in the record\n"
    "  --ready-fd FD     also writes \"ready\" to this descriptor\n"
    "  --show            one live line per walker on the terminal\n"
    "  --story           what is said to whom, a line each\n";

static bool parse_number(const char *text, double min, double max, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out >= min && *out <= max;
}

int cmd_serve(int argc, char **argv)
{
    struct hub_options options = {.config_path = CMD_CONFIG, .clock_speed = 1};
    char error[CONFIG_ERROR_SIZE] = "";
    double ready_fd = -1;
    for (int i = 1; i < argc; i++) {
        const char *value;
        if (strcmp(argv[i], "--help") == 0)
            return cmd_usage(usage, true);
        if (strcmp(argv[i], "--show") == 0)
            options.show = true;
        else if (strcmp(argv[i], "--story") == 0)
            options.story = true;
        else if ((value = cmd_value(argc, argv, &i, "--config")) != NULL)
            options.config_path = value;
        else if ((value = cmd_value(argc, argv, &i, "--clock-speed")) != NULL) {
            if (!parse_number(value, 0.01, CLOCK_SPEED_MAX, &options.clock_speed)) {
                char range[48];
                snprintf(range, sizeof(range), "a number from 0.01 to %g", (double)CLOCK_SPEED_MAX);
                return cmd_bad_value("--clock-speed", value, range);
            }
        } else if ((value = cmd_value(argc, argv, &i, "--ready-fd")) != NULL) {
            if (!parse_number(value, 0, 65535, &ready_fd))
                return cmd_bad_value("--ready-fd", value, "a number from 0 to 65535");
        } else
            return cmd_bad_option(argv[i], usage);
    }
    struct hub *hub = hub_open(&options, error);
    if (hub == NULL) {
        fprintf(stderr, "stridehub: %s\n", error);
        return CMD_FAILED;
    }
    const int status = loop_run(hub, (int)ready_fd);
    hub_close(hub);
    return status;
}
