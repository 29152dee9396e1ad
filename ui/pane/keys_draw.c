/* The keys pane: what is stale, the list, the details, and the code at its side. */
#include "ui/pane/keys_view.h"

#include "base/text.h"
#include "ui/widget/wrap.h"

#include <string.h>

#define SIDE_FROM 76  /* columns from which the code stands beside the list */
#define SIDE_LEAST 37 /* a code of version 3 with its quiet zone */
#define DETAIL_LINES 6
#define DETAIL_FROM 15 /* lines from which the details stand below the list */

/* --- above the list --- */

static void stale_text(const struct keys_view *view, unsigned account, const struct feed_light *light,
		       struct buf *out)
{
	static const char *const words[] = {"", "", "late", "down", "signed out"};
	const struct rows *rows = world_rows(view->desk->world, account, KIND_KEYS);
	char age[MOMENT_TEXT_SIZE];
	buf_addf(out, "%s is %s", world_account_name(view->desk->world, account), words[light->light]);
	if (rows && rows_as_of_ms(rows) != MOMENT_NONE)
		buf_addf(out, ": keys as of %s ago",
			 moment_format_age(world_now_ms(view->desk->world) - rows_as_of_ms(rows), age));
	if (light->why[0])
		buf_addf(out, " %s %s", view->desk->ascii ? "-" : "–", light->why);
}

/* Only of accounts that have keys, or would have them. */
static bool has_keys(const struct keys_view *view, unsigned account)
{
	return world_rows(view->desk->world, account, KIND_KEYS) ||
	       world_rows(view->desk->world, account, KIND_KEYCHAINS);
}

static int draw_stale(const struct keys_view *view, struct canvas *canvas, int y, int lines)
{
	const struct world *world = view->desk->world;
	int drawn = 0;
	for (unsigned a = 0; a < world_accounts(world) && drawn < lines; a++) {
		struct feed_light light = world_light(world, a);
		struct buf text;
		if (light.light < LIGHT_LATE || (!has_keys(view, a) && view->keys > 0))
			continue;
		buf_init(&text, BUF_CEILING_LINE);
		stale_text(view, a, &light, &text);
		canvas_text(canvas, 1, y + drawn++, canvas_clip(canvas).width - 2, buf_text(&text),
			    light.light == LIGHT_LATE ? STYLE(STALE) : STYLE(BAD));
		buf_fini(&text);
	}
	return drawn;
}

static int draw_mode(const struct keys_view *view, struct canvas *canvas, int y)
{
	struct buf text;
	if (!view->filter && view->order == KEYS_BY_TIME && !view->reverse)
		return 0;
	buf_init(&text, BUF_CEILING_LINE);
	if (view->filter)
		buf_addf(&text, "/%s  ", view->typed);
	if (view->order != KEYS_BY_TIME || view->reverse)
		buf_addf(&text, "by %s%s", keys_order_name(view->order), view->reverse ? ", turned" : "");
	canvas_text(canvas, 1, y, canvas_clip(canvas).width - 2, buf_text(&text), STYLE(ACCENT));
	buf_fini(&text);
	return 1;
}

/* --- nothing to show --- */

static bool told(const struct keys_view *view)
{
	for (unsigned a = 0; a < world_accounts(view->desk->world); a++)
		if (has_keys(view, a))
			return true;
	return false;
}

static bool loading(const struct keys_view *view)
{
	for (unsigned a = 0; a < world_accounts(view->desk->world); a++)
		if (world_light(view->desk->world, a).light == LIGHT_STARTING)
			return true;
	return false;
}

static void draw_nothing(struct keys_view *view, struct canvas *canvas)
{
	int width = MAX(canvas_clip(canvas).width - 2, 1);
	unsigned account;
	const char *text = "There are no visitor keys.";
	if (view->filter)
		text = "Nothing matches. Esc shows all again.";
	else if (!told(view))
		text = loading(view) ? "Asking for the keys" : "No account has told of visitor keys yet.";
	int lines = wrap_draw(canvas, 1, 1, width, 3, text, STYLE(DIM));
	if (!view->filter && told(view) && keys_may_issue(view, &account))
		wrap_draw(canvas, 1, 1 + lines, width, 2, "Press n to issue one.", STYLE(TEXT));
}

/* --- the list and what is beside --- */

static void draw_list(struct keys_view *view, struct canvas *canvas, struct rect at, bool focus)
{
	view->table_at = at;
	canvas_enter(canvas, at);
	if (table_shown(view->table) == 0)
		draw_nothing(view, canvas);
	else
		table_draw(view->table, canvas, focus);
	canvas_leave(canvas);
}

static void draw_below(struct keys_view *view, struct canvas *canvas, const struct keys_item *item,
		       struct rect at)
{
	canvas_fill(canvas, (struct rect){at.x, at.y, at.width, 1}, canvas_glyph(canvas, 0x2500, '-'),
		    STYLE(RULE));
	if (item->what != KEYS_GROUP)
		keys_draw_details(view, canvas, item, at.x, at.y + 1, at.width, at.height - 1);
}

static void draw_side(struct keys_view *view, struct canvas *canvas, const struct keys_item *item,
		      struct rect at)
{
	canvas_enter(canvas, at);
	if (item && item->what == KEYS_KEY)
		keys_draw_qr(view, canvas, item, 0, KEYS_FRAME_LINES);
	else if (item && item->what == KEYS_CHAIN)
		canvas_textf(canvas, 1, at.height / 2, at.width - 2, STYLE(DIM),
			     item->n == 1 ? "The keychain has %zu key." : "The keychain has %zu keys.",
			     item->n);
	canvas_leave(canvas);
}

static uint64_t stale_accounts(const struct keys_view *view)
{
	const struct world *world = view->desk->world;
	uint64_t stale = 0;
	for (unsigned a = 0; a < world_accounts(world) && a < 64; a++)
		if (world_light(world, a).light >= LIGHT_LATE)
			stale |= UINT64_C(1) << a;
	return stale;
}

static void draw_all(struct keys_view *view, struct canvas *canvas, bool focus)
{
	struct rect clip = canvas_clip(canvas);
	const struct keys_item *item = keys_chosen(view);
	int y = draw_stale(view, canvas, 0, clip.height / 5);
	y += draw_mode(view, canvas, y);
	struct rect list = {1, y, clip.width - 2, clip.height - y};
	if (clip.width >= SIDE_FROM && list.height > 8 && item) {
		int side = MAX(clip.width * 47 / 100, SIDE_LEAST);
		draw_side(view, canvas, item, (struct rect){clip.width - side, y, side, list.height});
		list.width -= side;
	}
	if (list.height >= DETAIL_FROM && item) {
		int lines = MIN(DETAIL_LINES + 1 + (list.height >= 18), list.height / 2);
		draw_below(view, canvas, item,
			   (struct rect){list.x, list.y + list.height - lines, list.width, lines});
		list.height -= lines;
	}
	draw_list(view, canvas, list, focus);
}

void keys_draw(struct keys_view *view, struct canvas *canvas, bool focus)
{
	struct keys_item subject;
	view->table_at = (struct rect){0, 0, 0, 0};
	view->stale = stale_accounts(view);
	if (view->issue)
		keys_issue_draw(view, canvas);
	else if (view->page != KEYS_LIST && keys_subject(view, &subject))
		keys_draw_whole(view, canvas);
	else
		draw_all(view, canvas, focus);
	if (view->dialog.n > 0)
		dialog_draw(&view->dialog, canvas);
}
