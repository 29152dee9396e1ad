/* What main builds and passes down: there is one of it, and no global. */
#ifndef LODGE_APP_APP_H
#define LODGE_APP_APP_H

#include "base/clock.h"
#include "base/err.h"
#include "base/logger.h"
#include "core/config.h"
#include "net/limiter.h"

#include <stdbool.h>
#include <stdint.h>

/* The exit statuses of the contract. */
enum exit_status {
	EXIT_ALL_WELL = 0,
	EXIT_ERROR = 1,       /* of the program or of the server */
	EXIT_USAGE = 2,       /* or configuration */
	EXIT_NOT_ALLOWED = 3, /* not signed in or not allowed */
	EXIT_NOT_REACHED = 4,
	EXIT_PARTLY = 5, /* some accounts answered and some did not */
};

struct app {
	const struct clock *clock;
	struct logger *logger;
	struct config *config; /* NULL until app_need_config */
	struct limiter_pool *limiters;
	char *state_folder; /* NULL: tokens are not kept */
	uint64_t seed;

	/* common options */
	const char *config_path, *log_path, *color, *theme;
	int log_level; /* -1: not given */
	bool ascii;    /* no byte above 0x7E is written */
	bool kiosk;    /* lodge --kiosk: no files, no commands, no other configuration */
	bool terminal; /* stdout is one */
	int width;     /* of the terminal; 0: none */
};

/* Opens the log and reads the configuration, once. Prints the problem and returns false when it cannot be used. */
bool app_need_config(struct app *app);

/* "lodge: what: why (what to do)" on stderr. `account` may be NULL. */
void app_complain(const struct app *app, const char *account, const struct problem *problem);

/* "lodge: account: text" on stderr. */
void app_note(const struct app *app, const char *account, const char *text);

/* Tells servers apart in the history: vendor and base URL. g_free it. */
char *app_source(const struct account *account);

/* The exit status for an error code. */
int exit_of_error(int error);

/* The exit status over several accounts: `failed` holds the status of each that failed, of `n` asked. */
int exit_over_accounts(const int *failed, unsigned n_failed, unsigned n);

#endif
