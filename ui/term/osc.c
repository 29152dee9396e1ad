/* What goes to the terminal beside the picture: title, bell, clipboard, mouse. */
#include "ui/term/term_private.h"
#include "base/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

/* xterm takes this much; others less, and then take nothing. */
#define CLIPBOARD_MOST (64u << 10)
/* GNU screen takes strings of 256 bytes. */
#define SCREEN_CHUNK 200

static int send_buf(struct term *term, const struct buf *buf)
{
	return buf->error != ERR_OK ? buf->error : line_send(&term->line, buf->data, buf->length);
}

void term_title(struct term *term, const char *title)
{
	struct buf shown, bytes;
	size_t length = text_fit(title, strlen(title), 120, NULL);

	if (!term->caps.titles || !term->entered)
		return;
	buf_init(&shown, sizeof term->title - 1);
	buf_init(&bytes, BUF_CEILING_LINE);
	text_add_shown(&shown, title, length, !term->caps.utf8);
	if (shown.error == ERR_OK && strcmp(buf_text(&shown), term->title) != 0) {
		buf_addf(&bytes, "\033]2;%s\a", buf_text(&shown));
		if (send_buf(term, &bytes) == ERR_OK)
			snprintf(term->title, sizeof term->title, "%s", buf_text(&shown));
	}
	buf_fini(&shown);
	buf_fini(&bytes);
}

void term_bell(struct term *term)
{
	if (term->entered && line_send(&term->line, "\a", 1) != ERR_OK)
		term->behind = true;
}

void term_set_mouse(struct term *term, bool on)
{
	const char *bytes = on ? TERM_MOUSE_ON : TERM_MOUSE_OFF;

	on = on && term->caps.mouse;
	if (on == term->mouse)
		return;
	term->mouse = on;
	if (term->entered && line_send(&term->line, bytes, strlen(bytes)) != ERR_OK)
		term->behind = true;
}

/* tmux takes the sequence itself or, when it is told to stay out of it, hands on what is wrapped; what it does not want it drops, so both are sent. */
static void add_tmux(struct buf *out, const char *sequence)
{
	buf_adds(out, sequence);
	buf_adds(out, "\033Ptmux;\033");
	buf_adds(out, sequence);
	buf_adds(out, "\033\\");
}

/* screen hands on the content of device control strings, piece by piece. */
static void add_screen(struct buf *out, const char *sequence)
{
	size_t length = strlen(sequence);

	for (size_t at = 0; at < length; at += SCREEN_CHUNK) {
		buf_adds(out, "\033P");
		buf_add(out, sequence + at, MIN(length - at, (size_t)SCREEN_CHUNK));
		buf_adds(out, "\033\\");
	}
}

int term_copy(struct term *term, const char *text, size_t length)
{
	struct buf sequence, out;
	char *base64;
	int err;

	if (!term->caps.clipboard || !term->entered)
		return ERR_UNSUPPORTED;
	if (length > CLIPBOARD_MOST)
		return ERR_TOO_BIG;
	buf_init(&sequence, BUF_CEILING_LINE);
	buf_init(&out, BUF_CEILING_LINE);
	base64 = g_base64_encode((const guchar *)text, length);
	buf_adds(&sequence, "\033]52;c;");
	buf_adds(&sequence, base64);
	buf_adds(&sequence, "\a");
	if (term->traits.tmux)
		add_tmux(&out, buf_text(&sequence));
	else if (term->traits.family == FAMILY_SCREEN)
		add_screen(&out, buf_text(&sequence));
	else
		buf_adds(&out, buf_text(&sequence));
	err = send_buf(term, &out);
	g_free(base64);
	buf_fini(&sequence);
	buf_fini(&out);
	return err;
}
