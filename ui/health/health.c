#include "ui/health/health.h"

#include "base/moment.h"

#include <glib.h>
#include <math.h>
#include <string.h>

struct health {
	GArray *items;      /* of struct health_item */
	GPtrArray *held;    /* snapshots whose texts the items point to, KINDS an account; NULL: not there */
	GArray *stale;      /* bool, an account each */
	GStringChunk *text; /* what is put together here */
	struct health_counts total;
	struct health_counts *account;
	int64_t stale_as_of_ms; /* of the oldest that is stale; MOMENT_NONE: none is */
	unsigned accounts;
};

static const enum kind kinds[] = {KIND_SENSORS, KIND_GATEWAYS, KIND_ROOMS, KIND_FLOORS, KIND_BUILDINGS};
#define KINDS G_N_ELEMENTS(kinds)

static void unhold(gpointer rows) { rows_unref(rows); }

struct health *health_new(void)
{
	struct health *health = g_new0(struct health, 1);
	health->items = g_array_new(FALSE, FALSE, sizeof(struct health_item));
	health->held = g_ptr_array_new_with_free_func(unhold);
	health->stale = g_array_new(FALSE, FALSE, sizeof(bool));
	health->text = g_string_chunk_new(4096);
	health->stale_as_of_ms = MOMENT_NONE;
	return health;
}

void health_free(struct health *health)
{
	if (!health)
		return;
	g_array_free(health->items, TRUE);
	g_ptr_array_free(health->held, TRUE);
	g_array_free(health->stale, TRUE);
	g_string_chunk_free(health->text);
	g_free(health->account);
	g_free(health);
}

bool health_state_needs(enum health_state state)
{
	return state == HEALTH_OFFLINE || state == HEALTH_BATTERY || state == HEALTH_DEGRADED;
}

size_t health_needing(const struct health_counts *counts)
{
	size_t n = 0;
	for (int s = 0; s < HEALTH_STATES; s++)
		n += health_state_needs((enum health_state)s) ? counts->state[s] : 0;
	return n;
}

/* --- from rows to items --- */

static bool is(const char *text, const char *word) { return text && strcmp(text, word) == 0; }

static const struct gateway *hive_of(const struct world *world, unsigned account, const struct sensor *sensor)
{
	if (sensor->gateway_id)
		return world_find(world, account, KIND_GATEWAYS, sensor->gateway_id);
	const struct rows *rows = sensor->gateway_serial ? world_rows(world, account, KIND_GATEWAYS) : NULL;
	for (size_t i = 0; rows && i < rows_count(rows); i++) {
		const struct gateway *hive = rows_at(rows, i);
		if (is(hive->serial, sensor->gateway_serial))
			return hive;
	}
	return NULL;
}

static bool battery_low(const struct sensor *sensor)
{
	return sensor->mains != 1 &&
	       (sensor->battery_low == 1 || sensor->battery_percent <= HEALTH_LOW_PERCENT ||
		sensor->battery_days <= HEALTH_LOW_DAYS);
}

static enum health_state state_of(const struct sensor *sensor, const struct gateway *hive)
{
	if (is(sensor->status, STATUS_OFFLINE))
		return hive && is(hive->status, STATUS_OFFLINE) ? HEALTH_BEHIND : HEALTH_OFFLINE;
	if (battery_low(sensor))
		return HEALTH_BATTERY;
	if (is(sensor->status, STATUS_DEGRADED))
		return HEALTH_DEGRADED;
	return is(sensor->status, STATUS_ONLINE) ? HEALTH_OK : HEALTH_UNKNOWN;
}

static enum health_state state_of_hive(const struct gateway *hive)
{
	if (is(hive->status, STATUS_OFFLINE))
		return HEALTH_OFFLINE;
	if (is(hive->status, STATUS_DEGRADED))
		return HEALTH_DEGRADED;
	return is(hive->status, STATUS_ONLINE) ? HEALTH_OK : HEALTH_UNKNOWN;
}

/* The last two bytes of a hardware address, the last four characters of a serial number. */
static const char *tail(const char *address)
{
	const char *end = address + strlen(address), *from = end;
	for (int left = strpbrk(address, "-:") ? 5 : 4; left > 0 && from > address; left--)
		from = g_utf8_prev_char(from);
	return from;
}

static const char *name_of(struct health *health, const char *name, const char *address, const char *id,
			   const char *what)
{
	if (name)
		return name;
	g_autofree char *made = g_strdup_printf("%s %s", what,
						address ? tail(address)
						: id    ? tail(id)
							: "without address");
	return g_string_chunk_insert(health->text, made);
}

