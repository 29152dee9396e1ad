#include "core/visitor.h"

#include "base/moment.h"
#include "model/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const mon_fri[] = {"mon", "fri"};
static const char *const workdays[] = {"mon", "tue", "wed", "thu", "fri"};
static const char *const all_days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
static const char *const mixed[] = {"mon", "tue", "wed", "fri", "sat"};
static const char *const strange[] = {"1", "2"};
#define WORDS(list)                                                                                          \
	(struct words) { list, sizeof(list) / sizeof((list)[0]) }

static struct access_key key_of(const char *from, const char *until)
{
	return (struct access_key){.id = "1",
				   .activated_ms = from ? moment_parse(from) : MOMENT_NONE,
				   .expired_ms = until ? moment_parse(until) : MOMENT_NONE};
}

static void check_key(const struct access_key *key, const struct keychain *chain, const char *zone,
		      const char *now, enum key_state state, const char *words)
{
	struct buf out;
	int64_t now_ms = moment_parse(now);
	enum key_state found = key_state_at(key, chain, zone, now_ms);
	buf_init(&out, BUF_CEILING_LINE);
	key_words(key, chain, zone, now_ms, false, &out);
	if (found != state || strcmp(buf_text(&out), words) != 0)
		fail_msg("%s: %s, `%s`; expected %s, `%s`", now, key_state_name(found), buf_text(&out),
			 key_state_name(state), words);
	buf_fini(&out);
}

static void check_chain(const struct keychain *chain, const char *zone, const char *now, enum key_state state,
			const char *words)
{
	struct buf out;
	int64_t now_ms = moment_parse(now);
	enum key_state found = keychain_state_at(chain, zone, now_ms);
	buf_init(&out, BUF_CEILING_LINE);
	keychain_words(chain, zone, now_ms, false, &out);
	if (found != state || strcmp(buf_text(&out), words) != 0)
		fail_msg("%s: %s, `%s`; expected %s, `%s`", now, key_state_name(found), buf_text(&out),
			 key_state_name(state), words);
	buf_fini(&out);
}

/* New York, November: local time is 5 hours behind UTC. */
static void a_key_alone(void **state)
{
	(void)state;
	const char *ny = "America/New_York";
	struct access_key key = key_of("2026-11-21T14:00:00Z", "2026-11-21T23:00:00Z");
	check_key(&key, NULL, ny, "2026-11-20T12:00:00Z", KEY_SCHEDULED, "tomorrow 09:00–18:00");
	check_key(&key, NULL, ny, "2026-11-21T12:00:00Z", KEY_SCHEDULED, "today 09:00–18:00");
	check_key(&key, NULL, ny, "2026-11-18T12:00:00Z", KEY_SCHEDULED, "Sat 21 Nov 09:00–18:00");
	check_key(&key, NULL, ny, "2026-11-21T13:59:59.999Z", KEY_SCHEDULED, "today 09:00–18:00");
	check_key(&key, NULL, ny, "2026-11-21T14:00:00Z", KEY_ACTIVE, "today until 18:00");
	check_key(&key, NULL, ny, "2026-11-21T23:00:00Z", KEY_ACTIVE, "today until 18:00");
	check_key(&key, NULL, ny, "2026-11-21T23:00:00.001Z", KEY_EXPIRED, "expired today 18:00");
	check_key(&key, NULL, ny, "2026-11-22T23:00:00Z", KEY_EXPIRED, "expired yesterday 18:00");
	check_key(&key, NULL, ny, "2026-11-28T23:00:00Z", KEY_EXPIRED, "expired Sat 21 Nov 18:00");
	check_key(&key, NULL, ny, "2027-11-28T23:00:00Z", KEY_EXPIRED, "expired Sat 21 Nov 2026 18:00");
	key = key_of("2026-11-24T13:00:00Z", "2026-11-28T22:00:00Z");
	check_key(&key, NULL, ny, "2026-11-21T12:00:00Z", KEY_SCHEDULED,
		  "from Tue 24 Nov 08:00 until Sat 28 Nov 17:00");
	check_key(&key, NULL, ny, "2026-11-23T12:00:00Z", KEY_SCHEDULED,
		  "from tomorrow 08:00 until Sat 28 Nov 17:00");
	check_key(&key, NULL, ny, "2026-11-25T12:00:00Z", KEY_ACTIVE, "until Sat 28 Nov 17:00");
	check_key(&key, NULL, ny, "2026-11-27T12:00:00Z", KEY_ACTIVE, "until tomorrow 17:00");
	/* The end is today in New York but tomorrow in UTC. */
	key = key_of("2026-11-21T14:00:00Z", "2026-11-22T02:00:00Z");
	check_key(&key, NULL, ny, "2026-11-21T20:00:00Z", KEY_ACTIVE, "today until 21:00");
	check_key(&key, NULL, "Eastern Time (US & Canada)", "2026-11-21T20:00:00Z", KEY_ACTIVE,
		  "today until 21:00");
	check_key(&key, NULL, NULL, "2026-11-21T20:00:00Z", KEY_ACTIVE, "until tomorrow 02:00");
}

