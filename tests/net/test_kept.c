/* A session that keeps answers: nothing is asked for before its time is over, by whatever process. */
#include "net/session.h"

#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

static void open_again(struct rig *rig)
{
	rig_close(rig);
	rig->options.auth = NULL;
	rig->options.basic_user = "anna";
	rig->options.basic_password = "pa";
	rig->options.keeps_cache = true;
	rig->options.identity = "vendor https://h anna";
	rig->options.state_folder = rig->folder;
	rig_open(rig);
}

static void test_a_restart_asks_nothing(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	open_again(rig);
	reply = rig_fetch(rig, "/aged", rig_read);
	assert_string_equal(reply->body, "aged");
	assert_false(reply->cached);
	assert_non_null(loopback_header(rig->server, 0, "Accept-Encoding"));
	assert_non_null(strstr(loopback_header(rig->server, 0, "Accept-Encoding"), "gzip"));
	open_again(rig);
	reply = rig_fetch(rig, "/aged", rig_read);
	assert_string_equal(reply->body, "aged");
	assert_true(reply->cached);
	/* Nor after a write, nor where a person asks for it by name. */
	rig_fetch(rig, "/thing", rig_write);
	reply = rig_fetch(rig, "/aged", (struct session_request){.method = "GET", .once = true});
	assert_true(reply->cached);
	assert_int_equal(loopback_count_of(rig->server, "/aged"), 1);
	/* Somebody else's answers are not ours. */
	rig_close(rig);
	rig->options.identity = "vendor https://h ben";
	rig_open(rig);
	rig_fetch(rig, "/aged", rig_read);
	assert_int_equal(loopback_count_of(rig->server, "/aged"), 2);
}

static void test_equal_requests_become_one(void **state)
{
	struct rig *rig = *state;
	struct reply *replies[5];

	open_again(rig);
	for (size_t i = 0; i < G_N_ELEMENTS(replies); i++)
		replies[i] = rig_start(rig, "/aged", rig_read);
	rig_run_all(rig);
	for (size_t i = 0; i < G_N_ELEMENTS(replies); i++) {
		assert_int_equal(replies[i]->error, ERR_OK);
		assert_string_equal(replies[i]->body, "aged");
	}
	assert_int_equal(loopback_count_of(rig->server, "/aged"), 1);
}

static int64_t never(const char *url, const char *bytes, size_t length, int64_t told_ms)
{
	(void)url;
	(void)bytes;
	(void)length;
	assert_int_equal(told_ms, 900000);
	return 0;
}

static void test_the_vendor_judges(void **state)
{
	struct rig *rig = *state;

	rig->options.lifetime_ms = never;
	open_again(rig);
	rig_fetch(rig, "/aged", rig_read);
	rig_fetch(rig, "/aged", rig_read);
	assert_int_equal(loopback_count_of(rig->server, "/aged"), 2);
}

static void test_failures_are_not_kept(void **state)
{
	struct rig *rig = *state;
	struct reply *first, *second;

	open_again(rig);
	rig->plan.failures = 1;
	first = rig_start(rig, "/flaky", rig_read);
	second = rig_start(rig, "/flaky", rig_read);
	rig_run_all(rig);
	assert_string_equal(first->body, "well");
	assert_string_equal(second->body, "well");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(test_a_restart_asks_nothing),
		RIG_TEST(test_equal_requests_become_one),
		RIG_TEST(test_the_vendor_judges),
		RIG_TEST(test_failures_are_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
