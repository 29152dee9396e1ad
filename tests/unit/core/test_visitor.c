#include "core/visitor.h"

#include "base/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NY "America/New_York"
#define MOST (VISITOR_MOST_KEYS + 1)

/* Saturday, 2026-11-21 10:00 in New York. */
#define NOW "2026-11-21T15:00:00Z"

static struct visitor once(void)
{
	struct visitor visitor;
	visitor_init(&visitor);
	visitor_set(&visitor, VISITOR_UNIT, "11");
	visitor_set(&visitor, VISITOR_NAME, "Ann");
	visitor_set(&visitor, VISITOR_EMAILS, "ann@example.org");
	visitor_set(&visitor, VISITOR_FROM, "now");
	visitor_set(&visitor, VISITOR_UNTIL, "18:00");
	return visitor;
}

static struct visitor weekly(void)
{
	struct visitor visitor = once();
	visitor.when = VISITOR_WEEKLY;
	visitor_set(&visitor, VISITOR_WEEKDAYS, "mon,fri");
	visitor_set(&visitor, VISITOR_DATE_FROM, "today");
	visitor_set(&visitor, VISITOR_DATE_TO, "2026-12-04");
	visitor_set(&visitor, VISITOR_TIME_FROM, "11:00");
	visitor_set(&visitor, VISITOR_TIME_TO, "15:50");
	return visitor;
}

/* All flaws as "field: text\n". */
static const char *flaws_at(const struct visitor *visitor, const char *now, const char *zone, char out[2000])
{
	struct visitor_flaw flaws[8];
	size_t n = visitor_check(visitor, moment_parse(now), zone, flaws, 8), at = 0;
	out[0] = '\0';
	for (size_t i = 0; i < n && i < 8; i++)
		at += (size_t)snprintf(out + at, 2000 - at, "%s: %s\n", visitor_field_name(flaws[i].field),
				       flaws[i].text);
	assert_int_equal(visitor_check(visitor, moment_parse(now), zone, NULL, 0), n);
	return out;
}

static void assert_flaws(const struct visitor *visitor, const char *expected)
{
	char text[2000];
	assert_string_equal(flaws_at(visitor, NOW, NY, text), expected);
}

struct change {
	enum visitor_field field;
	const char *text, *flaws;
};

static void try_changes(struct visitor (*make)(void), const struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char text[2000];
		struct visitor visitor = make();
		visitor_set(&visitor, changes[i].field, changes[i].text);
		if (strcmp(flaws_at(&visitor, NOW, NY, text), changes[i].flaws) != 0)
			fail_msg("%s `%s`:\n%s not\n%s", visitor_field_name(changes[i].field),
				 changes[i].text, text, changes[i].flaws);
		struct order *orders[MOST];
		size_t made = visitor_orders(&visitor, moment_parse(NOW), NY, orders, MOST);
		assert_int_equal(made > 0, *changes[i].flaws == '\0');
		for (size_t j = 0; j < made; j++)
			order_free(orders[j]);
		visitor_fini(&visitor);
	}
}
#define TRY(make, changes) try_changes(make, changes, sizeof(changes) / sizeof((changes)[0]))

static void place_and_name_are_checked(void **state)
{
	(void)state;
	char long_name[200], edge[121];
	memset(long_name, 'x', sizeof(long_name));
	long_name[121] = '\0';
	memset(edge, 'x', sizeof(edge));
	edge[120] = '\0';
	const struct change changes[] = {
		{VISITOR_UNIT, NULL, "unit: choose the unit that is visited\n"},
		{VISITOR_UNIT, "  ", "unit: choose the unit that is visited\n"},
		{VISITOR_UNIT, "1 1", "unit: `1 1` cannot be the id of a unit\n"},
		{VISITOR_UNIT, "1\x1b", "unit: `1\xE2\x90\x9B` cannot be the id of a unit\n"},
		{VISITOR_USER, "", ""},
		{VISITOR_USER, "4\n4",
		 "user: `4\xE2\x90\x8A"
		 "4` cannot be the id of a tenant\n"},
		{VISITOR_NAME, "", "name: say who the key is for\n"},
		{VISITOR_NAME, " Zoë ", ""},
		{VISITOR_NAME, edge, ""},
		{VISITOR_NAME, long_name, "name: the name is longer than 120 characters\n"},
		{VISITOR_NAME, "a\x07", "name: the name holds characters that cannot be printed\n"},
		{VISITOR_NAME, "a\xff", "name: the name holds characters that cannot be printed\n"},
	};
	TRY(once, changes);
}