static void open_and_untold_windows(void **state)
{
	(void)state;
	struct access_key key = key_of(NULL, NULL);
	check_key(&key, NULL, NULL, "2026-11-21T12:00:00Z", KEY_UNKNOWN, "no times told");
	key = key_of("2026-11-21T08:00:00Z", NULL);
	check_key(&key, NULL, NULL, "2026-11-20T12:00:00Z", KEY_SCHEDULED, "from tomorrow 08:00");
	check_key(&key, NULL, NULL, "2026-11-21T12:00:00Z", KEY_ACTIVE, "since today 08:00");
	key = key_of(NULL, "2026-11-21T08:00:00Z");
	check_key(&key, NULL, NULL, "2026-11-20T12:00:00Z", KEY_ACTIVE, "until tomorrow 08:00");
	check_key(&key, NULL, NULL, "2026-11-21T12:00:00Z", KEY_EXPIRED, "expired today 08:00");
	struct keychain chain = {.id = "1"};
	check_chain(&chain, NULL, "2026-11-21T12:00:00Z", KEY_UNKNOWN, "no times told");
	chain.weekdays = WORDS(all_days);
	check_chain(&chain, NULL, "2026-11-21T12:00:00Z", KEY_ACTIVE, "every day");
	chain.valid_time_from = "08:00:00";
	check_chain(&chain, NULL, "2026-11-21T07:00:00Z", KEY_PAUSED, "every day after 08:00");
	chain.valid_time_from = NULL;
	chain.valid_time_to = "17:00:00";
	check_chain(&chain, NULL, "2026-11-21T12:00:00Z", KEY_ACTIVE, "every day before 17:00");
	/* A keychain without weekdays and dates says nothing of when. */
	chain.weekdays = (struct words){NULL, 0};
	check_chain(&chain, NULL, "2026-11-21T12:00:00Z", KEY_UNKNOWN, "no times told");
}

static void revoked_and_badly_told(void **state)
{
	(void)state;
	struct access_key key = key_of("2026-11-21T08:00:00Z", "2026-11-22T08:00:00Z");
	key.status = "Revoked";
	check_key(&key, NULL, NULL, "2026-11-21T12:00:00Z", KEY_REVOKED, "revoked");
	key.status = "active"; /* the clock knows better */
	check_key(&key, NULL, NULL, "2026-11-23T12:00:00Z", KEY_EXPIRED, "expired yesterday 08:00");
	struct keychain chain = {.id = "1", .weekdays = WORDS(strange), .valid_date_to = "2026-11-30"};
	assert_int_equal(keychain_state_at(&chain, NULL, moment_parse("2026-11-21")), KEY_UNKNOWN);
	assert_int_equal(keychain_state_at(&chain, NULL, moment_parse("2026-12-21")), KEY_EXPIRED);
	assert_int_equal(key_state_at(&key, &chain, NULL, moment_parse("2026-11-21T12:00:00Z")), KEY_UNKNOWN);
	chain = (struct keychain){.id = "1", .valid_date_from = "today", .valid_date_to = "2026-11-30"};
	assert_int_equal(keychain_state_at(&chain, NULL, moment_parse("2026-11-21")), KEY_UNKNOWN);
	/* The key's own moments need no readable keychain. */
	assert_int_equal(key_state_at(&key, &chain, NULL, moment_parse("2026-11-21T12:00:00Z")), KEY_ACTIVE);
	chain = (struct keychain){.id = "1",
				  .weekdays = WORDS(all_days),
				  .valid_time_from = "22:00:00",
				  .valid_time_to = "06:00:00"};
	assert_int_equal(keychain_state_at(&chain, NULL, moment_parse("2026-11-21T23:00:00Z")), KEY_UNKNOWN);
}

