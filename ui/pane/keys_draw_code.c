/* The QR code with its text: at the side of the list, or alone. */
#include "ui/pane/keys_view.h"

#include "base/text.h"
#include "ui/widget/qr_view.h"
#include "ui/widget/wrap.h"

#include <string.h>

#define TEXT_LINES 6
#define TEXT_BESIDE 30 /* columns that the text needs beside the code */

static void say(struct canvas *canvas, const char *text, struct style style)
{
	struct rect clip = canvas_clip(canvas);
	int lines = wrap_draw(canvas, 0, 0, MAX(clip.width - 2, 1), 0, text, style);
	wrap_draw(canvas, 1, MAX((clip.height - lines) / 2, 0), MAX(clip.width - 2, 1), clip.height, text,
		  style);
}

static bool ended(const struct keys_item *item)
{
	return item->state == KEY_EXPIRED || item->state == KEY_REVOKED;
}

/* NULL where nothing is to be scanned; why not is in `why`. */
static struct keys_code *code_to_draw(struct keys_view *view, const struct keys_item *item, char why[200])
{
	if (ended(item)) {
		g_snprintf(why, 200, "This key is %s: its code opens nothing.", key_state_name(item->state));
		return NULL;
	}
	if (view->blank) {
		g_strlcpy(why, "The code is hidden. Any key shows it again.", 200);
		return NULL;
	}
	struct keys_code *code = keys_code_of(view, item->account, item->key);
	if (code->source == KEYS_PENDING)
		g_strlcpy(why, "Reading the vendor's picture of the code", 200);
	else if (code->qr.size == 0)
		g_snprintf(why, 200, "There is no QR code: %s.", code->why);
	return code->qr.size > 0 ? code : NULL;
}

void keys_draw_qr(struct keys_view *view, struct canvas *canvas, const struct keys_item *item, int beside,
		  int above)
{
	char why[200] = "";
	struct keys_code *code = code_to_draw(view, item, why);
	struct rect clip = canvas_clip(canvas);
	if (code && view->page == KEYS_LIST &&
	    qr_view_scale(&code->qr, canvas_ascii(canvas), clip.width, clip.height) == 0)
		say(canvas, "Enter shows the code.", STYLE(DIM));
	else if (code)
		qr_view_draw(&code->qr, canvas, beside, above);
	else
		say(canvas, why, STYLE(DIM));
}

/* --- the text --- */

struct details {
	struct canvas *canvas;
	int x, y, cells, end;
};

static void line(struct details *d, const char *text, struct style style)
{
	if (d->y < d->end && text && *text)
		canvas_text(d->canvas, d->x, d->y++, d->cells, text, style);
}

static void wrapped(struct details *d, const char *text, struct style style)
{
	if (d->y < d->end && text && *text) {
		int lines = MIN(d->end - d->y, 3);
		d->y += MIN(wrap_draw(d->canvas, d->x, d->y, d->cells, lines, text, style), lines);
	}
}

static void add_place(const struct keys_view *view, const struct keys_item *item, struct buf *out)
{
	const char *dot = view->desk->ascii ? " - " : " · ";
	if (item->unit)
		buf_addf(out, "Unit %s", item->unit);
	if (item->key && item->chain && item->chain->name &&
	    g_strcmp0(item->chain->name, item->key->name) != 0)
		buf_addf(out, "%skeychain %s", out->length > 0 ? dot : "", item->chain->name);
	if (item->key && item->key->user)
		buf_addf(out, "%sgiven by %s", out->length > 0 ? dot : "", item->key->user);
}

/* "America/New_York" is "New York". */
static void add_zone(const struct keys_item *item, struct buf *out)
{
	const char *iana = item->zone_told ? moment_zone_iana(item->zone) : NULL, *city;
	if (!iana) {
		buf_adds(out, " (this computer's time)");
		return;
	}
	city = strrchr(iana, '/');
	g_autofree char *name = g_strdelimit(g_strdup(city ? city + 1 : iana), "_", ' ');
	buf_addf(out, " %s", name);
}

static void code_line(struct keys_view *view, const struct keys_item *item, struct details *d)
{
	struct keys_code *code = view->blank || ended(item) ? NULL
							    : keys_code_of(view, item->account, item->key);
	struct buf text;
	buf_init(&text, BUF_CEILING_LINE);
	if (code && item->key->key_code)
		buf_addf(&text, "Code %s, ", item->key->key_code);
	if (code)
		keys_code_words(view, code, &text);
	else if (view->blank && !ended(item))
		buf_adds(&text, "Code hidden");
	wrapped(d, buf_text(&text), code && code->source == KEYS_MADE ? STYLE(WARN) : STYLE(DIM));
	buf_fini(&text);
}

