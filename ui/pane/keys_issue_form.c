/* The fields of a new key: units and tenants to choose from, what is filled in, and what is wrong. */
#include "ui/pane/keys_issue.h"

#include "base/text.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)
#define ALL_DAYS "mon,tue,wed,thu,fri,sat,sun"

static const struct form_field fields[] = {
	{VISITOR_UNIT, "Unit", FORM_CHOICE, true, "the unit's label, or the name of somebody who lives there"},
	{VISITOR_USER, "Tenant", FORM_CHOICE, true, "who gives the key; may stay empty"},
	{VISITOR_NAME, "Visitor", FORM_TEXT, false, "the visitor's name"},
	{VISITOR_EMAILS, "E-mail", FORM_TEXT, false, "where the key is sent; several with commas between"},
	{VISITOR_SMS, "SMS", FORM_TEXT, false, "telephone number with country code: +1 212 555 0100"},
	{VISITOR_COUNT, "Keys", FORM_TEXT, false, "how many; one for each recipient when empty"},
	{FIELD_WHEN, "When", FORM_CHOICE, false, "Left and Right change it; Space lists all"},
	{VISITOR_FROM, "From", FORM_MOMENT, false,
	 "now, 14:30, tomorrow 8:00, 2026-11-21 14:30; PgDn half an hour later"},
	{VISITOR_UNTIL, "Until", FORM_MOMENT, false, "18:00, +2h, tomorrow 17:00; PgDn half an hour later"},
	{VISITOR_WEEKDAYS, "Days", FORM_SEVERAL, false, "Left and Right move, Space takes; or 1 to 7"},
	{VISITOR_TIME_FROM, "From hour", FORM_TIME, false, "time of day, as 8:00; PgDn half an hour later"},
	{VISITOR_TIME_TO, "To hour", FORM_TIME, false, "time of day, as 17:00; PgDn half an hour later"},
	{VISITOR_DATE_FROM, "First day", FORM_DATE, false, "today, tomorrow, 2026-11-21; PgDn a day later"},
	{VISITOR_DATE_TO, "Last day", FORM_DATE, false, "2026-11-21; PgDn a day later"},
	{VISITOR_KEYCHAIN_ID, "Keychain", FORM_CHOICE, true, "the key opens as the keychain says"},
};

static const struct {
	const char *value, *label;
} weekdays[] = {{"mon", "Mon"}, {"tue", "Tue"}, {"wed", "Wed"}, {"thu", "Thu"},
		{"fri", "Fri"}, {"sat", "Sat"}, {"sun", "Sun"}};

/* --- units --- */

static int compare_units(const void *left, const void *right)
{
	const struct issue_unit *a = left, *b = right;
	int by = strcmp(a->name ? a->name : "", b->name ? b->name : "");
	return by ? by : strcmp(a->value, b->value);
}

static void add_name(void *ctx, const struct unit_person *person)
{
	GString *names = ctx;
	if (person->name)
		g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", person->name);
}

/* Names of people by "account:unit", so that a unit is found by who lives there. */
static GHashTable *tenants_by_unit(const struct world *world)
{
	GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const struct unit *unit;
	for (struct world_cursor c = {0}; (unit = world_next(world, KIND_UNITS, &c)) != NULL;) {
		GString *names = g_string_new(NULL);
		world_unit_people(world, c.account, unit->id, add_name, names);
		char *id = g_strdup_printf("%u:%s", c.account, unit->id);
		if (names->len > 0 && !g_hash_table_contains(table, id)) {
			g_hash_table_insert(table, id, names);
			continue;
		}
		g_free(id);
		g_string_free(names, TRUE);
	}
	return table;
}

static void free_unit(void *data)
{
	struct issue_unit *unit = data;
	g_free(unit->tenants);
	g_free(unit->folded);
	g_free(unit->value);
}