static void days_of_the_week(void **state)
{
	(void)state;
	struct keychain chain = {.id = "1",
				 .weekdays = WORDS(mon_fri),
				 .valid_date_from = "2026-08-03",
				 .valid_date_to = "2026-08-21",
				 .valid_time_from = "11:00:00",
				 .valid_time_to = "15:50:00"};
	const char *ny = "America/New_York"; /* 4 hours behind UTC in August */
	const char *words = "Mon, Fri 11:00–15:50 until 21 Aug";
	check_chain(&chain, ny, "2026-07-20T12:00:00Z", KEY_SCHEDULED,
		    "Mon, Fri 11:00–15:50 from 3 Aug until 21 Aug");
	check_chain(&chain, ny, "2026-08-02T12:00:00Z", KEY_SCHEDULED,
		    "Mon, Fri 11:00–15:50 from tomorrow until 21 Aug");
	check_chain(&chain, ny, "2026-08-03T14:59:59Z", KEY_SCHEDULED, words);
	check_chain(&chain, ny, "2026-08-03T15:00:00Z", KEY_ACTIVE, words);
	check_chain(&chain, ny, "2026-08-03T19:50:00Z", KEY_ACTIVE, words);
	check_chain(&chain, ny, "2026-08-03T19:50:01Z", KEY_PAUSED, words);
	check_chain(&chain, ny, "2026-08-04T16:00:00Z", KEY_PAUSED, words); /* Tuesday */
	check_chain(&chain, ny, "2026-08-07T14:59:59Z", KEY_PAUSED, words); /* Friday, too early */
	check_chain(&chain, ny, "2026-08-07T16:00:00Z", KEY_ACTIVE, words);
	check_chain(&chain, ny, "2026-08-21T16:00:00Z", KEY_ACTIVE, "Mon, Fri 11:00–15:50 until today");
	check_chain(&chain, ny, "2026-08-21T19:50:01Z", KEY_EXPIRED, "expired today 15:50");
	/* The weekday is the building's: Friday 21:00 in UTC is Saturday in Auckland. */
	chain.valid_time_to = "23:59:59";
	check_chain(&chain, "Auckland", "2026-08-07T00:30:00Z", KEY_ACTIVE,
		    "Mon, Fri 11:00–23:59 until 21 Aug");
	check_chain(&chain, "Auckland", "2026-08-07T21:00:00Z", KEY_PAUSED,
		    "Mon, Fri 11:00–23:59 until 21 Aug");
	chain.weekdays = WORDS(workdays);
	chain.valid_time_to = "2000-01-01T15:50:00.000Z";
	check_chain(&chain, ny, "2026-08-05T16:00:00Z", KEY_ACTIVE, "Mon–Fri 11:00–15:50 until 21 Aug");
	chain.weekdays = WORDS(mixed);
	check_chain(&chain, ny, "2026-08-05T16:00:00Z", KEY_ACTIVE,
		    "Mon–Wed, Fri, Sat 11:00–15:50 until 21 Aug");
	struct buf out;
	buf_init(&out, BUF_CEILING_LINE);
	keychain_words(&chain, ny, moment_parse("2026-08-05"), true, &out);
	assert_string_equal(buf_text(&out), "Mon-Wed, Fri, Sat 11:00-15:50 until 21 Aug");
	buf_fini(&out);
}

static void keychain_without_weekdays_is_one_window(void **state)
{
	(void)state;
	struct keychain chain = {.id = "1",
				 .valid_date_from = "2024-03-11",
				 .valid_date_to = "2024-03-12",
				 .valid_time_from = "12:05:00",
				 .valid_time_to = "15:00:00"};
	const char *ny = "America/New_York"; /* daylight time began the day before */
	check_chain(&chain, ny, "2024-03-11T16:04:59Z", KEY_SCHEDULED,
		    "from today 12:05 until tomorrow 15:00");
	check_chain(&chain, ny, "2024-03-11T16:05:00Z", KEY_ACTIVE, "until tomorrow 15:00");
	check_chain(&chain, ny, "2024-03-12T02:00:00Z", KEY_ACTIVE, "until tomorrow 15:00");
	check_chain(&chain, ny, "2024-03-12T19:00:00Z", KEY_ACTIVE, "today until 15:00");
	check_chain(&chain, ny, "2024-03-12T19:00:01Z", KEY_EXPIRED, "expired today 15:00");
	/* Whole days where no times are told. */
	chain.valid_time_from = chain.valid_time_to = NULL;
	check_chain(&chain, ny, "2024-03-11T03:59:59Z", KEY_SCHEDULED,
		    "from tomorrow 00:00 until Tue 12 Mar 23:59");
	check_chain(&chain, ny, "2024-03-13T03:59:59Z", KEY_ACTIVE, "today until 23:59");
	check_chain(&chain, ny, "2024-03-13T04:00:00Z", KEY_EXPIRED, "expired yesterday 23:59");
}

