/* Calls that must not compile here. Included before every first-party file by the build, after the
 * headers that declare them. Each has a bounded sibling. */
#ifndef STRIDE_PROTO_BANNED_H
#define STRIDE_PROTO_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRIDE_BANNED(call) stride_banned_##call##_use_the_bounded_sibling
#undef strcpy
#define strcpy(to, from) STRIDE_BANNED(strcpy)
#undef strcat
#define strcat(to, from) STRIDE_BANNED(strcat)
#undef strncpy
#define strncpy(to, from, n) STRIDE_BANNED(strncpy)
#undef strncat
#define strncat(to, from, n) STRIDE_BANNED(strncat)
#undef sprintf
#define sprintf(...) STRIDE_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) STRIDE_BANNED(vsprintf)
#undef strtok
#define strtok(s, separators) STRIDE_BANNED(strtok)
#undef atoi
#define atoi(s) STRIDE_BANNED(atoi)
#undef atof
#define atof(s) STRIDE_BANNED(atof)
#undef alloca
#define alloca(size) STRIDE_BANNED(alloca)

#endif
