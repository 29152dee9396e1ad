#include "ui/widget/line_edit.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>
#include <utf8proc.h>

#define MODIFIERS (KEY_SHIFT_ | KEY_ALT_ | KEY_CTRL_)

struct line_edit {
	GString *text;
	size_t cursor; /* bytes; always at a cluster's edge */
	size_t ceiling;
	char *killed; /* what C-y brings back */
	GPtrArray *history;
	size_t place; /* in the history; history->len: the line being typed */
	char *draft;  /* the line being typed while an older one is shown */
};

struct line_edit *line_edit_new(const char *initial, size_t ceiling)
{
	struct line_edit *edit = g_new0(struct line_edit, 1);
	edit->text = g_string_new(NULL);
	edit->ceiling = ceiling;
	edit->history = g_ptr_array_new_with_free_func(g_free);
	line_edit_set(edit, initial);
	return edit;
}

void line_edit_free(struct line_edit *edit)
{
	if (!edit)
		return;
	g_string_free(edit->text, TRUE);
	g_ptr_array_unref(edit->history);
	g_free(edit->killed);
	g_free(edit->draft);
	g_free(edit);
}

const char *line_edit_text(const struct line_edit *edit) { return edit->text->str; }

size_t line_edit_cursor(const struct line_edit *edit) { return edit->cursor; }

/* The end of the cluster that starts at `at`. */
static size_t cluster_end(const char *text, size_t length, size_t at)
{
	if (at >= length)
		return length;
	uint32_t before, codepoint;
	utf8proc_int32_t state = 0;
	size_t end = at + text_decode(text + at, length - at, &before);
	while (end < length) {
		size_t used = text_decode(text + end, length - end, &codepoint);
		if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)codepoint,
						     &state))
			break;
		before = codepoint;
		end += used;
	}
	return end;
}

/* The start of the cluster before `at`: clusters can only be told from the front. */
static size_t cluster_before(const char *text, size_t length, size_t at)
{
	size_t start = 0;
	for (size_t end; (end = cluster_end(text, length, start)) < at; start = end)
		;
	return at == 0 ? 0 : start;
}

static size_t before_cursor(const struct line_edit *edit)
{
	return cluster_before(edit->text->str, edit->text->len, edit->cursor);
}

static size_t after_cursor(const struct line_edit *edit)
{
	return cluster_end(edit->text->str, edit->text->len, edit->cursor);
}

/* After a change a mark may have joined the character before it: the cursor goes behind the cluster. */
static void settle_cursor(struct line_edit *edit)
{
	size_t at = 0;
	while (at < edit->cursor)
		at = cluster_end(edit->text->str, edit->text->len, at);
	edit->cursor = at;
}

/* Text from a paste as one line: line ends and tabs become one blank, those at the ends nothing, other
 * controls vanish. */
static char *one_line(const char *text)
{
	GString *line = g_string_new(NULL);
	size_t length = strlen(text);
	bool blank = false;
	for (size_t at = 0; at < length;) {
		uint32_t codepoint;
		char bytes[4];
		at += text_decode(text + at, length - at, &codepoint);
		if (codepoint == '\n' || codepoint == '\r' || codepoint == '\t') {
			blank = line->len > 0;
			continue;
		}
		if (text_is_control(codepoint))
			continue;
		if (blank)
			g_string_append_c(line, ' ');
		blank = false;
		g_string_append_len(line, bytes, (gssize)text_encode(codepoint, bytes));
	}
	return g_string_free(line, FALSE);
}

/* The bytes of whole clusters that fit below the ceiling. */
static size_t fitting(const struct line_edit *edit, const char *text)
{
	size_t length = strlen(text), end = 0;
	size_t room = edit->ceiling > edit->text->len ? edit->ceiling - edit->text->len : 0;
	if (length <= room)
		return length;
	for (size_t next; (next = cluster_end(text, length, end)) <= room; end = next)
		;
	return end;
}

static enum line_edit_result insert(struct line_edit *edit, const char *text)
{
	size_t length = fitting(edit, text);
	if (length == 0)
		return EDIT_MOVED;
	g_string_insert_len(edit->text, (gssize)edit->cursor, text, (gssize)length);
	edit->cursor += length;
	settle_cursor(edit);
	return EDIT_CHANGED;
}