static void a_key_in_a_keychain(void **state)
{
	(void)state;
	struct keychain chain = {.id = "1",
				 .weekdays = WORDS(mon_fri),
				 .valid_date_from = "2026-08-03",
				 .valid_date_to = "2026-08-21",
				 .valid_time_from = "11:00:00",
				 .valid_time_to = "15:50:00"};
	/* Its window, from the keychain's by the vendor. */
	struct access_key key = key_of("2026-08-03T09:00:00Z", "2026-08-21T13:50:00Z");
	const char *words = "Mon, Fri 11:00–15:50 until 21 Aug";
	check_key(&key, &chain, "Berlin", "2026-08-03T08:59:59Z", KEY_SCHEDULED, words);
	check_key(&key, &chain, "Berlin", "2026-08-03T09:00:00Z", KEY_ACTIVE, words);
	check_key(&key, &chain, "Berlin", "2026-08-04T09:00:00Z", KEY_PAUSED, words);
	check_key(&key, &chain, "Berlin", "2026-08-21T13:50:01Z", KEY_EXPIRED, "expired today 15:50");
	key = key_of(NULL, NULL);
	check_key(&key, &chain, "Berlin", "2026-08-03T09:00:00Z", KEY_ACTIVE, words);
	check_key(&key, &chain, "Berlin", "2026-08-21T13:50:01Z", KEY_EXPIRED, "expired today 15:50");
	/* A zone that nobody knows: the hours cannot be judged, single moments can. */
	assert_int_equal(key_state_at(&key, &chain, "Nowhere/Land", moment_parse("2026-08-03T09:00:00Z")),
			 KEY_UNKNOWN);
	key = key_of("2026-08-03T09:00:00Z", "2026-08-21T13:50:00Z");
	check_key(&key, NULL, "Nowhere/Land", "2026-08-21T13:00:00Z", KEY_ACTIVE, "today until 13:50 (UTC)");
	assert_int_equal(key_state_at(&key, &chain, "Nowhere/Land", moment_parse("2026-08-03T09:00:00Z")),
			 KEY_UNKNOWN);
	assert_int_equal(key_state_at(&key, &chain, "Nowhere/Land", moment_parse("2026-08-22")), KEY_EXPIRED);
	assert_int_equal(keychain_state_at(&chain, "Nowhere/Land", moment_parse("2026-09-22")), KEY_UNKNOWN);
}

static void clocks_are_moved(void **state)
{
	(void)state;
	/* Berlin, 25 October 2026: 02:00–03:00 comes twice; New York, 8 March 2026: it does not come at all. */
	struct keychain chain = {.id = "1",
				 .weekdays = WORDS(all_days),
				 .valid_date_from = "2026-10-01",
				 .valid_date_to = "2026-10-31",
				 .valid_time_from = "02:15:00",
				 .valid_time_to = "02:45:00"};
	const char *words = "every day 02:15–02:45 until 31 Oct";
	check_chain(&chain, "Europe/Berlin", "2026-10-25T00:30:00Z", KEY_ACTIVE, words);
	check_chain(&chain, "Europe/Berlin", "2026-10-25T01:00:00Z", KEY_PAUSED, words);
	check_chain(&chain, "Europe/Berlin", "2026-10-25T01:30:00Z", KEY_ACTIVE, words);
	chain.valid_date_from = "2026-03-08";
	chain.valid_date_to = "2026-03-08";
	chain.weekdays = (struct words){NULL, 0};
	check_chain(&chain, "America/New_York", "2026-03-08T07:14:59Z", KEY_SCHEDULED, "today 03:15–03:45");
	check_chain(&chain, "America/New_York", "2026-03-08T07:15:00Z", KEY_ACTIVE, "today until 03:45");
	check_chain(&chain, "America/New_York", "2026-03-08T07:45:01Z", KEY_EXPIRED, "expired today 03:45");
}

static void states_have_names(void **state)
{
	(void)state;
	assert_string_equal(key_state_name(KEY_SCHEDULED), "scheduled");
	assert_string_equal(key_state_name(KEY_ACTIVE), "active");
	assert_string_equal(key_state_name(KEY_PAUSED), "paused");
	assert_string_equal(key_state_name(KEY_EXPIRED), "expired");
	assert_string_equal(key_state_name(KEY_REVOKED), "revoked");
	assert_string_equal(key_state_name(KEY_UNKNOWN), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_alone),
		cmocka_unit_test(open_and_untold_windows),
		cmocka_unit_test(revoked_and_badly_told),
		cmocka_unit_test(days_of_the_week),
		cmocka_unit_test(keychain_without_weekdays_is_one_window),
		cmocka_unit_test(a_key_in_a_keychain),
		cmocka_unit_test(clocks_are_moved),
		cmocka_unit_test(states_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
