#include "api/density/push.h"

#include "api/density/shape.h"
#include "base/text.h"
#include "core/kind.h"

#include <stdlib.h>
#include <string.h>

#define STALE_MS (2 * 60 * 1000) /* a channel that was lost so long ago says nothing of now */
#define LAG_MS 10000             /* so long an answer without a time may be behind what is pushed */
#define URL_MOST 8192
#define ID_MOST 256

/* What a channel told of a space. */
struct pushed {
	double count; /* NAN: not told */
	int8_t presence;
	const char *health;
	int64_t told_ms;  /* the server's time of the state: since when it is so */
	int64_t heard_ms; /* when it was said the last time */
	bool undated;     /* it told no time, or none that can be */
	bool whole;       /* said by a refresh: true when it came, whatever its time */
};

struct dens_channel {
	GHashTable *spaces; /* id → struct pushed * */
	int64_t heard_ms, lost_ms;
	bool open;
};

static void free_channel(void *memory)
{
	struct dens_channel *channel = memory;

	g_hash_table_unref(channel->spaces);
	g_free(channel);
}

static GHashTable *new_spaces(void) { return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free); }

void dens_push_init(struct dens_push *push, size_t floors_most)
{
	*push = (struct dens_push){.floors_most = floors_most, .polled_ms = MOMENT_NONE};
	push->channels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_channel);
	push->names = g_ptr_array_new_with_free_func(g_free);
}

void dens_push_fini(struct dens_push *push)
{
	if (push->channels == NULL)
		return;
	rows_unref(push->base);
	g_free(push->now);
	g_hash_table_unref(push->channels);
	g_ptr_array_unref(push->names);
	*push = (struct dens_push){.base = NULL};
}

void dens_push_polled(struct dens_push *push, const struct rows *rooms, const struct dens_tree *tree,
		      const struct dens_now *now, int64_t now_ms)
{
	size_t n = rows_count(rooms), kept = 0;

	rows_unref(push->base);
	g_free(push->now);
	push->base = kind_rows_new(KIND_ROOMS, rows_account(rooms), rows_vendor(rooms));
	push->now = g_new(struct dens_now, n + 1);
	push->polled_ms = now_ms;
	for (size_t i = 0; i < n; i++) {
		const struct room *room = rows_at(rooms, i);
		const struct dens_space *space = dens_tree_find(tree, room->id);

		if (kind_copy_row(push->base, KIND_ROOMS, room) == NULL)
			break;
		push->now[kept++] = space != NULL ? now[space->index] : DENS_NOW_BLANK;
	}
}

/* --- channels --- */

/* Rooms of a floor, and those of which presence is told. */
struct crowd {
	const char *floor;
	unsigned rooms, present;
};

static int by_rooms(const void *a, const void *b)
{
	const struct crowd *x = *(struct crowd *const *)a, *y = *(struct crowd *const *)b;

	if (x->rooms != y->rooms)
		return x->rooms > y->rooms ? -1 : 1;
	return strcmp(x->floor, y->floor);
}

static bool counts_crossings(const struct room *room)
{
	return room->counting_mode != NULL && g_ascii_strcasecmp(room->counting_mode, "entry") == 0;
}

/* Floors with most rooms first. */
static GPtrArray *crowds_of(const struct dens_push *push)
{
	GHashTable *floors = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *crowds = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < rows_count(push->base); i++) {
		const struct room *room = rows_at(push->base, i);
		struct crowd *crowd;

		if (room->floor_id == NULL)
			continue;
		crowd = g_hash_table_lookup(floors, room->floor_id);
		if (crowd == NULL) {
			crowd = g_new0(struct crowd, 1);
			crowd->floor = room->floor_id;
			g_hash_table_insert(floors, (gpointer)room->floor_id, crowd);
			g_ptr_array_add(crowds, crowd);
		}
		crowd->rooms++;
		crowd->present += !counts_crossings(room);
	}
	g_hash_table_unref(floors);
	g_ptr_array_sort(crowds, by_rooms);
	return crowds;
}

