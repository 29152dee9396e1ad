#include "ui/widget/form_parts.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

#define LABEL_MOST 18
#define LIST_MOST 7
#define TEXT_CELLS 40

struct place {
	struct form *form;
	struct canvas *canvas;
	int x;          /* of the fields */
	int width;      /* of the clip */
	int body;       /* lines for the fields */
	int top, lines; /* of the field with the keys */
};

static int cells_of(const char *text) { return text ? (int)text_width(text, strlen(text)) : 0; }

static int room(const struct place *place) { return MAX(place->width - place->x - 1, 1); }

static int box_width(const struct place *place, const struct form_slot *slot)
{
	switch (slot->field->kind) {
	case FORM_DATE:
		return MIN(12, room(place));
	case FORM_TIME:
		return MIN(8, room(place));
	case FORM_MOMENT:
		return MIN(20, room(place));
	default:
		return MIN(TEXT_CELLS, room(place));
	}
}

/* --- the few of a field side by side --- */

/* "[Mon] Tue [Wed]": brackets tell what is taken where colours and bold do not. Returns the lines. */
static int several(const struct place *place, const struct form_slot *slot, int y, bool focus, bool draw)
{
	struct menu_item items[FORM_FEW_MOST];
	size_t n = form_few(place->form, slot, items);
	int x = place->x, lines = 1;
	for (size_t i = 0; i < n; i++) {
		int cells = cells_of(items[i].label) + 2;
		bool has = form_has_word(slot->value, items[i].value), marked = focus && slot->mark == (int)i;
		struct style style = {has ? ROLE_STRONG : ROLE_DIM, ROLE_FIELD, has ? ATTR_BOLD : 0};
		if (x + cells > place->width && x > place->x) {
			x = place->x;
			lines++;
		}
		if (draw) {
			int at = y + lines - 1;
			if (marked)
				style.bg = ROLE_SELECT;
			canvas_put(place->canvas, x, at, has ? '[' : ' ', style);
			canvas_text(place->canvas, x + 1, at, cells - 2, items[i].label, style);
			canvas_put(place->canvas, x + cells - 1, at, has ? ']' : ' ', style);
		}
		x += cells;
	}
	return lines;
}

/* --- how high a field is --- */

static bool fault_shown(const struct form_slot *slot) { return slot->fault && slot->left; }

/* A fault stands at the right of its field where there is room, else below. */
static bool fault_beside(const struct place *place, const struct form_slot *slot)
{
	if (slot->field->kind == FORM_SEVERAL)
		return false;
	return place->x + box_width(place, slot) + 4 + cells_of(slot->fault) <= place->width;
}

static int list_lines(const struct place *place, const struct form_slot *slot)
{
	const struct form *form = place->form;
	if (!form->open || slot != &form->slots[form->at])
		return 0;
	int lines = MAX((int)MIN(form->offered, (size_t)LIST_MOST), 1);
	return MIN(lines, MAX(place->body - 2, 1));
}

static int height_of(const struct place *place, const struct form_slot *slot)
{
	int lines = slot->field->kind == FORM_SEVERAL ? several(place, slot, 0, false, false) : 1;
	return lines + list_lines(place, slot) + (fault_shown(slot) && !fault_beside(place, slot));
}

/* --- drawing --- */

static void cursor(const struct place *place, int x, int y)
{
	canvas_restyle(place->canvas, (struct rect){x, y, 1, 1}, -1, -1, ATTR_REVERSE);
}

static void draw_list(const struct place *place, const struct form_slot *slot, int y, int lines)
{
	struct form *form = place->form;
	const char *typed = line_edit_text(slot->edit);
	struct rect at = {place->x, y, MIN(room(place), 70), lines};
	if (form->menu.n > 0)
		menu_draw(&form->menu, place->canvas, at, form->items, typed, form->offered - form->menu.n);
	else
		canvas_textf(place->canvas, at.x + 2, y, at.width - 2, STYLE(DIM), "%s",
			     !*typed              ? "nothing to choose from"
			     : slot->field->loose ? "not known; Enter takes it as typed"
						  : "nothing fits");
}

static void draw_choice(const struct place *place, const struct form_slot *slot, int y, bool focus)
{
	struct canvas *canvas = place->canvas;
	int width = box_width(place, slot);
	if (focus && *line_edit_text(slot->edit)) {
		cursor(place, line_edit_draw(slot->edit, canvas, place->x, y, width, ""), y);
		return;
	}
	canvas_fill(canvas, (struct rect){place->x, y, width, 1}, ' ', STYLE_ON(TEXT, FIELD));
	if (slot->value)
		canvas_text(canvas, place->x, y, width - 2, slot->label ? slot->label : slot->value,
			    STYLE_ON(TEXT, FIELD));
	else
		canvas_text(canvas, place->x + focus, y, width - 3, focus ? "type to search" : "",
			    STYLE_ON(DIM, FIELD));
	canvas_put(canvas, place->x + width - 1, y, canvas_glyph(canvas, 0x25BE, 'v'), STYLE_ON(DIM, FIELD));
	if (focus && !slot->value)
		cursor(place, place->x, y);
}