static void addresses_are_checked(void **state)
{
	(void)state;
	static const char *const good[] = {"a@b.co", "ann.lee+key@mail.example.org", "zoë@münchen.de",
					   "o'hara@x-y.example", "a@b.co,c@d.co e@f.co;g@h.co"};
	static const char *const bad[] = {"ann",           "ann@",          "@example.org",
					  "ann@localhost", "a@@b.co",       "a@b@c.co",
					  "a@b..co",       "a@.b.co",       "a@b.co.",
					  "a@-b.co",       "a@b.c",         "a@10.0.0.1",
					  ".a@b.co",       "a.@b.co",       "a..b@c.co",
					  "<a@b.co>",      "a@b_c.co",      "a\xff@b.co",
					  "a\x1b@b.co",    "mailto:a@b.co", "a@b.co\xE2\x80\xAE"};
	char text[2000];
	struct visitor visitor = once();
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		visitor_set(&visitor, VISITOR_EMAILS, good[i]);
		if (*flaws_at(&visitor, NOW, NY, text))
			fail_msg("%s", text);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		visitor_set(&visitor, VISITOR_EMAILS, bad[i]);
		if (!strstr(flaws_at(&visitor, NOW, NY, text), "is no e-mail address") || strchr(text, 0x1b))
			fail_msg("`%s` passes: %s", bad[i], text);
	}
	visitor_fini(&visitor);
	const struct change changes[] = {
		{VISITOR_EMAILS, "",
		 "email: give an e-mail address or a mobile number: the key is sent there\n"},
		{VISITOR_EMAILS, "a@b.co, A@b.co", "email: `A@b.co` is named twice\n"},
	};
	TRY(once, changes);
}

static void numbers_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *typed, *number; /* NULL: refused */
	} cases[] = {
		{"+12125550100", "+12125550100"},
		{"+1 (212) 555-0100", "+12125550100"},
		{"+49 30/1234567", "+49301234567"},
		{"+1.212.555.0100", "+12125550100"},
		{"+12345678", "+12345678"},
		{"+123456789012345", "+123456789012345"},
		{"+1234567", NULL},
		{"+1234567890123456", NULL},
		{"2125550100", NULL},
		{"0049301234567", NULL},
		{"+0301234567", NULL},
		{"+1 212 CALL ME", NULL},
		{"++12125550100", NULL},
		{"+", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[2000];
		struct order *orders[MOST];
		struct visitor visitor = once();
		visitor_set(&visitor, VISITOR_EMAILS, NULL);
		visitor_set(&visitor, VISITOR_SMS, cases[i].typed);
		flaws_at(&visitor, NOW, NY, text);
		size_t n = visitor_orders(&visitor, moment_parse(NOW), NY, orders, MOST);
		if (n != (cases[i].number != NULL) ||
		    (n == 0) != (strstr(text, "no telephone number") != NULL))
			fail_msg("%s: %zu orders; %s", cases[i].typed, n, text);
		if (n) {
			assert_string_equal(order_get(orders[0], "sms_number"), cases[i].number);
			assert_false(order_has(orders[0], "email"));
			order_free(orders[0]);
		}
		visitor_fini(&visitor);
	}
}