static gboolean not_named(void *name, void *channel, void *names)
{
	(void)channel;
	return !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL);
}

size_t dens_push_channels(struct dens_push *push, const char **names, size_t most)
{
	GPtrArray *crowds;

	g_ptr_array_set_size(push->names, 0);
	if (push->base == NULL)
		return 0;
	crowds = crowds_of(push);
	for (guint i = 0; i < crowds->len && i < push->floors_most; i++) {
		const struct crowd *crowd = crowds->pdata[i];

		if (crowd->present > 0)
			g_ptr_array_add(push->names, g_strconcat("presence ", crowd->floor, NULL));
		g_ptr_array_add(push->names, g_strconcat("occupancy ", crowd->floor, NULL));
	}
	g_ptr_array_unref(crowds);
	g_hash_table_foreach_remove(push->channels, not_named, push->names);
	for (guint i = 0; i < push->names->len && i < most; i++)
		names[i] = push->names->pdata[i];
	return push->names->len;
}

int dens_push_request(const char *channel, const char **method, struct buf *path)
{
	bool presence = g_str_has_prefix(channel, "presence ");
	const char *id = strchr(channel, ' ');

	if (id == NULL || id[1] == '\0' || (!presence && !g_str_has_prefix(channel, "occupancy ")))
		return ERR_INVALID;
	*method = "POST";
	buf_adds(path, presence ? "/v3/analytics/ws/floor/" : "/v3/analytics/ws/space/");
	text_add_percent(path, id + 1);
	buf_adds(path, presence ? "/presence" : "/occupancy");
	return path->error;
}

static bool is_loopback(const char *host)
{
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		size_t length = strlen(names[i]);

		if (g_ascii_strncasecmp(host, names[i], length) == 0 &&
		    (host[length] == '\0' || strchr(":/?", host[length]) != NULL))
			return true;
	}
	return false;
}

static bool usable_url(const char *url)
{
	size_t length = url == NULL ? 0 : strlen(url);

	if (length == 0 || length > URL_MOST)
		return false;
	for (const char *p = url; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return false;
	return (g_ascii_strncasecmp(url, "wss://", 6) == 0 && length > 6) ||
	       (g_ascii_strncasecmp(url, "ws://", 5) == 0 && is_loopback(url + 5));
}

int dens_push_address(const char *bytes, size_t length, struct buf *url)
{
	const char *text;
	struct jsonx doc;
	int err;

	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, NULL);
	text = jsonx_str(jsonx_get(doc.root, "ws_url"));
	if (text == NULL)
		text = jsonx_str(jsonx_path(doc.root, "data.ws_url"));
	if (err == ERR_OK && !usable_url(text))
		err = ERR_PARSE;
	if (err == ERR_OK) {
		buf_adds(url, text);
		err = url->error;
	}
	jsonx_fini(&doc);
	return err;
}

/* --- messages --- */

static bool same(const struct pushed *a, const struct pushed *b)
{
	bool counts = isnan(a->count) ? isnan(b->count) : a->count == b->count;

	return counts && a->presence == b->presence && a->health == b->health;
}

static bool read_pushed(const cJSON *value, int64_t now_ms, struct pushed *pushed)
{
	struct dens_now now = DENS_NOW_BLANK;

	dens_now_read(&now, value, now_ms);
	if (!now.told)
		return false;
	*pushed = (struct pushed){.count = now.count,
				  .presence = now.presence,
				  .health = now.health,
				  .told_ms = jsonx_moment(jsonx_get(value, "timestamp")),
				  .heard_ms = now_ms};
	pushed->undated = pushed->told_ms == MOMENT_NONE || pushed->told_ms > now_ms + DENS_FUTURE_MS;
	if (pushed->undated)
		pushed->told_ms = now_ms;
	return true;
}

