#include "sim/butlr_page.h"

#include "sim/butlr.h"

#include <string.h>

/* Opaque, and with characters that must be escaped in a query. */
static char *make_cursor(const char *kind, uint64_t offset)
{
	char *text = g_strdup_printf("%s>>%" G_GUINT64_FORMAT "?", kind, offset);
	char *cursor = g_base64_encode((const unsigned char *)text, strlen(text));

	g_free(text);
	return cursor;
}

static bool read_cursor(const char *kind, const char *cursor, uint64_t *offset)
{
	size_t length = 0;
	unsigned char *bytes = g_base64_decode(cursor, &length);
	char *text = g_strndup((const char *)bytes, length), *rest = NULL;
	size_t n = strlen(kind);
	bool good = g_str_has_prefix(text, kind) && strncmp(text + n, ">>", 2) == 0;

	if (good) {
		*offset = g_ascii_strtoull(text + n + 2, &rest, 10);
		good = *rest == '?';
	}
	g_free(bytes);
	g_free(text);
	return good;
}

static void write_ends(struct jsonw *w, const char *next, const char *prev)
{
	jsonw_kstr(w, "next", next ? next : "");
	jsonw_kstr(w, "prev", prev ? prev : "");
}

void sim_butlr_page(struct sim_call *call, const struct sim_page *page)
{
	const struct sim_faults *faults = sim_butlr_faults(sim_butlr_of(call));
	bool endless = sim_faults_on(faults, SIM_FAULT_ENDLESS_PAGES) && page->count > 0;
	uint64_t size = (uint64_t)faults->value[SIM_FAULT_PAGE_SIZE], offset = 0;
	const char *cursor = sim_call_query(call, "next");
	struct jsonw *w = &call->json;
	char *next = NULL, *prev = NULL;

	if (cursor && *cursor && !read_cursor(page->kind, cursor, &offset)) {
		sim_butlr_invalid(call, "the cursor is not one of this list");
		return;
	}
	if (size == 0)
		size = endless ? 10 : page->count;

	uint64_t end = offset + size;

	if (!endless)
		end = MIN(end, page->count);
	if (endless || end < page->count)
		next = make_cursor(page->kind, end);
	if (offset > 0)
		prev = make_cursor(page->kind, offset > size ? offset - size : 0);
	jsonw_open(w, '{');
	if (!page->data_first && !page->bare)
		write_ends(w, next, prev);
	jsonw_key(w, "data");
	jsonw_open(w, '[');
	for (uint64_t i = offset; i < end; i++)
		page->write(call, page->context, (unsigned)(i % page->count));
	jsonw_close(w, ']');
	if (page->data_first || (page->bare && (next || prev)))
		write_ends(w, next, prev);
	jsonw_close(w, '}');
	g_free(next);
	g_free(prev);
}
