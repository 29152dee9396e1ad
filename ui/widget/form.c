#include "ui/widget/form_parts.h"

#include <glib.h>
#include <string.h>

#define KEY_BACKTAB_ (KEY_TAB_ | KEY_SHIFT_)

struct form *form_new(const struct form_field *fields, int n, const struct form_ops *ops)
{
	struct form *form = g_new0(struct form, 1);
	form->slots = g_new0(struct form_slot, n);
	form->n = n;
	form->ops = *ops;
	for (int i = 0; i < n; i++) {
		form->slots[i].field = &fields[i];
		form->slots[i].edit = line_edit_new(NULL, FORM_TEXT_MOST);
		if (fields[i].kind == FORM_YESNO)
			form->slots[i].value = g_strdup("no");
	}
	return form;
}

void form_free(struct form *form)
{
	if (!form)
		return;
	for (int i = 0; i < form->n; i++) {
		line_edit_free(form->slots[i].edit);
		g_free(form->slots[i].value);
		g_free(form->slots[i].label);
		g_free(form->slots[i].fault);
	}
	g_free(form->slots);
	g_free(form);
}

/* --- values --- */

static struct form_slot *slot_of(const struct form *form, int id)
{
	for (int i = 0; i < form->n; i++)
		if (form->slots[i].field->id == id)
			return &form->slots[i];
	return NULL;
}

static bool is_text(const struct form_slot *slot)
{
	enum form_kind kind = slot->field->kind;
	return kind == FORM_TEXT || kind == FORM_DATE || kind == FORM_TIME || kind == FORM_MOMENT;
}

const char *form_value(const struct form *form, int id)
{
	const struct form_slot *slot = slot_of(form, id);
	if (!slot)
		return "";
	return is_text(slot) ? line_edit_text(slot->edit) : slot->value ? slot->value : "";
}

static void set_value(struct form_slot *slot, const char *value, const char *label)
{
	char *old_value = slot->value, *old_label = slot->label;
	slot->value = value && *value ? g_strdup(value) : NULL;
	slot->label = slot->value ? g_strdup(label) : NULL;
	g_free(old_value);
	g_free(old_label);
}

void form_choose(struct form *form, int id, const char *value, const char *label)
{
	struct form_slot *slot = slot_of(form, id);
	if (slot && slot->field->kind == FORM_CHOICE) {
		set_value(slot, value, label);
		line_edit_set(slot->edit, "");
	}
}

static const char *label_of(struct form *form, const struct form_slot *slot, const char *value)
{
	struct menu_item items[FORM_ITEMS_MOST];
	size_t n = MIN(form->ops.choices(form->ops.ctx, slot->field->id, "", items, FORM_ITEMS_MOST),
		       (size_t)FORM_ITEMS_MOST);
	for (size_t i = 0; i < n; i++)
		if (strcmp(items[i].value, value) == 0)
			return items[i].label;
	return value;
}

void form_set(struct form *form, int id, const char *value)
{
	struct form_slot *slot = slot_of(form, id);
	if (!slot)
		return;
	if (is_text(slot))
		line_edit_set(slot->edit, value ? value : "");
	else if (slot->field->kind == FORM_CHOICE)
		form_choose(form, id, value, value && *value ? label_of(form, slot, value) : NULL);
	else
		set_value(slot, value, NULL);
}

void form_show(struct form *form, int id, bool shown)
{
	struct form_slot *slot = slot_of(form, id);
	if (slot)
		slot->hidden = !shown;
}

bool form_touched(const struct form *form) { return form->touched; }

bool form_has_word(const char *list, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = list; at && *at;) {
		size_t part = strcspn(at, ",");
		if (part == length && strncmp(at, word, part) == 0)
			return true;
		at += part + (at[part] == ',');
	}
	return false;
}

size_t form_few(struct form *form, const struct form_slot *slot, struct menu_item *items)
{
	return MIN(form->ops.choices(form->ops.ctx, slot->field->id, "", items, FORM_FEW_MOST),
		   (size_t)FORM_FEW_MOST);
}

/* --- faults --- */

void form_fault(struct form *form, int id, const char *text)
{
	struct form_slot *slot = slot_of(form, id);
	if (!slot || (text && slot->fault && strcmp(slot->fault, text) == 0))
		return;
	g_free(slot->fault);
	slot->fault = g_strdup(text);
}

void form_clear_faults(struct form *form)
{
	for (int i = 0; i < form->n; i++)
		g_clear_pointer(&form->slots[i].fault, g_free);
}

/* --- going about --- */

