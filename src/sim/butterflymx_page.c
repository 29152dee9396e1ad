#include "sim/butterflymx_page.h"

#include "base/text.h"
#include "sim/butterflymx_rows.h"

#include <string.h>

#define PAGE_SIZE 100 /* without page[size], and the most there is (§5.1) */
#define SORTS_MAX 8

enum sort_field { SORT_CREATED, SORT_NAME };

struct sort {
	enum sort_field field[SORTS_MAX];
	bool down[SORTS_MAX];
	unsigned count;
	int kind; /* enum sim_bmx_kind, or -1: releases */
};

/* What is to be listed, newest first before it is sorted. */
struct list {
	int kind;        /* enum sim_bmx_kind, or -1: releases */
	GPtrArray *rows; /* NULL: all of `releases`, from the last to the first */
	const struct sim_bmx_release *releases;
	size_t count;
};

static const void *row_at(const struct list *list, size_t index)
{
	return list->rows ? list->rows->pdata[index] : &list->releases[list->count - 1 - index];
}

/* --- order ------------------------------------------------------------------------------------------------ */

static const char *name_of(int kind, const void *row)
{
	switch (kind) {
	case SIM_BMX_BUILDINGS:
		return ((const struct sim_bmx_building *)row)->text[SIM_BMX_NAME];
	case SIM_BMX_KEYCHAINS:
		return ((const struct sim_bmx_keychain *)row)->name;
	case SIM_BMX_KEYS:
		return ((const struct sim_bmx_key *)row)->name;
	case -1:
		return ((const struct sim_bmx_release *)row)->name;
	default:
		return NULL;
	}
}

static int64_t created_of(int kind, const void *row)
{
	return kind < 0 ? ((const struct sim_bmx_release *)row)->at_s : ((const struct sim_bmx_row *)row)->id;
}

static int64_t id_of(int kind, const void *row)
{
	return kind < 0 ? ((const struct sim_bmx_release *)row)->id : ((const struct sim_bmx_row *)row)->id;
}

static int compare(const void *a, const void *b, void *user)
{
	const void *x = *(void *const *)a, *y = *(void *const *)b;
	const struct sort *sort = user;

	for (unsigned i = 0; i < sort->count; i++) {
		int64_t p = created_of(sort->kind, x), q = created_of(sort->kind, y);
		int order = sort->field[i] == SORT_NAME
				    ? strcmp(name_of(sort->kind, x), name_of(sort->kind, y))
				    : (p > q) - (p < q);

		if (order)
			return sort->down[i] ? -order : order;
	}
	return id_of(sort->kind, x) < id_of(sort->kind, y) ? 1 : -1;
}

static bool read_field(struct sim_call *call, const char *name, int kind, enum sort_field *field)
{
	enum sim_sorts sorts = (enum sim_sorts)sim_bmx_faults(call)->value[SIM_FAULT_SORT];
	bool has_name = kind == -1 || kind == SIM_BMX_BUILDINGS || kind == SIM_BMX_KEYCHAINS ||
			kind == SIM_BMX_KEYS;

	*field = SORT_NAME;
	if (strcmp(name, "name") == 0)
		return has_name && sorts != SIM_SORTS_NONE;
	*field = SORT_CREATED;
	if (strcmp(name, "created") == 0)
		return sorts == SIM_SORTS_BOTH || sorts == SIM_SORTS_CREATED;
	return strcmp(name, "created_at") == 0 && (sorts == SIM_SORTS_BOTH || sorts == SIM_SORTS_CREATED_AT);
}

/* False after a 400: JSON:API wants it for a field that cannot be sorted by. */
static bool read_sort(struct sim_call *call, int kind, struct sort *sort)
{
	const char *text = sim_call_query(call, "sort");
	char **names = g_strsplit(text ? text : "", ",", -1);
	bool good = true;

	*sort = (struct sort){.kind = kind};
	for (unsigned i = 0; good && names[i]; i++) {
		bool down = names[i][0] == '-';

		good = sort->count < SORTS_MAX &&
		       read_field(call, names[i] + down, kind, &sort->field[sort->count]);
		sort->down[sort->count++ % SORTS_MAX] = down;
	}
	g_strfreev(names);
	if (!good)
		sim_bmx_refuse(call, 400, NULL, "sort", "is not a field to sort by");
	return good;
}

