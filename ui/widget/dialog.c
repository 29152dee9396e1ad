#include "ui/widget/dialog.h"

#include "base/text.h"
#include "ui/widget/wrap.h"

#include <glib.h>
#include <string.h>

#define WIDTH_MOST 64
#define ROLES(fg, bg, attrs) ((struct style){fg, bg, attrs})

void dialog_init(struct dialog *dialog, const char *title, const char *text, bool danger)
{
	*dialog = (struct dialog){.title = g_strdup(title), .text = g_strdup(text), .danger = danger};
}

void dialog_answer(struct dialog *dialog, const char *answer, uint32_t key)
{
	g_return_if_fail(dialog->n < DIALOG_ANSWERS_MOST);
	dialog->answers[dialog->n] = answer;
	dialog->keys[dialog->n++] = key;
}

void dialog_fini(struct dialog *dialog)
{
	g_free(dialog->title);
	g_free(dialog->text);
	*dialog = (struct dialog){0};
}

int dialog_input(struct dialog *dialog, const struct input *input)
{
	if (input->type != INPUT_KEY || dialog->n == 0)
		return DIALOG_OPEN;
	for (int i = 0; i < dialog->n; i++)
		if (dialog->keys[i] != 0 && dialog->keys[i] == input->key)
			return i;
	switch (input->key) {
	case KEY_ESCAPE_:
	case KEY_CTRL_ | 'c':
	case KEY_CTRL_ | 'g':
		return 0;
	case KEY_ENTER_:
		return dialog->at;
	case KEY_LEFT_:
	case KEY_UP_:
	case KEY_TAB_ | KEY_SHIFT_:
		dialog->at = (dialog->at + dialog->n - 1) % dialog->n;
		return DIALOG_OPEN;
	case KEY_RIGHT_:
	case KEY_DOWN_:
	case KEY_TAB_:
		dialog->at = (dialog->at + 1) % dialog->n;
		return DIALOG_OPEN;
	default:
		return DIALOG_OPEN;
	}
}

/* "  r Revoke  ": its letter before it, room for the marks at both ends. */
static int answer_width(const struct dialog *dialog, int i)
{
	const char *answer = dialog->answers[i];
	return (int)text_width(answer, strlen(answer)) + (dialog->keys[i] ? 2 : 0) + 4;
}

static int answers_width(const struct dialog *dialog)
{
	int width = 0;
	for (int i = 0; i < dialog->n; i++)
		width += answer_width(dialog, i) + (i > 0 ? 2 : 0);
	return width;
}

static void draw_answer(const struct dialog *dialog, struct canvas *canvas, int i, int x, int y, int cells)
{
	bool chosen = i == dialog->at;
	uint16_t ground = chosen ? ROLE_SELECT : ROLE_FIELD;
	uint16_t role = dialog->danger && i > 0 ? ROLE_BAD : chosen ? ROLE_STRONG : ROLE_TEXT;
	char key[8] = "";
	canvas_fill(canvas, (struct rect){x, y, cells, 1}, ' ', ROLES(role, ground, 0));
	/* Where grounds are not seen, the chosen one is told by its marks. */
	if (chosen) {
		canvas_put(canvas, x, y, canvas_glyph(canvas, 0x25B8, '>'),
			   ROLES(ROLE_ACCENT, ground, ATTR_BOLD));
		canvas_put(canvas, x + cells - 1, y, canvas_glyph(canvas, 0x25C2, '<'),
			   ROLES(ROLE_ACCENT, ground, ATTR_BOLD));
	}
	x += 2;
	if (dialog->keys[i]) {
		key[text_encode(dialog->keys[i], key)] = '\0';
		x += 1 + canvas_text(canvas, x, y, 1, key, ROLES(ROLE_BRAND, ground, ATTR_BOLD));
	}
	canvas_text(canvas, x, y, cells - 4 - (dialog->keys[i] ? 2 : 0), dialog->answers[i],
		    ROLES(role, ground, chosen ? ATTR_BOLD : 0));
}

static void draw_answers(const struct dialog *dialog, struct canvas *canvas, int x, int y, int width)
{
	bool stacked = answers_width(dialog) > width;
	for (int i = 0; i < dialog->n; i++) {
		int cells = MIN(answer_width(dialog, i), width);
		draw_answer(dialog, canvas, i, x, y, cells);
		if (stacked)
			y++;
		else
			x += cells + 2;
	}
}

static void draw_box(struct canvas *canvas, struct rect box, const char *title)
{
	canvas_fill(canvas, box, ' ', STYLE(TEXT));
	canvas_enter(canvas, box);
	canvas_titled_rule(canvas, 0, title, NULL, true);
	canvas_fill(canvas, (struct rect){0, box.height - 1, box.width, 1}, canvas_glyph(canvas, 0x2500, '-'),
		    STYLE(RULE_FOCUS));
	canvas_leave(canvas);
}

void dialog_draw(const struct dialog *dialog, struct canvas *canvas)
{
	struct rect clip = canvas_clip(canvas);
	int width = MIN(WIDTH_MOST, clip.width), inner = MAX(width - 4, 1), stack;
	int lines = wrap_draw(canvas, 0, 0, inner, 0, dialog->text, STYLE(TEXT)), height;
	if (clip.width <= 0 || clip.height <= 0)
		return;
	stack = answers_width(dialog) > inner ? dialog->n : 1;
	/* Blank lines go first, then the end of the text; the answers stay. */
	height = MIN(lines + stack + 5, clip.height);
	int blanks = CLAMP(height - lines - stack - 2, 0, 3);
	lines = MAX(MIN(lines, height - stack - 2 - blanks), 0);
	struct rect box = {(clip.width - width) / 2, (clip.height - height) / 2, width, height};
	draw_box(canvas, box, dialog->title);
	int y = box.y + 1 + (blanks > 1);
	wrap_draw(canvas, box.x + 2, y, inner, lines, dialog->text, STYLE(TEXT));
	y += lines + (blanks > 0);
	draw_answers(dialog, canvas, box.x + 2, MIN(y, box.y + box.height - stack), inner);
}
