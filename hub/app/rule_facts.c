#include "hub/app/rule_facts.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* clang-format off */
static const struct rule_facts rows[] = {
    {"R01", "C", "step length per cadence against what the height lets expect, with foot angle or loading rate",
     "Walk ratio norms are measured [WR-OLD][WR-SLOW], foot angles of 10-20 deg trained [FFCA]. That long steps harm a spine was not found: the article alone says so.",
     "while the phone is looked at, when running, on stairs, downhill, in a flare-up, with a wrist that is not free, and with fall risk and a variability of 5 % and more"},
    {"R02", "B", "step length, foot angle, double support and scuffs: two of four",
     "Step length per height tells fallers from others [SL-H]. People with back pain walk slower and shorter anyway [GAITLBP]: the own normal counts first.",
     "with heavy legs by the P05 pattern, pain of 6 and more, a walking frame, on ice, in the first 20 s, turns and crowds"},
    {"R03", "A/B", "cadence of steady walking, against the own one and 5 more, 100 at the most",
     "100 steps/min are about 3 METs and 130 about 6 at 21 to 85 years [CAD21][CAD41][CAD61]. Disc tissue went with fast walking in a cross-section [BELAVY]; volume outranks speed [HUNT25].",
     "in a flare-up, stage M1, the P05 pattern, pain of 4 and more or rising, 76 % of the highest heart rate, heart disease without a clinician's limit, a wrist that is not free, while a caution of pain, R11 or R12 is open or R01 or R02 comes first, and 5 min after R12 or S02"},
    {"R04", "C", "forefoot share of the load against the own normal at the same speed",
     "The centre of pressure as a sign of leaning is our choice; no trunk difference was found in older adults [TRUNK].",
     "with stenosis or a P05 score of 3 (leaning eases them), in a flare-up, incline of 5 %, high heels, pram, trolley or backpack"},
    {"R05", "B/C", "forearm in viewing posture without arm swing, while walking",
     "Texting lowers speed, cadence and step length even as a bare posture [TEXT1][TEXT2]. What it does to a spine is contested [TN-NO][FHP].",
     "on a call, with hands fixed, while standing, and for 15 s after a prompt of ours lit the screen"},
    {"R06", "C", "the clock: no sensor sees a head",
     "A timed cue of the article; no head sensor exists.",
     "with stenosis or a P05 score of 3, and with vertigo"},
    {"R07", "C", "medial load in the middle of stance, or a pressure line that swings out less than on nine of ten strides of the last 14 days, in three sessions with the same shoe",
     "Pronated function went with back pain in women, odds 1.48 [CPEI-LBP]; the index did not separate foot types [BULDT]; insoles did not prevent back pain [COCH-INS].",
     "with a prescribed orthotic, on cambered ground, on a side with dead cells"},
    {"R08", "C", "loading rate, or impact of the foot, against the own normal at the same speed",
     "Landing rates rise with speed [KELLER]; in runners grass was higher than concrete [SURF-RUN]: so it measures and never infers from a surface's name.",
     "when running, on stairs, with shoes under 20 km, with a calibration younger than 24 h"},
    {"R09", "C", "age and distance of the shoes, and how they land on the treadmill against their first 50 km",
     "300 to 500 miles or six months is a convention, not a threshold [SHOE].",
     "for 14 days after it spoke, and when it was put off three times"},
    {"R10", "C", "kind of shoe told by the wearer, and a walk without the insoles",
     "The article alone.",
     "it never blocks a walk; bare feet, or other shoes than the insoles', may be a choice: that is information"},
    {"R11", "B", "asymmetry of stance time, step time and load between the feet",
     "Healthy people's temporal symmetry lies within 0.9 to 1.1 [PAT08], gait-line asymmetry within 12 to 16 % [GAITLINE]. With 40 strides and 3 % step noise the index stays under 1.8 % (simulation).",
     "in turns, on stairs and camber, when something is carried (load alone never counts), with one insole silent; with a prosthesis, a known leg-length difference or hemiparesis only the own normal counts"},
    {"R12", "B", "variation of stride time over 50 strides",
     "Healthy young people stay below 3 % [STV]; the reliability is limited [CVMDC]. A true 3 % never raised it, 4 % did in 0.7 % (simulation).",
     "below 0.8 m/s, when speed changes by 10 %, in crowds, on uneven ground (R15), with the phone (R05)"},
    {"R13", "B", "eight signs of the last 2 min against minutes 2 to 4: three of them",
     "Fatigue changes double support, step width and, in older people, clearance [FATIGUE]; 0.05 and 0.10 m/s are a small and a substantial change [PERERA].",
     "in the first 8 min, and when slowing down was planned"},
    {"R14", "C", "swing of both arms against the own normal",
     "Amplitude and position of the arms change trunk and pelvis rotation in a motion model [ARM-LUMB].",
     "with hands fixed, on a call, with a bag, the phone, hands in pockets, a walking aid or an injured arm"},
    {"R15", "C", "spread of foot roll at contact, with scuffs",
     "Our choice. It makes S02 more watchful and R12 silent.",
     "on stairs"},
    {"P01", "A", "the clock of a walk: start, every 5 or 10 min, end, next morning",
     "Pain scales and their change are what trials of walking use [NRS2][LANCET24]. Silence is `no_answer`, never 0.",
     "while a red flag is open"},
    {"P02", "A/C", "where the pain is lowest, against the start of the walk",
     "Pain that draws back towards the spine was a good sign in 21 of 23 studies, the assessment's reliability poor [CENTR]. Stopping a walk for it is the article's order.",
     ""},
    {"P03", "B", "pain 0 to 10, and its rise since the start",
     "A change of 2 matters to people [NRS2], more or less by where they start [NRS-BASE]; bands 0-3, 4-5, 6-10 with 24 h to settle [TRAFFIC].",
     ""},
    {"P04", "B", "quality, place and strength of the pain reported",
     "Bands as of P03; the article's good pain.",
     "after any amber of P03"},
    {"P05", "B", "a score of reported leg signs, relief, age, speed and lean; sensors alone never reach it",
     "Likelihood ratios: no pain seated 7.4, better bending 6.4, both legs 6.3, over 70 years 2.0 [LSS-LR]; walking gains by leaning [HOULE].",
     "before the questions of T1 are answered"},
    {"P06", "A", "new numbness or weakness of one leg, by the questions of T1",
     "Acute foot drop and new weakness are referral signs [LOTHIAN]. The foot-slap sign only adds a question.",
     ""},
    {"P07", "B", "minutes and metres against the distance at which pain used to come",
     "Learnt from the wearer's own sessions: the lower quartile of event times.",
     "while no limit is learnt"},
    {"P08", "B", "reported flare-up, or pain 2 over the usual for a day",
     "What people call a flare-up [FLARE] and a recurrence [RECUR].",
     ""},
    {"T1", "B", "four questions about the legs: both, weak, bladder or bowel, easing",
     "Both stenosis and cauda equina give signs in both legs [CES-BMJ][LSS-LR]: it asks instead of guessing.",
     ""},
    {"F01", "A", "any yes to the emergency questions, or the result of T1",
     "The list of cauda equina signs [CES-BMJ][CES-CARD][NHS-BACK]. One red flag alone is a poor test [IFOMPT]: it acts, and says nothing of a disease.",
     ""},
    {"F02", "A", "leg weakness that grows, a foot that drops",
     "Progressive deficit is a referral sign [LOTHIAN][NHS-BACK].",
     ""},
    {"F03", "A", "fever or chills with back pain",
     "Sign of infection [NHS-BACK][IFOMPT].",
     ""},
    {"F04", "A", "weight loss, cancer in the past, pain every night",
     "Red flags of low accuracy one by one [IFOMPT]; others say urgent, the article says emergency: see redflag.policy.",
     ""},
    {"F05", "A", "pain after a hard fall, sudden pain with weak bones",
     "Sign of a fracture [IFOMPT][NHS-BACK].",
     ""},
    {"F06", "A", "chest pain, fainting, breathlessness",
     "When exercise has to stop [STOPEX].",
     ""},
    {"F07", "A", "a help button held for 2 s",
     "What the wearer asks for is done.",
     ""},
    {"S01", "B", "free fall, impact, lying differently, stillness",
     "A mass product waits about a minute and 30 s [APPLE-FALL]; in real life 80 % were found [FALL-RL2], with 0.17 false alarms a week after tuning [FALL-RL1]; 30 % of very old fallers lay for an hour [LONGLIE].",
     "when the device is not worn, when running or jumping, when somebody sits down hard, claps or kicks a shoe off"},
    {"S02", "C", "one step far too long or short with a jerk, and walking on",
     "Our choice.",
     "at the start of stairs, and in sport mode"},
    {"S03", "B", "no step and no motion of any device",
     "Long lies after a fall do harm [LONGLIE].",
     "on a pause, and when a rest is planned"},
    {"S04", "B", "belt running, both insoles fresh and unloaded",
     "Belts were left running or stopped by apps [QZ]; the machine's own key and stop stay first [ISO20957].",
     "with a hand on the rail, and 3 s around start and stop"},
    {"S05", "B", "share of time with a hand on the rail",
     "Gripping lowered the heart rate by 12 to 21 beats at the same work [HANDRAIL].",
     "with fall risk, with R12, in the first 2 min, when the belt changes its speed"},
    {"S06", "B", "heart rate as share of the highest for the age",
     "208 - 0.7 age, off by 10 to 12 beats [HRFORM]; on a beta blocker 164 - 0.7 age [HRBB]; zones [CAD61].",
     "with a pacemaker or atrial fibrillation, without an age, and while the rate follows the steps [CADLOCK]"},
    {"S07", "C", "the button \"unwell today\", or 30 C and more",
     "Our choice.",
     ""},
    {"S08", "A", "silence, stuck cells, clocks that differ, empty batteries",
     "What is not measured must not be judged.",
     "for 15 s after the hub itself was away"},
    {"S09", "B", "no caregiver's client heard of for 10 min",
     "Both ends of an alarm's way have to be watched [TR80001].",
     "unless the wearer walks alone"},
    {"C01", "A/E", "walks done, pain, mornings",
     "A guided, graded programme: 208 days to a recurrence against 112, hazard ratio 0.72 [LANCET24]. The steps themselves are our choice.",
     "while a red flag is open"},
    {"C02", "B", "the wearer's own times",
     "Diary and schedule were part of the trial programmes [SWIFT].",
     "in quiet hours, on rest days and the first day of a flare-up, and after a stop for today"},
    {"C03", "C", "walking time",
     "The article's 5 + 1.",
     "for a walk that is one piece itself: in stage M1, a flare-up, or after a start with pain of 6"},
    {"C04", "C", "standing in a walk",
     "The article; 4 s in and 6 s out are common.",
     "with the P05 pattern, stenosis or vertigo"},
    {"C05", "C", "the clock",
     "Start hydrated, do not drink too much [HYD]. Nothing is claimed about discs.",
     "with fluid restriction or heart disease, always"},
    {"C06", "C", "first days, new shoes",
     "The article.",
     ""},
    {"C07", "C", "days 1, 3, 5, then monthly",
     "The article.",
     "the word \"tall\" with stenosis"},
    {"C08", "B", "days with a walk",
     "Those who walked regularly did better [SWIFT][LANCET24].",
     "a flare-up is neutral"},
    {"C09", "A", "days since the last flare-up",
     "Medians of people who had just recovered [LANCET24]: facts, never a forecast.",
     "while a flare-up is open"},
    {"C10", "B", "the walk that ended",
     "Feedback was part of the trial programmes [SWIFT].",
     "after a red flag or a stop it is short and safe"},
    {"C11", "B", "first walk, walks broken off, fear",
     "Fear worsens pain, and words do [NOCEBO].",
     "in red pain and red flags"},
    {"C12", "B", "two hours without a minute of walking",
     "Bed rest is bad [HENDRICK]; prompts fade, up to five a day [HS].",
     "in quiet hours, on rest days and day 1 of a flare-up, after a stop for today, when driving, and with a wheelchair"},
    {"C13", "C", "pain by surface over several walks",
     "The wearer's own record.",
     ""},
    {"C14", "C", "minutes outdoors",
     "The article; no dose is claimed.",
     "in heat and on ice"},
    {"C15", "E", "the first 30 min without a break",
     "Our choice.",
     ""},
    {"C16", "B/E", "minutes against target, limit and the week before, with pain",
     "Pacing: a rise of more than 30 % a week with pain.",
     "when a long walk was wanted and pain is 2 at most"},
    {"C17", "C", "treadmill walks broken off",
     "Belt and overground do not differ clearly [TM-CHO][TM-OG].",
     ""},
    {"C18", "C", "mood of two weeks",
     "The article.",
     "while a red flag is open"},
};
/* clang-format on */

