/* Keychains and their keys: those of the start, and how a key gets its code and its window. */
#include "sim/butterflymx_data.h"

#include "base/moment.h"
#include "base/rng.h"
#include "sim/world.h"

#include <stdio.h>
#include <string.h>

#define SALT_KEYS 0x626d786b
#define BUILDINGS_WITH_KEYS 40
#define WEEKDAYS_MON_FRI 0x1f

/* Days are counted from the local day of the start. */
static const struct seed {
	const char *name;
	unsigned weekdays; /* bit 0 = Monday */
	int day_from, day_to;
	const char *time_from, *time_to;
	int keys;
} seeds[] = {
	{"Window cleaners", WEEKDAYS_MON_FRI, -21, -7, "08:00:00", "17:00:00", 2},
	{"Conference guests", 0, -9, -8, "09:00:00", "18:00:00", 3},
	{"Piano delivery", 0, -3, -3, "10:00:00", "12:30:00", 1},
	{"Contractor Novak, heating", WEEKDAYS_MON_FRI, -12, 20, "08:00:00", "17:00:00", 3},
	{"Dog walker", 0x11, -30, 60, "11:00:00", "15:50:00", 1},
	{"Weekend band", 0x60, -14, 28, "16:00:00", "23:25:00", 4},
	{"Interview today", 0, 0, 0, "09:00:00", "18:00:00", 1},
	{"Family visit", 0, -1, 2, "10:00:00", "23:25:00", 2},
	{"Catering Ribeiro", 0, 0, 0, "07:30:00", "20:00:00", 1},
	{"Fire inspection", 0, 3, 3, "09:00:00", "11:00:00", 1},
	{"Movers", 0, 5, 6, "07:00:00", "19:00:00", 2},
	{"Yoga class", 0x0a, 7, 90, "18:00:00", "19:30:00", 2},
};

static const char *const guests[] = {
	"Noel Deckow",  "Roberta Brekke", "Bryce King Jr.",   "Cristopher Torp", "Mrs. Nickolas Wolff",
	"Inês Tavares", "Łukasz Żak",     "Aoife Ní Bhriain", "陳 怡君",         "Tomas Blick",
};

static const struct moment_zone *zone_of(const struct sim_bmx_data *data, int64_t unit)
{
	const struct sim_bmx_building *building = sim_bmx_building_of(data, unit);

	return building ? building->zone : NULL;
}

/* The fields have been checked when they were set. */
static int64_t moment_of(const char *date, const char *time, const struct moment_zone *zone)
{
	struct moment_parts parts = {
		.year = (int)g_ascii_strtoll(date, NULL, 10),
		.month = (int)g_ascii_strtoll(date + 5, NULL, 10),
		.day = (int)g_ascii_strtoll(date + 8, NULL, 10),
		.hour = (int)g_ascii_strtoll(time, NULL, 10),
		.minute = (int)g_ascii_strtoll(time + 3, NULL, 10),
		.second = (int)g_ascii_strtoll(time + 6, NULL, 10),
	};

	return moment_join(&parts, zone);
}

void sim_bmx_window(const struct sim_bmx_data *data, const struct sim_bmx_keychain *keychain,
		    int64_t *from_ms, int64_t *to_ms)
{
	const struct moment_zone *zone = zone_of(data, keychain->unit);

	*from_ms = moment_of(keychain->date_from, keychain->time_from, zone);
	*to_ms = moment_of(keychain->date_to, keychain->time_to, zone);
}

static void set_end(char date[12], char time[12], int64_t at_ms, const struct moment_zone *zone)
{
	char text[MOMENT_TEXT_SIZE];

	moment_format_in(at_ms, zone, text);
	text[10] = '\0';
	g_strlcpy(date, text, 12);
	g_strlcpy(time, text + 11, 9);
}

void sim_bmx_set_window(const struct sim_bmx_data *data, struct sim_bmx_keychain *keychain, int64_t from_ms,
			int64_t to_ms)
{
	const struct moment_zone *zone = zone_of(data, keychain->unit);

	set_end(keychain->date_from, keychain->time_from, from_ms, zone);
	set_end(keychain->date_to, keychain->time_to, to_ms, zone);
}

static void random_word(uint64_t hash, char *out, size_t length)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

	for (size_t i = 0; i < length; i++)
		out[i] = digits[rng_hash(hash, i) % 36];
	out[length] = '\0';
}

