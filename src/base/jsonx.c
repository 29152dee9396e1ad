#include "base/jsonx.h"

#include "base/jsonx_scan.h"
#include "base/moment.h"
#include "base/text.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* cJSON hands no context to its allocation hooks, so the arena of the parse that runs on this thread has to
 * be found here. This is the program's one variable outside a struct; it is set only for the length of one
 * call. */
static _Thread_local struct arena *current_arena;

static void *hook_malloc(size_t size)
{
	struct arena *arena = current_arena;
	return arena ? arena_alloc(arena, size) : malloc(size);
}

static void hook_free(void *bytes)
{
	if (!current_arena)
		free(bytes);
}

void jsonx_setup(void)
{
	cJSON_Hooks hooks = {.malloc_fn = hook_malloc, .free_fn = hook_free};
	cJSON_InitHooks(&hooks);
}

/* A node with a key, a text and their padding; the bytes of the texts come from the document itself. */
#define NODE_BYTES (sizeof(cJSON) + 64)
#define CEILING ((size_t)JSONX_NODES * NODE_BYTES + BUF_CEILING_BODY)

void jsonx_init(struct jsonx *doc)
{
	doc->root = NULL;
	arena_init(&doc->arena, CEILING);
	arena_init(&doc->names, BUF_CEILING_BODY + 64);
}

void jsonx_fini(struct jsonx *doc)
{
	doc->root = NULL;
	arena_fini(&doc->arena);
	arena_fini(&doc->names);
}

/* Parses exactly the extent. NULL when cJSON refuses it or does not reach its end; *at (may be NULL) is how
 * far it came. As the extent is given with its length and ends with its own last byte, cJSON never looks
 * beyond it. */
static const cJSON *parse_extent(struct arena *arena, const struct jsonx_extent *extent,
				 const unsigned char **at)
{
	const char *start = (const char *)extent->start, *end = NULL;
	/* cJSON would skip a BOM before every value that it is given. */
	if (at)
		*at = extent->start;
	if (*extent->start >= 0x80)
		return NULL;
	current_arena = arena;
	cJSON *root = cJSON_ParseWithLengthOpts(start, extent->length, &end, 0);
	current_arena = NULL;
	if (at && end)
		*at = (const unsigned char *)end;
	return root && end == start + extent->length ? root : NULL;
}

/* "\ud83d" at p, or another half of a pair; 0 when it is none. */
static unsigned surrogate_at(const unsigned char *p, const unsigned char *end)
{
	unsigned value = 0;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return 0;
	for (int i = 2; i < 6; i++) {
		if (!g_ascii_isxdigit((char)p[i]))
			return 0;
		value = value * 16 + (unsigned)g_ascii_xdigit_value((char)p[i]);
	}
	return value >= 0xD800 && value <= 0xDFFF ? value : 0;
}

/* Half a pair is valid JSON (RFC 8259 §8.2) but no character: one such name must not cost the whole list. Replaces each by U+FFFD, in as many bytes. False when
 * there was none. */
static bool mend_surrogates(unsigned char *bytes, size_t length)
{
	const unsigned char *end = bytes + length;
	bool mended = false;

	for (unsigned char *p = bytes; p < end; p++) {
		unsigned first, second;

		if (*p != '\\')
			continue;
		first = surrogate_at(p, end);
		if (first == 0) {
			p++; /* whatever is escaped is no escape itself */
			continue;
		}
		second = end - p > 6 ? surrogate_at(p + 6, end) : 0;
		if (first < 0xDC00 && second >= 0xDC00) {
			p += 11;
			continue;
		}
		memcpy(p + 2, "fffd", 4);
		mended = true;
		p += 5;
	}
	return mended;
}

/* The same, once more without halves of pairs when they may be what is wrong. */
static const cJSON *parse_mended(struct arena *arena, const struct jsonx_extent *extent,
				 const unsigned char **at)
{
	const cJSON *root = parse_extent(arena, extent, at);
	struct jsonx_extent mended = *extent;
	unsigned char *copy;

	if (root || !memchr(extent->start, '\\', extent->length))
		return root;
	copy = arena_alloc(arena, extent->length);
	if (!copy)
		return NULL;
	memcpy(copy, extent->start, extent->length);
	mended.start = copy;
	return mend_surrogates(copy, extent->length) ? parse_extent(arena, &mended, NULL) : NULL;
}

static struct jsonx_scan scan_of(const char *bytes, size_t length)
{
	if (!bytes) {
		bytes = "";
		length = 0;
	}
	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		bytes += 3;
		length -= 3;
	}
	const unsigned char *start = (const unsigned char *)bytes;
	return (struct jsonx_scan){.start = start, .at = start, .end = start + length};
}

