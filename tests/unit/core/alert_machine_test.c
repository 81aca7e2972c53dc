/* Every state of an alert with everything that may happen to it. */
#include "alert_fixture.h"

enum { TRAIT_SETS = 16 };

static const struct {
    unsigned traits;
    const char *what;
} kinds[] = {
    {TRAIT_RED | TRAIT_TOLD | TRAIT_CANCELLABLE, "F07 in its window, S01"},
    {TRAIT_RED | TRAIT_TOLD, "F01"},
    {TRAIT_TOLD, "P06"},
    {TRAIT_TOLD | TRAIT_CLEARS, "S04 that a caregiver hears of"},
    {TRAIT_CLEARS, "R11 STOP"},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

#define X ALERT_NONE
#define SE ALERT_SENT
#define DE ALERT_DELIVERED
#define SN ALERT_SEEN
#define AC ALERT_ACCEPTED
#define RE ALERT_RESOLVED
#define CA ALERT_CANCELLED
#define EX ALERT_EXPIRED

/* [kind][state][input], written out by hand from rule book 5.2:
 * tell deliver see accept resolve cancel clear expire */
static const uint8_t wanted[KINDS][ALERT_STATES][ALERT_INPUTS] = {
    {[ALERT_RAISED] = {SE, X, X, AC, RE, CA, X, X},
     [ALERT_SENT] = {X, DE, SN, AC, RE, CA, X, X},
     [ALERT_DELIVERED] = {X, X, SN, AC, RE, CA, X, X},
     [ALERT_SEEN] = {X, X, X, AC, RE, CA, X, X},
     [ALERT_ACCEPTED] = {X, X, X, X, RE, X, X, X}},
    {[ALERT_RAISED] = {SE, X, X, AC, RE, X, X, X},
     [ALERT_SENT] = {X, DE, SN, AC, RE, X, X, X},
     [ALERT_DELIVERED] = {X, X, SN, AC, RE, X, X, X},
     [ALERT_SEEN] = {X, X, X, AC, RE, X, X, X},
     [ALERT_ACCEPTED] = {X, X, X, X, RE, X, X, X}},
    {[ALERT_RAISED] = {SE, X, X, AC, RE, X, X, X},
     [ALERT_SENT] = {X, DE, SN, AC, RE, X, X, X},
     [ALERT_DELIVERED] = {X, X, SN, AC, RE, X, X, X},
     [ALERT_SEEN] = {X, X, X, AC, RE, X, X, X},
     [ALERT_ACCEPTED] = {X, X, X, X, RE, X, X, X}},
    {[ALERT_RAISED] = {SE, X, X, AC, RE, X, RE, X},
     [ALERT_SENT] = {X, DE, SN, AC, RE, X, RE, X},
     [ALERT_DELIVERED] = {X, X, SN, AC, RE, X, RE, X},
     [ALERT_SEEN] = {X, X, X, AC, RE, X, RE, X},
     [ALERT_ACCEPTED] = {X, X, X, X, RE, X, RE, X}},
    {[ALERT_RAISED] = {X, X, X, X, RE, X, RE, EX},
     [ALERT_SENT] = {X, X, X, X, RE, X, RE, X},
     [ALERT_DELIVERED] = {X, X, X, X, RE, X, RE, X},
     [ALERT_SEEN] = {X, X, X, X, RE, X, RE, X},
     [ALERT_ACCEPTED] = {X, X, X, X, RE, X, RE, X}},
};

static void test_every_state_with_every_input_goes_where_5_2_says(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < KINDS; kind++) {
        for (int state = 0; state < ALERT_STATES; state++) {
            for (int input = 0; input < ALERT_INPUTS; input++) {
                enum alert_state next = alert_next((enum alert_state)state, (enum alert_input)input,
                                                   kinds[kind].traits);
                if (next != wanted[kind][state][input])
                    fail_msg("%s: state %d, input %d leads to %d, not %d", kinds[kind].what, state,
                             input, (int)next, wanted[kind][state][input]);
            }
        }
    }
}