void line_edit_set(struct line_edit *edit, const char *text)
{
	char *line = one_line(text ? text : "");
	g_string_truncate(edit->text, 0);
	edit->cursor = 0;
	insert(edit, line);
	g_free(line);
}

/* Takes out the bytes from..to; `keep`: C-y brings them back. */
static enum line_edit_result take_out(struct line_edit *edit, size_t from, size_t to, bool keep)
{
	if (from >= to)
		return EDIT_MOVED;
	if (keep) {
		g_free(edit->killed);
		edit->killed = g_strndup(edit->text->str + from, to - from);
	}
	g_string_erase(edit->text, (gssize)from, (gssize)(to - from));
	edit->cursor = from;
	settle_cursor(edit);
	return EDIT_CHANGED;
}

static enum line_edit_result move_to(struct line_edit *edit, size_t at)
{
	edit->cursor = at;
	return EDIT_MOVED;
}

static bool in_word(const struct line_edit *edit, size_t at)
{
	uint32_t codepoint;
	text_decode(edit->text->str + at, edit->text->len - at, &codepoint);
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO) || codepoint == '_';
}

static bool is_blank(const struct line_edit *edit, size_t at) { return edit->text->str[at] == ' '; }

static bool not_blank(const struct line_edit *edit, size_t at) { return !is_blank(edit, at); }

/* The start of the word before the cursor, by what a word is made of. */
static size_t word_start(const struct line_edit *edit, bool (*part)(const struct line_edit *, size_t))
{
	const GString *text = edit->text;
	size_t at = edit->cursor;
	bool found = false;
	while (at > 0) {
		size_t before = cluster_before(text->str, text->len, at);
		bool is_part = part(edit, before);
		if (found && !is_part)
			break;
		found |= is_part;
		at = before;
	}
	return at;
}

static size_t word_end(const struct line_edit *edit)
{
	const GString *text = edit->text;
	size_t at = edit->cursor;
	bool found = false;
	while (at < text->len) {
		bool is_part = in_word(edit, at);
		if (found && !is_part)
			break;
		found |= is_part;
		at = cluster_end(text->str, text->len, at);
	}
	return at;
}

void line_edit_history(struct line_edit *edit, const char *const *lines, size_t n)
{
	g_ptr_array_set_size(edit->history, 0);
	for (size_t i = 0; i < n; i++)
		g_ptr_array_add(edit->history, one_line(lines[i]));
	edit->place = n;
	g_clear_pointer(&edit->draft, g_free);
}

static enum line_edit_result show_older(struct line_edit *edit)
{
	if (edit->place == 0)
		return EDIT_MOVED;
	if (edit->place == edit->history->len) {
		g_free(edit->draft);
		edit->draft = g_strdup(edit->text->str);
	}
	line_edit_set(edit, g_ptr_array_index(edit->history, --edit->place));
	return EDIT_CHANGED;
}

static enum line_edit_result show_newer(struct line_edit *edit)
{
	if (edit->place >= edit->history->len)
		return EDIT_MOVED;
	edit->place++;
	line_edit_set(edit, edit->place == edit->history->len
				    ? edit->draft
				    : g_ptr_array_index(edit->history, edit->place));
	return EDIT_CHANGED;
}

static enum line_edit_result type(struct line_edit *edit, uint32_t codepoint)
{
	char bytes[5] = {0};
	text_encode(codepoint, bytes);
	return insert(edit, bytes);
}

