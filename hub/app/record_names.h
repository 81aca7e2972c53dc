/* Names of the wire's enums as records show them; "" for UNKNOWN, so that absent stays absent.
 * Pure. */
#ifndef STRIDE_HUB_APP_RECORD_NAMES_H
#define STRIDE_HUB_APP_RECORD_NAMES_H

const char *record_place_name(int place);
const char *record_side_name(int side);
const char *record_quality_name(int quality);
const char *record_relief_name(int relief);
const char *record_aggravator_name(int aggravator);
const char *record_surface_name(int surface);
const char *record_button_name(int button);
const char *record_symptom_name(int symptom);
const char *record_feedback_name(int kind);
const char *record_kind_name(int kind);
/* Of the session's own enums. */
const char *record_source_name(int source);
const char *record_threshold_name(int threshold);
const char *record_weight_name(int source);
const char *record_context_name(int context);
/* Why a rule was not evaluated (enum rule_absence), in words; "" = it was. */
const char *record_absence_words(int absence);
/* Why a prompt was held back, by its name in the record; the name itself when it is not known. */
const char *record_held_back_words(const char *reason);

#endif
