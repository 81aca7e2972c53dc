#include "devices/stridesim/options.h"
#include "devices/stridesim/world.h"

int cmd_walk(int argc, char **argv)
{
    struct options options;
    struct world world;
    int code = options_read(COMMAND_WALK, argc, argv, &options);
    if (code >= 0)
        return code;
    code = 1;
    if (world_open_walk(&world, &options))
        code = options.journal != NULL ? sink_journal(&world) : sink_broker(&world);
    world_close(&world);
    return code;
}