/* Returns the lines. */
static int draw_value(const struct place *place, const struct form_slot *slot, int y, bool focus)
{
	struct canvas *canvas = place->canvas;
	switch (slot->field->kind) {
	case FORM_CHOICE:
		draw_choice(place, slot, y, focus);
		return 1;
	case FORM_SEVERAL:
		return several(place, slot, y, focus, true);
	case FORM_YESNO:
		canvas_textf(canvas, place->x, y, room(place),
			     focus ? STYLE_ON(STRONG, SELECT) : STYLE_ON(TEXT, FIELD), " %-3s ",
			     slot->value ? slot->value : "no");
		return 1;
	default: {
		int x = line_edit_draw(slot->edit, canvas, place->x, y, box_width(place, slot), "");
		if (focus)
			cursor(place, x, y);
		return 1;
	}
	}
}

static void draw_fault(const struct place *place, const struct form_slot *slot, int y, int below)
{
	bool right = fault_beside(place, slot);
	int x = right ? place->x + box_width(place, slot) + 2 : place->x;
	canvas_textf(place->canvas, x, right ? y : below, place->width - x, STYLE(BAD), "! %s", slot->fault);
}

static void draw_field(const struct place *place, struct form_slot *slot, int y)
{
	bool focus = slot == &place->form->slots[place->form->at];
	struct style style = focus ? (struct style){ROLE_ACCENT, ROLE_GROUND, ATTR_BOLD} : STYLE(DIM);
	int below, lines = list_lines(place, slot);
	if (focus)
		canvas_put(place->canvas, 0, y, canvas_glyph(place->canvas, 0x25B8, '>'), STYLE(ACCENT));
	canvas_text(place->canvas, 2, y, place->x - 3, slot->field->label, style);
	below = y + draw_value(place, slot, y, focus);
	if (fault_shown(slot)) {
		draw_fault(place, slot, y, below);
		below += !fault_beside(place, slot);
	}
	if (lines > 0)
		draw_list(place, slot, below, lines);
}

/* Where the field with the keys lies, and how high all of it is. */
static int measure(struct place *place)
{
	struct form *form = place->form;
	int y = 0;
	for (int i = 0; i < form->n; i++) {
		struct form_slot *slot = &form->slots[i];
		int lines = slot->hidden ? 0 : height_of(place, slot);
		if (i == form->at) {
			place->top = y;
			place->lines = lines;
		}
		y += lines;
	}
	return y;
}

static void settle_scroll(struct place *place, int all)
{
	struct form *form = place->form;
	form->scroll = MIN(form->scroll, place->top);
	if (place->top + place->lines > form->scroll + place->body)
		form->scroll = MIN(place->top + place->lines - place->body, place->top);
	form->scroll = CLAMP(form->scroll, 0, MAX(all - place->body, 0));
}

static void draw_help(const struct place *place, int y)
{
	const char *help = place->form->slots[place->form->at].field->help;
	canvas_text(place->canvas, place->x, y, place->width - place->x, help, STYLE(DIM));
}

void form_draw(struct form *form, struct canvas *canvas)
{
	struct rect clip = canvas_clip(canvas);
	struct place place = {.form = form, .canvas = canvas, .width = clip.width};
	int all, y = 0;
	if (form->n == 0 || clip.width <= 0 || clip.height <= 0)
		return;
	for (int i = 0; i < form->n; i++)
		place.x = MAX(place.x, cells_of(form->slots[i].field->label));
	place.x = MIN(MIN(place.x, LABEL_MOST), MAX(clip.width / 3, 4)) + 3;
	place.body = MAX(clip.height - (clip.height >= 4 ? 1 : 0), 1);
	all = measure(&place);
	settle_scroll(&place, all);
	canvas_enter(canvas, (struct rect){0, 0, clip.width, place.body});
	for (int i = 0; i < form->n; i++) {
		struct form_slot *slot = &form->slots[i];
		int lines = slot->hidden ? 0 : height_of(&place, slot);
		if (lines > 0 && y + lines > form->scroll && y < form->scroll + place.body)
			draw_field(&place, slot, y - form->scroll);
		y += lines;
	}
	if (form->scroll > 0)
		canvas_put(canvas, clip.width - 1, 0, canvas_glyph(canvas, 0x25B2, '^'), STYLE(DIM));
	if (all > form->scroll + place.body)
		canvas_put(canvas, clip.width - 1, place.body - 1, canvas_glyph(canvas, 0x25BC, 'v'),
			   STYLE(DIM));
	canvas_leave(canvas);
	if (place.body < clip.height)
		draw_help(&place, clip.height - 1);
}
