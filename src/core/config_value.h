/* Whether a value has the form that its option asks for. For core/config*.c alone. */
#ifndef LODGE_CORE_CONFIG_VALUE_H
#define LODGE_CORE_CONFIG_VALUE_H

#include "core/config_file.h"

/* ERR_CONFIG names what was expected. `value` is the text as it will be used (paths made whole). */
int config_value_check(const struct config_entries *entries, const struct config_entry *entry,
		       const char *value, struct problem *problem) LODGE_MUST_USE;

/* A path of the configuration made whole: "~/" is the home folder, anything relative counts from the folder of `file` (NULL: stays). g_free it. */
char *config_path(const char *file, const char *value);

/* NULL when the address is allowed, otherwise what is wrong with it. https anywhere, http on this machine only; no user info, query or
 * fragment. */
const char *config_url_fault(const char *url);

#endif
