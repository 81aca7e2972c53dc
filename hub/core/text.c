#include "hub/core/text.h"

#include <assert.h>
#include <string.h>

static const char *const names[TEXT_COUNT] = {[TEXT_NONE] = "none",
#define TEXT_NAME(text, name) [text] = (name),
                                              TEXT_LIST(TEXT_NAME)
#undef TEXT_NAME
};

const char *text_name(enum text text)
{
    assert(text < TEXT_COUNT);
    return names[text];
}

enum text text_find(const char *name)
{
    for (unsigned i = TEXT_NONE; i < TEXT_COUNT; i++) {
        if (strcmp(names[i], name) == 0)
            return (enum text)i;
    }
    return TEXT_COUNT;
}
