#include "core/visitor.h"

#include "core/validity.h"
#include "core/visitor_plan.h"
#include "core/when.h"

#include "base/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define EVENING_S (17 * 3600)
#define NIGHT_S (23 * 3600)

static const char *const field_names[VISITOR_FIELDS] = {
	[VISITOR_UNIT] = "unit",
	[VISITOR_USER] = "user",
	[VISITOR_NAME] = "name",
	[VISITOR_EMAILS] = "email",
	[VISITOR_SMS] = "sms",
	[VISITOR_FROM] = "from",
	[VISITOR_UNTIL] = "until",
	[VISITOR_WEEKDAYS] = "weekdays",
	[VISITOR_DATE_FROM] = "date-from",
	[VISITOR_DATE_TO] = "date-to",
	[VISITOR_TIME_FROM] = "time-from",
	[VISITOR_TIME_TO] = "time-to",
	[VISITOR_KEYCHAIN_ID] = "keychain",
	[VISITOR_COUNT] = "count",
};

const char *visitor_field_name(enum visitor_field field) { return field_names[field]; }

void visitor_init(struct visitor *visitor) { memset(visitor, 0, sizeof(*visitor)); }

void visitor_fini(struct visitor *visitor)
{
	for (int i = 0; i < VISITOR_FIELDS; i++)
		g_free(visitor->text[i]);
	visitor_init(visitor);
}

void visitor_set(struct visitor *visitor, enum visitor_field field, const char *text)
{
	char *copy = g_strdup(text);
	g_free(visitor->text[field]);
	visitor->text[field] = copy;
}

static void set_empty(struct visitor *visitor, enum visitor_field field, const char *format, ...)
	LODGE_PRINTF(3, 4);

static void set_empty(struct visitor *visitor, enum visitor_field field, const char *format, ...)
{
	va_list args;
	if (visitor->text[field] && *visitor->text[field])
		return;
	va_start(args, format);
	g_free(visitor->text[field]);
	visitor->text[field] = g_strdup_vprintf(format, args);
	va_end(args);
}

/* The date so many days after today. At noon no change of the clocks makes it another. */
static struct moment_parts date_in(const struct moment_parts *today, int days)
{
	struct moment_parts noon = {.year = today->year,
				    .month = today->month,
				    .day = today->day + days,
				    .hour = 12};
	return moment_split(moment_join(&noon, NULL), NULL);
}

void visitor_defaults(struct visitor *visitor, int64_t now_ms, const char *zone_name)
{
	struct moment_zone *zone = moment_zone_new(zone_name);
	struct moment_parts today = moment_split(now_ms, zone), week = date_in(&today, 7);
	int time_s = today.hour * 3600 + today.minute * 60 + today.second;
	struct moment_parts end = date_in(&today, time_s >= NIGHT_S);
	set_empty(visitor, VISITOR_FROM, "now");
	set_empty(visitor, VISITOR_UNTIL, "%04d-%02d-%02d %s", end.year, end.month, end.day,
		  time_s > EVENING_S ? "23:59" : "18:00");
	set_empty(visitor, VISITOR_WEEKDAYS, "mon,tue,wed,thu,fri");
	set_empty(visitor, VISITOR_DATE_FROM, "%04d-%02d-%02d", today.year, today.month, today.day);
	set_empty(visitor, VISITOR_DATE_TO, "%04d-%02d-%02d", week.year, week.month, week.day);
	set_empty(visitor, VISITOR_TIME_FROM, "08:00");
	set_empty(visitor, VISITOR_TIME_TO, "17:00");
	moment_zone_free(zone);
}

/* --- orders --- */

static void set_given(struct order *order, const char *name, const char *value)
{
	if (value && *value)
		order_set(order, name, value);
}

static void set_place(struct order *order, const struct visitor_plan *plan)
{
	order_set(order, "unit_id", plan->unit);
	set_given(order, "user_id", plan->user);
}

static void set_moment(struct order *order, const char *name, int64_t moment_ms)
{
	char text[MOMENT_TEXT_SIZE];
	order_set(order, name, moment_format(moment_ms / 1000 * 1000, text));
}

