#include "sim/butterflymx_history.h"

#include "base/rng.h"
#include "sim/butterflymx_data.h"
#include "sim/world.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define DAYS_MOST 7300              /* of the past that is gone through */
#define EPOCH_S INT64_C(1483228800) /* 2017-01-01: ids count from here */
#define IDS_PER_SECOND 64
#define SPARE 1000 /* rows kept beyond those listed */
#define SALT_RELEASE 0x626d7872

struct sim_bmx_history {
	struct sim_bmx_data *data;
	GArray *rows; /* struct sim_bmx_release, oldest first */
	int *doors;   /* those with a panel or a reader */
	int n_doors;
	int64_t from_ms, to_ms; /* the rows are complete in [from,to) */
	int days;               /* of the past gone through */
};

/* The entrances, and the doors of the open offices on the ground floor. */
static bool has_reader(const struct world *world, const struct world_door *door)
{
	return door->room_out < 0 || (world->floors[door->floor].number == 0 &&
				      strcmp(world->rooms[door->room_in].type, "hotdesk") == 0);
}

struct sim_bmx_history *sim_bmx_history_new(struct sim_bmx_data *data, int64_t start_ms)
{
	struct sim_bmx_history *history = g_new0(struct sim_bmx_history, 1);
	const struct world *world = data->world;

	history->data = data;
	history->rows = g_array_new(FALSE, FALSE, sizeof(struct sim_bmx_release));
	history->doors = g_new0(int, (gsize)world->door_count + 1);
	for (int i = 0; i < world->door_count; i++)
		if (has_reader(world, &world->doors[i]))
			history->doors[history->n_doors++] = i;
	history->from_ms = history->to_ms = start_ms;
	return history;
}

void sim_bmx_history_free(struct sim_bmx_history *history)
{
	if (!history)
		return;
	g_array_free(history->rows, TRUE);
	g_free(history->doors);
	g_free(history);
}

/* --- one release ---------------------------------------------------------------------------------------- */

struct share {
	int percent;
	const char *method;
};

static const char *by_share(const struct share *shares, uint64_t hash)
{
	int dice = (int)(hash % 100);

	while (dice >= shares->percent)
		dice -= shares++->percent;
	return shares->method;
}

static const char *method_of(enum world_role role, bool delivery, bool inner, uint64_t hash)
{
	static const struct share reader[] = {{60, "nfc"}, {40, "mobile"}};
	static const struct share staff[] = {{30, "nfc"}, {46, "mobile"}, {17, "panel"}, {7, "voip"}};
	static const struct share visitor[] = {{55, "qr_key"}, {25, "mobile"}, {14, "voip"}, {6, "panel"}};
	static const struct share courier[] = {{60, "mobile"}, {28, "voip"}, {12, "panel"}};
	static const struct share cleaner[] = {{70, "panel"}, {30, "nfc"}};

	if (inner)
		return by_share(reader, hash);
	if (delivery)
		return by_share(courier, hash);
	if (role == WORLD_VISITOR)
		return by_share(visitor, hash);
	return by_share(role == WORLD_STAFF ? staff : cleaner, hash);
}

/* Whom the visitor came to: a tenant of the building by lot. -1 when it has none. */
static int host_of(const struct sim_bmx_data *data, int building, uint64_t hash)
{
	const struct world_building *from = &data->world->buildings[building];

	for (int i = 0; i < from->person_count; i++) {
		int person = from->first_person + (int)((hash + (uint64_t)i) % (uint64_t)from->person_count);

		if (data->unit_of[person] && data->world->people[person].role == WORLD_STAFF)
			return person;
	}
	return -1;
}

static bool make_release(struct sim_bmx_data *data, const struct world_crossing *crossing,
			 struct sim_bmx_release *out)
{
	const struct world_person *person = &data->world->people[crossing->person];
	uint64_t hash = rng_hash(rng_hash(rng_hash(data->world->options.seed, SALT_RELEASE),
					  (uint64_t)crossing->t_ms),
				 (uint64_t)crossing->person);
	bool visits = person->role == WORLD_VISITOR, delivery = visits && hash % 10 < 3;
	bool inner = data->world->doors[crossing->door].room_out >= 0;
	int resident = visits ? host_of(data, person->building, rng_hash(hash, 1) % 100000)
			      : crossing->person;

	if (!crossing->in || resident < 0 || !data->unit_of[resident])
		return false;
	if (inner &&
	    (person->role != WORLD_STAFF || person->home_room != data->world->doors[crossing->door].room_in))
		return false; /* somebody of the office opens from within */
	*out = (struct sim_bmx_release){
		.at_s = crossing->t_ms / 1000,
		.unit = data->unit_of[resident],
		.user = data->user_of[resident],
		.method = method_of(person->role, delivery, inner, rng_hash(hash, 2)),
		.type = delivery ? "delivery" : "visitor",
		.name = data->world->people[resident].name,
	};
	out->panel_user = visits && rng_hash(hash, 3) % 5 == 0 ? "doorman" : "default";
	out->picture = strcmp(out->method, "nfc") != 0 && rng_hash(hash, 4) % 4 != 0;
	return true;
}