static void moments_are_checked(void **state)
{
	(void)state;
	const struct change from[] = {
		{VISITOR_FROM, "", ""},
		{VISITOR_FROM, "8:00", ""}, /* earlier today does no harm */
		{VISITOR_FROM, "noon",
		 "from: `noon` is no time: write 14:00, tomorrow 8:00, 2026-11-21 14:00 or +2h\n"},
		{VISITOR_FROM, "2026-11-20 09:00", "from: the beginning lies before today\n"},
		{VISITOR_FROM, "18:00", "until: the end must come after the beginning\n"},
		{VISITOR_FROM, "19:00", "until: the end must come after the beginning\n"},
		{VISITOR_FROM, "tomorrow 9:00", ""}, /* until 18:00 of that day */
	};
	TRY(once, from);
	const struct change until[] = {
		{VISITOR_UNTIL, "", "until: say until when the key opens\n"},
		{VISITOR_UNTIL, "later",
		 "until: `later` is no time: write 14:00, tomorrow 8:00, 2026-11-21 14:00 or +2h\n"},
		{VISITOR_UNTIL, "9:59", "until: the end is over already\n"},
		{VISITOR_UNTIL, "10:00", "until: the end is over already\n"},
		{VISITOR_UNTIL, "now", "until: the end is over already\n"},
		{VISITOR_UNTIL, "10:01", ""},
		{VISITOR_UNTIL, "today", ""},
		{VISITOR_UNTIL, "2026-11-21T15:00:01Z", ""},
		{VISITOR_UNTIL, "+364d", ""},
		{VISITOR_UNTIL, "2027-11-21 10:00", ""},
		{VISITOR_UNTIL, "2027-11-21 10:01", "until: a key lasts for a year at most\n"},
		{VISITOR_UNTIL, "2036-11-21", "until: a key lasts for a year at most\n"},
	};
	TRY(once, until);
}

static void weekly_times_are_checked(void **state)
{
	(void)state;
	const struct change changes[] = {
		{VISITOR_WEEKDAYS, "Monday - Friday",
		 "weekdays: `-` is no weekday: write mon, tue, wed, thu, "
		 "fri, sat, sun or mon-fri\n"},
		{VISITOR_WEEKDAYS, "Mon-Fri", ""},
		{VISITOR_WEEKDAYS, "fri–mon", ""},
		{VISITOR_WEEKDAYS, "weekdays", ""},
		{VISITOR_WEEKDAYS, "", "weekdays: choose at least one weekday\n"},
		{VISITOR_WEEKDAYS, "mo,fri",
		 "weekdays: `mo` is no weekday: write mon, tue, wed, thu, fri, sat, sun or mon-fri\n"},
		{VISITOR_DATE_FROM, "", ""},
		{VISITOR_DATE_FROM, "2026-11-20", "date-from: the first day lies before today\n"},
		{VISITOR_DATE_FROM, "21.11.",
		 "date-from: `21.11.` is no date: write 2026-11-21, today or tomorrow\n"},
		{VISITOR_DATE_FROM, "2026-12-05", "date-to: the last day must not come before the first\n"},
		{VISITOR_DATE_FROM, "2026-12-04", ""},
		{VISITOR_DATE_TO, "", "date-to: say which day is the last\n"},
		{VISITOR_DATE_TO, "2026-02-30",
		 "date-to: `2026-02-30` is no date: write 2026-11-21, today or tomorrow\n"},
		{VISITOR_DATE_TO, "2026-11-20", "date-to: the last day is over already\n"},
		{VISITOR_DATE_TO, "tomorrow", "weekdays: none of these weekdays comes between the two days\n"},
		{VISITOR_DATE_TO, "2026-11-23", ""},
		{VISITOR_DATE_TO, "2027-11-21", ""},
		{VISITOR_DATE_TO, "2027-11-22", "date-to: a key lasts for a year at most\n"},
		{VISITOR_TIME_FROM, "", "time-from: say at what time the key begins opening each day\n"},
		{VISITOR_TIME_FROM, "8am", "time-from: `8am` is no time of day: write 8:00 or 17:30\n"},
		{VISITOR_TIME_FROM, "15:50",
		 "time-to: the end must be later than the beginning: a key cannot open past midnight\n"},
		{VISITOR_TIME_FROM, "22:00",
		 "time-to: the end must be later than the beginning: a key cannot open past midnight\n"},
		{VISITOR_TIME_TO, "", "time-to: say at what time the key stops opening each day\n"},
		{VISITOR_TIME_TO, "24:00", ""},
		{VISITOR_TIME_TO, "25:00", "time-to: `25:00` is no time of day: write 8:00 or 17:30\n"},
		/* Fields of the other ways do not count. */
		{VISITOR_UNTIL, "nonsense", ""},
		{VISITOR_KEYCHAIN_ID, "a b", ""},
	};
	TRY(weekly, changes);
	struct visitor visitor = weekly();
	visitor_set(&visitor, VISITOR_WEEKDAYS, "sat");
	visitor_set(&visitor, VISITOR_DATE_TO, "today");
	assert_flaws(&visitor, "");
	visitor_set(&visitor, VISITOR_TIME_FROM, "8:00");
	visitor_set(&visitor, VISITOR_TIME_TO, "10:00");
	assert_flaws(&visitor, "time-to: the last day's end is over already\n");
	visitor_fini(&visitor);
}

