/* Parts of the parser of walk scripts: script.c takes lines apart, script_verbs.c reads what the
 * body does, script_people.c what people say and are. */
#ifndef STRIDE_DEVICES_SIM_SCRIPT_PRIVATE_H
#define STRIDE_DEVICES_SIM_SCRIPT_PRIVATE_H

#include <math.h>

#include "devices/sim/script_words.h"

enum { SCRIPT_WORDS_MAX = 24 };

/* One line taken apart, and all that its verb may change. */
struct parser {
    struct script *script;
    struct script_error *error;
    struct gait_style style; /* as the last walk or limp left it */
    char *words[SCRIPT_WORDS_MAX];
    unsigned words_n;
    double at_s;
};

/* Writes the error; false. */
__attribute__((format(printf, 2, 3))) bool parser_fail(struct parser *parser, const char *format,
                                                       ...);
bool parser_number(struct parser *parser, const char *key, const char *text, double min, double max,
                   double *out);
/* Splits "key=value" in place; NULL when there is no '='. */
char *parser_value(char *word);
/* Reads words `first` and up as numbers of `keys` into the struct at `base`. */
bool parser_numbers(struct parser *parser, unsigned first, const struct script_key *keys,
                    void *base);
/* Takes the word "key=..." out of the line if it is there; its value or NULL. */
char *parser_take(struct parser *parser, const char *key);
/* Takes "side=left" or "side=right" (or both) out of the line; UNKNOWN when it is not there. */
bool parser_take_side(struct parser *parser, bool both, Stride__V1__Side *out);
/* NULL with the error written when there are too many. */
struct script_event *parser_append(struct parser *parser, enum script_verb verb);

/* Verbs: words from 3 on are theirs. */
bool verb_stand(struct parser *parser);
bool verb_sit(struct parser *parser);
bool verb_lie(struct parser *parser);
bool verb_wheels(struct parser *parser);
bool verb_fall(struct parser *parser);
bool verb_walk(struct parser *parser);
bool verb_run(struct parser *parser);
bool verb_stairs(struct parser *parser);
bool verb_limp(struct parser *parser);
bool verb_hands(struct parser *parser);
bool verb_turn(struct parser *parser);
bool verb_stumble(struct parser *parser);
bool verb_impact(struct parser *parser);
bool verb_shoes(struct parser *parser);
bool verb_heart(struct parser *parser);
bool verb_belt(struct parser *parser);
bool verb_fault(struct parser *parser);
bool verb_end(struct parser *parser);
bool verb_report(struct parser *parser);
bool verb_answer(struct parser *parser);
bool verb_reply(struct parser *parser);
bool verb_button(struct parser *parser);

/* Lines that do not begin with `at`. */
bool line_wearer(struct parser *parser);
bool line_devices(struct parser *parser);
bool line_profile(struct parser *parser);
bool line_baseline(struct parser *parser);
bool line_shoe(struct parser *parser);
bool line_wrist(struct parser *parser);
bool line_clock(struct parser *parser);
bool line_param(struct parser *parser);
bool line_times(struct parser *parser);
bool line_caregivers(struct parser *parser);

bool parser_gear(const char *word, enum gear_kind *out);

#endif