static void read_units(struct keys_issue *issue)
{
	const struct world *world = issue->view->desk->world;
	GHashTable *tenants = tenants_by_unit(world);
	GHashTableIter iter;
	gpointer names;
	const struct unit *row;
	issue->units = g_array_new(FALSE, FALSE, sizeof(struct issue_unit));
	g_array_set_clear_func(issue->units, free_unit);
	for (struct world_cursor c = {0}; (row = world_next(world, KIND_UNITS, &c)) != NULL;) {
		const struct building *building = row->building_id
							  ? world_find(world, c.account, KIND_BUILDINGS,
								       row->building_id)
							  : NULL;
		if (!row->id)
			continue;
		struct issue_unit unit = {.account = c.account,
					  .id = row->id,
					  .name = row->name ? row->name : row->id};
		unit.building = building ? building->name : NULL;
		unit.value = g_strdup_printf("%u:%s", c.account, row->id);
		GString *found = g_hash_table_lookup(tenants, unit.value);
		unit.tenants = g_strdup(found ? found->str : "");
		g_autofree char *all = g_strdup_printf("%s %s", unit.name, unit.tenants);
		unit.folded = g_utf8_casefold(all, -1);
		g_array_append_val(issue->units, unit);
	}
	g_array_sort(issue->units, compare_units);
	g_hash_table_iter_init(&iter, tenants);
	while (g_hash_table_iter_next(&iter, NULL, &names))
		g_string_free(names, TRUE);
	g_hash_table_unref(tenants);
}

const struct issue_unit *issue_unit(const struct keys_issue *issue)
{
	const char *value = form_value(issue->form, VISITOR_UNIT);
	for (guint i = 0; i < issue->units->len; i++) {
		const struct issue_unit *unit = &g_array_index(issue->units, struct issue_unit, i);
		if (strcmp(unit->value, value) == 0)
			return unit;
	}
	return NULL;
}

unsigned issue_account(const struct keys_issue *issue)
{
	const struct issue_unit *unit = issue_unit(issue);
	return unit ? unit->account : issue->account;
}

/* --- choices --- */

static void free_choice(void *data)
{
	struct issue_choice *choice = data;
	g_free(choice->value);
	g_free(choice->label);
	g_free(choice->detail);
	g_free(choice);
}

/* A choice where it fits what is typed. Takes the texts over. */
static void offer(GPtrArray *list, const char *typed, char *value, char *label, char *detail)
{
	g_autofree char *wanted = g_utf8_casefold(typed, -1);
	g_autofree char *folded = g_utf8_casefold(label, -1),
			*more = g_utf8_casefold(detail ? detail : "", -1);
	if (*wanted && !strstr(folded, wanted) && !strstr(more, wanted)) {
		g_free(value);
		g_free(label);
		g_free(detail);
		return;
	}
	struct issue_choice *choice = g_new(struct issue_choice, 1);
	*choice = (struct issue_choice){value, label, detail};
	g_ptr_array_add(list, choice);
}

struct offering {
	GPtrArray *list;
	const char *typed;
};

static void offer_person(void *ctx, const struct unit_person *person)
{
	struct offering *offering = ctx;
	offer(offering->list, offering->typed, g_strdup(person->user_id),
	      g_strdup(person->name ? person->name : person->user_id), g_strdup(person->email));
}

static void offer_tenants(struct keys_issue *issue, GPtrArray *list, const char *typed)
{
	const struct issue_unit *unit = issue_unit(issue);
	struct offering offering = {list, typed};
	if (unit)
		world_unit_people(issue->view->desk->world, unit->account, unit->id, offer_person, &offering);
}

static void offer_chains(struct keys_issue *issue, GPtrArray *list, const char *typed)
{
	struct keys_view *view = issue->view;
	const struct issue_unit *unit = issue_unit(issue);
	const struct keychain *chain;
	for (struct world_cursor c = {0};
	     (chain = world_next(view->desk->world, KIND_KEYCHAINS, &c)) != NULL;) {
		enum key_state state;
		struct buf words;
		if (c.account != issue_account(issue) || !chain->id ||
		    (unit && chain->unit_id && strcmp(chain->unit_id, unit->id) != 0))
			continue;
		state = keychain_state_at(chain, issue->zone, world_now_ms(view->desk->world));
		if (state == KEY_EXPIRED || state == KEY_REVOKED)
			continue;
		buf_init(&words, BUF_CEILING_LINE);
		keychain_words(chain, issue->zone, world_now_ms(view->desk->world), view->desk->ascii,
			       &words);
		offer(list, typed, g_strdup(chain->id), g_strdup(chain->name ? chain->name : chain->id),
		      g_strdup(buf_text(&words)));
		buf_fini(&words);
	}
}