int keys_draw_details(struct keys_view *view, struct canvas *canvas, const struct keys_item *item, int x,
		      int y, int cells, int lines)
{
	struct details d = {canvas, x, y, cells, y + lines};
	struct buf text;
	const char *dot = view->desk->ascii ? " - " : " · ";
	const char *name = item->what == KEYS_KEY ? item->key->name : item->chain->name;
	buf_init(&text, BUF_CEILING_LINE);
	line(&d, name ? name : "(no name)", (struct style){ROLE_STRONG, ROLE_GROUND, ATTR_BOLD});
	if (item->key) {
		line(&d, item->key->email, STYLE(TEXT));
		line(&d, item->key->sms_number, STYLE(TEXT));
	}
	add_place(view, item, &text);
	line(&d, buf_text(&text), STYLE(DIM));
	buf_reset(&text);
	keys_item_words(view, item, &text);
	/* Words may leave open whether it opens at this hour. */
	if (item->state == KEY_ACTIVE || item->state == KEY_PAUSED) {
		g_autofree char *words = g_strdup(buf_text(&text));
		buf_reset(&text);
		buf_addf(&text, "%s%s%s", item->state == KEY_ACTIVE ? "Active" : "Paused", *words ? dot : "",
			 words);
	}
	if (text.length > 0)
		add_zone(item, &text);
	wrapped(&d, buf_text(&text), item->state == KEY_ACTIVE ? STYLE(TEXT) : STYLE(DIM));
	if (item->what == KEYS_KEY)
		code_line(view, item, &d);
	buf_fini(&text);
	return d.y - y;
}

/* --- alone --- */

static void draw_title(struct keys_view *view, struct canvas *canvas, int width)
{
	g_autofree char *text = view->issued->len > 1
					? g_strdup_printf("Issued. Key %zu of %u", view->issued_at + 1,
							  view->issued->len)
					: g_strdup("Issued.");
	canvas_text(canvas, 1, 0, width - 2, text, (struct style){ROLE_OK, ROLE_GROUND, ATTR_BOLD});
}

/* Where code and text go: beside each other, below each other, or the code alone; whatever makes the code largest, with the text if it can be. */
static void divide(struct canvas *canvas, const struct qr *qr, struct rect all, struct rect *code,
		   struct rect *text)
{
	bool ascii = canvas_ascii(canvas);
	int beside = qr_view_scale(qr, ascii, all.width - TEXT_BESIDE, all.height);
	int below = qr_view_scale(qr, ascii, all.width, all.height - TEXT_LINES);
	int alone = qr_view_scale(qr, ascii, all.width, all.height), columns, lines;
	*code = *text = all;
	text->width = text->height = 0;
	if (beside > 0 && beside >= below) {
		qr_view_size(qr, ascii, beside, &columns, &lines);
		code->width = columns;
		*text = (struct rect){all.x + columns + 2, all.y + 1, all.width - columns - 3,
				      all.height - 1};
	} else if (below > 0 && below >= alone - 1) {
		qr_view_size(qr, ascii, below, &columns, &lines);
		code->height = lines;
		*text = (struct rect){all.x + 1, all.y + lines, all.width - 2, all.height - lines};
	}
}

void keys_draw_whole(struct keys_view *view, struct canvas *canvas)
{
	struct rect clip = canvas_clip(canvas), all = clip, code_at, text_at;
	struct keys_item subject;
	char why[200] = "";
	if (!keys_subject(view, &subject))
		return;
	struct keys_code *code = code_to_draw(view, &subject, why);
	if (view->page == KEYS_ISSUED && clip.height > 4) {
		draw_title(view, canvas, clip.width);
		all.y = 1;
		all.height--;
		/* The code goes before the heading. */
		if (code && qr_view_scale(&code->qr, canvas_ascii(canvas), all.width, all.height) <
				    qr_view_scale(&code->qr, canvas_ascii(canvas), clip.width, clip.height)) {
			canvas_fill(canvas, (struct rect){0, 0, clip.width, 1}, ' ', STYLE(TEXT));
			all = clip;
		}
	}
	if (!code || qr_view_scale(&code->qr, canvas_ascii(canvas), all.width, all.height) == 0) {
		int used = keys_draw_details(view, canvas, &subject, 1, all.y, all.width - 2,
					     MIN(TEXT_LINES, all.height - 2));
		canvas_enter(canvas, (struct rect){1, all.y + used, all.width - 1, all.height - used});
		keys_draw_qr(view, canvas, &subject, 0, KEYS_FRAME_LINES);
		canvas_leave(canvas);
		return;
	}
	divide(canvas, &code->qr, all, &code_at, &text_at);
	canvas_enter(canvas, code_at);
	keys_draw_qr(view, canvas, &subject, 0, 0);
	canvas_leave(canvas);
	if (text_at.width > 0)
		keys_draw_details(view, canvas, &subject, text_at.x, text_at.y, text_at.width,
				  text_at.height);
}