/* --- pages ------------------------------------------------------------------------------------------------ */

struct page {
	int64_t number, size, last;
};

static bool read_count(struct sim_call *call, const char *name, int64_t otherwise, int64_t *out)
{
	const char *text = sim_call_query(call, name);

	*out = text ? sim_bmx_number(text) : otherwise;
	if (*out >= 1)
		return true;
	sim_app_violation(call, "%s is not a number above 0", name);
	sim_bmx_refuse(call, 400, NULL, name, "is invalid");
	return false;
}

static bool read_page(struct sim_call *call, size_t count, struct page *page)
{
	int64_t forced = (int64_t)sim_bmx_faults(call)->value[SIM_FAULT_PAGE_SIZE];

	if (!read_count(call, "page[number]", 1, &page->number) ||
	    !read_count(call, "page[size]", PAGE_SIZE, &page->size))
		return false;
	page->size = MIN(page->size, PAGE_SIZE);
	if (forced > 0)
		page->size = MIN(page->size, forced);
	page->last = MAX(((int64_t)count + page->size - 1) / page->size, 1);
	return true;
}

static void write_link(struct sim_call *call, const char *key, const struct page *page, int64_t number)
{
	const char *path = strchr(call->request->path + 1, '/');
	struct buf link;

	if (number < 1) {
		jsonw_kstr(&call->json, key, NULL);
		return;
	}
	if (g_str_has_prefix(path, "/mobile/"))
		path += strlen("/mobile");
	buf_init(&link, BUF_CEILING_LINE);
	buf_addf(&link, "http://api.butterflymx.com%s?", path);
	for (unsigned i = 0; i < call->n_query; i++) {
		if (g_str_has_prefix(call->query[i].name, "page["))
			continue;
		text_add_percent(&link, call->query[i].name);
		buf_addc(&link, '=');
		text_add_percent(&link, call->query[i].value);
		buf_addc(&link, '&');
	}
	buf_addf(&link, "page%%5Bnumber%%5D=%" G_GINT64_FORMAT "&page%%5Bsize%%5D=%" G_GINT64_FORMAT, number,
		 page->size);
	jsonw_kstr(&call->json, key, buf_text(&link));
	buf_fini(&link);
}

static void write_links(struct sim_call *call, const struct page *page, bool endless)
{
	bool more = endless || page->number < page->last;

	jsonw_key(&call->json, "links");
	jsonw_open(&call->json, '{');
	write_link(call, "self", page, page->number);
	write_link(call, "first", page, 1);
	write_link(call, "prev", page, MIN(page->number - 1, page->last));
	write_link(call, "next", page, more ? page->number + 1 : 0);
	write_link(call, "last", page, endless ? page->number + 1 : page->last);
	jsonw_close(&call->json, '}');
}

/* --- what is included ------------------------------------------------------------------------------------- */

static void include_once(struct sim_call *call, GHashTable *seen, enum sim_bmx_kind kind, int64_t id)
{
	const void *row = sim_bmx_find(sim_bmx_of(call)->data, kind, id);

	if (row && g_hash_table_add(seen, (void *)(uintptr_t)row))
		sim_bmx_write_row(call, kind, row);
}

static void include_unit(struct sim_call *call, GHashTable *seen, const struct sim_bmx_unit *unit)
{
	const GPtrArray *tenancies = sim_bmx_of(call)->data->rows[SIM_BMX_TENANCIES];

	include_once(call, seen, SIM_BMX_ZONES, unit->zone);
	for (guint i = 0; i < tenancies->len; i++) {
		const struct sim_bmx_tenancy *tenancy = tenancies->pdata[i];

		if (tenancy->unit == unit->row.id)
			include_once(call, seen, SIM_BMX_USERS, tenancy->user);
	}
}