static void offer_whens(struct keys_issue *issue, GPtrArray *list, const char *typed)
{
	const struct desk *desk = issue->view->desk;
	offer(list, typed, g_strdup("once"), g_strdup("one time"), NULL);
	offer(list, typed, g_strdup("weekly"), g_strdup("on weekdays, again and again"), NULL);
	offer(list, typed, g_strdup("keychain"), g_strdup("as a keychain says"), NULL);
	for (size_t i = 0; i < desk->n_templates; i++) {
		const struct key_template *t = &desk->templates[i];
		offer(list, typed, g_strdup_printf("template:%s", t->name), g_strdup(t->name),
		      g_strdup_printf("%s %s%s%s", t->weekdays ? t->weekdays : "every day",
				      t->time_from ? t->time_from : "", t->time_from && t->time_to ? "-" : "",
				      t->time_to ? t->time_to : ""));
	}
}

static size_t few_days(struct menu_item *items, size_t most)
{
	for (size_t i = 0; i < G_N_ELEMENTS(weekdays) && i < most; i++)
		items[i] = (struct menu_item){weekdays[i].value, weekdays[i].label, NULL};
	return G_N_ELEMENTS(weekdays);
}

/* Labels that begin with what was typed come first. */
static size_t fitting_units(struct keys_issue *issue, const char *typed, struct menu_item *items, size_t most)
{
	g_autofree char *wanted = g_utf8_casefold(typed, -1);
	size_t n = 0;
	for (int pass = 0; pass < 2; pass++) {
		for (guint i = 0; i < issue->units->len; i++) {
			const struct issue_unit *unit = &g_array_index(issue->units, struct issue_unit, i);
			bool begins = g_str_has_prefix(unit->folded, wanted);
			if (begins != (pass == 0) || !strstr(unit->folded, wanted))
				continue;
			if (n < most)
				items[n] = (struct menu_item){unit->value, unit->name,
							      *unit->tenants ? unit->tenants
									     : unit->building};
			n++;
		}
	}
	return n;
}

static size_t choices(void *ctx, int id, const char *typed, struct menu_item *items, size_t most)
{
	struct keys_issue *issue = ctx;
	GPtrArray *list = issue->choices[id];
	if (id == VISITOR_UNIT)
		return fitting_units(issue, typed, items, most);
	if (id == VISITOR_WEEKDAYS)
		return few_days(items, most);
	if (!list)
		list = issue->choices[id] = g_ptr_array_new_with_free_func(free_choice);
	g_ptr_array_set_size(list, 0);
	if (id == VISITOR_USER)
		offer_tenants(issue, list, typed);
	else if (id == VISITOR_KEYCHAIN_ID)
		offer_chains(issue, list, typed);
	else
		offer_whens(issue, list, typed);
	for (guint i = 0; i < list->len && i < most; i++) {
		const struct issue_choice *choice = list->pdata[i];
		items[i] = (struct menu_item){choice->value, choice->label, choice->detail};
	}
	return list->len;
}

/* --- values --- */

static enum visitor_when when_of(const struct keys_issue *issue)
{
	const char *value = form_value(issue->form, FIELD_WHEN);
	if (strcmp(value, "once") == 0)
		return VISITOR_ONCE;
	return strcmp(value, "keychain") == 0 ? VISITOR_KEYCHAIN : VISITOR_WEEKLY;
}

static const struct key_template *template_of(const struct keys_issue *issue)
{
	const char *value = form_value(issue->form, FIELD_WHEN);
	const struct desk *desk = issue->view->desk;
	if (!g_str_has_prefix(value, "template:"))
		return NULL;
	for (size_t i = 0; i < desk->n_templates; i++)
		if (strcmp(desk->templates[i].name, value + strlen("template:")) == 0)
			return &desk->templates[i];
	return NULL;
}