static void add_release(struct sim_bmx_history *history, GArray *rows, const struct world_crossing *crossing)
{
	struct sim_bmx_release release;
	int64_t last = rows->len ? g_array_index(rows, struct sim_bmx_release, rows->len - 1).id : 0;

	if (!make_release(history->data, crossing, &release))
		return;
	release.id = (release.at_s - EPOCH_S) * IDS_PER_SECOND;
	if (release.id <= last)
		release.id = last + 1;
	g_array_append_val(rows, release);
}

/* --- spans of them -------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	const struct world_crossing *x = a, *y = b;

	if (x->t_ms != y->t_ms)
		return x->t_ms < y->t_ms ? -1 : 1;
	return x->person < y->person ? -1 : x->person > y->person;
}

/* Who passed the doors during [from,to), by time. Free with g_array_free. */
static GArray *entries(const struct sim_bmx_history *history, struct world_view *view, int64_t from_ms,
		       int64_t to_ms)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct world_crossing));

	for (int i = 0; i < history->n_doors; i++) {
		size_t count = world_view_crossings(view, -1, history->doors[i], from_ms, to_ms, NULL, 0);
		guint before = all->len;

		if (count == 0)
			continue;
		g_array_set_size(all, before + (guint)count);
		world_view_crossings(view, -1, history->doors[i], from_ms, to_ms,
				     &g_array_index(all, struct world_crossing, before), count);
	}
	if (all->len > 1)
		qsort(all->data, all->len, sizeof(struct world_crossing), compare);
	return all;
}

static void append(struct sim_bmx_history *history, struct world_view *view, int64_t to_ms)
{
	GArray *all = entries(history, view, history->to_ms, to_ms);

	for (guint i = 0; i < all->len; i++)
		add_release(history, history->rows, &g_array_index(all, struct world_crossing, i));
	g_array_free(all, TRUE);
	history->to_ms = to_ms;
}

/* Days are gone through backwards with a view of its own, so that the plans of today stay in the other. Spans begin at
 * whole seconds: the ids of one second are given out together. */
static void prepend(struct sim_bmx_history *history, size_t most)
{
	struct world_view *view = world_view_new(history->data->world,
						 2 * history->data->world->building_count);
	GPtrArray *spans = g_ptr_array_new();
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct sim_bmx_release));
	size_t found = history->rows->len;
	struct sim_bmx_release release;

	for (; history->days < DAYS_MOST && found < most; history->days++) {
		int64_t from_ms = (history->from_ms - DAY_MS) / 1000 * 1000;
		GArray *all = entries(history, view, from_ms, history->from_ms);

		for (guint i = 0; i < all->len; i++)
			found += make_release(history->data, &g_array_index(all, struct world_crossing, i),
					      &release);
		g_ptr_array_add(spans, all);
		history->from_ms = from_ms;
	}
	for (guint k = spans->len; k-- > 0;) {
		GArray *all = spans->pdata[k];

		for (guint i = 0; i < all->len; i++)
			add_release(history, rows, &g_array_index(all, struct world_crossing, i));
		g_array_free(all, TRUE);
	}
	g_array_append_vals(rows, history->rows->data, history->rows->len);
	g_array_free(history->rows, TRUE);
	history->rows = rows;
	g_ptr_array_free(spans, TRUE);
	world_view_free(view);
}

/* What fell out of the list is forgotten; whole seconds, so that it can be gone back to. */
static void trim(struct sim_bmx_history *history, size_t most)
{
	GArray *rows = history->rows;
	guint cut = rows->len - (guint)most - SPARE;
	int64_t at_s = g_array_index(rows, struct sim_bmx_release, cut - 1).at_s;

	while (cut < rows->len && g_array_index(rows, struct sim_bmx_release, cut).at_s == at_s)
		cut++;
	g_array_remove_range(rows, 0, cut);
	history->from_ms = (at_s + 1) * 1000;
}

const struct sim_bmx_release *sim_bmx_history_get(struct sim_bmx_history *history, struct world_view *view,
						  int64_t now_ms, size_t most, size_t *count)
{
	GArray *rows;

	if (history->from_ms == history->to_ms && now_ms > history->to_ms)
		history->from_ms = history->to_ms = history->to_ms / 1000 * 1000;
	if (now_ms > history->to_ms)
		append(history, view, now_ms);
	while (history->rows->len < most && history->days < DAYS_MOST)
		prepend(history, most);
	if (history->rows->len > 2 * most + 2 * SPARE)
		trim(history, most);
	rows = history->rows;
	*count = MIN((size_t)rows->len, most);
	return (const struct sim_bmx_release *)(void *)rows->data + (rows->len - *count);
}

const struct sim_bmx_release *sim_bmx_history_find(const struct sim_bmx_history *history, int64_t id)
{
	guint low = 0, high = history->rows->len;

	while (low < high) {
		guint middle = (low + high) / 2;
		const struct sim_bmx_release *row = &g_array_index(history->rows, struct sim_bmx_release,
								   middle);

		if (row->id == id)
			return row;
		if (row->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
