/* What the files of the session share; nobody else includes this. */
#ifndef STRIDE_HUB_CORE_SESSION_PARTS_H
#define STRIDE_HUB_CORE_SESSION_PARTS_H

#include "hub/core/session.h"

/* A walk has just opened: takes in what was reported shortly before. */
void session_early_reports(struct session *session, const struct session_early *early, unsigned n);

#endif