/* Only what counts for the kind of key is given on, so that a time left over from another cannot be wrong. */
static bool counts(int field, enum visitor_when when)
{
	switch (field) {
	case VISITOR_FROM:
	case VISITOR_UNTIL:
		return when == VISITOR_ONCE;
	case VISITOR_WEEKDAYS:
	case VISITOR_DATE_FROM:
	case VISITOR_DATE_TO:
	case VISITOR_TIME_FROM:
	case VISITOR_TIME_TO:
		return when == VISITOR_WEEKLY;
	case VISITOR_KEYCHAIN_ID:
		return when == VISITOR_KEYCHAIN;
	default:
		return true;
	}
}

void issue_visitor(const struct keys_issue *issue, struct visitor *visitor)
{
	const struct issue_unit *unit = issue_unit(issue);
	visitor_init(visitor);
	visitor->when = when_of(issue);
	for (int field = 0; field < VISITOR_FIELDS; field++)
		if (counts(field, visitor->when))
			visitor_set(visitor, (enum visitor_field)field, form_value(issue->form, field));
	if (unit)
		visitor_set(visitor, VISITOR_UNIT, unit->id);
}

bool issue_check(struct keys_issue *issue)
{
	struct visitor_flaw flaws[VISITOR_FIELDS];
	struct visitor visitor;
	issue_visitor(issue, &visitor);
	size_t n = visitor_check(&visitor, world_now_ms(issue->view->desk->world), issue->zone, flaws,
				 G_N_ELEMENTS(flaws));
	visitor_fini(&visitor);
	form_clear_faults(issue->form);
	for (size_t i = 0; i < MIN(n, G_N_ELEMENTS(flaws)); i++)
		form_fault(issue->form, (int)flaws[i].field, flaws[i].text);
	return n == 0;
}

/* --- what is filled in --- */

/* Replaces what the person has not changed. */
static void fill(struct keys_issue *issue, int field, const char *value)
{
	if (strcmp(form_value(issue->form, field), issue->defaults[field] ? issue->defaults[field] : "") != 0)
		return;
	form_set(issue->form, field, value);
	g_free(issue->defaults[field]);
	issue->defaults[field] = g_strdup(form_value(issue->form, field));
}

static void fill_defaults(struct keys_issue *issue)
{
	struct visitor visitor;
	visitor_init(&visitor);
	visitor_defaults(&visitor, world_now_ms(issue->view->desk->world), issue->zone);
	for (int field = VISITOR_FROM; field <= VISITOR_TIME_TO; field++)
		fill(issue, field, visitor.text[field]);
	visitor_fini(&visitor);
}

static void apply_template(struct keys_issue *issue, const struct key_template *t)
{
	struct moment_zone *zone = moment_zone_new(issue->zone);
	int64_t now_ms = world_now_ms(issue->view->desk->world);
	struct moment_parts today = moment_split(now_ms, zone);
	g_autofree char *from = NULL, *to = NULL;
	/* Blanks are the writer's; the form's list has none. */
	g_auto(GStrv) words = g_strsplit_set(t->weekdays ? t->weekdays : ALL_DAYS, ", \t", 0);
	GString *days = g_string_new(NULL);
	for (char **word = words; *word; word++)
		if (**word)
			g_string_append_printf(days, "%s%s", days->len > 0 ? "," : "", *word);
	today.hour = 12;
	struct moment_parts last = moment_split(moment_join(&today, zone) + (MAX(t->days, 1) - 1) * DAY_MS,
						zone);
	from = g_strdup_printf("%04d-%02d-%02d", today.year, today.month, today.day);
	to = g_strdup_printf("%04d-%02d-%02d", last.year, last.month, last.day);
	form_set(issue->form, VISITOR_WEEKDAYS, days->str);
	g_string_free(days, TRUE);
	form_set(issue->form, VISITOR_TIME_FROM, t->time_from ? t->time_from : "00:00");
	form_set(issue->form, VISITOR_TIME_TO, t->time_to ? t->time_to : "23:59");
	form_set(issue->form, VISITOR_DATE_FROM, from);
	if (t->days > 0)
		form_set(issue->form, VISITOR_DATE_TO, to);
	moment_zone_free(zone);
}

void issue_show_fields(struct keys_issue *issue)
{
	for (int field = 0; field < VISITOR_FIELDS; field++)
		form_show(issue->form, field, counts(field, when_of(issue)));
}

