/* Questions of the panes: one poll each, the same question asked once, answers kept for the kind's pace, nobody called who was forgotten. The feed is this
 * file's own. */
#include "app/dash_ask.h"
#include "app/dash_private.h"
#include "core/kind.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct {
	unsigned asked, cancelled, painted;
	uint64_t last, cancelled_last;
} fed;

void feed_once(struct feed *feed, uint64_t request, const struct query *query)
{
	(void)feed;
	(void)query;
	fed.asked++;
	fed.last = request;
}

void feed_cancel(struct feed *feed, uint64_t request)
{
	(void)feed;
	fed.cancelled++;
	fed.cancelled_last = request;
}

void dash_paint_soon(struct dash *dash, bool at_once)
{
	(void)dash;
	(void)at_once;
	fed.painted++;
}

struct rig {
	struct clock_fake clock;
	struct app app;
	struct dash dash;
	struct dash_feed feeds[2];
	struct dash_asks *asks;
};

static struct rig *rig_new(void)
{
	static const char *const keys[] = {"vendor", "butlr", "client_id", "a", "client_secret",
					   "b",      "poll",  "60s",       NULL};
	struct rig *rig = g_new0(struct rig, 1);
	struct problem problem;

	clock_fake_init(&rig->clock, 1787151600000);
	rig->app.clock = &rig->clock.clock;
	rig->app.config = config_new();
	assert_int_equal(config_add_account(rig->app.config, "hq", keys, &problem), ERR_OK);
	rig->dash = (struct dash){.app = &rig->app, .feeds = rig->feeds, .n_feeds = 1};
	rig->feeds[0].feed = (struct feed *)(void *)rig; /* never looked into */
	rig->asks = dash_asks_new(&rig->dash);
	memset(&fed, 0, sizeof(fed));
	return rig;
}

static void rig_free(struct rig *rig)
{
	dash_asks_close(rig->asks);
	dash_asks_free(rig->asks);
	config_free(rig->app.config);
	g_free(rig);
}

struct asker {
	struct rig *rig;
	unsigned answered, failed;
	size_t rows;
	char why[200];
	struct asker *forgets; /* from within */
};

static void on_answer(void *ctx, const struct rows *rows, const char *why)
{
	struct asker *asker = ctx;

	asker->answered++;
	asker->failed += rows == NULL;
	asker->rows = rows == NULL ? 0 : rows_count(rows);
	g_strlcpy(asker->why, why == NULL ? "" : why, sizeof(asker->why));
	if (asker->forgets != NULL)
		dash_asks_forget(asker->rig->asks, asker->forgets);
}

static void ask(struct rig *rig, struct asker *asker, const char *room, int64_t every_ms)
{
	struct query query;

	asker->rig = rig;
	query_init(&query, KIND_OCCUPANCY);
	query.rooms = (struct words){&room, 1};
	query.every_ms = every_ms;
	dash_asks_ask(rig->asks, 0, &query, on_answer, asker);
	query_fini(&query);
}

static void give(struct rig *rig, uint64_t request, enum kind kind)
{
	struct event *event = event_new(EVENT_ROWS, 0, request);
	struct rows *rows = kind_rows_new(kind, "hq", "butlr");

	((struct occupancy *)rows_add(rows))->id = rows_text(rows, "x");
	event->rows = rows_seal(rows);
	assert_true(dash_asks_event(rig->asks, event));
	event_free(event);
}

static void done(struct rig *rig, uint64_t request, const char *why)
{
	struct event *event = event_new(EVENT_DONE, 0, request);

	if (why != NULL)
		problem_set(&event->problem, ERR_UNREACHED, "hq", NULL, "%s", why);
	assert_true(dash_asks_event(rig->asks, event));
	event_free(event);
}