static void locate(const struct world *world, struct health_item *item, const char *floor_id,
		   const char *room_id)
{
	const struct room *room = room_id ? world_find(world, item->account, KIND_ROOMS, room_id) : NULL;
	if (room) {
		item->room = room->name;
		floor_id = floor_id ? floor_id : room->floor_id;
	}
	const struct floor_row *storey = floor_id ? world_find(world, item->account, KIND_FLOORS, floor_id)
						  : NULL;
	if (!storey)
		return;
	item->floor = storey->name;
	item->storey = storey->number;
	item->timezone = storey->timezone;
	const struct building *building = storey->building_id
						  ? world_find(world, item->account, KIND_BUILDINGS,
							       storey->building_id)
						  : NULL;
	if (!building)
		return;
	item->building = building->name;
	if (building->timezone)
		item->timezone = building->timezone;
}

static const char *const state_words[HEALTH_STATES] = {"offline",      "battery low", "degraded",
						       "hive offline", "unknown",     "ok online"};

/* An address is typed with and without its dashes. */
static char *bare(const char *address)
{
	char *out = g_strdup(address ? address : ""), *to = out;
	for (const char *p = out; *p; p++) {
		if (*p != '-' && *p != ':')
			*to++ = *p;
	}
	*to = '\0';
	return out;
}

/* Parts are parted by line ends, which no filter holds. */
static const char *search_text(struct health *health, const struct world *world,
			       const struct health_item *item)
{
	g_autofree char *address = bare(item->address);
	const char *parts[] = {item->name,
			       item->address,
			       address,
			       item->type,
			       item->model,
			       item->room,
			       item->floor,
			       item->building,
			       item->hive,
			       world_account_name(world, item->account),
			       state_words[item->state],
			       item->due ? "battery due" : NULL};
	GString *all = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (parts[i])
			g_string_append_printf(all, "%s\n", parts[i]);
	}
	g_autofree char *folded = g_utf8_casefold(all->str, (gssize)all->len);
	g_string_free(all, TRUE);
	return g_string_chunk_insert(health->text, folded);
}

static const char *place_of(struct health *health, const struct health_item *item)
{
	if (!item->building || !item->floor)
		return item->building ? item->building : item->floor ? item->floor : "no floor told";
	g_autofree char *place = g_strdup_printf("%s, %s", item->building, item->floor);
	return g_string_chunk_insert_const(health->text, place);
}

static struct health_item blank_item(unsigned account, enum kind kind)
{
	return (struct health_item){.account = account,
				    .kind = kind,
				    .mains = TRUTH_UNKNOWN,
				    .storey = NAN,
				    .battery_percent = NAN,
				    .battery_days = NAN,
				    .sensor_count = NAN,
				    .last_seen_ms = MOMENT_NONE,
				    .since_ms = MOMENT_NONE,
				    .as_of_ms = MOMENT_NONE,
				    .battery_changed_ms = MOMENT_NONE};
}

static struct health_item sensor_item(struct health *health, const struct world *world, unsigned account,
				      const struct sensor *sensor)
{
	struct health_item item = blank_item(account, KIND_SENSORS);
	const struct gateway *hive = hive_of(world, account, sensor);
	item.id = sensor->id;
	item.name = name_of(health, sensor->name, sensor->address, sensor->id, "sensor");
	item.address = sensor->address;
	item.type = sensor->mode ? sensor->mode : "sensor";
	item.model = sensor->model;
	item.state = state_of(sensor, hive);
	item.mains = sensor->mains;
	if (item.mains != 1) {
		item.battery_percent = sensor->battery_percent;
		item.battery_days = sensor->battery_days;
	}
	item.battery_changed_ms = sensor->battery_changed_ms;
	item.due = item.mains != 1 && (battery_low(sensor) || sensor->battery_days <= HEALTH_WALK_DAYS);
	item.last_seen_ms = sensor->last_seen_ms;
	if (item.state == HEALTH_OFFLINE || item.state == HEALTH_BEHIND)
		item.since_ms = sensor->last_seen_ms;
	if (hive)
		item.hive = name_of(health, hive->name, hive->serial, hive->id, "hive");
	locate(world, &item, sensor->floor_id, sensor->room_id);
	return item;
}