/* The list is open while a choice has the keys and either nothing is chosen yet or something is being searched. */
static void offer(struct form *form)
{
	struct form_slot *slot = &form->slots[form->at];
	const char *typed = line_edit_text(slot->edit);
	size_t at = 0, n;
	form->offered = form->ops.choices(form->ops.ctx, slot->field->id, typed, form->items,
					  FORM_ITEMS_MOST);
	n = MIN(form->offered, (size_t)FORM_ITEMS_MOST);
	for (size_t i = 0; slot->value && !*typed && i < n; i++)
		if (strcmp(form->items[i].value, slot->value) == 0)
			at = i;
	menu_set(&form->menu, n, at);
	form->open = true;
	form->picked = false;
}

static void close_list(struct form *form)
{
	if (form->slots[form->at].field->kind == FORM_CHOICE)
		line_edit_set(form->slots[form->at].edit, "");
	form->open = form->picked = false;
}

static void enter(struct form *form, int at)
{
	form->at = at;
	form->open = false;
	if (form->slots[at].field->kind == FORM_CHOICE && !form->slots[at].value)
		offer(form);
}

static void changed(struct form *form, const struct form_slot *slot)
{
	form->touched = true;
	if (form->ops.changed)
		form->ops.changed(form->ops.ctx, slot->field->id);
}

/* Takes what is marked in the list, or what was typed where that is allowed. */
static void take(struct form *form)
{
	struct form_slot *slot = &form->slots[form->at];
	const char *typed = line_edit_text(slot->edit);
	if (form->menu.n > 0)
		set_value(slot, form->items[form->menu.at].value, form->items[form->menu.at].label);
	else if (slot->field->loose && *typed)
		set_value(slot, typed, typed);
	else
		return;
	close_list(form);
	changed(form, slot);
}

/* What was searched for is meant when the person goes on; what merely lies open is not. */
static void leave(struct form *form)
{
	struct form_slot *slot = &form->slots[form->at];
	if (form->open && (form->picked || *line_edit_text(slot->edit)))
		take(form);
	close_list(form);
	slot->left = true;
}

static int beside(const struct form *form, int at, int by)
{
	for (int i = at + by; i >= 0 && i < form->n; i += by)
		if (!form->slots[i].hidden)
			return i;
	return -1;
}

static bool go(struct form *form, int by)
{
	leave(form);
	int at = beside(form, form->at, by);
	if (at >= 0)
		enter(form, at);
	return at >= 0;
}

void form_focus(struct form *form, int id)
{
	struct form_slot *slot = slot_of(form, id);
	if (!slot || slot->hidden)
		return;
	close_list(form);
	enter(form, (int)(slot - form->slots));
}

int form_focused(const struct form *form) { return form->slots[form->at].field->id; }

bool form_show_faults(struct form *form)
{
	int first = -1;
	for (int i = 0; i < form->n; i++) {
		form->slots[i].left = true;
		if (form->slots[i].fault && !form->slots[i].hidden && first < 0)
			first = i;
	}
	if (first < 0)
		return false;
	close_list(form);
	form->at = first;
	return true;
}

/* --- keys of each kind --- */

static enum form_result edit_text(struct form *form, struct form_slot *slot, const struct input *input)
{
	bool key = input->type == INPUT_KEY;
	int steps = !key                                                                    ? 0
		    : input->key == KEY_PAGE_UP || input->key == (KEY_UP_ | KEY_SHIFT_)     ? -1
		    : input->key == KEY_PAGE_DOWN || input->key == (KEY_DOWN_ | KEY_SHIFT_) ? 1
											    : 0;
	char text[32];
	if (steps != 0 && form_step(slot->field->kind, line_edit_text(slot->edit), steps, text)) {
		line_edit_set(slot->edit, text);
		changed(form, slot);
		return FORM_CHANGED;
	}
	switch (line_edit_input(slot->edit, input)) {
	case EDIT_CHANGED:
		changed(form, slot);
		return FORM_CHANGED;
	case EDIT_MOVED:
		return FORM_MOVED;
	default:
		return FORM_IGNORED;
	}
}

/* The choice before or after, without opening the list. */
static enum form_result turn(struct form *form, struct form_slot *slot, int by)
{
	offer(form);
	if (form->menu.n > 0) {
		size_t n = form->menu.n, at = form->menu.at;
		form->menu.at = slot->value ? (at + n + (size_t)(by + (int)n)) % n : at;
		take(form);
	}
	return FORM_CHANGED;
}