/* Units come with zones and users, tenancies with users; the others with nothing (§7). */
static void write_included(struct sim_call *call, const struct list *list, size_t from, size_t to)
{
	GHashTable *seen;

	if (list->kind != SIM_BMX_UNITS && list->kind != SIM_BMX_TENANCIES)
		return;
	seen = g_hash_table_new(NULL, NULL);
	jsonw_key(&call->json, "included");
	jsonw_open(&call->json, '[');
	for (size_t i = from; i < to; i++) {
		if (list->kind == SIM_BMX_UNITS)
			include_unit(call, seen, row_at(list, i));
		else
			include_once(call, seen, SIM_BMX_USERS,
				     ((const struct sim_bmx_tenancy *)row_at(list, i))->user);
	}
	jsonw_close(&call->json, ']');
	g_hash_table_destroy(seen);
}

/* --- answers ---------------------------------------------------------------------------------------------- */

static void write_page(struct sim_call *call, const struct list *list)
{
	bool endless = sim_faults_on(sim_bmx_faults(call), SIM_FAULT_ENDLESS_PAGES) && list->count > 0;
	struct page page;
	size_t from, to;

	if (!read_page(call, list->count, &page))
		return;
	if (endless)
		from = (size_t)((page.number - 1) % page.last * page.size);
	else
		from = page.number > page.last ? list->count : (size_t)((page.number - 1) * page.size);
	to = MIN(from + (size_t)page.size, list->count);
	jsonw_open(&call->json, '{');
	jsonw_key(&call->json, "data");
	jsonw_open(&call->json, '[');
	for (size_t i = from; i < to; i++) {
		if (list->kind < 0)
			sim_bmx_write_release(call, row_at(list, i));
		else
			sim_bmx_write_row(call, (enum sim_bmx_kind)list->kind, row_at(list, i));
	}
	jsonw_close(&call->json, ']');
	write_included(call, list, from, to);
	write_links(call, &page, endless);
	jsonw_close(&call->json, '}');
}

/* Sorts the rows if that was asked for, answers, and frees them. */
static void answer_list(struct sim_call *call, struct list *list)
{
	struct sort sort;
	bool good = read_sort(call, list->kind, &sort);

	if (good && sort.count > 0 && list->rows && list->rows->len > 1)
		g_qsort_with_data(list->rows->pdata, (int)list->rows->len, sizeof(void *), compare, &sort);
	if (good)
		write_page(call, list);
	if (list->rows)
		g_ptr_array_free(list->rows, TRUE);
}

typedef bool (*row_fn)(struct sim_call *call, const void *row);

static void list_rows(struct sim_call *call, enum sim_bmx_kind kind, row_fn wanted)
{
	const GPtrArray *all = sim_bmx_of(call)->data->rows[kind];
	struct list list = {.kind = (int)kind, .rows = g_ptr_array_new()};

	for (guint i = all->len; i-- > 0;)
		if (wanted(call, all->pdata[i]))
			g_ptr_array_add(list.rows, all->pdata[i]);
	list.count = list.rows->len;
	answer_list(call, &list);
}

static bool any_building(struct sim_call *call, const void *row)
{
	return sim_bmx_owns_building(call, ((const struct sim_bmx_row *)row)->id);
}

static bool any_unit(struct sim_call *call, const void *row)
{
	return sim_bmx_owns_unit(call, ((const struct sim_bmx_row *)row)->id);
}

static bool tenancy_of_unit(struct sim_call *call, const void *row)
{
	int64_t wanted = sim_bmx_number(call->args[0]), unit = ((const struct sim_bmx_tenancy *)row)->unit;

	/* The document's own sample has such a row (§15.5). */
	return unit == wanted || (unit == wanted + 1 && sim_faults_on(sim_bmx_faults(call), SIM_FAULT_STRAY));
}

static bool any_keychain(struct sim_call *call, const void *row)
{
	return sim_bmx_owns_unit(call, ((const struct sim_bmx_keychain *)row)->unit);
}

