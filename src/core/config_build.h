/* The second half of reading the configuration: entries to accounts, groups and values. For core/config*.c alone. */
#ifndef LODGE_CORE_CONFIG_BUILD_H
#define LODGE_CORE_CONFIG_BUILD_H

#include "core/config.h"
#include "core/config_file.h"

/* Adds what the entries say to a configuration. ERR_CONFIG; what was added so far is freed with the configuration. */
int config_build(struct config *config, const struct config_entries *entries,
		 struct problem *problem) LODGE_MUST_USE;

#endif