static void counts_are_checked(void **state)
{
	(void)state;
	const struct change changes[] = {
		{VISITOR_COUNT, "1", ""},
		{VISITOR_COUNT, "50", ""},
		{VISITOR_COUNT, "51", "count: write how many keys, from 1 to 50\n"},
		{VISITOR_COUNT, "0", "count: write how many keys, from 1 to 50\n"},
		{VISITOR_COUNT, "-3", "count: write how many keys, from 1 to 50\n"},
		{VISITOR_COUNT, "many", "count: write how many keys, from 1 to 50\n"},
		{VISITOR_COUNT, "99999999999999999999", "count: write how many keys, from 1 to 50\n"},
	};
	TRY(once, changes);
	struct visitor visitor = once();
	visitor_set(&visitor, VISITOR_EMAILS, "a@b.co, c@d.co");
	visitor_set(&visitor, VISITOR_SMS, "+12125550100 +12125550101, +12125550102");
	assert_flaws(&visitor, "");
	visitor_set(&visitor, VISITOR_COUNT, "3");
	assert_flaws(&visitor, "");
	visitor_set(&visitor, VISITOR_COUNT, "1");
	assert_flaws(&visitor, "count: 3 people are named, which makes 3 keys: write 3 or nothing\n");
	/* Fifty addresses are the most. */
	char many[51 * 12] = "";
	size_t at = 0;
	for (int i = 0; i < 51; i++) {
		if (i == 50) {
			visitor_set(&visitor, VISITOR_EMAILS, many);
			visitor_set(&visitor, VISITOR_SMS, "");
			visitor_set(&visitor, VISITOR_COUNT, "");
			assert_flaws(&visitor, "");
		}
		at += (size_t)snprintf(many + at, sizeof(many) - at, "a%d@b.co ", i);
	}
	visitor_set(&visitor, VISITOR_EMAILS, many);
	assert_flaws(&visitor, "email: at most 50 people at a time\n");
	visitor_fini(&visitor);
}

static void several_flaws_are_told_together(void **state)
{
	(void)state;
	struct visitor visitor;
	visitor_init(&visitor);
	assert_flaws(&visitor, "unit: choose the unit that is visited\n"
			       "email: give an e-mail address or a mobile number: the key is sent there\n"
			       "name: say who the key is for\n"
			       "until: say until when the key opens\n");
	visitor.when = VISITOR_KEYCHAIN; /* the keychain has its unit */
	assert_flaws(&visitor, "email: give an e-mail address or a mobile number: the key is sent there\n"
			       "name: say who the key is for\n"
			       "keychain: choose the keychain that the key belongs to\n");
	visitor_fini(&visitor);
	visitor = once();
	char text[2000];
	flaws_at(&visitor, NOW, "Nowhere/Land", text);
	assert_string_equal(text, "from: the building's time zone `Nowhere/Land` is not known here\n");
	struct order *orders[MOST];
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW), "Nowhere/Land", orders, MOST), 0);
	visitor_fini(&visitor);
}

