/* What is pushed, merged over what was polled: refresh replaces, live merges, old news are ignored, a lost channel grows old. */
#include "density_play.h"

#include "base/moment.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FILTERS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define P "presence spc_f"
#define O "occupancy spc_f"

#define ESTATE                                                                                                     \
	"[{\"id\":\"spc_f\",\"space_type\":\"floor\",\"children_ids\":[\"spc_12345\",\"spc_1678910\",\"spc_x\"]}," \
	"{\"id\":\"spc_g\",\"space_type\":\"floor\",\"children_ids\":[\"spc_e\"]},"                                \
	"{\"id\":\"spc_12345\",\"space_type\":\"space\",\"capacity\":4,\"counting_mode\":\"oa\"},"                 \
	"{\"id\":\"spc_1678910\",\"space_type\":\"space\",\"capacity\":4,\"counting_mode\":\"waffle\"},"           \
	"{\"id\":\"spc_x\",\"space_type\":\"space\"},{\"id\":\"spc_e\",\"space_type\":\"space\",\"counting_mode\":\"entry\"}]"

static const struct dens_answer answers[] = {
	{"GET", "/v3/spaces", NULL, 200, NULL, ESTATE, 0, DENS_ANSWERED},
	{"POST", "/v3/analytics/occupancy/current", NULL, 200, NULL, "{\"spc_12345\":{\"count\":2}}", 0,
	 DENS_ANSWERED},
	{"POST", "/v3/analytics/presence-health", NULL, 200, NULL,
	 "{\"spc_12345\":{\"presence\":true,\"space_health_status\":\"healthy\"},\"spc_1678910\":{\"presence\":false,"
	 "\"space_health_status\":\"healthy\"}}",
	 0, DENS_ANSWERED},
	{.method = NULL},
};

static const struct source_push *push(void) { return density_ops.push; }

static bool say(struct dens_play *play, const char *channel, const char *text)
{
	bool changed = false;

	assert_int_equal(push()->message(play->state, channel, text, strlen(text), play->now_ms, &changed),
			 ERR_OK);
	return changed;
}

static void say_file(struct dens_play *play, const char *channel, const char *name)
{
	struct buf bytes;

	dens_read_file(name, &bytes);
	(void)say(play, channel, buf_text(&bytes));
	buf_fini(&bytes);
}

static struct room room_of(struct dens_play *play, const char *id)
{
	struct rows *rows = push()->rows(play->state, "east", play->now_ms);
	struct room found = {.id = NULL};

	assert_non_null(rows);
	for (size_t i = 0; i < rows_count(rows); i++) {
		const struct room *room = rows_at(rows, i);

		if (strcmp(room->id, id) == 0)
			found = *room;
	}
	assert_non_null(found.id);
	found.id = id;
	found.name = found.type = found.floor_id = found.room_id = found.counting_mode = found.timezone = NULL;
	rows_unref(rows);
	return found;
}

static void begin(struct dens_play *play)
{
	dens_open(play, NULL);
	assert_null(push()->rows(play->state, "east", play->now_ms));
	dens_query(play, KIND_ROOMS, NULL, answers);
	dens_rows(play, KIND_ROOMS);
}

static void channels_are_floors(void **state)
{
	struct dens_play play;
	const char *names[8], *method = NULL;
	struct buf path;

	(void)state;
	dens_open(&play, NULL);
	assert_int_equal(push()->channels(play.state, names, 8), 0);
	dens_query(&play, KIND_ROOMS, FILTERS("room", "spc_x"), answers);
	assert_int_equal(push()->channels(play.state, names, 8), 0); /* not all rooms were polled */
	dens_query(&play, KIND_ROOMS, NULL, answers);
	assert_int_equal(push()->channels(play.state, names, 8), 3);
	assert_string_equal(names[0], "presence spc_f");
	assert_string_equal(names[1], "occupancy spc_f");
	assert_string_equal(names[2], "occupancy spc_g"); /* crossings only: there is no presence */
	assert_int_equal(push()->channels(play.state, names, 1), 3);
	buf_init(&path, 1000);
	assert_int_equal(push()->request(play.state, "presence spc_f", &method, &path), ERR_OK);
	assert_string_equal(method, "POST");
	assert_string_equal(buf_text(&path), "/v3/analytics/ws/floor/spc_f/presence");
	buf_reset(&path);
	assert_int_equal(push()->request(play.state, "occupancy spc_f/../x", &method, &path), ERR_OK);
	assert_string_equal(buf_text(&path), "/v3/analytics/ws/space/spc_f%2F..%2Fx/occupancy");
	assert_int_equal(push()->request(play.state, "else spc_f", &method, &path), ERR_INVALID);
	buf_fini(&path);
	dens_close(&play);
	dens_open(&play, FILTERS("live_floors", "1"));
	dens_query(&play, KIND_ROOMS, NULL, answers);
	assert_int_equal(push()->channels(play.state, names, 8), 2);
	dens_close(&play);
	dens_open(&play, FILTERS("live_floors", "0"));
	dens_query(&play, KIND_ROOMS, NULL, answers);
	assert_int_equal(push()->channels(play.state, names, 8), 0);
	dens_close(&play);
}

