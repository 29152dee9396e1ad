#include "ui/health/export.h"

#include "base/jsonw.h"
#include "base/moment.h"
#include "base/text.h"
#include "ui/health/words.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum health_format health_format_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	if (dot && g_ascii_strcasecmp(dot, ".csv") == 0)
		return HEALTH_CSV;
	return dot && g_ascii_strcasecmp(dot, ".json") == 0 ? HEALTH_JSON : HEALTH_NO_FORMAT;
}

/* What a file holds of an item, for both forms. */
enum member_type { MEMBER_TEXT, MEMBER_NUMBER, MEMBER_MOMENT };
struct member {
	const char *name;
	enum member_type type;
	size_t offset;
};
#define MEMBER(member_name, type_name, from)                                                                 \
	{                                                                                                    \
		.name = (member_name), .type = MEMBER_##type_name,                                           \
		.offset = offsetof(struct health_item, from)                                                 \
	}
static const struct member members[] = {
	MEMBER("name", TEXT, name),
	MEMBER("address", TEXT, address),
	MEMBER("type", TEXT, type),
	MEMBER("model", TEXT, model),
	MEMBER("since", MOMENT, since_ms),
	MEMBER("battery_percent", NUMBER, battery_percent),
	MEMBER("battery_days", NUMBER, battery_days),
	MEMBER("last_seen", MOMENT, last_seen_ms),
	MEMBER("building", TEXT, building),
	MEMBER("floor", TEXT, floor),
	MEMBER("room", TEXT, room),
	MEMBER("gateway", TEXT, hive),
	MEMBER("as_of", MOMENT, as_of_ms),
};

static const void *at(const struct member *member, const struct health_item *item)
{
	return (const char *)item + member->offset;
}

static const char *kind_word(const struct health_item *item)
{
	return item->kind == KIND_SENSORS ? "sensors" : "gateways";
}

static void json_item(struct jsonw *w, const struct health_item *item, const char *account)
{
	jsonw_open(w, '{');
	jsonw_kstr(w, "account", account);
	jsonw_kstr(w, "vendor", item->vendor);
	jsonw_kstr(w, "kind", kind_word(item));
	jsonw_kstr(w, "id", item->id);
	jsonw_kstr(w, "health", health_word(item->state));
	for (size_t m = 0; m < G_N_ELEMENTS(members); m++) {
		const void *value = at(&members[m], item);
		jsonw_key(w, members[m].name);
		if (members[m].type == MEMBER_TEXT)
			jsonw_str(w, *(const char *const *)value);
		else if (members[m].type == MEMBER_NUMBER)
			jsonw_num(w, *(const double *)value);
		else
			jsonw_moment(w, *(const int64_t *)value);
	}
	jsonw_close(w, '}');
}

/* Quoted by RFC 4180 §2. A text that begins as a formula does is led by an apostrophe, or a spreadsheet
 * would run it (OWASP, CSV Injection). */
static void csv_text(struct buf *out, const char *text)
{
	if (!text || !*text)
		return;
	uint32_t first;
	text_decode(text, strlen(text), &first);
	first = text_original(first);
	struct buf cell;
	buf_init(&cell, BUF_CEILING_LINE);
	/* The full-width forms of = + - @ count in East Asian editions. */
	if ((first < 0x80 && strchr("=+-@\t\r\n", (int)first)) || first == 0xff1d || first == 0xff0b ||
	    first == 0xff0d || first == 0xff20)
		buf_addc(&cell, '\'');
	text_add_shown(&cell, text, strlen(text), false);
	const char *p = buf_text(&cell);
	bool quote = strpbrk(p, ",\"") || *p == ' ' || (cell.length && p[cell.length - 1] == ' ');
	if (quote)
		buf_addc(out, '"');
	for (; *p; p++) {
		if (*p == '"')
			buf_addc(out, '"');
		buf_addc(out, *p);
	}
	if (quote)
		buf_addc(out, '"');
	buf_fini(&cell);
}

static void csv_member(struct buf *out, const struct member *member, const struct health_item *item)
{
	const void *value = at(member, item);
	char moment[MOMENT_TEXT_SIZE];
	buf_addc(out, ',');
	if (member->type == MEMBER_TEXT)
		csv_text(out, *(const char *const *)value);
	else if (member->type == MEMBER_MOMENT)
		buf_adds(out, moment_format(*(const int64_t *)value, moment));
	else if (!isnan(*(const double *)value))
		text_add_number(out, *(const double *)value);
}

static void csv_item(struct buf *out, const struct health_item *item, const char *account)
{
	csv_text(out, account);
	buf_addc(out, ',');
	csv_text(out, item->vendor);
	buf_addf(out, ",%s,", kind_word(item));
	csv_text(out, item->id);
	buf_addf(out, ",%s", health_word(item->state));
	for (size_t m = 0; m < G_N_ELEMENTS(members); m++)
		csv_member(out, &members[m], item);
	buf_adds(out, "\r\n");
}

void health_export(const struct health_item *const *items, size_t n, const struct world *world,
		   enum health_format format, struct buf *out)
{
	if (format == HEALTH_JSON) {
		struct jsonw w;
		jsonw_init(&w, out, false);
		jsonw_open(&w, '[');
		for (size_t i = 0; i < n; i++)
			json_item(&w, items[i], world_account_name(world, items[i]->account));
		jsonw_close(&w, ']');
		buf_addc(out, '\n');
		return;
	}
	buf_adds(out, "account,vendor,kind,id,health");
	for (size_t m = 0; m < G_N_ELEMENTS(members); m++)
		buf_addf(out, ",%s", members[m].name);
	buf_adds(out, "\r\n");
	for (size_t i = 0; i < n; i++)
		csv_item(out, items[i], world_account_name(world, items[i]->account));
}