static int fault(struct problem *problem, const struct jsonx_scan *scan, const char *why)
{
	return problem_set(problem, ERR_PARSE, NULL, NULL, "%s at byte %zu of %zu", why,
			   (size_t)(scan->at - scan->start), (size_t)(scan->end - scan->start));
}

/* A value takes two bytes at least, with its comma; only what is long enough needs to be counted. */
static bool too_many(const struct jsonx_extent *extent)
{
	return extent->length / 2 >= JSONX_NODES && jsonx_scan_count(extent) > JSONX_NODES;
}

static int check_extent(const struct jsonx_extent *extent, struct problem *problem)
{
	if (extent->depth > JSONX_DEPTH)
		return problem_set(problem, ERR_TOO_DEEP, NULL, NULL,
				   "JSON nested %u deep, at most %d are read", extent->depth, JSONX_DEPTH);
	if (too_many(extent))
		return problem_set(problem, ERR_TOO_BIG, NULL, NULL, "JSON of more than %u values",
				   JSONX_NODES);
	return ERR_OK;
}

static const char *scan_why(const struct jsonx_scan *scan)
{
	return scan->at == scan->end ? "JSON ends too early" : "JSON is malformed";
}

static int scan_end(struct jsonx_scan *scan, struct problem *problem)
{
	jsonx_scan_blank(scan);
	return scan->at == scan->end ? ERR_OK : fault(problem, scan, "something follows the JSON");
}

int jsonx_parse(struct jsonx *doc, const char *bytes, size_t length, struct problem *problem)
{
	doc->root = NULL;
	arena_reset(&doc->arena);
	struct jsonx_scan scan = scan_of(bytes, length);
	struct jsonx_extent extent;
	if (length > BUF_CEILING_BODY)
		return problem_set(problem, ERR_TOO_BIG, NULL, NULL, "JSON of %zu bytes, at most %u are read",
				   length, BUF_CEILING_BODY);
	if (jsonx_scan_value(&scan, &extent) != ERR_OK)
		return fault(problem, &scan, scan_why(&scan));
	int err = scan_end(&scan, problem);
	if (err == ERR_OK)
		err = check_extent(&extent, problem);
	if (err != ERR_OK)
		return err;
	doc->root = parse_mended(&doc->arena, &extent, &scan.at);
	if (doc->arena.full)
		return problem_set(problem, ERR_TOO_BIG, NULL, NULL,
				   "JSON needs more memory than it may have");
	return doc->root ? ERR_OK : fault(problem, &scan, "JSON is malformed");
}

/* One walk over a large answer. */
struct walk {
	struct jsonx *doc;
	struct jsonx_scan scan;
	jsonx_row_fn row;
	void *ctx;
	unsigned bad, rows;
	struct problem *problem;
};

static int walk_value(struct walk *walk, const char *member, bool in_array)
{
	struct jsonx_extent extent;
	if (jsonx_scan_value(&walk->scan, &extent) != ERR_OK)
		return fault(walk->problem, &walk->scan, scan_why(&walk->scan));
	if (++walk->rows > JSONX_ROWS)
		return problem_set(walk->problem, ERR_TOO_BIG, NULL, NULL, "more than %u rows", JSONX_ROWS);
	if (extent.depth > JSONX_DEPTH || too_many(&extent)) {
		walk->bad++;
		return ERR_OK;
	}
	arena_reset(&walk->doc->arena);
	const cJSON *element = parse_mended(&walk->doc->arena, &extent, NULL);
	if (!element) {
		walk->bad++;
		return ERR_OK;
	}
	return walk->row(walk->ctx, member, in_array, element);
}

/* After a value: true when another follows, false at the closing bracket, which is passed. */
static int walk_comma(struct walk *walk, unsigned char close, bool *more)
{
	struct jsonx_scan *scan = &walk->scan;
	jsonx_scan_blank(scan);
	if (scan->at == scan->end || (*scan->at != ',' && *scan->at != close))
		return fault(walk->problem, scan, scan_why(scan));
	*more = *scan->at++ == ',';
	return ERR_OK;
}

/* Passes the opening bracket; false in *more when the closing one follows at once. */
static void walk_open(struct walk *walk, unsigned char close, bool *more)
{
	struct jsonx_scan *scan = &walk->scan;
	scan->at++;
	jsonx_scan_blank(scan);
	*more = scan->at == scan->end || *scan->at != close;
	if (!*more)
		scan->at++;
}

static int walk_array(struct walk *walk, const char *member)
{
	bool more;
	int err = ERR_OK;
	walk_open(walk, ']', &more);
	while (more && err == ERR_OK) {
		err = walk_value(walk, member, true);
		if (err == ERR_OK)
			err = walk_comma(walk, ']', &more);
	}
	return err;
}