static enum line_edit_result press(struct line_edit *edit, uint32_t key)
{
	size_t length = edit->text->len;
	switch (key) {
	case KEY_LEFT_:
	case KEY_CTRL_ | 'b':
		return move_to(edit, before_cursor(edit));
	case KEY_RIGHT_:
	case KEY_CTRL_ | 'f':
		return move_to(edit, after_cursor(edit));
	case KEY_HOME_:
	case KEY_CTRL_ | 'a':
		return move_to(edit, 0);
	case KEY_END_:
	case KEY_CTRL_ | 'e':
		return move_to(edit, length);
	case KEY_ALT_ | 'b':
	case KEY_CTRL_ | KEY_LEFT_:
		return move_to(edit, word_start(edit, in_word));
	case KEY_ALT_ | 'f':
	case KEY_CTRL_ | KEY_RIGHT_:
		return move_to(edit, word_end(edit));
	case KEY_BACKSPACE_:
	case KEY_SHIFT_ | KEY_BACKSPACE_:
	case KEY_CTRL_ | 'h':
		return take_out(edit, before_cursor(edit), edit->cursor, false);
	case KEY_DELETE_:
	case KEY_CTRL_ | 'd':
		return take_out(edit, edit->cursor, after_cursor(edit), false);
	case KEY_CTRL_ | 'w':
	case KEY_ALT_ | KEY_BACKSPACE_:
		return take_out(edit, word_start(edit, not_blank), edit->cursor, true);
	case KEY_CTRL_ | 'u':
		return take_out(edit, 0, edit->cursor, true);
	case KEY_CTRL_ | 'k':
		return take_out(edit, edit->cursor, length, true);
	case KEY_CTRL_ | 'y':
		return insert(edit, edit->killed ? edit->killed : "");
	case KEY_UP_:
	case KEY_CTRL_ | 'p':
		return show_older(edit);
	case KEY_DOWN_:
	case KEY_CTRL_ | 'n':
		return show_newer(edit);
	case KEY_ENTER_:
	case KEY_CTRL_ | 'm':
	case KEY_CTRL_ | 'j':
		return EDIT_DONE;
	case KEY_ESCAPE_:
	case KEY_CTRL_ | 'c':
	case KEY_CTRL_ | 'g':
		return EDIT_CANCELLED;
	default:
		return EDIT_IGNORED;
	}
}

enum line_edit_result line_edit_input(struct line_edit *edit, const struct input *input)
{
	if (input->type == INPUT_PASTE && input->paste) {
		char *line = one_line(input->paste);
		enum line_edit_result result = insert(edit, line);
		g_free(line);
		return result;
	}
	if (input->type != INPUT_KEY)
		return EDIT_IGNORED;
	if (input->key >= 0x20 && input->key < KEY_BASE_ && !(input->key & MODIFIERS))
		return text_is_control(input->key) ? EDIT_IGNORED : type(edit, input->key);
	return press(edit, input->key);
}

/* Cells that the canvas will use for a run of the text. */
static size_t shown_width(const char *text, size_t length, bool ascii)
{
	struct buf shown;
	buf_init(&shown, BUF_CEILING_LINE);
	text_add_shown(&shown, text, length, ascii);
	size_t width = text_width(buf_text(&shown), shown.length);
	buf_fini(&shown);
	return width;
}

/* The first byte shown in `room` cells, so that the cursor is inside; *column gets its cell in the whole
 * line. The line jumps by half its room, so that it stays put for most keys. */
static size_t first_shown(const struct line_edit *edit, size_t room, bool ascii, size_t *column)
{
	const GString *text = edit->text;
	size_t cursor = shown_width(text->str, edit->cursor, ascii);
	*column = 0;
	/* The cursor stands on a blank behind the text. */
	if (shown_width(text->str, text->len, ascii) < room || cursor + 3 <= room)
		return 0;
	size_t half = room > 1 ? room / 2 : 1;
	size_t wanted = ((cursor + 3 - room + half - 1) / half) * half + 1;
	size_t at = 0;
	while (at < edit->cursor && *column < wanted) {
		size_t end = cluster_end(text->str, text->len, at);
		*column += shown_width(text->str + at, end - at, ascii);
		at = end;
	}
	return at;
}

int line_edit_draw(const struct line_edit *edit, struct canvas *canvas, int x, int y, int cells,
		   const char *label)
{
	if (cells <= 0)
		return x;
	bool ascii = canvas_ascii(canvas);
	struct style style = STYLE_ON(TEXT, FIELD);
	canvas_fill(canvas, (struct rect){x, y, cells, 1}, ' ', style);
	int room = cells - canvas_text(canvas, x, y, cells / 2, label, STYLE_ON(BRAND, FIELD));
	int start = x + cells - room;
	size_t column;
	size_t first = first_shown(edit, (size_t)room, ascii, &column);
	int marker = first > 0 && room > 1;
	if (marker)
		canvas_put(canvas, start, y, ascii ? '~' : 0x2026, STYLE_ON(DIM, FIELD));
	canvas_text(canvas, start + marker, y, room - marker, edit->text->str + first, style);
	int cursor = start + marker + (int)(shown_width(edit->text->str, edit->cursor, ascii) - column);
	return cursor < x + cells ? cursor : x + cells - 1;
}