/* One order as "kind {json} first-id-field". */
static void assert_order(struct order *order, const char *expected)
{
	struct buf out;
	buf_init(&out, BUF_CEILING_LINE);
	buf_adds(&out, order->kind == KIND_KEYS ? "key " : "keychain ");
	order_json(order, NULL, &out);
	if (order->first_id_field)
		buf_addf(&out, " %s", order->first_id_field);
	assert_int_equal(order->verb, VERB_CREATE);
	assert_null(order->id);
	assert_string_equal(buf_text(&out), expected);
	buf_fini(&out);
	order_free(order);
}

static void one_key_is_one_order(void **state)
{
	(void)state;
	struct order *orders[MOST];
	struct visitor visitor = once();
	visitor_set(&visitor, VISITOR_SMS, "+1 212 555 0100");
	visitor_set(&visitor, VISITOR_USER, "22");
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW) + 250, NY, orders, MOST), 1);
	assert_order(orders[0],
		     "key {\"name\":\"Ann\",\"email\":\"ann@example.org\",\"sms_number\":\"+12125550100\","
		     "\"unit_id\":\"11\",\"user_id\":\"22\",\"activated_at\":\"2026-11-21T15:00:00Z\","
		     "\"expired_at\":\"2026-11-21T23:00:00Z\"}");
	visitor_set(&visitor, VISITOR_USER, "");
	visitor_set(&visitor, VISITOR_FROM, "tomorrow 8:00");
	visitor_set(&visitor, VISITOR_UNTIL, "+2h");
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW), NY, orders, MOST), 1);
	assert_order(orders[0],
		     "key {\"name\":\"Ann\",\"email\":\"ann@example.org\",\"sms_number\":\"+12125550100\","
		     "\"unit_id\":\"11\",\"activated_at\":\"2026-11-22T13:00:00Z\","
		     "\"expired_at\":\"2026-11-22T15:00:00Z\"}");
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW), NY, orders, 0), 0);
	visitor_fini(&visitor);
}

static void several_people_get_a_key_each(void **state)
{
	(void)state;
	struct order *orders[MOST];
	struct visitor visitor = once();
	visitor.when = VISITOR_KEYCHAIN;
	visitor_set(&visitor, VISITOR_KEYCHAIN_ID, "7");
	visitor_set(&visitor, VISITOR_EMAILS, "a@b.co c@d.co");
	visitor_set(&visitor, VISITOR_SMS, "+12125550100,+12125550101,+12125550102");
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW), NY, orders, 2),
			 0); /* no place for all */
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW), NY, orders, MOST), 3);
	assert_order(orders[0], "key {\"name\":\"Ann\",\"email\":\"a@b.co\",\"sms_number\":\"+12125550100\","
				"\"keychain_id\":\"7\"}");
	assert_order(orders[1], "key {\"name\":\"Ann\",\"email\":\"c@d.co\",\"sms_number\":\"+12125550101\","
				"\"keychain_id\":\"7\"}");
	assert_order(orders[2],
		     "key {\"name\":\"Ann\",\"sms_number\":\"+12125550102\",\"keychain_id\":\"7\"}");
	visitor_set(&visitor, VISITOR_EMAILS, "a@b.co");
	visitor_set(&visitor, VISITOR_SMS, NULL);
	visitor_set(&visitor, VISITOR_COUNT, "2");
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW), NY, orders, MOST), 2);
	assert_order(orders[0], "key {\"name\":\"Ann 1\",\"email\":\"a@b.co\",\"keychain_id\":\"7\"}");
	assert_order(orders[1], "key {\"name\":\"Ann 2\",\"email\":\"a@b.co\",\"keychain_id\":\"7\"}");
	visitor_set(&visitor, VISITOR_COUNT, "50");
	visitor.when = VISITOR_ONCE;
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW), NY, orders, MOST), 50);
	for (size_t i = 0; i < 50; i++) {
		assert_string_equal(order_get(orders[i], "expired_at"), "2026-11-21T23:00:00Z");
		order_free(orders[i]);
	}
	visitor_fini(&visitor);
}