/* 5.2 in words, for any traits, also those that no rule of today has. */
static enum alert_state said_by_5_2(enum alert_state from, enum alert_input input, unsigned traits)
{
    const bool told = (traits & TRAIT_TOLD) != 0, red = (traits & TRAIT_RED) != 0;
    const bool open =
        from == ALERT_RAISED || from == ALERT_SENT || from == ALERT_DELIVERED || from == ALERT_SEEN;
    switch (input) {
    case ALERT_TELL: /* the first notice, of what caregivers hear of */
        return told && from == ALERT_RAISED ? ALERT_SENT : ALERT_NONE;
    case ALERT_DELIVER: /* never back from SEEN */
        return told && from == ALERT_SENT ? ALERT_DELIVERED : ALERT_NONE;
    case ALERT_SEE:
        return told && (from == ALERT_SENT || from == ALERT_DELIVERED) ? ALERT_SEEN : ALERT_NONE;
    case ALERT_ACCEPT: /* once */
        return told && open ? ALERT_ACCEPTED : ALERT_NONE;
    case ALERT_RESOLVE:
        return open || from == ALERT_ACCEPTED ? ALERT_RESOLVED : ALERT_NONE;
    case ALERT_CANCEL: /* nobody takes back what somebody is dealing with */
        return open && (traits & TRAIT_CANCELLABLE) != 0 ? ALERT_CANCELLED : ALERT_NONE;
    case ALERT_CLEAR: /* a red flag never ends by itself */
        return !red && (open || from == ALERT_ACCEPTED) && (traits & TRAIT_CLEARS) != 0
                   ? ALERT_RESOLVED
                   : ALERT_NONE;
    case ALERT_EXPIRE: /* the wearer's own matter alone */
        return !red && !told && from == ALERT_RAISED ? ALERT_EXPIRED : ALERT_NONE;
    case ALERT_INPUTS:
        break;
    }
    return ALERT_NONE;
}

static void test_with_any_traits_every_state_and_input_go_where_5_2_says(void **unused)
{
    (void)unused;
    for (unsigned traits = 0; traits < TRAIT_SETS; traits++) {
        for (int state = 0; state < ALERT_STATES; state++) {
            for (int input = 0; input < ALERT_INPUTS; input++) {
                const enum alert_state from = (enum alert_state)state;
                const enum alert_input what = (enum alert_input)input;
                if (alert_next(from, what, traits) != said_by_5_2(from, what, traits))
                    fail_msg("traits %u, state %d, input %d leads to %d, not %d", traits, state,
                             input, (int)alert_next(from, what, traits),
                             (int)said_by_5_2(from, what, traits));
            }
        }
    }
}

static void test_a_step_is_possible_exactly_when_some_input_leads_there(void **unused)
{
    (void)unused;
    for (unsigned traits = 0; traits < TRAIT_SETS; traits++) {
        for (int from = 0; from < ALERT_STATES; from++) {
            for (int to = 1; to < ALERT_STATES; to++) {
                bool some = false;
                for (int input = 0; input < ALERT_INPUTS; input++)
                    some = some || alert_next((enum alert_state)from, (enum alert_input)input,
                                              traits) == (enum alert_state)to;
                assert_int_equal(alert_may((enum alert_state)from, (enum alert_state)to, traits),
                                 some);
            }
        }
    }
}

static void test_a_red_flag_never_expires_nor_clears_by_itself(void **unused)
{
    (void)unused;
    for (unsigned traits = 0; traits < TRAIT_SETS; traits++) {
        if ((traits & TRAIT_RED) == 0)
            continue;
        for (int from = 0; from < ALERT_STATES; from++) {
            assert_false(alert_may((enum alert_state)from, ALERT_EXPIRED, traits));
            assert_int_equal(alert_next((enum alert_state)from, ALERT_CLEAR, traits), ALERT_NONE);
        }
    }
}

static void test_what_ended_stays_ended(void **unused)
{
    (void)unused;
    static const enum alert_state ends[] = {ALERT_NONE, ALERT_RESOLVED, ALERT_CANCELLED,
                                            ALERT_EXPIRED};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        for (unsigned traits = 0; traits < TRAIT_SETS; traits++) {
            for (int to = 1; to < ALERT_STATES; to++)
                assert_false(alert_may(ends[i], (enum alert_state)to, traits));
        }
    }
}

