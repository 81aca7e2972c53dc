#include "hub/io/store.h"

const char *store_error_text(enum store_error error)
{
    switch (error) {
    case STORE_OK:
        return "ok";
    case STORE_CANNOT_OPEN:
        return "the database file cannot be opened: check its path and its owner";
    case STORE_CORRUPT:
        return "the file is not a database or is damaged";
    case STORE_NEWER:
        return "the file was written by a later version of stridehub";
    case STORE_LOCKED:
        return "another program is writing the database";
    case STORE_NO_SPACE:
        return "the disk is full";
    case STORE_IO:
        return "the disk failed to read or write";
    case STORE_MEMORY:
        return "out of memory";
    case STORE_NOT_FOUND:
        return "there is no such record";
    }
    return "unknown";
}