static void addresses(void **state)
{
	static const struct {
		const char *text;
		int result;
	} cases[] = {
		{"{\"ws_url\":\"wss://h.example/a?token=1\"}", ERR_OK},
		{"{\"data\":{\"ws_url\":\"wss://h.example/\"}}", ERR_OK},
		{"{\"ws_url\":\"ws://127.0.0.1:8080/x\"}", ERR_OK},
		{"{\"ws_url\":\"ws://[::1]:80/x\"}", ERR_OK},
		{"{\"ws_url\":\"ws://127.0.0.1.example/x\"}", ERR_PARSE},
		{"{\"ws_url\":\"ws://h.example/x\"}", ERR_PARSE},
		{"{\"ws_url\":\"string\"}", ERR_PARSE},
		{"{\"ws_url\":\"wss://a b\"}", ERR_PARSE},
		{"{\"ws_url\":\"wss://a\\u000d\\u000aX: y\"}", ERR_PARSE},
		{"{\"ws_url\":5}", ERR_PARSE},
		{"nonsense", ERR_PARSE},
		{"", ERR_PARSE},
	};
	struct buf url;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		buf_init(&url, 10000);
		assert_int_equal(push()->address(NULL, cases[i].text, strlen(cases[i].text), &url),
				 cases[i].result);
		buf_fini(&url);
	}
}

static void samples_are_taken(void **state)
{
	struct dens_play play;
	struct room room;

	(void)state;
	begin(&play);
	room = room_of(&play, "spc_12345");
	assert_true(room.occupied == 1 && room.occupancy == 2);
	play.now_ms += 1000;
	say_file(&play, P, "samples/ws-presence-refresh.json");
	room = room_of(&play, "spc_12345");
	assert_true(room.occupied == 0 && room.occupancy == 0 && room.stale == 0);
	assert_int_equal(room.as_of_ms, play.now_ms); /* not the time of the state, which may be old */
	room = room_of(&play, "spc_1678910");
	assert_true(room.occupied == 1 && isnan(room.occupancy));
	say_file(&play, P, "samples/ws-presence-live.json");
	assert_int_equal(room_of(&play, "spc_12345").occupied, 1);
	say_file(&play, O, "samples/ws-occupancy-refresh.json");
	room = room_of(&play, "spc_1678910");
	assert_true(room.occupied == 1 && room.occupancy == 1 && room.utilization == 0.25);
	say_file(&play, O, "samples/ws-occupancy-live.json");
	assert_true(room_of(&play, "spc_12345").occupancy == 1);
	say_file(&play, P, "inferred/ws-presence-waffle-live.json");
	assert_string_equal(room_of(&play, "spc_12345").health, STATUS_DEGRADED);
	assert_int_equal(room_of(&play, "spc_x").occupied, -1);
	dens_close(&play);
}

#define LIVE(time, presence)                                                                                 \
	"{\"update_type\":\"live\",\"data\":{\"spc_12345\":{\"timestamp\":\"" time                           \
	"\",\"presence\":" presence ",\"space_health_status\":\"healthy\"}}}"

static void old_news_are_ignored(void **state)
{
	struct dens_play play;

	(void)state;
	begin(&play);
	assert_true(say(&play, P, LIVE("2024-02-28T16:00:10Z", "true")));
	assert_false(say(&play, P, LIVE("2024-02-28T16:00:05Z", "false"))); /* out of order */
	assert_int_equal(room_of(&play, "spc_12345").occupied, 1);
	assert_false(say(&play, P, LIVE("2024-02-28T16:00:10Z", "true"))); /* twice */
	assert_true(say(&play, P, LIVE("2024-02-28T16:00:11Z", "false")));
	assert_int_equal(room_of(&play, "spc_12345").occupied, 0);
	/* A time far ahead does not shut the door for what follows. */
	assert_true(say(&play, P, LIVE("2199-01-01T00:00:00Z", "true")));
	play.now_ms += 20000;
	assert_true(say(
		&play, P,
		"{\"update_type\":\"news\",\"data\":{\"spc_12345\":{\"timestamp\":\"2024-02-28T16:00:20Z\",\"presence\":false}}}"));
	assert_int_equal(room_of(&play, "spc_12345").occupied, 0); /* its health was told before */
	/* A refresh replaces, also by what is older; what it leaves out is as polled. */
	assert_true(say(
		&play, P,
		"{\"update_type\":\"refresh\",\"data\":{\"spc_1678910\":{\"timestamp\":\"2020-01-01T00:00:00Z\",\"presence\":true}}}"));
	assert_true(room_of(&play, "spc_12345").occupancy == 2);
	assert_int_equal(room_of(&play, "spc_1678910").occupied, 1);
	dens_close(&play);
}