static struct health_item hive_item(struct health *health, const struct world *world, unsigned account,
				    const struct gateway *hive)
{
	struct health_item item = blank_item(account, KIND_GATEWAYS);
	item.id = hive->id;
	item.name = name_of(health, hive->name, hive->serial, hive->id, "hive");
	item.address = hive->serial;
	item.type = "hive";
	item.state = state_of_hive(hive);
	item.last_seen_ms = hive->last_seen_ms;
	item.sensor_count = hive->sensor_count;
	if (item.state == HEALTH_OFFLINE)
		item.since_ms = hive->last_seen_ms;
	locate(world, &item, hive->floor_id, hive->room_id);
	return item;
}

static void count(struct health_counts *counts, const struct health_item *item)
{
	counts->devices++;
	counts->state[item->state]++;
	counts->hives_offline += item->kind == KIND_GATEWAYS && item->state == HEALTH_OFFLINE;
	counts->due += item->due;
}

static bool is_stale(const struct world *world, unsigned account)
{
	enum light light = world_light(world, account).light;
	return light == LIGHT_LATE || light == LIGHT_DOWN || light == LIGHT_SIGNED_OUT;
}

static void hold(struct health *health, const struct world *world, unsigned account)
{
	bool stale = is_stale(world, account);
	g_array_append_val(health->stale, stale);
	for (size_t i = 0; i < KINDS; i++) {
		const struct rows *rows = world_rows(world, account, kinds[i]);
		g_ptr_array_add(health->held, rows ? (gpointer)rows_ref(rows) : NULL);
	}
}

static void take_kind(struct health *health, const struct world *world, unsigned account, enum kind kind)
{
	const struct rows *rows = world_rows(world, account, kind);
	bool stale = is_stale(world, account);
	for (size_t i = 0; rows && i < rows_count(rows); i++) {
		struct health_item item = kind == KIND_SENSORS
						  ? sensor_item(health, world, account, rows_at(rows, i))
						  : hive_item(health, world, account, rows_at(rows, i));
		g_autofree char *key = g_strdup_printf("%u/%d/%s", account, (int)kind,
						       item.id ? item.id : item.name);
		item.key = g_string_chunk_insert(health->text, key);
		item.vendor = rows_vendor(rows);
		item.stale = stale;
		item.as_of_ms = rows_as_of_ms(rows);
		item.place = place_of(health, &item);
		if (stale && item.as_of_ms != MOMENT_NONE &&
		    (health->stale_as_of_ms == MOMENT_NONE || item.as_of_ms < health->stale_as_of_ms))
			health->stale_as_of_ms = item.as_of_ms;
		item.search = search_text(health, world, &item);
		g_array_append_val(health->items, item);
		count(&health->account[account], &item);
		count(&health->total, &item);
	}
}

static int worst_first(gconstpointer a, gconstpointer b) { return health_compare(a, b, HEALTH_BY_STATUS); }

/* What is held cannot be freed, so another snapshot has another address. */
static bool is_current(const struct health *health, const struct world *world)
{
	if (health->stale->len != world_accounts(world))
		return false;
	for (unsigned account = 0; account < health->stale->len; account++) {
		if (g_array_index(health->stale, bool, account) != is_stale(world, account))
			return false;
		for (size_t i = 0; i < KINDS; i++) {
			if (g_ptr_array_index(health->held, account * KINDS + i) !=
			    world_rows(world, account, kinds[i]))
				return false;
		}
	}
	return true;
}

bool health_refresh(struct health *health, const struct world *world)
{
	if (is_current(health, world))
		return false;
	g_ptr_array_set_size(health->held, 0);
	g_array_set_size(health->stale, 0);
	g_array_set_size(health->items, 0);
	g_string_chunk_clear(health->text);
	health->accounts = world_accounts(world);
	g_free(health->account);
	health->account = g_new0(struct health_counts, health->accounts);
	health->total = (struct health_counts){0};
	health->stale_as_of_ms = MOMENT_NONE;
	for (unsigned account = 0; account < health->accounts; account++) {
		hold(health, world, account);
		take_kind(health, world, account, KIND_SENSORS);
		take_kind(health, world, account, KIND_GATEWAYS);
	}
	g_array_sort(health->items, worst_first);
	return true;
}

size_t health_count(const struct health *health) { return health->items->len; }

const struct health_item *health_at(const struct health *health, size_t i)
{
	return &g_array_index(health->items, struct health_item, i);
}

int64_t health_stale_as_of_ms(const struct health *health) { return health->stale_as_of_ms; }

const struct health_counts *health_total(const struct health *health) { return &health->total; }

const struct health_counts *health_of_account(const struct health *health, unsigned account)
{
	static const struct health_counts none = {0};
	return account < health->accounts ? &health->account[account] : &none;
}
