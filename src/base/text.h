/* Text from outside, made safe at the border; width and cutting by what a terminal shows.
 *
 * Inert text. A vendor's text may hold control characters (an escape sequence in a name). text_inert()
 * keeps what was sent but makes it harmless: every character that could act on a terminal (C0, DEL, C1,
 * U+2028/2029, the bidirectional controls U+061C U+200E U+200F U+202A–202E U+2066–2069, U+FEFF) is moved by
 * TEXT_INERT_BASE into a private plane; invalid UTF-8 becomes U+FFFD. So any code may copy, compare or print
 * such text without thinking. Two writers undo it: JSON output, which escapes the character (contract:
 * "escaped as JSON demands"), and request paths, which percent-encode it. A character that a vendor sends
 * from the private range itself becomes U+FFFD.
 */
#ifndef LODGE_BASE_TEXT_H
#define LODGE_BASE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_INERT_BASE 0xF0000u

/* True for the characters listed above. */
bool text_is_control(uint32_t codepoint);

/* The character that an inert one stands for, or the argument itself. */
uint32_t text_original(uint32_t codepoint);

/* Reads one character of UTF-8. Returns the bytes used (at least 1 while length > 0); *codepoint is
 * 0xFFFD for an invalid byte (then 1 byte is used). */
size_t text_decode(const char *text, size_t length, uint32_t *codepoint);

/* Writes a character as UTF-8 to out (4 bytes suffice). Returns the bytes written. */
size_t text_encode(uint32_t codepoint, char out[4]);

/* Copies text into the arena as inert text. NULL when text is NULL or the arena is full. */
char *text_inert(struct arena *arena, const char *text, size_t length);

/* The same, appended to a buffer. */
void text_add_inert(struct buf *buf, const char *text, size_t length);

/* How inert text is shown: controls become control pictures (U+241B for ESC), others U+FFFD; in `ascii`
 * everything above 0x7E becomes its base letter (é → e) where there is one, else '?'. The result holds no
 * control character and, in ascii, no byte above 0x7E. Raw text may be given too. */
void text_add_shown(struct buf *buf, const char *text, size_t length, bool ascii);

/* Cells that text_add_shown's result takes, by grapheme cluster (utf8proc); never negative. */
size_t text_width(const char *text, size_t length);

/* The bytes of the longest prefix of whole grapheme clusters that fits `cells`; *used gets its cells. */
size_t text_fit(const char *text, size_t length, size_t cells, size_t *used);

/* The bytes of the grapheme cluster that begins the text (0 at its end); *cells gets the cells it takes, 0 to 2. */
size_t text_cluster(const char *text, size_t length, unsigned *cells);

/* Appends text cut or padded with blanks to exactly `cells`. A cut ends in '…' (ascii: '~'). `right` pads on
 * the left. */
void text_add_cell(struct buf *buf, const char *text, size_t cells, bool right, bool ascii);

/* Edit distance (Damerau, bytes, case-insensitive) for "did you mean"; capped at 255, which is also
 * what two different texts give of which one is longer than that. */
unsigned text_distance(const char *a, const char *b);

/* The name nearest to `word` among `names` (NULL-terminated), or NULL when none is near enough to suggest. */
const char *text_nearest(const char *word, const char *const *names);

/* Percent-encodes one path segment or query value (RFC 3986 unreserved stay), inert characters restored. */
void text_add_percent(struct buf *buf, const char *text);

/* Locale-independent number with the fewest digits that read back as the same double; "-0" becomes "0".
 * Not a number and infinities give "null". */
void text_add_number(struct buf *buf, double value);

/* Locale-independent strtod over the whole string; false when anything is left over or it is not finite.
 * Decimal notation only: no white space, hexadecimal, "inf" or "nan". */
bool text_number(const char *text, double *value);

#endif