static void health_makes_unknown(void **state)
{
	struct dens_play play;
	struct room room;

	(void)state;
	begin(&play);
	(void)say(&play, P,
		  "{\"update_type\":\"live\",\"data\":{\"spc_12345\":{\"presence\":false,\"space_health_status\":\"offline\"},"
		  "\"spc_x\":{\"presence\":false}}}");
	room = room_of(&play, "spc_12345");
	assert_true(room.occupied == -1 && isnan(room.occupancy) && room.stale == 1);
	assert_string_equal(room.health, STATUS_OFFLINE);
	room = room_of(&play, "spc_x");
	assert_true(room.occupied == -1 && room.health == NULL);
	dens_close(&play);
}

static void lost_channels_grow_old(void **state)
{
	struct dens_play play;

	(void)state;
	begin(&play);
	play.now_ms += 1000;
	(void)say(&play, P, LIVE("2024-02-28T16:00:01Z", "false"));
	push()->lost(play.state, P, play.now_ms);
	push()->lost(play.state, "presence spc_never", play.now_ms);
	assert_int_equal(room_of(&play, "spc_12345").occupied, 0);
	assert_int_equal(room_of(&play, "spc_12345").stale, 0);
	play.now_ms += 3 * 60000;
	assert_int_equal(room_of(&play, "spc_12345").stale, 1);
	/* A poll knows better. */
	dens_query(&play, KIND_ROOMS, NULL, answers);
	assert_true(room_of(&play, "spc_12345").occupancy == 2);
	assert_int_equal(room_of(&play, "spc_12345").stale, 0);
	/* It comes back: that alone is news. */
	assert_true(say(&play, P, LIVE("2024-02-28T16:00:01Z", "false")));
	assert_int_equal(room_of(&play, "spc_12345").occupied, 0);
	dens_close(&play);
}

static void garbage_changes_nothing(void **state)
{
	static const char *const texts[] = {
		"",
		"ping",
		"[]",
		"5",
		"{\"data\":[]}",
		"{\"update_type\":\"refresh\"}",
		"{\"update_type\":\"refresh\",\"data\":null}",
		"{\"update_type\":\"refresh\",\"data\":{\"spc_12345\":{\"presence\":false"};
	struct dens_play play;
	char *deep = g_strnfill(500, '[');
	bool changed;

	(void)state;
	begin(&play);
	(void)say(&play, P, LIVE("2024-02-28T16:00:10Z", "true"));
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_int_equal(push()->message(play.state, P, texts[i], strlen(texts[i]), play.now_ms,
						 &changed),
				 ERR_PARSE);
		assert_false(changed);
	}
	assert_int_equal(push()->message(play.state, P, deep, 500, play.now_ms, &changed), ERR_PARSE);
	assert_int_equal(push()->message(play.state, P, deep, (size_t)9 << 20, play.now_ms, &changed),
			 ERR_PARSE);
	assert_false(say(&play, P,
			 "{\"update_type\":7,\"data\":{\"spc_12345\":[],\"\":{},\"spc_1678910\":\"x\"}}"));
	assert_int_equal(room_of(&play, "spc_12345").occupied, 1);
	g_free(deep);
	dens_close(&play);
}

/* One poll of spc_12345: what REST says of its count and presence. */
static void poll(struct dens_play *play, const char *count, const char *presence)
{
	const struct dens_answer polled[] = {
		{"GET", "/v3/spaces", NULL, 200, NULL, ESTATE, 0, DENS_ANSWERED},
		{"POST", "/v3/analytics/occupancy/current", NULL, 200, NULL, count, 0, DENS_ANSWERED},
		{"POST", "/v3/analytics/presence-health", NULL, 200, NULL, presence, 0, DENS_ANSWERED},
		{.method = NULL},
	};

	dens_query(play, KIND_ROOMS, NULL, polled);
}

static const struct room *polled_room(struct dens_play *play)
{
	return dens_row(play, KIND_ROOMS, "spc_12345");
}

#define COUNTED(type, time, count)                                                                           \
	"{\"update_type\":\"" type "\",\"data\":{\"spc_12345\":{\"timestamp\":\"2024-02-28T" time            \
	"Z\",\"occupancy\":" count ",\"space_health_status\":\"healthy\"}}}"
#define REST(time, count) "{\"spc_12345\":{\"count\":" count ",\"timestamp\":\"2024-02-28T" time "Z\"}}"
#define SEEN                                                                                                 \
	"{\"spc_12345\":{\"presence\":true,\"timestamp\":\"2024-02-28T15:43:00Z\",\"space_health_status\":\"healthy\"}}"