void sim_bmx_key_init(struct sim_bmx_data *data, struct sim_bmx_key *key,
		      const struct sim_bmx_keychain *keychain, int64_t now_ms)
{
	uint64_t hash = rng_hash(rng_hash(data->world->options.seed, SALT_KEYS), (uint64_t)key->row.id);
	struct moment_parts at = moment_split(now_ms, NULL);
	char word[8];

	random_word(hash, key->code, 7);
	random_word(rng_hash(hash, 99), word, 6);
	snprintf(key->file, sizeof(key->file), "qr_code_%04d%02d%02d-26752-%s.png", at.year % 10000,
		 at.month % 100, at.day % 100, word);
	key->keychain = keychain->row.id;
	key->unit = keychain->unit;
	key->user = keychain->user;
	sim_bmx_window(data, keychain, &key->activated_ms, &key->expired_ms);
}

static void set_date(char date[12], const struct moment_parts *today, int days,
		     const struct moment_zone *zone)
{
	struct moment_parts noon = *today;
	char text[MOMENT_TEXT_SIZE];

	noon.day += days;
	noon.hour = 12;
	noon.minute = noon.second = 0;
	moment_format_in(moment_join(&noon, zone), zone, text);
	text[10] = '\0';
	g_strlcpy(date, text, 12);
}

static void add_keys(struct sim_bmx_data *data, const struct sim_bmx_keychain *keychain, int count,
		     int64_t now_ms)
{
	for (int i = 0; i < count; i++) {
		struct sim_bmx_key *key = sim_bmx_add(data, SIM_BMX_KEYS);
		uint64_t hash = rng_hash(SALT_KEYS, (uint64_t)key->row.id);
		char text[64];

		key->row.seeded = true;
		sim_bmx_key_init(data, key, keychain, now_ms);
		key->name = guests[hash % G_N_ELEMENTS(guests)];
		snprintf(text, sizeof(text), "guest%d@example.com", (int)(key->row.id % 100000));
		if (hash / 16 % 4)
			key->email = sim_bmx_text(data, text);
		snprintf(text, sizeof(text), "+1254623%04d", (int)(hash / 64 % 10000));
		if (!key->email || hash / 128 % 2)
			key->sms = sim_bmx_text(data, text);
	}
}

/* A tenancy of the building, by lot. */
static const struct sim_bmx_tenancy *pick(const struct sim_bmx_data *data, int building, uint64_t hash)
{
	const struct world_building *from = &data->world->buildings[building];

	for (int i = 0; i < from->person_count; i++) {
		int person = from->first_person + (int)((hash + (uint64_t)i) % (uint64_t)from->person_count);

		if (data->unit_of[person])
			return sim_bmx_tenancy_of(data, data->unit_of[person], data->user_of[person]);
	}
	return NULL;
}

static void seed_building(struct sim_bmx_data *data, int building, int64_t now_ms)
{
	for (size_t i = 0; i < G_N_ELEMENTS(seeds); i++) {
		uint64_t hash = rng_hash(rng_hash(data->world->options.seed, SALT_KEYS),
					 (uint64_t)building * 100 + i);
		const struct sim_bmx_tenancy *tenancy = pick(data, building, hash % 100000);

		if (!tenancy)
			return;
		struct sim_bmx_keychain *keychain = sim_bmx_add(data, SIM_BMX_KEYCHAINS);
		const struct moment_zone *zone = zone_of(data, tenancy->unit);
		struct moment_parts today = moment_split(now_ms, zone);

		keychain->row.seeded = true;
		keychain->unit = tenancy->unit;
		keychain->user = tenancy->user;
		keychain->name = seeds[i].name;
		keychain->weekdays = seeds[i].weekdays;
		set_date(keychain->date_from, &today, seeds[i].day_from, zone);
		set_date(keychain->date_to, &today, seeds[i].day_to, zone);
		g_strlcpy(keychain->time_from, seeds[i].time_from, sizeof(keychain->time_from));
		g_strlcpy(keychain->time_to, seeds[i].time_to, sizeof(keychain->time_to));
		add_keys(data, keychain, seeds[i].keys, now_ms);
	}
}

void sim_bmx_seed_keys(struct sim_bmx_data *data, int64_t now_ms)
{
	for (int i = 0; i < data->world->building_count && i < BUILDINGS_WITH_KEYS; i++)
		seed_building(data, i, now_ms);
}
