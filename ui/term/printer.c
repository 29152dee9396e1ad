/* The printer that a terminal has (terminfo mc4, mc5: xterm, the VT family, many emulators that print on the person's own machine). */
#include "ui/term/term_private.h"

#include "base/text.h"

#include <string.h>

int term_print(struct term *term, const char *text, size_t length)
{
	const char *on = curses_string(term->screen, "mc5"), *off = curses_string(term->screen, "mc4");
	struct buf bytes;
	int error;

	if (!term->entered || on == NULL || off == NULL)
		return ERR_UNSUPPORTED;
	buf_init(&bytes, BUF_CEILING_OUTPUT);
	buf_adds(&bytes, on);
	for (const char *line = text, *end = text + length; line < end;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t n = stop == NULL ? (size_t)(end - line) : (size_t)(stop - line);

		text_add_shown(&bytes, line, n, !term->caps.utf8); /* nothing may end the printing but us */
		buf_adds(&bytes, "\r\n");
		line += n + 1;
	}
	buf_addc(&bytes, '\f');
	buf_adds(&bytes, off);
	error = bytes.error != ERR_OK ? bytes.error : line_send(&term->line, bytes.data, bytes.length);
	buf_fini(&bytes);
	return error;
}
