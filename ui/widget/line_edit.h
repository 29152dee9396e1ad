/* One line of text being typed: with cursor, words, history, and what a paste brings. Pure; no drawing but
 * its own. */
#ifndef LODGE_UI_WIDGET_LINE_EDIT_H
#define LODGE_UI_WIDGET_LINE_EDIT_H

#include "ui/canvas.h"
#include "ui/input.h"

struct line_edit;

/* `ceiling`: greatest length in bytes. What exceeds it is cut at a cluster's edge. `initial` may be NULL. */
struct line_edit *line_edit_new(const char *initial, size_t ceiling);
void line_edit_free(struct line_edit *edit);
const char *line_edit_text(const struct line_edit *edit);
/* Replaces the text as a paste would bring it (one line, no controls); the cursor goes to its end. */
void line_edit_set(struct line_edit *edit, const char *text);
/* Where the cursor stands, in bytes of the text: for completion. */
size_t line_edit_cursor(const struct line_edit *edit);

/* IGNORED: not a key of the edit. MOVED: a key of the edit, the text is as it was (also when nothing could
 * be done). */
enum line_edit_result { EDIT_IGNORED, EDIT_CHANGED, EDIT_MOVED, EDIT_DONE, EDIT_CANCELLED };
/* Characters, Left/Right/Home/End, C-a C-e C-b C-f, M-b M-f, BS Del C-h C-d, C-w C-u C-k C-y, Up/Down
 * history, Enter, Esc, C-c, C-g. By grapheme clusters. Further C-p C-n as Up and Down, C-Left C-Right as
 * M-b M-f, M-BS as C-w. A paste's line ends and tabs become one blank; it never finishes the line. */
enum line_edit_result line_edit_input(struct line_edit *edit, const struct input *input);

/* Oldest first; the edit does not keep the array but copies. */
void line_edit_history(struct line_edit *edit, const char *const *lines, size_t n);

/* Draws label and text into one line of `cells`, scrolled so that the cursor is seen; returns the cursor's
 * x. */
int line_edit_draw(const struct line_edit *edit, struct canvas *canvas, int x, int y, int cells,
		   const char *label);

#endif
