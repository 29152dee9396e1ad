#include "core/config_build.h"

#include "base/moment.h"
#include "base/secret.h"
#include "core/config_value.h"
#include "core/kind.h"
#include "core/when.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define LABELS_MOST                                                                                          \
	512 /* accounts, and buildings: each account costs a thread, each of either a walk over all entries */

/* The entries that won: one a value, so that faults found later can still name their line. */
struct slots {
	char **values;                                    /* [option * OPTION_WAYS + way] */
	const struct config_entry **from;                 /* [option * OPTION_WAYS + way] */
	const struct config_entry *from_kind[KIND_COUNT]; /* poll.KIND */
};

struct build {
	struct config *config;
	const struct config_entries *entries;
	struct problem *problem;
};

static size_t slot(int option, enum option_way way) { return (size_t)option * OPTION_WAYS + way; }

static void set_value(char **value, const char *text)
{
	secret_free(*value);
	*value = secret_new(text, strlen(text));
}

/* A key may stand once in a file; a later file's way of giving a value replaces an earlier one's. */
static int claim(struct build *build, struct slots *slots, const struct config_entry *entry)
{
	const struct config_entry **kind_place = entry->kind >= 0 ? &slots->from_kind[entry->kind] : NULL;
	for (int way = 0; way < OPTION_WAYS; way++) {
		const struct config_entry **place =
			kind_place ? kind_place : &slots->from[slot(entry->option, (enum option_way)way)];
		if (*place && (*place)->file == entry->file) {
			if (strcmp((*place)->key, entry->key) == 0)
				return config_entry_problem(build->problem, build->entries, entry, NULL,
							    "`%s` is given twice, first in line %u",
							    entry->key, (*place)->line);
			return config_entry_problem(build->problem, build->entries, entry, "keep one of them",
						    "`%s` and `%s` (line %u) are both given", entry->key,
						    (*place)->key, (*place)->line);
		}
		*place = NULL;
		if (kind_place)
			break;
		secret_free(slots->values[slot(entry->option, (enum option_way)way)]);
		slots->values[slot(entry->option, (enum option_way)way)] = NULL;
	}
	*(kind_place ? kind_place : &slots->from[slot(entry->option, entry->way)]) = entry;
	return ERR_OK;
}

static bool is_path(const struct config_entry *entry)
{
	enum option_form form = option_table[entry->option].form;
	return entry->way == OPTION_FILE ||
	       (entry->way == OPTION_PLAIN &&
		(form == OPTION_PATH || (form == OPTION_NAME && strchr(entry->value, '/'))));
}

static int set_entry(struct build *build, struct slots *slots, int64_t *poll_kind_ms,
		     const struct config_entry *entry)
{
	int err = claim(build, slots, entry);
	if (err != ERR_OK)
		return err;
	g_autofree char *path = is_path(entry) ? config_path(build->entries->files[entry->file], entry->value)
					       : NULL;
	const char *value = path ? path : entry->value;
	err = config_value_check(build->entries, entry, value, build->problem);
	if (err != ERR_OK)
		return err;
	if (entry->kind >= 0)
		poll_kind_ms[entry->kind] = moment_span_ms(value);
	else
		set_value(&slots->values[slot(entry->option, entry->way)], value);
	return ERR_OK;
}

/* --- [ui] --- */

static int build_ui(struct build *build)
{
	struct slots slots = {.values = g_new0(char *, option_count *OPTION_WAYS),
			      .from = g_new0(const struct config_entry *, option_count *OPTION_WAYS)};
	int err = ERR_OK;
	for (size_t i = 0; i < build->entries->n && err == ERR_OK; i++) {
		const struct config_entry *entry = &build->entries->at[i];
		if (entry->group == OPTION_UI && entry->key)
			err = set_entry(build, &slots, NULL, entry);
	}
	for (size_t i = 0; i < option_count; i++) {
		char **value = &slots.values[slot((int)i, OPTION_PLAIN)];
		if (err == ERR_OK && *value)
			set_value(&build->config->ui[i], *value);
		secret_free(*value);
	}
	g_free(slots.values);
	g_free(slots.from);
	return err;
}

/* --- [account NAME] --- */

static int check_vendor(struct build *build, struct account *account, struct slots *slots,
			const struct config_entry *head)
{
	const char *vendor = account->values[slot(option_find(OPTION_ACCOUNT, "vendor"), OPTION_PLAIN)];
	if (!vendor)
		return config_entry_problem(build->problem, build->entries, head,
					    "add vendor=butlr, butterflymx, density or sensorist",
					    "account %s has no vendor", account->name);
	account->vendor = (enum vendor)vendor_parse(vendor);
	for (size_t i = 0; i < option_count * OPTION_WAYS; i++) {
		const struct config_entry *entry = slots->from[i];
		if (entry && !(option_table[entry->option].vendors & (1u << account->vendor)))
			return config_entry_problem(build->problem, build->entries, entry,
						    "leave the line out", "`%s` is not a key for vendor %s",
						    entry->key, vendor);
	}
	return ERR_OK;
}