/* True when the space differs from before. */
static bool merge(GHashTable *spaces, const char *id, const struct pushed *pushed,
		  const struct pushed *before)
{
	struct pushed *kept;

	if (before == NULL && g_hash_table_size(spaces) >= DENS_PUSH_SPACES)
		return false;
	kept = g_new(struct pushed, 1);
	*kept = *pushed;
	if (before != NULL) { /* what this message leaves out stays */
		if (isnan(kept->count) && kept->presence == TRUTH_UNKNOWN) {
			kept->count = before->count;
			kept->presence = before->presence;
		}
		if (kept->health == NULL)
			kept->health = before->health;
	}
	bool changed = before == NULL || !same(kept, before);
	g_hash_table_replace(spaces, g_strdup(id), kept);
	return changed;
}

static bool take_refresh(struct dens_channel *channel, const cJSON *data, int64_t now_ms)
{
	GHashTable *spaces = new_spaces();
	bool changed = false;

	for (const cJSON *item = data->child; item != NULL; item = item->next) {
		const struct pushed *before;
		struct pushed pushed;

		if (item->string == NULL || item->string[0] == '\0' || strlen(item->string) > ID_MOST ||
		    !read_pushed(item, now_ms, &pushed))
			continue;
		pushed.whole = true;
		before = g_hash_table_lookup(channel->spaces, item->string);
		(void)merge(spaces, item->string, &pushed, g_hash_table_lookup(spaces, item->string));
		changed = changed || before == NULL || !same(&pushed, before);
	}
	changed = changed || g_hash_table_size(spaces) != g_hash_table_size(channel->spaces);
	g_hash_table_unref(channel->spaces);
	channel->spaces = spaces;
	return changed;
}

static bool take_live(struct dens_channel *channel, const cJSON *data, int64_t now_ms)
{
	bool changed = false;

	for (const cJSON *item = data->child; item != NULL; item = item->next) {
		const struct pushed *before;
		struct pushed pushed;

		if (item->string == NULL || item->string[0] == '\0' || strlen(item->string) > ID_MOST ||
		    !read_pushed(item, now_ms, &pushed))
			continue;
		before = g_hash_table_lookup(channel->spaces, item->string);
		if (before != NULL && pushed.undated)
			pushed.told_ms = MAX(pushed.told_ms, before->told_ms);
		if (before == NULL || before->undated || pushed.told_ms >= before->told_ms)
			changed = merge(channel->spaces, item->string, &pushed, before) || changed;
	}
	return changed;
}

static struct dens_channel *channel_of(struct dens_push *push, const char *name)
{
	struct dens_channel *channel = g_hash_table_lookup(push->channels, name);

	if (channel == NULL) {
		channel = g_new0(struct dens_channel, 1);
		channel->spaces = new_spaces();
		channel->heard_ms = channel->lost_ms = MOMENT_NONE;
		g_hash_table_insert(push->channels, g_strdup(name), channel);
	}
	return channel;
}

int dens_push_message(struct dens_push *push, const char *name, const char *bytes, size_t length,
		      int64_t now_ms, bool *changed)
{
	struct dens_channel *channel;
	const cJSON *data;
	const char *type;
	struct jsonx doc;
	int err;

	*changed = false;
	if (length > DENS_PUSH_MESSAGE)
		return ERR_PARSE;
	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, NULL);
	data = jsonx_get(doc.root, "data");
	if (err != ERR_OK || !cJSON_IsObject(data)) {
		jsonx_fini(&doc);
		return ERR_PARSE;
	}
	type = jsonx_str(jsonx_get(doc.root, "update_type"));
	channel = channel_of(push, name);
	/* A channel that comes back after it was lost says something new even when it says the same. */
	*changed = !channel->open;
	channel->open = true;
	channel->heard_ms = now_ms;
	if (type != NULL && g_ascii_strcasecmp(type, "refresh") == 0)
		*changed = take_refresh(channel, data, now_ms) || *changed;
	else
		*changed = take_live(channel, data, now_ms) || *changed;
	jsonx_fini(&doc);
	return ERR_OK;
}

void dens_push_lost(struct dens_push *push, const char *name, int64_t now_ms)
{
	struct dens_channel *channel = g_hash_table_lookup(push->channels, name);

	if (channel == NULL || !channel->open)
		return;
	channel->open = false;
	channel->lost_ms = now_ms;
}

