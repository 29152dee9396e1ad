/* The configuration: key files, read once at start on the main thread, constant afterwards.
 *
 * $XDG_CONFIG_HOME/lodge/lodge.conf (or --config FILE) over /etc/lodge/lodge.conf, key by key. Every key is a row in core/option.h.
 *
 * The form of a file: UTF-8 lines. `[ui]`, `[account NAME]` or `[building NAME]` opens a group, `key=value` stands in one, white space at either
 * end of key and value does not count. A '#' begins a comment where it is the first character of a line or follows white space; anywhere else it
 * belongs to the value, and after white space `\#` is a '#'. There are no quotes and no other escapes. A group may be opened again; a key
 * may not be given twice. A leading "~/" of a path is the home folder; a relative path counts from the folder of the file it stands in.
 */
#ifndef LODGE_CORE_CONFIG_H
#define LODGE_CORE_CONFIG_H

#include "base/err.h"
#include "core/option.h"
#include "model/kind_id.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_SYSTEM_FILE "/etc/lodge/lodge.conf"
#define CONFIG_CEILING ((size_t)1 << 20) /* bytes of one file */

/* One [account NAME]. Read its values with account_text and account_secret. All are wiped by config_free. */
struct account {
	char *name;
	enum vendor vendor;
	char *file; /* where it was defined, for messages; NULL: made in memory */
	unsigned line;
	char **values; /* [option * OPTION_WAYS + way]: text as given, paths made whole, defaults filled in; NULL: not set */
	int64_t timeout_ms;
	int64_t poll_ms;                  /* default pace; 0: not set */
	int64_t poll_kind_ms[KIND_COUNT]; /* 0: not set by kind */
};

/* One member of a [building NAME]: an account's own id of the same real building. */
struct building_member {
	const char *account, *id;
};

struct building_group {
	char *name;
	struct building_member *members;
	size_t n_members;
	char *text; /* that the members point into */
};

/* One [template NAME]: what the form for visitor keys is filled with. NULL: not given. */
struct key_template {
	char *name, *weekdays, *time_from, *time_to;
	int days; /* for how long, the first day counted; 0: not given */
};

/* One line of [keys]: which keys an action of the dashboard has; "" takes them away. Checked by who knows the actions (ui/keymap.h). */
struct key_binding {
	char *action, *keys;
	char *place; /* "FILE:LINE", for messages */
};

struct config {
	struct account **accounts;
	size_t n_accounts;
	struct building_group *groups;
	size_t n_groups;
	struct key_binding *keys; /* in the order of the files: a later one wins */
	size_t n_keys;
	struct key_template *templates;
	size_t n_templates;
	char **ui; /* values of the [ui] options by option index, defaults filled in */
};

/* Reads `path` (NULL: the usual place; that none exists is not an error: an empty configuration) over the system's file. ERR_CONFIG with a problem
 * that names file, line, what was expected and the nearest known key. No command is run and no secret file read here: account_secret does
 * that. A file that holds a secret and may be read by group or others is refused. *config is NULL on failure. */
int config_load(const char *path, struct config **config, struct problem *problem) LODGE_MUST_USE;

/* The same of any files, ended by NULL, later ones over earlier ones. `must_exist`: the last one has to be there. */
int config_load_files(const char *const *paths, bool must_exist, struct config **config,
		      struct problem *problem) LODGE_MUST_USE;

/* The same of bytes in memory; `name` stands for the file in messages. */
int config_parse_text(const char *bytes, size_t length, const char *name, struct config **config,
		      struct problem *problem) LODGE_MUST_USE;

/* Where config_load looks for the user's file; NULL when there is no home. g_free it. */
char *config_user_file(void);

/* One without accounts, [ui] at its defaults. */
struct config *config_new(void);
void config_free(struct config *config);

/* NULL when there is none of that name. */
const struct account *config_account(const struct config *config, const char *name);

/* An account made in memory (for --demo and tests): keys and values as in the file, ended by NULL. */
int config_add_account(struct config *config, const char *name, const char *const *keys_and_values,
		       struct problem *problem) LODGE_MUST_USE;

/* The value of a [ui] key, or its default. */
const char *config_ui(const struct config *config, const char *key);

/* The value of a plain option, or its default; NULL when neither. base_url's default is the vendor's, accounts_url's is base_url. What may also be
 * given as KEY_command … (client_id, username) is to be read by account_secret. */
const char *account_text(const struct account *account, const char *key);

/* An indirect option's value, from KEY, KEY_command, KEY_file or KEY_env (more than one set is refused by config_load).
 * *secret is NULL with ERR_OK when none of them is set. Free with secret_free. Runs the command: never on the UI thread once the screen is up.
 * ERR_CONFIG: the command failed, the file cannot be read or others can read it, the variable is not set, or the value is empty. */
int account_secret(const struct account *account, const char *key, char **secret,
		   struct problem *problem) LODGE_MUST_USE;

/* How often a kind is to be polled: poll.KIND, else poll, else `vendor_default_ms`. */
int64_t account_poll_ms(const struct account *account, enum kind kind, int64_t vendor_default_ms);

/* The group of that building name, or NULL. */
const struct building_group *config_group(const struct config *config, const char *name);

#endif