/* The key, unescaped, kept until the next one. */
static int walk_key(struct walk *walk, const char **key)
{
	struct jsonx_scan *scan = &walk->scan;
	struct jsonx_extent extent;
	jsonx_scan_blank(scan);
	if (scan->at == scan->end || *scan->at != '"' || jsonx_scan_value(scan, &extent) != ERR_OK)
		return fault(walk->problem, scan, scan_why(scan));
	arena_reset(&walk->doc->names);
	const cJSON *name = parse_mended(&walk->doc->names, &extent, NULL);
	jsonx_scan_blank(scan);
	if (!name || scan->at == scan->end || *scan->at != ':')
		return fault(walk->problem, scan, scan_why(scan));
	scan->at++;
	jsonx_scan_blank(scan);
	*key = name->valuestring;
	return ERR_OK;
}

static int walk_object(struct walk *walk)
{
	bool more;
	int err = ERR_OK;
	walk_open(walk, '}', &more);
	while (more && err == ERR_OK) {
		const char *key = "";
		err = walk_key(walk, &key);
		if (err != ERR_OK)
			break;
		bool array = walk->scan.at < walk->scan.end && *walk->scan.at == '[';
		err = array ? walk_array(walk, key) : walk_value(walk, key, false);
		if (err == ERR_OK)
			err = walk_comma(walk, '}', &more);
	}
	return err;
}

/* A document that is neither object nor array. A refused one is no bad row: all of it is no JSON, such as a
 * page of a proxy. */
static int walk_scalar(struct walk *walk)
{
	int err = walk_value(walk, "", false);
	return err == ERR_OK && walk->bad ? fault(walk->problem, &walk->scan, "JSON is malformed") : err;
}

int jsonx_each_row(struct jsonx *doc, const char *bytes, size_t length, jsonx_row_fn row, void *ctx,
		   unsigned *bad, struct problem *problem)
{
	struct walk walk = {
		.doc = doc, .scan = scan_of(bytes, length), .row = row, .ctx = ctx, .problem = problem};
	doc->root = NULL;
	jsonx_scan_blank(&walk.scan);
	unsigned char first = walk.scan.at < walk.scan.end ? *walk.scan.at : 0;
	int err = first == '{'   ? walk_object(&walk)
		  : first == '[' ? walk_array(&walk, "")
				 : walk_scalar(&walk);
	if (err == ERR_OK)
		err = scan_end(&walk.scan, problem);
	if (bad)
		*bad = walk.bad;
	return err;
}

const cJSON *jsonx_get(const cJSON *object, const char *key)
{
	if (!cJSON_IsObject(object) || !key)
		return NULL;
	for (const cJSON *item = object->child; item; item = item->next)
		if (item->string && strcmp(item->string, key) == 0)
			return item;
	return NULL;
}

const cJSON *jsonx_path(const cJSON *object, const char *dotted)
{
	while (object && dotted) {
		const char *dot = strchr(dotted, '.');
		if (!dot)
			return jsonx_get(object, dotted);
		size_t length = (size_t)(dot - dotted);
		const cJSON *item = cJSON_IsObject(object) ? object->child : NULL;
		while (item &&
		       !(item->string && strncmp(item->string, dotted, length) == 0 && !item->string[length]))
			item = item->next;
		object = item;
		dotted = dot + 1;
	}
	return NULL;
}

const char *jsonx_str(const cJSON *item)
{
	return cJSON_IsString(item) && item->valuestring && item->valuestring[0] ? item->valuestring : NULL;
}

double jsonx_num(const cJSON *item)
{
	double number;
	/* cJSON reads 1e999 as infinity; no measure is. */
	if (cJSON_IsNumber(item))
		return isfinite(item->valuedouble) ? item->valuedouble : NAN;
	return text_number(jsonx_str(item), &number) ? number : NAN;
}

int jsonx_truthy(const cJSON *item)
{
	static const char *const yes[] = {"true", "yes", "1"}, *const no[] = {"false", "no", "0"};
	if (cJSON_IsBool(item))
		return cJSON_IsTrue(item) ? 1 : 0;
	if (cJSON_IsNumber(item))
		return item->valuedouble == 1 ? 1 : item->valuedouble == 0 ? 0 : -1;
	const char *text = jsonx_str(item);
	for (size_t i = 0; text && i < G_N_ELEMENTS(yes); i++) {
		if (g_ascii_strcasecmp(text, yes[i]) == 0)
			return 1;
		if (g_ascii_strcasecmp(text, no[i]) == 0)
			return 0;
	}
	return -1;
}

int64_t jsonx_moment(const cJSON *item)
{
	if (cJSON_IsNumber(item))
		return moment_from_number(item->valuedouble);
	return moment_parse(jsonx_str(item));
}