static void test_asked_once_and_kept(void **state)
{
	struct rig *rig = rig_new();
	struct asker a = {.answered = 0}, b = a;

	(void)state;
	ask(rig, &a, "room_1", 3600000);
	ask(rig, &b, "room_1", 3600000);
	assert_int_equal(fed.asked, 1);
	give(rig, fed.last, KIND_FLOORS); /* what comes along is not the answer */
	give(rig, fed.last, KIND_OCCUPANCY);
	assert_int_equal(a.answered, 0); /* not before it is done */
	done(rig, fed.last, NULL);
	assert_true(a.answered == 1 && b.answered == 1 && a.rows == 1 && b.rows == 1);
	ask(rig, &a, "room_1", 3600000);
	assert_true(fed.asked == 1 && a.answered == 2 && a.rows == 1); /* at once */
	ask(rig, &a, "room_1", 60000);
	ask(rig, &a, "room_2", 3600000);
	assert_int_equal(fed.asked, 3); /* other questions */
	rig->clock.mono_ms += 59000;
	ask(rig, &b, "room_1", 3600000);
	assert_int_equal(fed.asked, 3);
	rig->clock.mono_ms += 1000;
	ask(rig, &b, "room_1", 3600000);
	assert_int_equal(fed.asked, 4); /* the kind's pace is over */
	rig_free(rig);
}

static void test_failures(void **state)
{
	struct rig *rig = rig_new();
	struct asker a = {.answered = 0};
	struct query query;

	(void)state;
	ask(rig, &a, "room_1", 3600000);
	done(rig, fed.last, "no route");
	assert_true(a.failed == 1 && strstr(a.why, "no route") != NULL);
	ask(rig, &a, "room_1", 3600000);
	assert_true(fed.asked == 1 && a.failed == 2);
	rig->clock.mono_ms += 10000;
	ask(rig, &a, "room_1", 3600000);
	assert_int_equal(fed.asked, 2);
	done(rig, fed.last, NULL); /* well, and nothing came */
	assert_int_equal(a.failed, 3);
	query_init(&query, KIND_OCCUPANCY);
	dash_asks_ask(rig->asks, 7, &query, on_answer, &a);
	query_fini(&query);
	assert_int_equal(a.failed, 4);
	rig_free(rig);
}

static void test_forgotten(void **state)
{
	struct rig *rig = rig_new();
	struct asker a = {.answered = 0}, b = a, c = a;
	struct event *event;

	(void)state;
	ask(rig, &a, "room_1", 3600000);
	ask(rig, &b, "room_1", 3600000);
	dash_asks_forget(rig->asks, &a);
	assert_int_equal(fed.cancelled, 0); /* b still waits */
	dash_asks_forget(rig->asks, &b);
	assert_true(fed.cancelled == 1 && fed.cancelled_last == fed.last);
	done(rig, fed.last, NULL); /* on its way already */
	assert_true(a.answered == 0 && b.answered == 0);
	/* One who is told makes forget the other who is not yet. */
	a.forgets = &b;
	ask(rig, &a, "room_1", 3600000);
	ask(rig, &b, "room_1", 3600000);
	ask(rig, &c, "room_1", 3600000);
	give(rig, fed.last, KIND_OCCUPANCY);
	done(rig, fed.last, NULL);
	assert_true(a.answered == 1 && b.answered == 0 && c.answered == 1);
	/* Others' events are others'. */
	event = event_new(EVENT_DONE, 0, 7);
	assert_false(dash_asks_event(rig->asks, event));
	event_free(event);
	/* At the end nobody is called. */
	ask(rig, &c, "room_9", 3600000);
	dash_asks_close(rig->asks);
	done(rig, fed.last, NULL);
	assert_int_equal(c.answered, 1);
	rig_free(rig);
}

static void test_bounded(void **state)
{
	struct rig *rig = rig_new();
	struct asker a = {.answered = 0};
	unsigned asked;

	(void)state;
	for (int i = 0; i < 300; i++) {
		char *room = g_strdup_printf("room_%d", i);

		ask(rig, &a, room, 3600000);
		give(rig, fed.last, KIND_OCCUPANCY);
		done(rig, fed.last, NULL);
		g_free(room);
	}
	asked = fed.asked;
	ask(rig, &a, "room_299", 3600000); /* the newest are kept, */
	assert_int_equal(fed.asked, asked);
	ask(rig, &a, "room_0", 3600000); /* the oldest are not */
	assert_int_equal(fed.asked, asked + 1);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked_once_and_kept),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
