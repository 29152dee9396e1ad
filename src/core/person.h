/* What a person may change here, by the role in the configuration. The vendor's own rights come on top. One table, which the hints, the commands and the
 * manual page are made from. */
#ifndef LODGE_CORE_PERSON_H
#define LODGE_CORE_PERSON_H

#include "core/order.h"

#include <stdbool.h>

enum person_role { PERSON_VIEWER, PERSON_DESK, PERSON_MANAGER, PERSON_ADMIN, PERSON_ROLES };

/* PERSON_ADMIN for NULL; -1 when unknown. */
int person_role_parse(const char *name);
const char *person_role_name(enum person_role role);

bool person_may(enum person_role role, enum kind kind, enum verb verb);

/* The least role that may; for "only a manager may change units". */
enum person_role person_role_needed(enum kind kind, enum verb verb);

/* One sentence on what the role may do, for help. */
const char *person_role_help(enum person_role role);

/* What a person is allowed besides the role: lodge --kiosk takes it all away. */
struct license {
	enum person_role role;
	bool kiosk; /* no files written, no commands run, no other configuration */
};

#endif