static bool option_set(const struct account *account, size_t option)
{
	for (int way = 0; way < OPTION_WAYS; way++)
		if (account->values[slot((int)option, (enum option_way)way)])
			return true;
	return false;
}

static void fill_defaults(struct account *account)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *option = &option_table[i];
		bool applies = option->group == OPTION_ACCOUNT && (option->vendors & (1u << account->vendor));
		if (applies && option->fallback && !option_set(account, i))
			set_value(&account->values[slot((int)i, OPTION_PLAIN)], option->fallback);
	}
	char **base = &account->values[slot(option_find(OPTION_ACCOUNT, "base_url"), OPTION_PLAIN)];
	char **accounts = &account->values[slot(option_find(OPTION_ACCOUNT, "accounts_url"), OPTION_PLAIN)];
	if (!*base)
		set_value(base, vendor_default_url(account->vendor));
	if (!*accounts && account->vendor == VENDOR_BUTTERFLYMX)
		set_value(accounts, *base);
	const char *poll = account_text(account, "poll");
	account->poll_ms = poll ? moment_span_ms(poll) : 0;
	account->timeout_ms = moment_span_ms(account_text(account, "timeout"));
}

static struct account *add_account(struct build *build, const struct config_entry *head)
{
	struct config *config = build->config;
	struct account *account = g_new0(struct account, 1);
	account->name = g_strdup(head->label);
	account->file = g_strdup(build->entries->files[head->file]);
	account->line = head->line;
	account->values = g_new0(char *, option_count *OPTION_WAYS);
	config->accounts = g_renew(struct account *, config->accounts, config->n_accounts + 1);
	config->accounts[config->n_accounts++] = account;
	return account;
}

static int build_account(struct build *build, const struct config_entry *head)
{
	struct account *account = add_account(build, head);
	struct slots slots = {.values = account->values,
			      .from = g_new0(const struct config_entry *, option_count *OPTION_WAYS)};
	int err = ERR_OK;
	for (size_t i = 0; i < build->entries->n && err == ERR_OK; i++) {
		const struct config_entry *entry = &build->entries->at[i];
		if (entry->group == OPTION_ACCOUNT && entry->key && strcmp(entry->label, head->label) == 0)
			err = set_entry(build, &slots, account->poll_kind_ms, entry);
	}
	if (err == ERR_OK)
		err = check_vendor(build, account, &slots, head);
	if (err == ERR_OK)
		fill_defaults(account);
	g_free(slots.from);
	return err;
}

/* --- [building NAME] --- */

static int unknown_account(struct build *build, const struct config_entry *entry, const char *name)
{
	const struct config *config = build->config;
	const char **names = g_new0(const char *, config->n_accounts + 1);
	char todo[120];
	for (size_t i = 0; i < config->n_accounts; i++)
		names[i] = config->accounts[i]->name;
	config_did_you_mean(name, names, todo, sizeof(todo));
	g_free(names);
	return config_entry_problem(build->problem, build->entries, entry, todo,
				    "there is no [account %.64s]", name);
}

static int add_member(struct build *build, struct building_group *group, const struct config_entry *entry,
		      char *text)
{
	char *colon = strchr(text, ':');
	if (!colon || colon == text || !colon[1])
		return config_entry_problem(build->problem, build->entries, entry, NULL,
					    "`members` is to be ACCOUNT:ID, separated by commas, not `%.80s`",
					    text);
	*colon = '\0';
	const struct building_member member = {.account = g_strchomp(text), .id = g_strchug(colon + 1)};
	if (!config_account(build->config, member.account))
		return unknown_account(build, entry, member.account);
	group->members = g_renew(struct building_member, group->members, group->n_members + 1);
	group->members[group->n_members++] = member;
	return ERR_OK;
}

static int set_members(struct build *build, struct building_group *group, const struct config_entry *entry)
{
	g_free(group->members);
	g_free(group->text);
	group->members = NULL;
	group->n_members = 0;
	group->text = g_strdup(entry->value);
	int err = ERR_OK;
	for (char *item = group->text; item && err == ERR_OK;) {
		char *comma = strchr(item, ',');
		if (comma)
			*comma = '\0';
		err = add_member(build, group, entry, g_strstrip(item));
		item = comma ? comma + 1 : NULL;
	}
	return err;
}

static int build_group(struct build *build, const struct config_entry *head)
{
	struct config *config = build->config;
	config->groups = g_renew(struct building_group, config->groups, config->n_groups + 1);
	struct building_group *group = &config->groups[config->n_groups++];
	*group = (struct building_group){.name = g_strdup(head->label)};
	const struct config_entry *from = NULL;
	int err = ERR_OK;
	for (size_t i = 0; i < build->entries->n && err == ERR_OK; i++) {
		const struct config_entry *entry = &build->entries->at[i];
		if (entry->group != OPTION_BUILDING || !entry->key || strcmp(entry->label, head->label) != 0)
			continue;
		if (from && from->file == entry->file)
			return config_entry_problem(build->problem, build->entries, entry, NULL,
						    "`%s` is given twice, first in line %u", entry->key,
						    from->line);
		from = entry;
		err = set_members(build, group, entry);
	}
	if (err == ERR_OK && !from)
		return config_entry_problem(build->problem, build->entries, head, "add members=ACCOUNT:ID",
					    "building %s has no members", group->name);
	return err;
}