static enum form_result edit_choice(struct form *form, struct form_slot *slot, const struct input *input)
{
	bool typed = *line_edit_text(slot->edit);
	if (form->open && menu_input(&form->menu, input)) {
		form->picked = true;
		return FORM_MOVED;
	}
	if (input->type == INPUT_KEY && !typed) {
		if (input->key == KEY_LEFT_ || input->key == KEY_RIGHT_)
			return turn(form, slot, input->key == KEY_LEFT_ ? -1 : 1);
		if (input->key == ' ') {
			offer(form);
			return FORM_MOVED;
		}
		/* Rubbing out where nothing is typed takes the choice away. */
		if (input->key == KEY_BACKSPACE_ || input->key == KEY_DELETE_) {
			set_value(slot, NULL, NULL);
			offer(form);
			changed(form, slot);
			return FORM_CHANGED;
		}
	}
	switch (line_edit_input(slot->edit, input)) {
	case EDIT_CHANGED:
		form->touched = true;
		offer(form);
		return FORM_CHANGED;
	case EDIT_MOVED:
		return FORM_MOVED;
	default:
		return FORM_IGNORED;
	}
}

/* Adds or removes a word; they stay in the order of the choices. */
static void toggle(struct form *form, struct form_slot *slot, const struct menu_item *items, size_t n,
		   int which)
{
	GString *list = g_string_new(NULL);
	for (size_t i = 0; i < n; i++) {
		bool has = form_has_word(slot->value, items[i].value);
		if (((int)i == which) == has)
			continue;
		if (list->len > 0)
			g_string_append_c(list, ',');
		g_string_append(list, items[i].value);
	}
	set_value(slot, list->str, NULL);
	g_string_free(list, TRUE);
	changed(form, slot);
}

static enum form_result edit_several(struct form *form, struct form_slot *slot, const struct input *input)
{
	struct menu_item items[FORM_FEW_MOST];
	size_t n = form_few(form, slot, items);
	if (input->type != INPUT_KEY || n == 0)
		return FORM_IGNORED;
	if (input->key == KEY_LEFT_ || input->key == KEY_RIGHT_) {
		slot->mark = CLAMP(slot->mark + (input->key == KEY_LEFT_ ? -1 : 1), 0, (int)n - 1);
		return FORM_MOVED;
	}
	if (input->key >= '1' && input->key < '1' + n)
		slot->mark = (int)(input->key - '1');
	else if (input->key != ' ')
		return FORM_IGNORED;
	toggle(form, slot, items, n, slot->mark);
	return FORM_CHANGED;
}

static enum form_result edit_yesno(struct form *form, struct form_slot *slot, const struct input *input)
{
	bool yes = slot->value && strcmp(slot->value, "yes") == 0, wanted = !yes;
	if (input->type != INPUT_KEY)
		return FORM_IGNORED;
	if (input->key == 'y' || input->key == 'n')
		wanted = input->key == 'y';
	else if (input->key != ' ' && input->key != KEY_LEFT_ && input->key != KEY_RIGHT_)
		return FORM_IGNORED;
	set_value(slot, wanted ? "yes" : "no", NULL);
	changed(form, slot);
	return FORM_CHANGED;
}

static enum form_result edit_field(struct form *form, const struct input *input)
{
	struct form_slot *slot = &form->slots[form->at];
	switch (slot->field->kind) {
	case FORM_CHOICE:
		return edit_choice(form, slot, input);
	case FORM_SEVERAL:
		return edit_several(form, slot, input);
	case FORM_YESNO:
		return edit_yesno(form, slot, input);
	default:
		return edit_text(form, slot, input);
	}
}

/* --- keys of all --- */

static enum form_result escape(struct form *form)
{
	if (!form->open || !(*line_edit_text(form->slots[form->at].edit) || form->slots[form->at].value))
		return FORM_CANCELLED;
	close_list(form);
	return FORM_MOVED;
}

static enum form_result finish_field(struct form *form)
{
	if (form->open) {
		take(form);
		/* Nothing fits: the person has to look. */
		if (form->open)
			return FORM_MOVED;
	}
	return go(form, 1) ? FORM_MOVED : FORM_DONE;
}

enum form_result form_input(struct form *form, const struct input *input)
{
	bool list = form->open && form->menu.n > 0;
	if (form->n == 0 || (input->type != INPUT_KEY && input->type != INPUT_PASTE))
		return FORM_IGNORED;
	switch (input->type == INPUT_KEY ? input->key : KEY_NONE_) {
	case KEY_TAB_:
		go(form, 1);
		return FORM_MOVED;
	case KEY_BACKTAB_:
		go(form, -1);
		return FORM_MOVED;
	case KEY_UP_:
	case KEY_DOWN_:
		if (list)
			break;
		go(form, input->key == KEY_UP_ ? -1 : 1);
		return FORM_MOVED;
	case KEY_ENTER_:
		return finish_field(form);
	case KEY_CTRL_ | 's':
	case KEY_F1_ + 1:
		leave(form);
		return FORM_DONE;
	case KEY_ESCAPE_:
	case KEY_CTRL_ | 'c':
	case KEY_CTRL_ | 'g':
		return escape(form);
	default:
		break;
	}
	return edit_field(form, input);
}