static void test_no_client_and_no_reader_ends_an_alert(void **unused)
{
    (void)unused;
    for (unsigned traits = 0; traits < TRAIT_SETS; traits++) {
        for (int from = ALERT_RAISED; from <= ALERT_SEEN; from++) {
            for (int input = ALERT_TELL; input <= ALERT_SEE; input++) {
                enum alert_state to =
                    alert_next((enum alert_state)from, (enum alert_input)input, traits);
                assert_true(to == ALERT_NONE || (to > ALERT_RAISED && to <= ALERT_SEEN));
                assert_true(to == ALERT_NONE || (int)to > from); /* and never back */
            }
        }
    }
}

static unsigned traits_of(enum rule rule, int severity, enum alert_urgency urgency,
                          enum alert_state state)
{
    struct alert alert = {.id = "a1",
                          .rule = (uint8_t)rule,
                          .severity = (uint8_t)severity,
                          .urgency = (uint8_t)urgency,
                          .state = (uint8_t)state};
    return alert_traits(&alert);
}

static void test_traits_follow_rule_and_state(void **unused)
{
    (void)unused;
    const int red = STRIDE__V1__SEVERITY__SEVERITY_RED, stop = STRIDE__V1__SEVERITY__SEVERITY_STOP;
    assert_int_equal(traits_of(RULE_F07, red, URGENCY_EMERGENCY, ALERT_RAISED), kinds[0].traits);
    assert_int_equal(traits_of(RULE_F07, red, URGENCY_EMERGENCY, ALERT_SENT), kinds[1].traits);
    assert_int_equal(traits_of(RULE_S01, red, URGENCY_EMERGENCY, ALERT_SEEN), kinds[0].traits);
    assert_int_equal(traits_of(RULE_F01, red, URGENCY_EMERGENCY, ALERT_RAISED), kinds[1].traits);
    assert_int_equal(traits_of(RULE_P06, stop, URGENCY_SAME_DAY, ALERT_SENT), kinds[2].traits);
    assert_int_equal(traits_of(RULE_S04, stop, URGENCY_URGENT, ALERT_SENT), kinds[3].traits);
    assert_int_equal(traits_of(RULE_R11, stop, URGENCY_NONE, ALERT_RAISED), kinds[4].traits);
}

static void test_every_transition_is_stamped_with_who_and_when(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, help());
    char id[ID_SIZE];
    memcpy(id, home.decided.items[0].alert, ID_SIZE);
    const struct alert *alert = &home.state.alerts[0];
    time_to(5);
    say_of(7, id, "anna", VERB_DELIVERED);
    say_of(8.5, id, "cleo", VERB_SEEN);
    ack(9, id, "cleo");
    press(50, STRIDE__V1__BUTTON__BUTTON_OK); /* to "cleo is on it" */
    press(60, STRIDE__V1__BUTTON__BUTTON_OK);
    static const struct {
        int32_t after_ms;
        struct actor actor;
    } stamps[ALERT_STAMPS] = {
        [STAMP_SENT] = {5000, {ACTOR_HUB, 0}},
        [STAMP_DELIVERED] = {7000, {ACTOR_ACCOUNT, 0}},
        [STAMP_SEEN] = {8500, {ACTOR_ACCOUNT, 2}},
        [STAMP_ACCEPTED] = {9000, {ACTOR_ACCOUNT, 2}},
        [STAMP_ENDED] = {60000, {ACTOR_DEVICE, SLOT_WRIST}},
    };
    assert_int_equal(alert->state, ALERT_RESOLVED);
    for (int i = 0; i < ALERT_STAMPS; i++) {
        assert_int_equal(alert->stamps[i].after_ms, stamps[i].after_ms);
        assert_int_equal(alert->stamps[i].actor.kind, stamps[i].actor.kind);
        assert_int_equal(alert->stamps[i].actor.index, stamps[i].actor.index);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_state_with_every_input_goes_where_5_2_says),
        cmocka_unit_test(test_with_any_traits_every_state_and_input_go_where_5_2_says),
        cmocka_unit_test(test_a_step_is_possible_exactly_when_some_input_leads_there),
        cmocka_unit_test(test_a_red_flag_never_expires_nor_clears_by_itself),
        cmocka_unit_test(test_what_ended_stays_ended),
        cmocka_unit_test(test_no_client_and_no_reader_ends_an_alert),
        cmocka_unit_test(test_traits_follow_rule_and_state),
        cmocka_unit_test(test_every_transition_is_stamped_with_who_and_when),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
