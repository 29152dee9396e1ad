/* What the simulated Density's live sockets tell, without a socket. */
#include "density_play.h"

#include "sim/density_live.h"
#include "sim/density_ws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The path of a fresh address. */
static void ticket(struct density_play *play, const char *what, const char *id, char out[120])
{
	char **parts = g_strsplit(what, "/", 2);
	char *path = g_strdup_printf("/v3/analytics/ws/%s/%s/%s", parts[0], id, parts[1]);
	const cJSON *answer = density_play_expect(play, 200, "POST", path, NULL);
	const char *url = jsonx_str(jsonx_get(answer, "ws_url"));

	density_play_like("post-v3-analytics-ws-floor-presence", answer);
	assert_true(g_str_has_prefix(url, "ws://127.0.0.1:4711" SIM_DENSITY_WS_PATH));
	g_strlcpy(out, url + strlen("ws://127.0.0.1:4711"), 120);
	g_strfreev(parts);
	g_free(path);
}

static struct sim_density_stream *open_stream(struct density_play *play, const char *what, const char *name)
{
	struct sim_density_stream *stream;
	char path[120];

	ticket(play, what, density_play_id(play, name), path);
	stream = sim_density_stream_open(play->density, path);
	assert_non_null(stream);
	return stream;
}

static int64_t now(const struct density_play *play) { return sim_app_now_ms(play->app); }

/* The next message as JSON; NULL when there is none. */
static const cJSON *next(struct density_play *play, struct sim_density_stream *stream)
{
	if (!sim_density_stream_next(stream, now(play), &play->body))
		return NULL;
	assert_int_equal(jsonx_parse(&play->doc, buf_text(&play->body), play->body.length, NULL), ERR_OK);
	return play->doc.root;
}

static void addresses_are_good_once(void **state)
{
	struct density_play play;
	struct sim_density_stream *stream;
	char path[120];

	(void)state;
	density_play_init(&play, NULL);
	ticket(&play, "floor/presence", density_play_id(&play, "1st floor"), path);
	stream = sim_density_stream_open(play.density, path);
	assert_non_null(stream);
	sim_density_stream_free(stream);
	assert_int_equal(density_play_violations(&play), 0);
	assert_null(sim_density_stream_open(play.density, path));
	ticket(&play, "floor/presence", density_play_id(&play, "1st floor"), path);
	clock_fake_advance(&play.clock, SIM_DENSITY_TICKET_MS);
	assert_null(sim_density_stream_open(play.density, path));
	assert_null(sim_density_stream_open(play.density, "/density-ws/"));
	assert_null(sim_density_stream_open(play.density, "/"));
	assert_int_equal(density_play_violations(&play), 4);
	density_play_expect(&play, 404, "POST", "/v3/analytics/ws/floor/spc_1/presence", NULL);

	char *wrong = g_strdup_printf("/v3/analytics/ws/floor/%s/presence", density_play_id(&play, "Hudson"));

	density_play_expect(&play, 400, "POST", wrong, NULL); /* no floor */
	g_free(wrong);
	density_play_fini(&play);
}

static void a_refresh_at_once_and_every_minute(void **state)
{
	struct density_play play;
	struct sim_density_stream *stream;
	unsigned refreshes = 0;

	(void)state;
	density_play_init(&play, NULL);
	stream = open_stream(&play, "floor/presence", "1st floor");
	density_play_like("ws-presence-refresh", next(&play, stream));
	density_play_like("ws-presence-waffle-live",
			  NULL == strstr(buf_text(&play.body), "waffle") ? NULL : play.doc.root);
	assert_null(next(&play, stream));
	for (int i = 0; i < 300; i++) {
		const cJSON *message;

		clock_fake_advance(&play.clock, 1000);
		while ((message = next(&play, stream)))
			refreshes += strcmp(jsonx_str(jsonx_get(message, "update_type")), "refresh") == 0;
	}
	assert_int_equal(refreshes, 5);
	sim_density_stream_free(stream);
	stream = open_stream(&play, "space/occupancy", "1st floor");
	density_play_like("ws-occupancy-refresh", next(&play, stream));
	sim_density_stream_free(stream);
	density_play_fini(&play);
}