/* A poll that lags behind what was pushed does not undo it, in the rows of the poll itself neither. */
static void polls_do_not_turn_back(void **state)
{
	struct dens_play play;
	int64_t heard_ms;

	(void)state;
	begin(&play);
	play.now_ms += 5000;
	heard_ms = play.now_ms;
	assert_true(say(&play, O, COUNTED("live", "16:00:05", "6")));
	play.now_ms += 2000;
	poll(&play, REST("15:43:00", "3"), SEEN); /* of 17 minutes ago */
	assert_true(polled_room(&play)->occupancy == 6 && polled_room(&play)->stale == 0);
	assert_int_equal(polled_room(&play)->as_of_ms, heard_ms); /* not the moment of the poll */
	assert_true(room_of(&play, "spc_12345").occupancy == 6);
	poll(&play, "{\"spc_12345\":{\"count\":3}}", "{}"); /* without a time, but so soon after */
	assert_true(polled_room(&play)->occupancy == 6);
	play.now_ms += 30000;
	poll(&play, REST("15:43:00", "3"), SEEN);
	assert_true(polled_room(&play)->occupancy == 6);
	/* The same in a refresh, with the time since when it is so, is true when it comes. */
	(void)say(&play, O, COUNTED("refresh", "16:00:05", "6"));
	assert_true(room_of(&play, "spc_12345").occupancy == 6);
	assert_int_equal(room_of(&play, "spc_12345").as_of_ms, play.now_ms);
	/* By their own time, answers can be ahead of the channel. */
	play.now_ms += 1000;
	poll(&play, REST("16:00:37", "4"), SEEN);
	assert_true(polled_room(&play)->occupancy == 4);
	assert_int_equal(polled_room(&play)->as_of_ms, play.now_ms);
	/* Whatever it says since when: a refresh that comes after the poll is right. */
	play.now_ms += 1000;
	(void)say(&play, O, COUNTED("refresh", "15:00:00", "5"));
	assert_true(room_of(&play, "spc_12345").occupancy == 5);
	/* An old live message is not. */
	assert_false(say(&play, O, COUNTED("live", "14:59:00", "1")));
	assert_true(room_of(&play, "spc_12345").occupancy == 5);
	/* Without a time, a poll is right when nothing was pushed for long. */
	play.now_ms += 11000;
	poll(&play, "{\"spc_12345\":{\"count\":2}}", "{}");
	assert_true(polled_room(&play)->occupancy == 2);
	dens_close(&play);
}

/* Of what polls leave out the channels tell as long as they live. */
static void sockets_fill_the_gaps(void **state)
{
	struct dens_play play;

	(void)state;
	begin(&play);
	(void)say(&play, O, COUNTED("refresh", "15:00:00", "1"));
	for (unsigned i = 0; i < 3; i++) {
		play.now_ms += 60000;
		poll(&play, "{}", "{\"spc_12345\":{}}");
		assert_true(polled_room(&play)->occupancy == 1 && polled_room(&play)->occupied == 1);
		assert_string_equal(polled_room(&play)->health, STATUS_ONLINE);
		assert_int_equal(polled_room(&play)->as_of_ms, play.now_ms - (i + 1) * INT64_C(60000));
	}
	push()->lost(play.state, O, play.now_ms);
	play.now_ms += 1000;
	poll(&play, "{}", "{}");
	assert_true(isnan(polled_room(&play)->occupancy) && polled_room(&play)->occupied == -1);
	assert_int_equal(polled_room(&play)->as_of_ms, MOMENT_NONE);
	dens_close(&play);
}

/* However many spaces are invented, memory ends where it should. */
static void floods_are_bounded(void **state)
{
	struct dens_play play;
	GString *text;

	(void)state;
	begin(&play);
	for (unsigned round = 0; round < 6; round++) {
		text = g_string_new("{\"update_type\":\"live\",\"data\":{");
		for (unsigned i = 0; i < 20000; i++)
			g_string_append_printf(text, "%s\"spc_%u\":{\"occupancy\":1}", i > 0 ? "," : "",
					       round * 20000 + i);
		g_string_append(text, "}}");
		(void)say(&play, O, text->str);
		g_string_free(text, TRUE);
	}
	assert_true(room_of(&play, "spc_12345").occupancy == 1);
	dens_close(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channels_are_floors),     cmocka_unit_test(addresses),
		cmocka_unit_test(samples_are_taken),       cmocka_unit_test(old_news_are_ignored),
		cmocka_unit_test(health_makes_unknown),    cmocka_unit_test(lost_channels_grow_old),
		cmocka_unit_test(polls_do_not_turn_back),  cmocka_unit_test(sockets_fill_the_gaps),
		cmocka_unit_test(garbage_changes_nothing), cmocka_unit_test(floods_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
