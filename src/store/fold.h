/* Text as the search sees it: case folded, one form of each character; and the pieces of it that the index is made of.
 *
 * The index knows runs of up to four characters, counted from every place of a text, so the last places give shorter runs. A part of four characters or more
 * is found by its runs, a shorter one as the beginning of runs. (Runs of three make lists so long that walking them costs more than it saves.) What is not part of a text (a method, a unit's id) is indexed whole, as a mark.
 */
#ifndef LODGE_STORE_FOLD_H
#define LODGE_STORE_FOLD_H

#include "base/buf.h"
#include "base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#define FOLD_RUN_CHARS 4
#define FOLD_RUNS_MOST 12
#define FOLD_MARK '\x01' /* begins a mark; no inert text holds it */

/* Whether the text is valid and inert (base/text.h): what comes from a file may be anything. */
bool fold_is_inert(const char *text, size_t length);

/* Appends the text as it is compared. NULL adds nothing. */
void fold_add(struct buf *out, const char *text);

/* What is searched for. */
struct fold_part {
	struct buf text; /* folded */
	size_t chars;
	bool ascii;
};

/* Controls in `text` are made inert first, as they are in the rows. */
void fold_part_init(struct fold_part *part, const char *text);
void fold_part_fini(struct fold_part *part);
/* Whether the text holds the part; `scratch` is used for folding. */
bool fold_holds(const struct fold_part *part, const char *text, struct buf *scratch);

/* A document for the index: texts first, then marks. */
void fold_document_text(struct buf *document, const char *text);
void fold_document_marks(struct buf *document); /* from here on marks */
void fold_document_mark(struct buf *document, char kind, const char *text);
/* The mark alone, into `out`: long texts are shortened to a hash. */
void fold_mark(struct buf *out, char kind, const char *text);

/* A token for MATCH, quoted. */
void fold_quote(struct buf *out, const char *token, size_t length);

struct fold_run {
	const char *text; /* in the part */
	size_t length;
};

/* Runs that every text has which holds the part: all, or some of a long one; none of a part that is shorter than a run. Returns how many. */
size_t fold_runs(const struct fold_part *part, struct fold_run runs[FOLD_RUNS_MOST]);

/* Makes the tokenizer "lodge" known to the connection. ERR_UNSUPPORTED when this SQLite has no FTS5. */
int fold_register(sqlite3 *sqlite) LODGE_MUST_USE;

#endif
