#include "store/fold.h"

#include "base/text.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define FIELD_END '\x1f'
#define TEXTS_END '\x1e'
#define MARK_MOST 48 /* longer marks are hashed */
#define RUNS_MOST 8  /* of a part; the rows are compared afterwards anyway */
#define PART_CEILING 4096

static bool is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

bool fold_is_inert(const char *text, size_t length)
{
	size_t at = 0;
	uint32_t c;

	while (at < length) {
		if (text[at] >= 0x20 && text[at] < 0x7F) {
			at++;
			continue;
		}
		size_t bytes = text_decode(text + at, length - at, &c);

		/* A real U+FFFD takes three bytes. */
		if ((c == 0xFFFD && bytes == 1) || text_is_control(c) ||
		    (c >= TEXT_INERT_BASE && c <= TEXT_INERT_BASE + 0xFFFF && text_original(c) == c))
			return false;
		at += bytes;
	}
	return true;
}

void fold_add(struct buf *out, const char *text)
{
	size_t length = text == NULL ? 0 : strlen(text);
	utf8proc_uint8_t *folded = NULL;

	if (length == 0 || out->error != ERR_OK || buf_reserve(out, length) != ERR_OK)
		return;
	if (is_ascii(text, length)) {
		for (size_t i = 0; i < length; i++)
			out->data[out->length + i] = g_ascii_tolower(text[i]);
		out->length += length;
		out->data[out->length] = '\0';
		return;
	}
	utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length,
					     &folded, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
	if (size >= 0)
		buf_add(out, folded, (size_t)size);
	else
		buf_add(out, text, length);
	free(folded);
}

static size_t count_chars(const char *text, size_t length)
{
	size_t n = 0;
	uint32_t c;

	for (size_t at = 0; at < length; n++)
		at += text_decode(text + at, length - at, &c);
	return n;
}

void fold_part_init(struct fold_part *part, const char *text)
{
	struct buf inert;

	buf_init(&inert, PART_CEILING);
	buf_init(&part->text, PART_CEILING);
	text_add_inert(&inert, text, strlen(text));
	fold_add(&part->text, buf_text(&inert));
	buf_fini(&inert);
	part->chars = count_chars(buf_text(&part->text), part->text.length);
	part->ascii = is_ascii(buf_text(&part->text), part->text.length);
}

void fold_part_fini(struct fold_part *part) { buf_fini(&part->text); }

bool fold_holds(const struct fold_part *part, const char *text, struct buf *scratch)
{
	if (text == NULL)
		return false;
	buf_reset(scratch);
	fold_add(scratch, text);
	return scratch->length >= part->text.length &&
	       memmem(buf_text(scratch), scratch->length, buf_text(&part->text), part->text.length) != NULL;
}

void fold_document_text(struct buf *document, const char *text)
{
	fold_add(document, text);
	buf_addc(document, FIELD_END);
}

void fold_document_marks(struct buf *document) { buf_addc(document, TEXTS_END); }

void fold_mark(struct buf *out, char kind, const char *text)
{
	size_t length = strlen(text);
	guint64 hash = G_GUINT64_CONSTANT(14695981039346656037);

	buf_addc(out, FOLD_MARK);
	buf_addc(out, kind);
	if (length <= MARK_MOST) {
		buf_add(out, text, length);
		return;
	}
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * G_GUINT64_CONSTANT(1099511628211);
	buf_addf(out, "%c%016" G_GINT64_MODIFIER "x", FOLD_MARK, hash);
}

void fold_document_mark(struct buf *document, char kind, const char *text)
{
	if (text == NULL)
		return;
	fold_mark(document, kind, text);
	buf_addc(document, FIELD_END);
}

void fold_quote(struct buf *out, const char *token, size_t length)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < length; i++) {
		if (token[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, token[i]);
	}
	buf_addc(out, '"');
}

/* The bytes of up to `most` characters. */
static size_t run_length(const char *text, size_t length, size_t most)
{
	size_t at = 0;
	uint32_t c;

	for (size_t i = 0; i < most && at < length; i++)
		at += text_decode(text + at, length - at, &c);
	return at;
}

size_t fold_runs(const struct fold_part *part, struct fold_run runs[FOLD_RUNS_MOST])
{
	const char *text = buf_text(&part->text);
	size_t length = part->text.length, at = 0, all, n = 0;

	if (part->chars < FOLD_RUN_CHARS)
		return 0;
	all = part->chars - FOLD_RUN_CHARS + 1;
	for (size_t i = 0; i < all; i++) {
		/* Spread evenly, the first and the last among them. */
		if (all <= FOLD_RUNS_MOST || i == n * (all - 1) / (FOLD_RUNS_MOST - 1))
			runs[n++] = (struct fold_run){text + at,
						      run_length(text + at, length - at, FOLD_RUN_CHARS)};
		at += run_length(text + at, length - at, 1);
	}
	return n;
}

/* --- the tokenizer --- */

typedef int token_fn(void *ctx, int flags, const char *token, int length, int start, int end);

static int emit(token_fn *token, void *ctx, const char *text, size_t at, size_t length)
{
	return token(ctx, 0, text + at, (int)length, (int)at, (int)(at + length));
}

static int emit_runs(token_fn *token, void *ctx, const char *text, size_t at, size_t end)
{
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && at < end) {
		rc = emit(token, ctx, text, at, run_length(text + at, end - at, FOLD_RUN_CHARS));
		at += run_length(text + at, end - at, 1);
	}
	return rc;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *ctx, int flags, const char *text, int size,
		    token_fn *token)
{
	size_t length = size > 0 ? (size_t)size : 0, at = 0;
	bool marks = false;
	int rc = SQLITE_OK;

	(void)tokenizer;
	if (flags & FTS5_TOKENIZE_QUERY)
		return length > 0 ? emit(token, ctx, text, 0, length) : SQLITE_OK;
	while (rc == SQLITE_OK && at < length) {
		if (text[at] == TEXTS_END && !marks) {
			marks = true;
			at++;
			continue;
		}
		const char *stop = memchr(text + at, FIELD_END, length - at);
		size_t end = stop == NULL ? length : (size_t)(stop - text);

		if (marks)
			rc = end > at ? emit(token, ctx, text, at, end - at) : SQLITE_OK;
		else
			rc = emit_runs(token, ctx, text, at, end);
		at = end + 1;
	}
	return rc;
}

static int create(void *ctx, const char **arguments, int n, Fts5Tokenizer **out)
{
	static const char nothing;

	(void)ctx, (void)arguments, (void)n;
	/* It has no state, but FTS5 takes NULL for a failure. */
	*out = (Fts5Tokenizer *)(void *)&nothing;
	return SQLITE_OK;
}

static void destroy(Fts5Tokenizer *tokenizer) { (void)tokenizer; }

int fold_register(sqlite3 *sqlite)
{
	fts5_tokenizer functions = {.xCreate = create, .xDelete = destroy, .xTokenize = tokenize};
	sqlite3_stmt *statement = NULL;
	fts5_api *api = NULL;

	if (sqlite3_prepare_v2(sqlite, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL) == SQLITE_OK)
		sqlite3_step(statement);
	sqlite3_finalize(statement);
	if (api == NULL || api->iVersion < 2 ||
	    api->xCreateTokenizer(api, "lodge", NULL, &functions, NULL) != SQLITE_OK)
		return ERR_UNSUPPORTED;
	return ERR_OK;
}
