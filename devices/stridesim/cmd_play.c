#include "devices/stridesim/options.h"
#include "devices/stridesim/world.h"

int cmd_play(int argc, char **argv)
{
    struct options options;
    struct world world;
    int code = options_read(COMMAND_PLAY, argc, argv, &options);
    if (code >= 0)
        return code;
    code = 1;
    if (world_open_play(&world, &options))
        code = options.journal != NULL ? sink_journal(&world) : sink_broker(&world);
    world_close(&world);
    return code;
}