static void settle_zone(struct keys_issue *issue)
{
	const struct issue_unit *unit = issue_unit(issue);
	/* Until one is chosen: what will likely be right. */
	if (!unit && issue->units->len > 0)
		unit = &g_array_index(issue->units, struct issue_unit, 0);
	const char *zone = keys_zone(issue->view, issue_account(issue), unit ? unit->id : NULL,
				     &issue->zone_told);
	g_strlcpy(issue->zone, zone, sizeof(issue->zone));
}

/* The tenant follows the unit; where there is but one it is clear who gives the key. */
static void unit_changed(struct keys_issue *issue)
{
	struct menu_item items[2];
	form_set(issue->form, VISITOR_USER, NULL);
	form_set(issue->form, VISITOR_KEYCHAIN_ID, NULL);
	if (choices(issue, VISITOR_USER, "", items, 2) == 1) {
		g_autofree char *value = g_strdup(items[0].value), *label = g_strdup(items[0].label);
		form_choose(issue->form, VISITOR_USER, value, label);
	}
	settle_zone(issue);
	fill_defaults(issue);
}

static void changed(void *ctx, int id)
{
	struct keys_issue *issue = ctx;
	const struct key_template *t;
	if (id == VISITOR_UNIT)
		unit_changed(issue);
	if (id == FIELD_WHEN) {
		t = template_of(issue);
		if (t)
			apply_template(issue, t);
		issue_show_fields(issue);
	}
	issue->unsure = false;
	issue_check(issue);
}

/* --- template --- */

void issue_template(const struct keys_issue *issue, struct buf *out)
{
	const struct form *form = issue->form;
	int64_t from_ms = moment_parse(form_value(form, VISITOR_DATE_FROM)),
		to_ms = moment_parse(form_value(form, VISITOR_DATE_TO));
	buf_addf(out, "[template %s]\n",
		 *form_value(form, VISITOR_NAME) ? form_value(form, VISITOR_NAME) : "contractor");
	buf_addf(out, "weekdays=%s\n", form_value(form, VISITOR_WEEKDAYS));
	buf_addf(out, "time_from=%s\ntime_to=%s\n", form_value(form, VISITOR_TIME_FROM),
		 form_value(form, VISITOR_TIME_TO));
	if (from_ms != MOMENT_NONE && to_ms != MOMENT_NONE && to_ms >= from_ms)
		buf_addf(out, "days=%d\n", (int)((to_ms - from_ms) / DAY_MS) + 1);
}

/* --- life --- */

/* The unit of the chosen key is likely the one meant when there is only one. */
static void first_values(struct keys_issue *issue)
{
	if (issue->units->len == 1) {
		const struct issue_unit *unit = &g_array_index(issue->units, struct issue_unit, 0);
		form_choose(issue->form, VISITOR_UNIT, unit->value, unit->name);
		unit_changed(issue);
	}
	form_set(issue->form, FIELD_WHEN, "once");
	settle_zone(issue);
	fill_defaults(issue);
	issue_show_fields(issue);
}

void issue_form_new(struct keys_issue *issue)
{
	static const enum kind kept[] = {KIND_UNITS, KIND_BUILDINGS};
	const struct form_ops ops = {choices, changed, issue};
	issue->held = g_ptr_array_new_with_free_func((GDestroyNotify)rows_unref);
	for (unsigned a = 0; a < world_accounts(issue->view->desk->world); a++) {
		for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
			const struct rows *rows = world_rows(issue->view->desk->world, a, kept[i]);
			if (rows)
				g_ptr_array_add(issue->held, (void *)rows_ref(rows));
		}
	}
	read_units(issue);
	issue->form = form_new(fields, (int)G_N_ELEMENTS(fields), &ops);
	first_values(issue);
	issue_check(issue);
	form_focus(issue->form, *form_value(issue->form, VISITOR_UNIT) ? VISITOR_NAME : VISITOR_UNIT);
}

void issue_form_free(struct keys_issue *issue)
{
	form_free(issue->form);
	g_array_unref(issue->units);
	g_ptr_array_unref(issue->held);
	for (size_t i = 0; i < G_N_ELEMENTS(issue->choices); i++)
		if (issue->choices[i])
			g_ptr_array_unref(issue->choices[i]);
	for (int i = 0; i < VISITOR_FIELDS; i++)
		g_free(issue->defaults[i]);
}
