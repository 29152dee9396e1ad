#include "sim/butterflymx_data.h"

#include "base/moment.h"
#include "base/rng.h"
#include "sim/world.h"

#include <stdio.h>
#include <string.h>

#define TENANTS_OF_UNIT 4
#define SALT_DATA 0x626d7864

const char *const sim_bmx_types[SIM_BMX_KINDS] = {"buildings",   "zones",     "units",  "users",
						  "units_users", "keychains", "qr_keys"};

const char *const sim_bmx_building_texts[SIM_BMX_BUILDING_TEXTS] = {
	"name",
	"building_type",
	"display_name_strategy",
	"door_release_pin",
	"address_1",
	"address_2",
	"city",
	"state",
	"zip_code",
	"phone_number",
	"country",
	"time_zone",
	"in_unit_phone_number",
};

static const size_t row_sizes[SIM_BMX_KINDS] = {
	sizeof(struct sim_bmx_building), sizeof(struct sim_bmx_zone),    sizeof(struct sim_bmx_unit),
	sizeof(struct sim_bmx_user),     sizeof(struct sim_bmx_tenancy), sizeof(struct sim_bmx_keychain),
	sizeof(struct sim_bmx_key),
};

/* Numbers of the types overlap; a tenancy's is always greater than its user's. */
static const int64_t first_ids[SIM_BMX_KINDS] = {3, 31, 47, 32, 39, 12, 21};

static uint64_t draw(const struct sim_bmx_data *data, uint64_t what, uint64_t number)
{
	return rng_hash(rng_hash(rng_hash(data->world->options.seed, SALT_DATA), what), number);
}

const char *sim_bmx_text(struct sim_bmx_data *data, const char *text)
{
	return text ? g_string_chunk_insert(data->texts, text) : NULL;
}

static const char *LODGE_PRINTF(2, 3) text_of(struct sim_bmx_data *data, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *text = g_strdup_vprintf(format, args);

	va_end(args);
	const char *kept = sim_bmx_text(data, text);

	g_free(text);
	return kept;
}