/* --- [template NAME] --- */

static bool weekdays_ok(const char *text)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
	g_auto(GStrv) words = g_strsplit(text, ",", 0);
	for (char **word = words; *word; word++)
		if (!g_strv_contains(days, g_strstrip(*word)))
			return false;
	return *words != NULL;
}

static int set_template(struct build *build, struct key_template *template, const struct config_entry *entry)
{
	const char *value = entry->value;
	char **text = strcmp(entry->key, "weekdays") == 0    ? &template->weekdays
		      : strcmp(entry->key, "time_from") == 0 ? &template->time_from
		      : strcmp(entry->key, "time_to") == 0   ? &template->time_to
							     : NULL;
	int err = config_value_check(build->entries, entry, value, build->problem);
	if (err != ERR_OK)
		return err;
	if (text == &template->weekdays && !weekdays_ok(value))
		return config_entry_problem(build->problem, build->entries, entry,
					    "write such as mon,tue,wed,thu,fri", "`%.80s` are no weekdays",
					    value);
	if (text && text != &template->weekdays && when_time_s(value) < 0)
		return config_entry_problem(build->problem, build->entries, entry, "write such as 8:00",
					    "`%.80s` is not a time of day", value);
	if (!text) {
		template->days = (int)g_ascii_strtoll(value, NULL, 10);
		return ERR_OK;
	}
	g_free(*text);
	*text = g_strdup(value);
	return ERR_OK;
}

/* A later file's key replaces an earlier one's. */
static int build_template(struct build *build, const struct config_entry *head)
{
	struct config *config = build->config;
	config->templates = g_renew(struct key_template, config->templates, config->n_templates + 1);
	struct key_template *template = &config->templates[config->n_templates++];
	*template = (struct key_template){.name = g_strdup(head->label)};
	g_autofree const struct config_entry **from = g_new0(const struct config_entry *, option_count);
	int err = ERR_OK;
	for (size_t i = 0; i < build->entries->n && err == ERR_OK; i++) {
		const struct config_entry *entry = &build->entries->at[i];
		if (entry->group != OPTION_TEMPLATE || !entry->key || strcmp(entry->label, head->label) != 0)
			continue;
		const struct config_entry *before = from[entry->option];
		if (before && before->file == entry->file)
			return config_entry_problem(build->problem, build->entries, entry, NULL,
						    "`%s` is given twice, first in line %u", entry->key,
						    before->line);
		from[entry->option] = entry;
		err = set_template(build, template, entry);
	}
	return err;
}

/* --- all --- */

/* Each account and building once, in the order of their first line. Accounts first, for buildings name them. */
static int build_labels(struct build *build, enum option_group group,
			int (*make)(struct build *, const struct config_entry *))
{
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
	int err = ERR_OK;
	for (size_t i = 0; i < build->entries->n && err == ERR_OK; i++) {
		const struct config_entry *entry = &build->entries->at[i];
		if (entry->group != group || entry->key || !g_hash_table_add(seen, entry->label))
			continue;
		if (g_hash_table_size(seen) > LABELS_MOST)
			err = config_entry_problem(build->problem, build->entries, entry, NULL,
						   "there are more than %d groups of this kind", LABELS_MOST);
		else
			err = make(build, entry);
	}
	g_hash_table_destroy(seen);
	return err;
}

/* --- [keys] --- */

static void build_keys(struct build *build)
{
	struct config *config = build->config;

	for (size_t i = 0; i < build->entries->n; i++) {
		const struct config_entry *entry = &build->entries->at[i];
		const char *file = build->entries->files[entry->file];

		if (entry->group != OPTION_KEYS || !entry->key)
			continue;
		config->keys = g_renew(struct key_binding, config->keys, config->n_keys + 1);
		config->keys[config->n_keys++] = (struct key_binding){
			.action = g_strdup(entry->key),
			.keys = g_strdup(entry->value),
			.place = g_strdup_printf("%s:%u", file == NULL ? "configuration" : file, entry->line),
		};
	}
}

int config_build(struct config *config, const struct config_entries *entries, struct problem *problem)
{
	struct build build = {.config = config, .entries = entries, .problem = problem};
	int err = build_ui(&build);
	build_keys(&build);
	if (err == ERR_OK)
		err = build_labels(&build, OPTION_ACCOUNT, build_account);
	if (err == ERR_OK)
		err = build_labels(&build, OPTION_BUILDING, build_group);
	if (err == ERR_OK)
		err = build_labels(&build, OPTION_TEMPLATE, build_template);
	return err;
}