static struct order *key_order(const struct visitor *visitor, const struct visitor_plan *plan, size_t i)
{
	struct order *order = order_new(KIND_KEYS, VERB_CREATE, NULL);
	char *numbered = g_strdup_printf("%s %zu", plan->name, i + 1);
	order_set(order, "name", plan->numbered ? numbered : plan->name);
	g_free(numbered);
	size_t email = plan->numbered ? 0 : i, sms = plan->numbered ? 0 : i;
	if (email < plan->n_emails)
		order_set(order, "email", plan->email[email]);
	if (sms < plan->n_sms)
		order_set(order, "sms_number", plan->sms[sms]);
	if (visitor->when == VISITOR_ONCE) {
		set_place(order, plan);
		set_moment(order, "activated_at", plan->from_ms);
		set_moment(order, "expired_at", plan->until_ms);
	} else if (visitor->when == VISITOR_WEEKLY) {
		order->first_id_field = g_strdup("keychain_id");
	} else {
		order_set(order, "keychain_id", plan->keychain_id);
	}
	return order;
}

static void set_date(struct order *order, const char *name, const struct moment_parts *date)
{
	char text[MOMENT_TEXT_SIZE];
	snprintf(text, sizeof(text), "%04u-%02u-%02u", (unsigned)date->year % 10000,
		 (unsigned)date->month % 100, (unsigned)date->day % 100);
	order_set(order, name, text);
}

static void set_time(struct order *order, const char *name, int time_s)
{
	char text[MOMENT_TEXT_SIZE];
	unsigned s = (unsigned)time_s % 86400;
	snprintf(text, sizeof(text), "%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
	order_set(order, name, text);
}

static struct order *keychain_order(const struct visitor_plan *plan)
{
	struct order *order = order_new(KIND_KEYCHAINS, VERB_CREATE, NULL);
	GString *days = g_string_new(NULL);
	for (int i = 0; i < WEEKDAYS; i++)
		if (plan->weekdays & (1u << i))
			g_string_append_printf(days, "%s%s", days->len ? "," : "", validity_weekdays[i]);
	order_set(order, "name", plan->name);
	order_set(order, "weekdays", days->str);
	g_string_free(days, TRUE);
	set_date(order, "valid_date_from", &plan->date_from);
	set_date(order, "valid_date_to", &plan->date_to);
	set_time(order, "valid_time_from", plan->time_from_s);
	set_time(order, "valid_time_to", plan->time_to_s);
	set_place(order, plan);
	return order;
}

size_t visitor_orders(const struct visitor *visitor, int64_t now_ms, const char *zone_name,
		      struct order **orders, size_t most)
{
	struct moment_zone *zone = moment_zone_new(zone_name);
	struct visitor_flaws flaws = {.most = 0};
	struct visitor_plan plan;
	size_t n = 0;
	visitor_plan_read(visitor, now_ms, zone, &plan, &flaws);
	size_t needed = plan.keys + (visitor->when == VISITOR_WEEKLY);
	/* A list that is cut short would lose keys without a word. */
	if (zone && flaws.n == 0 && needed <= most) {
		if (visitor->when == VISITOR_WEEKLY)
			orders[n++] = keychain_order(&plan);
		for (size_t i = 0; i < plan.keys; i++)
			orders[n++] = key_order(visitor, &plan, i);
	}
	visitor_plan_fini(&plan);
	moment_zone_free(zone);
	return n;
}

/* --- the review --- */

void visitor_words(const struct visitor *visitor, int64_t now_ms, const char *zone_name, bool ascii,
		   struct buf *out)
{
	struct moment_zone *zone = moment_zone_new(zone_name);
	struct visitor_flaws flaws = {.most = 0};
	struct visitor_plan plan;
	visitor_plan_read(visitor, now_ms, zone, &plan, &flaws);
	buf_addf(out, "%zu key%s", plan.keys, plan.keys == 1 ? "" : "s");
	if (*plan.unit) {
		buf_adds(out, " for unit ");
		text_add_shown(out, plan.unit, strlen(plan.unit), ascii);
	}
	if (visitor->when == VISITOR_KEYCHAIN) {
		buf_adds(out, *plan.keychain_id ? ", as keychain " : ", as a keychain");
		text_add_shown(out, plan.keychain_id, strlen(plan.keychain_id), ascii);
		buf_adds(out, " says");
	} else {
		struct validity validity = {
			.from_ms = plan.from_ms,
			.until_ms = plan.until_ms,
			.weekdays = plan.weekdays,
			.time_from_s = plan.time_from_s,
			.time_to_s = plan.time_to_s,
			.told = plan.until_ms != MOMENT_NONE,
		};
		buf_adds(out, ", ");
		validity_words(&validity, zone, now_ms, ascii, out);
	}
	visitor_plan_fini(&plan);
	moment_zone_free(zone);
}