/* --- rows --- */

/* A lost channel tells nothing that a later poll does not know better. */
static bool counts_still(const struct dens_channel *channel, int64_t polled_ms)
{
	return channel != NULL && channel->heard_ms != MOMENT_NONE &&
	       (channel->open || polled_ms < channel->lost_ms);
}

/* A state of a room on its way from the poll through both channels. */
struct merging {
	struct dens_now now; /* what is shown in the end */
	const struct dens_now *polled;
	int64_t polled_ms;
	const char *health; /* the worst that a channel told; NULL: none */
};

/* Whether what a poll told is newer than what is pushed. By the times that the server gave both; else a poll has to be well behind it, since its answers may be
 * seconds old. */
static bool is_newer(const struct dens_when *when, const struct pushed *pushed, int64_t polled_ms)
{
	if (when->as_of_ms == MOMENT_NONE)
		return false;
	if (when->since_ms != MOMENT_NONE && !pushed->undated)
		return when->since_ms > pushed->told_ms &&
		       (!pushed->whole || when->as_of_ms >= pushed->heard_ms);
	return pushed->heard_ms < polled_ms - LAG_MS;
}

static struct dens_when heard(const struct dens_channel *channel)
{
	return (struct dens_when){channel->heard_ms, MOMENT_NONE};
}

/* It is confirmed by what says the same. */
static void confirm(struct dens_when *when, int64_t as_of_ms)
{
	when->as_of_ms = MAX(when->as_of_ms, as_of_ms);
}

static void overlay_count(struct merging *merging, const struct pushed *pushed,
			  const struct dens_channel *channel)
{
	const struct dens_now *polled = merging->polled;
	struct dens_now *now = &merging->now;
	bool people = pushed->count > 0;

	if (!isnan(polled->count) && polled->count != pushed->count &&
	    is_newer(&polled->counted, pushed, merging->polled_ms))
		return;
	if (polled->presence != TRUTH_UNKNOWN && (polled->presence == 1) != people &&
	    is_newer(&polled->seen, pushed, merging->polled_ms))
		return;
	if (now->count == pushed->count) {
		confirm(&now->counted, channel->heard_ms);
	} else {
		now->counted = heard(channel);
		now->capped = TRUTH_UNKNOWN;
	}
	now->count = pushed->count;
	now->presence = people;
	now->seen = now->counted;
	now->told = true;
}

static void overlay_presence(struct merging *merging, const struct pushed *pushed,
			     const struct dens_channel *channel)
{
	const struct dens_now *polled = merging->polled;
	struct dens_now *now = &merging->now;
	bool people = pushed->presence == 1;

	if (polled->presence != TRUTH_UNKNOWN && polled->presence != pushed->presence &&
	    is_newer(&polled->seen, pushed, merging->polled_ms))
		return;
	if (!isnan(polled->count) && (polled->count > 0) != people &&
	    is_newer(&polled->counted, pushed, merging->polled_ms))
		return;
	if (now->presence == pushed->presence)
		confirm(&now->seen, channel->heard_ms);
	else
		now->seen = heard(channel);
	now->presence = pushed->presence;
	now->told = true;
	/* A count that says otherwise is older than that. */
	if (!isnan(now->count) && people != (now->count > 0)) {
		now->count = people ? NAN : 0;
		now->counted = people ? (struct dens_when)DENS_WHEN_BLANK : now->seen;
	}
}

static int badness(const char *health)
{
	static const char *const words[] = {STATUS_ONLINE, STATUS_DEGRADED, STATUS_UNKNOWN, STATUS_OFFLINE};

	for (size_t i = 0; health != NULL && i < G_N_ELEMENTS(words); i++)
		if (strcmp(health, words[i]) == 0)
			return (int)i;
	return -1;
}