const struct rule_facts *rule_facts_find(const char *id)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].id, id) == 0)
            return &rows[i];
    }
    return NULL;
}

bool rule_facts_unsigned(const char *id)
{
    static const char *const ids[] = {"T1", "P02", "P03", "P05", "P06", "S01", "S06"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        if (strcmp(ids[i], id) == 0)
            return true;
    }
    return id[0] == 'F';
}

static bool is_report(enum rule rule)
{
    const char *name = rule_name(rule);
    return name[0] == 'F' || (name[0] == 'P' && strcmp(name, "P07") != 0) ||
           strcmp(name, "T1") == 0;
}

enum coverage_family rule_facts_family(enum rule rule)
{
    const char *name = rule_name(rule);
    for (unsigned family = 0; family < COVERAGE_FAMILIES; family++) {
        if (strstr(coverage_family_name((enum coverage_family)family), name) != NULL)
            return (enum coverage_family)family;
    }
    return is_report(rule) ? COVERAGE_REPORTS : COVERAGE_FAMILIES;
}

/* `name` as a whole word of `text`, whatever the case: "r11" of "r11.off", "C16" of "rule book
 * C16".
 */
static bool has_word(const char *text, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = text; *at != '\0'; at++) {
        size_t i = 0;
        while (i < length && tolower((unsigned char)at[i]) == tolower((unsigned char)name[i]))
            i++;
        if (i == length && (at == text || !isalnum((unsigned char)at[-1])) &&
            !isalnum((unsigned char)at[length]))
            return true;
    }
    return false;
}

enum rule rule_facts_of_param(enum param param)
{
    const struct param_info *info = param_info(param);
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        const char *name = rule_name((enum rule)rule);
        if (strlen(name) == strcspn(info->name, ".") && has_word(info->name, name))
            return (enum rule)rule;
    }
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        if (has_word(info->source, rule_name((enum rule)rule)))
            return (enum rule)rule;
    }
    return RULE_NONE;
}