static void weekly_keys_have_a_keychain_first(void **state)
{
	(void)state;
	struct order *orders[MOST];
	struct visitor visitor = weekly();
	visitor_set(&visitor, VISITOR_WEEKDAYS, "fri Monday");
	visitor_set(&visitor, VISITOR_USER, "22");
	visitor_set(&visitor, VISITOR_TIME_TO, "24:00");
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW), NY, orders, MOST), 2);
	assert_order(orders[0],
		     "keychain {\"name\":\"Ann\",\"weekdays\":\"mon,fri\",\"valid_date_from\":\"2026-11-21\","
		     "\"valid_date_to\":\"2026-12-04\",\"valid_time_from\":\"11:00:00\","
		     "\"valid_time_to\":\"23:59:59\",\"unit_id\":\"11\",\"user_id\":\"22\"}");
	assert_order(orders[1], "key {\"name\":\"Ann\",\"email\":\"ann@example.org\"} keychain_id");
	/* "today" is the building's: it is Sunday in Auckland already. */
	assert_int_equal(visitor_orders(&visitor, moment_parse(NOW), "Pacific/Auckland", orders, MOST), 2);
	assert_string_equal(order_get(orders[0], "valid_date_from"), "2026-11-22");
	order_free(orders[0]);
	order_free(orders[1]);
	visitor_fini(&visitor);
}

static void times_that_come_twice_or_never(void **state)
{
	(void)state;
	static const struct {
		const char *zone, *now, *from, *until, *activated, *expired;
	} cases[] = {
		/* 02:00–03:00 is left out on 8 March in New York, on 29 March in Berlin. */
		{NY, "2026-03-07T12:00:00Z", "2026-03-08 02:30", "2026-03-08 04:00", "2026-03-08T07:30:00Z",
		 "2026-03-08T08:00:00Z"},
		{"Eastern Time (US & Canada)", "2026-03-07T12:00:00Z", "2026-03-08 00:30", "+2h",
		 "2026-03-08T05:30:00Z", "2026-03-08T07:30:00Z"},
		{"Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29 01:00", "02:30", "2026-03-29T00:00:00Z",
		 "2026-03-29T01:30:00Z"},
		/* 01:00–02:00 comes twice on 1 November in New York, 02:00–03:00 on 25 October in Berlin. */
		{NY, "2026-10-31T12:00:00Z", "2026-11-01 01:30", "2026-11-01 02:00", "2026-11-01T05:30:00Z",
		 "2026-11-01T07:00:00Z"},
		{"Berlin", "2026-10-24T12:00:00Z", "2026-10-25 00:00", "2026-10-25 02:30",
		 "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z"},
		{"Berlin", "2026-10-24T12:00:00Z", "2026-10-25", "2026-10-25", "2026-10-24T22:00:00Z",
		 "2026-10-25T22:59:59Z"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct order *orders[MOST];
		struct visitor visitor = once();
		visitor_set(&visitor, VISITOR_FROM, cases[i].from);
		visitor_set(&visitor, VISITOR_UNTIL, cases[i].until);
		assert_int_equal(visitor_orders(&visitor, moment_parse(cases[i].now), cases[i].zone, orders,
						MOST),
				 1);
		assert_string_equal(order_get(orders[0], "activated_at"), cases[i].activated);
		assert_string_equal(order_get(orders[0], "expired_at"), cases[i].expired);
		order_free(orders[0]);
		visitor_fini(&visitor);
	}
}

static void defaults_suit_the_hour(void **state)
{
	(void)state;
	static const struct {
		const char *now, *until;
	} cases[] = {
		{"2026-11-21T15:00:00Z", "2026-11-21 18:00"}, /* 10:00 */
		{"2026-11-21T22:00:00Z", "2026-11-21 18:00"}, /* 17:00 */
		{"2026-11-21T22:00:01Z", "2026-11-21 23:59"}, {"2026-11-22T03:59:59Z", "2026-11-21 23:59"},
		{"2026-11-22T04:00:00Z", "2026-11-22 23:59"}, /* 23:00 */
		{"2026-11-22T05:00:00Z", "2026-11-22 18:00"},
	};
	char text[2000];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct visitor visitor = once();
		visitor_set(&visitor, VISITOR_UNTIL, NULL);
		visitor_defaults(&visitor, moment_parse(cases[i].now), NY);
		assert_string_equal(visitor.text[VISITOR_UNTIL], cases[i].until);
		assert_string_equal(flaws_at(&visitor, cases[i].now, NY, text), "");
		visitor.when = VISITOR_WEEKLY;
		assert_string_equal(flaws_at(&visitor, cases[i].now, NY, text), "");
		visitor_fini(&visitor);
	}
	struct visitor visitor;
	visitor_init(&visitor);
	visitor_set(&visitor, VISITOR_TIME_FROM, "6:30");
	visitor_defaults(&visitor, moment_parse(NOW), NY);
	assert_string_equal(visitor.text[VISITOR_FROM], "now");
	assert_string_equal(visitor.text[VISITOR_WEEKDAYS], "mon,tue,wed,thu,fri");
	assert_string_equal(visitor.text[VISITOR_DATE_FROM], "2026-11-21");
	assert_string_equal(visitor.text[VISITOR_DATE_TO], "2026-11-28");
	assert_string_equal(visitor.text[VISITOR_TIME_FROM], "6:30");
	assert_string_equal(visitor.text[VISITOR_TIME_TO], "17:00");
	assert_null(visitor.text[VISITOR_COUNT]);
	visitor_fini(&visitor);
}

