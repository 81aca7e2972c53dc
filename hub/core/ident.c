#include "hub/core/ident.h"

#include <stdbool.h>
#include <string.h>

uint64_t ident_word(uint64_t salt, uint64_t counter)
{
    /* Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014). */
    uint64_t word = salt + (counter + 1) * UINT64_C(0x9e3779b97f4a7c15);
    word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

/* The `digits_n` low hex digits of `word`, most significant first. */
static char *hex(char *out, uint64_t word, unsigned digits_n)
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned i = digits_n; i > 0; i--)
        *out++ = digits[word >> (4 * (i - 1)) & 15];
    return out;
}

void ident_short(char out[ID_SIZE], char prefix, uint64_t word)
{
    memset(out, 0, ID_SIZE);
    out[0] = prefix;
    hex(out + 1, word, 16);
}

bool ident_short_word(const char *id, uint64_t *word)
{
    enum { DIGITS = 16 };
    uint64_t value = 0;
    int n = 0;
    for (const char *c = id[0] == '\0' ? id : id + 1; *c != '\0'; c++, n++) {
        const bool digit = *c >= '0' && *c <= '9';
        if (n == DIGITS || (!digit && (*c < 'a' || *c > 'f')))
            return false;
        value = value << 4 | (uint64_t)(digit ? *c - '0' : *c - 'a' + 10);
    }
    *word = value;
    return n > 0;
}

void ident_uuid(char out[UUID_SIZE], uint64_t high, uint64_t low)
{
    high = (high & ~UINT64_C(0xf000)) | UINT64_C(0x8000);
    low = (low & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62;
    out = hex(out, high >> 32, 8);
    *out++ = '-';
    out = hex(out, high >> 16, 4);
    *out++ = '-';
    out = hex(out, high, 4);
    *out++ = '-';
    out = hex(out, low >> 48, 4);
    *out++ = '-';
    out = hex(out, low, 12);
    *out = '\0';
}
