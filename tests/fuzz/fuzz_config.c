/* Any bytes as a configuration: read or refused, never anything else. What was read has whole accounts and members that exist. */
#include "core/config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct config *config)
{
	for (size_t i = 0; i < config->n_accounts; i++) {
		const struct account *account = config->accounts[i];
		if (config_account(config, account->name) != account || !account_text(account, "base_url") ||
		    account->timeout_ms <= 0 || account_poll_ms(account, KIND_DOORS, 1) <= 0)
			abort();
	}
	for (size_t i = 0; i < config->n_groups; i++)
		for (size_t m = 0; m < config->groups[i].n_members; m++)
			if (!config_account(config, config->groups[i].members[m].account) ||
			    !*config->groups[i].members[m].id)
				abort();
	if (!config_ui(config, "theme"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config = NULL;
	struct problem problem = {0};
	int err = config_parse_text((const char *)data, size, "fuzz.conf", &config, &problem);
	if (err == ERR_OK)
		check(config);
	else if (err != ERR_CONFIG || config || problem.code != ERR_CONFIG || !problem.why[0] ||
		 !problem.what[0])
		abort();
	config_free(config);
	return 0;
}
