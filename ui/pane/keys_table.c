/* How the lines of the keys pane look: the columns of its table, signs and words. */
#include "ui/pane/keys_view.h"

#include <string.h>

enum { COLUMN_SIGN, COLUMN_NAME, COLUMN_UNIT, COLUMN_WORDS, COLUMN_RECIPIENT, COLUMNS };

/* title, least, ideal, stretch, priority, right */
static const struct table_column columns[COLUMNS] = {
	[COLUMN_SIGN] = {"", 1, 1, 0, 100, false},          [COLUMN_NAME] = {"Name", 13, 17, 3, 99, false},
	[COLUMN_UNIT] = {"Unit", 5, 6, 1, 70, false},       [COLUMN_WORDS] = {"Valid", 17, 30, 4, 90, false},
	[COLUMN_RECIPIENT] = {"For", 18, 20, 2, 30, false},
};

const char *keys_order_name(enum keys_order order)
{
	static const char *const names[KEYS_ORDERS] = {"time", "name", "unit"};
	return names[order];
}

const char *keys_sign(enum key_state state, bool ascii)
{
	switch (state) {
	case KEY_ACTIVE:
		return ascii ? "+" : "●";
	case KEY_SCHEDULED:
		return ascii ? "o" : "○";
	case KEY_PAUSED:
		return ascii ? "~" : "◐";
	case KEY_EXPIRED:
	case KEY_REVOKED:
		return ascii ? "x" : "×";
	default:
		return "?";
	}
}

enum role keys_role(enum key_state state)
{
	switch (state) {
	case KEY_ACTIVE:
		return ROLE_OK;
	case KEY_SCHEDULED:
	case KEY_PAUSED:
		return ROLE_TEXT;
	case KEY_EXPIRED:
	case KEY_REVOKED:
		return ROLE_DIM;
	default:
		return ROLE_UNKNOWN;
	}
}

const char *keys_name_of(const struct keys_item *item)
{
	const char *name = item->what == KEYS_KEY ? item->key->name : item->chain->name;
	return name ? name : item->what == KEYS_KEY ? "(no name)" : "(keychain)";
}

/* --- the table --- */

static const struct keys_item *item_at(void *ctx, size_t row)
{
	const struct keys_view *view = ctx;
	return &g_array_index(view->items, struct keys_item, row);
}

static size_t count(void *ctx) { return ((const struct keys_view *)ctx)->items->len; }

static const char *id(void *ctx, size_t row) { return item_at(ctx, row)->id; }

static int compare_rows(void *ctx, size_t a, size_t b, int column)
{
	(void)ctx, (void)column;
	return (a > b) - (a < b);
}

void keys_item_words(const struct keys_view *view, const struct keys_item *item, struct buf *out)
{
	int64_t now_ms = world_now_ms(view->desk->world);
	if (item->what == KEYS_KEY)
		key_words(item->key, item->chain, item->zone, now_ms, view->desk->ascii, out);
	else if (item->what == KEYS_CHAIN)
		keychain_words(item->chain, item->zone, now_ms, view->desk->ascii, out);
	/* A state that the words do not tell by themselves. */
	if (item->state == KEY_REVOKED && !strstr(buf_text(out), "revoked")) {
		buf_reset(out);
		buf_adds(out, "revoked");
	}
}

static void name_cell(const struct keys_view *view, const struct keys_item *item, char *out, size_t size)
{
	bool ascii = view->desk->ascii;
	const char *fold = item->folded ? (ascii ? "> " : "▸ ") : "";
	if (item->what == KEYS_GROUP)
		g_snprintf(out, size, "%s%s %zu", fold, keys_group_title((int)item->state), item->n);
	else if (item->what == KEYS_CHAIN)
		g_snprintf(out, size, "%s%s (%zu)", fold, keys_name_of(item), item->n);
	else
		g_snprintf(out, size, "%s%s", item->child ? (ascii ? " `" : " └") : "", keys_name_of(item));
}

static void words_cell(const struct keys_view *view, const struct keys_item *item, char *out, size_t size)
{
	struct buf words;
	if (item->what == KEYS_GROUP)
		return;
	/* A key says what its keychain says, right above it. */
	if (item->child && item->chain && item->chain->weekdays.n > 0 &&
	    (item->state == KEY_ACTIVE || item->state == KEY_PAUSED || item->state == KEY_SCHEDULED)) {
		g_strlcpy(out, key_state_name(item->state), size);
		return;
	}
	buf_init(&words, BUF_CEILING_LINE);
	keys_item_words(view, item, &words);
	g_snprintf(out, size, "%s%s", buf_text(&words), item->zone_told ? "" : " ~");
	buf_fini(&words);
}

static void put_recipient(const struct access_key *key, char *out, size_t size)
{
	const char *recipient = key->email ? key->email : key->sms_number;
	g_strlcpy(out, recipient ? recipient : "", size);
}

static void cell(void *ctx, size_t row, int column, char *out, size_t size, struct style *style)
{
	const struct keys_view *view = ctx;
	const struct keys_item *item = item_at(ctx, row);
	bool ended = item->what != KEYS_GROUP && keys_group_of(item->state) == KEYS_GROUP_ENDED;
	*style = ended ? STYLE(DIM) : STYLE(TEXT);
	out[0] = '\0';
	switch (column) {
	case COLUMN_SIGN:
		if (item->what != KEYS_GROUP)
			g_strlcpy(out, keys_sign(item->state, view->desk->ascii), size);
		*style = (struct style){(uint16_t)keys_role(item->state), ROLE_GROUND, 0};
		break;
	case COLUMN_NAME:
		name_cell(view, item, out, size);
		if (item->what == KEYS_GROUP)
			*style = STYLE(TITLE);
		else if (!ended)
			style->fg = ROLE_STRONG;
		break;
	case COLUMN_UNIT:
		if (item->what != KEYS_GROUP && !item->child)
			g_strlcpy(out, item->unit ? item->unit : view->desk->ascii ? "-" : "–", size);
		style->fg = ROLE_DIM;
		break;
	case COLUMN_WORDS:
		words_cell(view, item, out, size);
		break;
	default:
		if (item->key)
			put_recipient(item->key, out, size);
		style->fg = ROLE_DIM;
		break;
	}
	/* What is not heard of any more may have changed since. */
	if (item->what != KEYS_GROUP && item->account < 64 && (view->stale >> item->account & 1))
		style->fg = ROLE_STALE;
}

void keys_table_new(struct keys_view *view)
{
	view->source = (struct table_source){count, cell, id, compare_rows, NULL, NULL, view};
	view->table = table_new(columns, COLUMNS, &view->source);
}