static void assert_words(const struct visitor *visitor, bool ascii, const char *expected)
{
	struct buf out;
	buf_init(&out, BUF_CEILING_LINE);
	visitor_words(visitor, moment_parse(NOW), NY, ascii, &out);
	assert_string_equal(buf_text(&out), expected);
	buf_fini(&out);
}

static void the_review_is_one_line(void **state)
{
	(void)state;
	struct visitor visitor = once();
	assert_words(&visitor, false, "1 key for unit 11, today until 18:00");
	visitor_set(&visitor, VISITOR_COUNT, "3");
	visitor_set(&visitor, VISITOR_FROM, "tomorrow 8:00");
	visitor_set(&visitor, VISITOR_UNTIL, "12:00");
	assert_words(&visitor, false, "3 keys for unit 11, tomorrow 08:00–12:00");
	assert_words(&visitor, true, "3 keys for unit 11, tomorrow 08:00-12:00");
	/* Nothing typed yet, or nonsense: it is a line all the same. */
	visitor_set(&visitor, VISITOR_UNIT, "");
	visitor_set(&visitor, VISITOR_UNTIL, "x");
	assert_words(&visitor, false, "3 keys, no times told");
	visitor.when = VISITOR_KEYCHAIN;
	assert_words(&visitor, false, "3 keys, as a keychain says");
	visitor_set(&visitor, VISITOR_KEYCHAIN_ID, "7");
	assert_words(&visitor, false, "3 keys, as keychain 7 says");
	visitor_fini(&visitor);
	visitor = weekly();
	visitor_set(&visitor, VISITOR_UNIT, "402");
	assert_words(&visitor, false, "1 key for unit 402, Mon, Fri 11:00–15:50 until 4 Dec");
	visitor_set(&visitor, VISITOR_WEEKDAYS, "mon-fri");
	visitor_set(&visitor, VISITOR_DATE_FROM, "2026-11-25");
	assert_words(&visitor, false, "1 key for unit 402, Mon–Fri 11:00–15:50 from 25 Nov until 4 Dec");
	visitor_fini(&visitor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(place_and_name_are_checked),
		cmocka_unit_test(addresses_are_checked),
		cmocka_unit_test(numbers_are_checked),
		cmocka_unit_test(moments_are_checked),
		cmocka_unit_test(weekly_times_are_checked),
		cmocka_unit_test(counts_are_checked),
		cmocka_unit_test(several_flaws_are_told_together),
		cmocka_unit_test(one_key_is_one_order),
		cmocka_unit_test(several_people_get_a_key_each),
		cmocka_unit_test(weekly_keys_have_a_keychain_first),
		cmocka_unit_test(times_that_come_twice_or_never),
		cmocka_unit_test(defaults_suit_the_hour),
		cmocka_unit_test(the_review_is_one_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