static bool any_key(struct sim_call *call, const void *row)
{
	return sim_bmx_owns_unit(call, ((const struct sim_bmx_key *)row)->unit);
}

static bool key_of_keychain(struct sim_call *call, const void *row)
{
	return ((const struct sim_bmx_key *)row)->keychain == sim_bmx_number(call->args[0]);
}

void sim_bmx_list_buildings(struct sim_call *call)
{
	if (sim_bmx_role(call) != SIM_ROLE_BUILDING_ADMIN)
		sim_bmx_forbid(call);
	else
		list_rows(call, SIM_BMX_BUILDINGS, any_building);
}

void sim_bmx_list_units(struct sim_call *call) { list_rows(call, SIM_BMX_UNITS, any_unit); }

void sim_bmx_list_tenancies(struct sim_call *call)
{
	if (sim_bmx_row_of_path(call, SIM_BMX_UNITS, 0))
		list_rows(call, SIM_BMX_TENANCIES, tenancy_of_unit);
}

void sim_bmx_list_keychains(struct sim_call *call) { list_rows(call, SIM_BMX_KEYCHAINS, any_keychain); }

void sim_bmx_list_keys(struct sim_call *call) { list_rows(call, SIM_BMX_KEYS, any_key); }

void sim_bmx_list_keychain_keys(struct sim_call *call)
{
	if (sim_bmx_row_of_path(call, SIM_BMX_KEYCHAINS, 0))
		list_rows(call, SIM_BMX_KEYS, key_of_keychain);
}

/* --- door releases ---------------------------------------------------------------------------------------- */

struct filter {
	int64_t unit, user; /* 0 = any */
	const char *type;
};

static int64_t id_filter(struct sim_call *call, const char *name)
{
	const char *text = sim_call_query(call, name);
	int64_t id = text ? sim_bmx_number(text) : 0;

	if (id < 0)
		sim_app_violation(call, "%s is not an id", name);
	return MAX(id, 0);
}

/* A value that cannot be read is ignored, as the vendor's servers do (§5.3), but noted. */
static struct filter read_filter(struct sim_call *call)
{
	struct filter filter = {
		.unit = id_filter(call, "unit_id"),
		.user = id_filter(call, "user_id"),
		.type = sim_call_query(call, "door_release_type"),
	};

	if (filter.type && strcmp(filter.type, "visitor") != 0 && strcmp(filter.type, "delivery") != 0) {
		sim_app_violation(call, "door_release_type is neither visitor nor delivery");
		filter.type = NULL;
	}
	if (!sim_faults_on(sim_bmx_faults(call), SIM_FAULT_FILTERS))
		filter = (struct filter){0};
	return filter;
}

static bool passes(const struct filter *filter, const struct sim_bmx_release *release)
{
	return (!filter->unit || filter->unit == release->unit) &&
	       (!filter->user || filter->user == release->user) &&
	       (!filter->type || strcmp(filter->type, release->type) == 0);
}

void sim_bmx_list_releases(struct sim_call *call)
{
	struct sim_bmx *bmx = sim_bmx_of(call);
	struct filter filter = read_filter(call);
	size_t most = (size_t)sim_bmx_faults(call)->value[SIM_FAULT_HISTORY];
	struct list list = {.kind = -1};
	bool all = sim_bmx_role(call) == SIM_ROLE_BUILDING_ADMIN;

	list.releases = sim_bmx_history_get(bmx->history, bmx->app->view, call->now_ms, most, &list.count);
	if (!all || filter.unit || filter.user || filter.type || sim_call_query(call, "sort")) {
		list.rows = g_ptr_array_new();
		for (size_t i = list.count; i-- > 0;)
			if (passes(&filter, &list.releases[i]) &&
			    (all || sim_bmx_owns_unit(call, list.releases[i].unit)))
				g_ptr_array_add(list.rows, (void *)(uintptr_t)&list.releases[i]);
		list.count = list.rows->len;
	}
	answer_list(call, &list);
}