static void overlay(struct merging *merging, const struct pushed *pushed, const struct dens_channel *channel)
{
	const struct dens_now *polled = merging->polled;

	if (!isnan(pushed->count))
		overlay_count(merging, pushed, channel);
	if (pushed->presence != TRUTH_UNKNOWN)
		overlay_presence(merging, pushed, channel);
	if (pushed->health == NULL || (polled->health != NULL && polled->health != pushed->health &&
				       is_newer(&polled->felt, pushed, merging->polled_ms)))
		return;
	/* Where both channels tell a health, the worse is believed: "free" must be sure. */
	if (badness(pushed->health) >= badness(merging->health))
		merging->health = pushed->health;
	merging->now.felt = heard(channel);
	merging->now.told = true;
}

/* The channels of the floor that the rows before were on, found once for many rooms. */
struct floor_channels {
	const char *floor;
	const struct dens_channel *presence, *occupancy;
};

static void find_channels(const struct dens_push *push, const char *floor, struct floor_channels *found)
{
	char *name;

	if (found->floor != NULL && strcmp(found->floor, floor) == 0)
		return;
	found->floor = floor;
	name = g_strconcat("presence ", floor, NULL);
	found->presence = g_hash_table_lookup(push->channels, name);
	g_free(name);
	name = g_strconcat("occupancy ", floor, NULL);
	found->occupancy = g_hash_table_lookup(push->channels, name);
	g_free(name);
}

static void apply(const struct floor_channels *channels, struct room *room, const struct dens_now *polled,
		  int64_t polled_ms, int64_t now_ms)
{
	const struct dens_channel *const both[] = {channels->presence, channels->occupancy};
	const struct pushed *told[2] = {NULL, NULL};
	struct merging merging = {.now = *polled, .polled = polled, .polled_ms = polled_ms};
	bool grows_old = false;
	size_t later;

	for (size_t i = 0; i < 2; i++) {
		if (!counts_still(both[i], polled_ms))
			continue;
		told[i] = g_hash_table_lookup(both[i]->spaces, room->id);
		grows_old = grows_old ||
			    (told[i] != NULL && !both[i]->open && now_ms - both[i]->heard_ms > STALE_MS);
	}
	if (told[0] == NULL && told[1] == NULL)
		return;
	/* What is so since last wins where both differ. */
	later = told[0] != NULL && told[1] != NULL && told[0]->told_ms > told[1]->told_ms ? 0 : 1;
	if (told[!later] != NULL)
		overlay(&merging, told[!later], both[!later]);
	if (told[later] != NULL)
		overlay(&merging, told[later], both[later]);
	if (merging.health != NULL)
		merging.now.health = merging.health;
	dens_now_apply(room, &merging.now);
	if (grows_old)
		room->stale = 1;
}

void dens_push_over(const struct dens_push *push, struct rows *rooms, const struct dens_tree *tree,
		    const struct dens_now *now, int64_t polled_ms, int64_t now_ms)
{
	struct floor_channels channels = {.floor = NULL};

	for (size_t i = 0; g_hash_table_size(push->channels) > 0 && i < rows_count(rooms); i++) {
		struct room *room = rows_edit(rooms, i);
		const struct dens_space *space = dens_tree_find(tree, room->id);

		if (room->floor_id == NULL || space == NULL)
			continue;
		find_channels(push, room->floor_id, &channels);
		if (channels.presence != NULL || channels.occupancy != NULL)
			apply(&channels, room, &now[space->index], polled_ms, now_ms);
	}
}

struct rows *dens_push_rows(struct dens_push *push, const char *account, int64_t now_ms)
{
	struct floor_channels channels = {.floor = NULL};
	struct rows *rows;

	if (push->base == NULL)
		return NULL;
	rows = kind_rows_new(KIND_ROOMS, account, rows_vendor(push->base));
	for (size_t i = 0; rows != NULL && i < rows_count(push->base); i++) {
		struct room *room = kind_copy_row(rows, KIND_ROOMS, rows_at(push->base, i));

		if (room == NULL)
			break;
		if (room->floor_id == NULL)
			continue;
		find_channels(push, ((const struct room *)rows_at(push->base, i))->floor_id, &channels);
		if (channels.presence != NULL || channels.occupancy != NULL)
			apply(&channels, room, &push->now[i], push->polled_ms, now_ms);
	}
	return rows;
}