/* Where the id is, or would be put. */
static guint place_of(const GPtrArray *rows, int64_t id)
{
	guint low = 0, high = rows->len;

	while (low < high) {
		guint middle = (low + high) / 2;

		if (((const struct sim_bmx_row *)rows->pdata[middle])->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void *sim_bmx_find(const struct sim_bmx_data *data, enum sim_bmx_kind kind, int64_t id)
{
	const GPtrArray *rows = data->rows[kind];
	guint at = place_of(rows, id);

	return at < rows->len && ((struct sim_bmx_row *)rows->pdata[at])->id == id ? rows->pdata[at] : NULL;
}

void *sim_bmx_add(struct sim_bmx_data *data, enum sim_bmx_kind kind)
{
	struct sim_bmx_row *row = g_malloc0(row_sizes[kind]);

	row->id = data->next_id[kind]++;
	g_ptr_array_add(data->rows[kind], row);
	return row;
}

void sim_bmx_remove(struct sim_bmx_data *data, enum sim_bmx_kind kind, int64_t id)
{
	guint at = place_of(data->rows[kind], id);

	if (sim_bmx_find(data, kind, id))
		g_ptr_array_remove_index(data->rows[kind], at);
}

static void *add_seeded(struct sim_bmx_data *data, enum sim_bmx_kind kind)
{
	struct sim_bmx_row *row = sim_bmx_add(data, kind);

	row->seeded = true;
	return row;
}

struct sim_bmx_tenancy *sim_bmx_tenancy_of(const struct sim_bmx_data *data, int64_t unit, int64_t user)
{
	const GPtrArray *rows = data->rows[SIM_BMX_TENANCIES];

	for (guint i = 0; i < rows->len; i++) {
		struct sim_bmx_tenancy *tenancy = rows->pdata[i];

		if (tenancy->unit == unit && tenancy->user == user)
			return tenancy;
	}
	return NULL;
}

struct sim_bmx_building *sim_bmx_building_of(const struct sim_bmx_data *data, int64_t unit_id)
{
	const struct sim_bmx_unit *unit = sim_bmx_find(data, SIM_BMX_UNITS, unit_id);
	const struct sim_bmx_zone *zone = unit ? sim_bmx_find(data, SIM_BMX_ZONES, unit->zone) : NULL;

	return zone ? sim_bmx_find(data, SIM_BMX_BUILDINGS, zone->building) : NULL;
}

/* --- from the world ----------------------------------------------------------------------------------- */

/* What the world does not tell of its buildings, by their time zone. */
static const struct place {
	const char *zone, *rails, *city, *state, *zip, *country, *phone;
} places[] = {
	{"America/New_York", "Eastern Time (US & Canada)", "New York", "New York", "10044", "United States",
	 "212-555-0142 x64"},
	{"Europe/Lisbon", "Lisbon", "Lisboa", "Lisboa", "1200-018", "Portugal", "+351 21 555 0178"},
	{"America/Chicago", "Central Time (US & Canada)", "Chicago", "Illinois", "60611", "United States",
	 "(312) 555-0119"},
	{"Europe/Berlin", "Berlin", "Hamburg", "Hamburg", "20457", "Germany", "+49 40 5550 127"},
	{"Australia/Sydney", "Sydney", "Sydney", "New South Wales", "2000", "Australia", "+61 2 5550 1833"},
	{"Asia/Tokyo", "Tokyo", "Minato", "Tokyo", "108-0075", "Japan", "+81 3 5550 0164"},
};

static const char *const companies[] = {
	"Harbor Legal",   "Bright & Sons",    "Northwind Audit", "Cedar Health",  "Kestrel Media",
	"Lumen Robotics", "Maple Accounting", "Orchard Design",  "Pinion Energy", "Quill Press",
	"Rook Analytics", "Saffron Foods",    "Tidal Insurance", "Umbra Films",   "Vela Travel",
	"Wren Logistics", "Yarrow Pharma",    "Zephyr Wind",     "Ateliê Tejo",   "Müller & Co.",
};

/* Every other building has the Rails name of its zone (§11.4). */
static void fill_building(struct sim_bmx_data *data, struct sim_bmx_building *building, int index)
{
	const struct world_building *from = &data->world->buildings[index];
	const struct place *place = &places[0];

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
		if (strcmp(places[i].zone, from->zone) == 0)
			place = &places[i];
	building->place = index;
	building->text[SIM_BMX_NAME] = from->name;
	building->text[SIM_BMX_BUILDING_TYPE] = index % 3 == 0 ? "commercial_office" : NULL;
	building->text[SIM_BMX_STRATEGY] = index % 2 ? "first_name_initial_and_last_name"
						     : "first_name_and_last_name";
	building->text[SIM_BMX_ADDRESS_1] = from->address_lines[0];
	building->text[SIM_BMX_ADDRESS_2] = from->address_lines[1];
	building->text[SIM_BMX_CITY] = place->city;
	building->text[SIM_BMX_STATE] = place->state;
	building->text[SIM_BMX_ZIP] = place->zip;
	building->text[SIM_BMX_PHONE] = place->phone;
	building->text[SIM_BMX_COUNTRY] = place->country;
	building->text[SIM_BMX_TIME_ZONE] = index % 2 ? from->zone : place->rails;
	building->zone = moment_zone_new(building->text[SIM_BMX_TIME_ZONE]);
	building->qr_key_enabled = true;
	building->nfc_enabled = index % 2 == 0;
	building->mobile_logo = building->panel_logo = index % 2 == 0;
}

static struct sim_bmx_zone *add_zone(struct sim_bmx_data *data, int64_t building, const char *name)
{
	struct sim_bmx_zone *zone = add_seeded(data, SIM_BMX_ZONES);

	zone->building = building;
	zone->name = name;
	return zone;
}

static struct sim_bmx_unit *add_unit(struct sim_bmx_data *data, int64_t zone, const char *label, int floor)
{
	struct sim_bmx_unit *unit = add_seeded(data, SIM_BMX_UNITS);

	unit->zone = zone;
	unit->label = label;
	unit->floor_number = floor;
	return unit;
}

/* "201 Harbor Legal" in America, "2.º A – Harbor Legal" elsewhere. */
static const char *label_of(struct sim_bmx_data *data, int building, int floor, int number)
{
	const char *company = companies[draw(data, 1, (uint64_t)(building * 10000 + floor * 100 + number)) %
					G_N_ELEMENTS(companies)];

	if (strcmp(data->world->buildings[building].country, "US") == 0)
		return text_of(data, "%d%02d %s", floor, number + 1, company);
	return text_of(data, "%d.º %c – %s", floor, 'A' + number % 26, company);
}

static const char *only_letters(const char *name, char *out, size_t size)
{
	char *plain = g_str_to_ascii(name, "C");
	size_t n = 0;

	for (const char *p = plain; *p && n + 1 < size; p++)
		if (g_ascii_isalpha(*p))
			out[n++] = g_ascii_tolower(*p);
	out[n] = '\0';
	g_free(plain);
	return out;
}

static struct sim_bmx_user *add_user(struct sim_bmx_data *data, const struct world_person *person)
{
	struct sim_bmx_user *user = add_seeded(data, SIM_BMX_USERS);
	char **parts = g_strsplit(person->name, " ", 2), first[32], last[32];
	uint64_t hash = draw(data, 2, (uint64_t)user->row.id);

	user->first = sim_bmx_text(data, parts[0]);
	user->last = sim_bmx_text(data, parts[1]);
	user->email = text_of(data, "%s.%s%d@example.org", only_letters(parts[0], first, sizeof(first)),
			      only_letters(parts[1], last, sizeof(last)), (int)user->row.id);
	if (hash % 3)
		user->sms = text_of(data, "+1500555%04d", (int)(hash >> 20) % 10000);
	if (hash % 4 == 0)
		user->phone = text_of(data, "+1500556%04d", (int)(hash >> 20) % 10000);
	g_strfreev(parts);
	return user;
}

static void add_tenancy(struct sim_bmx_data *data, int64_t unit, int64_t user, int64_t now_ms)
{
	static const char *const messages[] = {"", "Ring twice", "Deliveries to the front desk",
					       "2nd door left"};
	struct sim_bmx_tenancy *tenancy = add_seeded(data, SIM_BMX_TENANCIES);
	uint64_t hash = draw(data, 3, (uint64_t)tenancy->row.id);

	tenancy->unit = unit;
	tenancy->user = user;
	tenancy->active_ms = now_ms / 1000 * 1000 - (int64_t)(hash % 700) * 86400000;
	tenancy->inactive_ms = MOMENT_NONE;
	tenancy->message = messages[hash / 7 % G_N_ELEMENTS(messages)];
	tenancy->strategy = "building";
	if (hash / 31 % 5 == 0)
		tenancy->pin = text_of(data, "%05d", (int)(hash / 64 % 100000));
	tenancy->qr_key_enabled = true;
	tenancy->only_on_search = hash / 33 % 6 == 0;
	tenancy->email_notifications = hash / 35 % 5 != 0;
	tenancy->sms_notifications = hash / 37 % 3 != 0;
	tenancy->do_not_disturb = hash / 39 % 9 == 0;
}

/* People of one room make companies of a few; the others are of the front desk. Visitors live nowhere. */
static void add_people(struct sim_bmx_data *data, int building, const int64_t zones[2], int64_t desk,
		       int64_t now_ms)
{
	const struct world *world = data->world;
	const struct world_building *from = &world->buildings[building];
	int room = -1, in_unit = 0, number = 0, floor = -1;
	int64_t unit = 0;

	for (int i = from->first_person; i < from->first_person + from->person_count; i++) {
		const struct world_person *person = &world->people[i];
		int level = world->floors[world->rooms[person->home_room].floor].number;

		if (person->role == WORLD_VISITOR)
			continue;
		if (person->role == WORLD_STAFF && (person->home_room != room || in_unit == TENANTS_OF_UNIT)) {
			number = level == floor ? number + 1 : 0;
			floor = level;
			room = person->home_room;
			in_unit = 0;
			unit = add_unit(data, zones[level > 0], label_of(data, building, level, number),
					level)
				       ->row.id;
		}
		in_unit++;
		data->unit_of[i] = person->role == WORLD_STAFF ? unit : desk;
		data->user_of[i] = add_user(data, person)->row.id;
		add_tenancy(data, data->unit_of[i], data->user_of[i], now_ms);
		if (person->role == WORLD_STAFF && i % 15 == 7)
			add_tenancy(data, desk, data->user_of[i], now_ms);
	}
}

static void add_building(struct sim_bmx_data *data, int index, int64_t now_ms)
{
	struct sim_bmx_building *building = add_seeded(data, SIM_BMX_BUILDINGS);
	int64_t zones[2];

	fill_building(data, building, index);
	zones[0] = zones[1] = add_zone(data, building->row.id, "default")->row.id;
	if (index % 2 == 0)
		zones[1] = add_zone(data, building->row.id, "business")->row.id;
	add_people(data, index, zones, add_unit(data, zones[0], "Front Desk", 0)->row.id, now_ms);
}

static void free_building(gpointer row)
{
	moment_zone_free(((struct sim_bmx_building *)row)->zone);
	g_free(row);
}

struct sim_bmx_data *sim_bmx_data_new(const struct world *world, int64_t now_ms)
{
	struct sim_bmx_data *data = g_new0(struct sim_bmx_data, 1);

	data->world = world;
	data->texts = g_string_chunk_new(4096);
	data->unit_of = g_new0(int64_t, (gsize)world->person_count + 1);
	data->user_of = g_new0(int64_t, (gsize)world->person_count + 1);
	for (int i = 0; i < SIM_BMX_KINDS; i++) {
		data->rows[i] = g_ptr_array_new_with_free_func(i == SIM_BMX_BUILDINGS ? free_building
										      : g_free);
		data->next_id[i] = first_ids[i];
	}
	for (int i = 0; i < world->building_count; i++)
		add_building(data, i, now_ms);
	data->me = first_ids[SIM_BMX_USERS];
	sim_bmx_seed_keys(data, now_ms);
	return data;
}

void sim_bmx_data_free(struct sim_bmx_data *data)
{
	if (!data)
		return;
	for (int i = 0; i < SIM_BMX_KINDS; i++)
		g_ptr_array_free(data->rows[i], TRUE);
	g_string_chunk_free(data->texts);
	g_free(data->unit_of);
	g_free(data->user_of);
	g_free(data);
}