/* What a client knows by the messages alone is what the floor is like. */
static void live_messages_keep_up(void **state)
{
	struct density_play play;
	struct sim_density_stream *stream;
	GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	unsigned live = 0;

	(void)state;
	density_play_init(&play, NULL);
	stream = open_stream(&play, "space/occupancy", "Main Street 12");
	for (int i = 0; i < 120; i++) {
		const cJSON *message, *item;

		while ((message = next(&play, stream))) {
			if (strcmp(jsonx_str(jsonx_get(message, "update_type")), "live") == 0) {
				density_play_like("ws-occupancy-live", message);
				live++;
			} else if (i > 0) {
				continue;
			}
			cJSON_ArrayForEach(item, jsonx_get(message, "data"))
				g_hash_table_replace(counts, g_strdup(item->string),
						     GINT_TO_POINTER(
							     (int)jsonx_num(jsonx_get(item, "occupancy"))));
		}
		for (guint k = 0; k < play.density->data->spaces->len; k++) {
			const struct sim_density_space *space = sim_density_space(play.density->data, (int)k);

			if (g_hash_table_contains(counts, space->id))
				assert_int_equal(GPOINTER_TO_INT(g_hash_table_lookup(counts, space->id)),
						 sim_density_state_at(play.density, space, now(&play)).count);
		}
		clock_fake_advance(&play.clock, 1000);
	}
	assert_true(live > 5);
	assert_true(g_hash_table_size(counts) > 30);
	g_hash_table_destroy(counts);
	sim_density_stream_free(stream);
	density_play_fini(&play);
}

static void a_doorway_tells_who_passes(void **state)
{
	struct density_play play;
	struct sim_density_stream *stream;
	char path[120];
	unsigned events = 0;
	const cJSON *message;

	(void)state;
	density_play_init(&play, NULL);
	ticket(&play, "doorway/events",
	       g_array_index(play.density->data->doorways, struct sim_density_doorway, 0).id, path);
	stream = sim_density_stream_open(play.density, path);
	for (int i = 0; i < 3600; i++) {
		while ((message = next(&play, stream))) {
			density_play_like("ws-doorway-event", message);
			assert_true(jsonx_num(jsonx_get(message, "direction")) == 1 ||
				    jsonx_num(jsonx_get(message, "direction")) == -1);
			events++;
		}
		clock_fake_advance(&play.clock, 2000);
	}
	assert_true(events > 0);
	sim_density_stream_free(stream);
	density_play_fini(&play);
}

static void streams_misbehave_when_told(void **state)
{
	struct density_play play;
	struct sim_density_stream *stream;
	unsigned lies = 0, garbage = 0;
	int64_t newest_ms = 0;

	(void)state;
	density_play_init(&play, NULL);
	density_play_fault(&play, "ws", "old");
	stream = open_stream(&play, "space/occupancy", "Main Street 12");
	for (int i = 0; i < 120; i++) {
		const cJSON *message;

		while ((message = next(&play, stream))) {
			int64_t at_ms = jsonx_moment(
				jsonx_get(jsonx_get(message, "data")->child, "timestamp"));

			if (strcmp(jsonx_str(jsonx_get(message, "update_type")), "live") != 0)
				continue;
			lies += at_ms < newest_ms;
			newest_ms = MAX(newest_ms, at_ms);
		}
		clock_fake_advance(&play.clock, 1000);
	}
	assert_true(lies > 3);
	density_play_fault(&play, "ws", "garbage");
	for (int i = 0; i < 300; i++) {
		while (sim_density_stream_next(stream, now(&play), &play.body))
			garbage += jsonx_parse(&play.doc, buf_text(&play.body), play.body.length, NULL) !=
				   ERR_OK;
		clock_fake_advance(&play.clock, 1000);
	}
	assert_true(garbage > 3);
	density_play_fault(&play, "ws", "stall");
	clock_fake_advance(&play.clock, 300000);
	assert_null(next(&play, stream));
	sim_density_stream_repeat(stream, now(&play), &play.body);
	assert_int_equal(jsonx_parse(&play.doc, buf_text(&play.body), play.body.length, NULL), ERR_OK);
	density_play_like("ws-occupancy-live", play.doc.root);
	sim_density_stream_free(stream);
	density_play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_good_once),
		cmocka_unit_test(a_refresh_at_once_and_every_minute),
		cmocka_unit_test(live_messages_keep_up),
		cmocka_unit_test(a_doorway_tells_who_passes),
		cmocka_unit_test(streams_misbehave_when_told),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
