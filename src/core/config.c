#include "core/config.h"

#include "base/secret.h"
#include "core/config_build.h"
#include "core/config_file.h"
#include "core/config_value.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

struct config *config_new(void)
{
	struct config *config = g_new0(struct config, 1);
	config->ui = g_new0(char *, option_count);
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].group == OPTION_UI && option_table[i].fallback)
			config->ui[i] = secret_new(option_table[i].fallback,
						   strlen(option_table[i].fallback));
	return config;
}

static void account_free(struct account *account)
{
	for (size_t i = 0; i < option_count * OPTION_WAYS; i++)
		secret_free(account->values[i]);
	g_free(account->values);
	g_free(account->name);
	g_free(account->file);
	g_free(account);
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->n_accounts; i++)
		account_free(config->accounts[i]);
	for (size_t i = 0; i < config->n_groups; i++) {
		g_free(config->groups[i].name);
		g_free(config->groups[i].members);
		g_free(config->groups[i].text);
	}
	for (size_t i = 0; i < config->n_keys; i++) {
		g_free(config->keys[i].action);
		g_free(config->keys[i].keys);
		g_free(config->keys[i].place);
	}
	g_free(config->keys);
	for (size_t i = 0; i < option_count; i++)
		secret_free(config->ui[i]);
	g_free(config->accounts);
	for (size_t i = 0; i < config->n_templates; i++) {
		g_free(config->templates[i].name);
		g_free(config->templates[i].weekdays);
		g_free(config->templates[i].time_from);
		g_free(config->templates[i].time_to);
	}
	g_free(config->templates);
	g_free(config->groups);
	g_free(config->ui);
	g_free(config);
}

/* --- loading --- */

static int check_mode(const struct config_entries *entries, unsigned file, const struct stat *st,
		      struct problem *problem)
{
	if (!config_readable_by_others(st))
		return ERR_OK;
	for (size_t i = 0; i < entries->n; i++) {
		const struct config_entry *entry = &entries->at[i];
		if (entry->file != file || !entry->key || entry->way != OPTION_PLAIN ||
		    option_table[entry->option].form != OPTION_SECRET)
			continue;
		char todo[sizeof(problem->todo)];
		config_chmod(entries->files[file], todo, sizeof(todo));
		return config_entry_problem(problem, entries, entry, todo,
					    "`%s` is a secret, and others can read this file", entry->key);
	}
	return ERR_OK;
}

static int read_file(struct config_entries *entries, const char *path, struct problem *problem)
{
	struct buf bytes;
	struct stat st = {0};
	buf_init(&bytes, CONFIG_CEILING);
	unsigned file = config_entries_file(entries, path);
	int err = config_slurp(path, CONFIG_CEILING, &bytes, &st, problem);
	if (err == ERR_OK)
		err = config_entries_parse(entries, buf_text(&bytes), bytes.length, problem);
	/* Also after a fault in a line: that the file is open to others matters more than a wrong key. */
	if (err == ERR_OK || err == ERR_CONFIG) {
		int mode_err = check_mode(entries, file, &st, problem);
		err = mode_err != ERR_OK ? mode_err : err;
	}
	buf_wipe(&bytes);
	return err;
}

static int finish(const struct config_entries *entries, struct config **config, struct problem *problem)
{
	*config = config_new();
	int err = config_build(*config, entries, problem);
	if (err != ERR_OK) {
		config_free(*config);
		*config = NULL;
	}
	return err;
}

int config_load_files(const char *const *paths, bool must_exist, struct config **config,
		      struct problem *problem)
{
	struct config_entries entries = {0};
	int err = ERR_OK;
	*config = NULL;
	for (; *paths && err == ERR_OK; paths++) {
		err = read_file(&entries, *paths, problem);
		if (err == ERR_ABSENT)
			err = must_exist && !paths[1] ? ERR_CONFIG : ERR_OK;
	}
	if (err == ERR_OK && problem)
		*problem = (struct problem){0};
	if (err == ERR_OK)
		err = finish(&entries, config, problem);
	config_entries_fini(&entries);
	return err;
}

char *config_user_file(void)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	/* Relative folders are to be ignored (XDG Base Directory Specification). */
	if (folder && folder[0] == '/')
		return g_build_filename(folder, "lodge", "lodge.conf", NULL);
	if (!home || home[0] != '/')
		home = g_get_home_dir();
	return home ? g_build_filename(home, ".config", "lodge", "lodge.conf", NULL) : NULL;
}

int config_load(const char *path, struct config **config, struct problem *problem)
{
	g_autofree char *usual = path ? NULL : config_user_file();
	const char *const paths[] = {CONFIG_SYSTEM_FILE, path ? path : usual, NULL};
	return config_load_files(paths, path != NULL, config, problem);
}

int config_parse_text(const char *bytes, size_t length, const char *name, struct config **config,
		      struct problem *problem)
{
	struct config_entries entries = {0};
	*config = NULL;
	if (length > CONFIG_CEILING)
		return config_problem(problem, name, 0, NULL, "it is larger than %zu KiB",
				      CONFIG_CEILING / 1024);
	config_entries_file(&entries, name);
	int err = config_entries_parse(&entries, bytes, length, problem);
	if (err == ERR_OK)
		err = finish(&entries, config, problem);
	config_entries_fini(&entries);
	return err;
}

int config_add_account(struct config *config, const char *name, const char *const *keys_and_values,
		       struct problem *problem)
{
	struct config_entries entries = {0};
	int err = ERR_OK;
	config_entries_file(&entries, NULL);
	struct config_entry entry = {.group = OPTION_ACCOUNT,
				     .label = (char *)(uintptr_t)name,
				     .option = -1,
				     .kind = -1};
	config_entries_add(&entries, &entry, NULL, 0);
	if (config_account(config, name))
		err = config_problem(problem, name, 0, NULL, "there is an account of that name");
	for (; *keys_and_values && err == ERR_OK; keys_and_values += 2) {
		entry.key = (char *)(uintptr_t)keys_and_values[0];
		entry.option = option_find_key(OPTION_ACCOUNT, entry.key, &entry.way, &entry.kind);
		if (entry.option < 0)
			err = config_problem(problem, name, 0, NULL, "unknown key `%s`", entry.key);
		else
			config_entries_add(&entries, &entry, keys_and_values[1], strlen(keys_and_values[1]));
	}
	size_t before = config->n_accounts;
	if (err == ERR_OK)
		err = config_build(config, &entries, problem);
	if (err != ERR_OK && config->n_accounts > before)
		account_free(config->accounts[--config->n_accounts]);
	config_entries_fini(&entries);
	return err;
}

/* --- reading --- */

const struct account *config_account(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->n_accounts; i++)
		if (strcmp(config->accounts[i]->name, name) == 0)
			return config->accounts[i];
	return NULL;
}

const struct building_group *config_group(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->n_groups; i++)
		if (strcmp(config->groups[i].name, name) == 0)
			return &config->groups[i];
	return NULL;
}

const char *config_ui(const struct config *config, const char *key)
{
	int option = option_find(OPTION_UI, key);
	return option < 0 ? NULL : config->ui[option];
}

const char *account_text(const struct account *account, const char *key)
{
	int option = option_find(OPTION_ACCOUNT, key);
	return option < 0 ? NULL : account->values[(size_t)option * OPTION_WAYS + OPTION_PLAIN];
}

int64_t account_poll_ms(const struct account *account, enum kind kind, int64_t vendor_default_ms)
{
	if (account->poll_kind_ms[kind])
		return account->poll_kind_ms[kind];
	return account->poll_ms ? account->poll_ms : vendor_default_ms;
}
