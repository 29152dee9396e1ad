#include "api/butlr/tree.h"

#include <string.h>

#define DEPTH 12 /* of what is built here */

struct build {
	struct arena *arena;
	struct jsonx_scan scan;
};

static cJSON *build_value(struct build *build, unsigned depth);

static cJSON *new_node(struct build *build, int type)
{
	cJSON *node = arena_alloc(build->arena, sizeof(*node));

	if (node != NULL) {
		memset(node, 0, sizeof(*node));
		node->type = type;
	}
	return node;
}

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* Not 0 when one of the eight bytes is 0. */
static uint64_t zero_byte(uint64_t bytes) { return (bytes - EACH_BYTE) & ~bytes & EACH_BYTE << 7; }

/* The first quote, backslash or NUL; eight bytes at a time, as most of an estate is ids. */
static const unsigned char *text_end(const unsigned char *at, const unsigned char *end)
{
	while (end - at >= 8) {
		uint64_t bytes;
		memcpy(&bytes, at, sizeof(bytes));
		if ((zero_byte(bytes) | zero_byte(bytes ^ EACH_BYTE * '"') |
		     zero_byte(bytes ^ EACH_BYTE * '\\')) != 0)
			break;
		at += 8;
	}
	while (at < end && *at != '"' && *at != '\\' && *at != '\0')
		at++;
	return at;
}

/* A string without escapes, copied. */
static char *build_text(struct build *build)
{
	const unsigned char *start = build->scan.at + 1, *end = build->scan.end, *at = text_end(start, end);
	size_t length;
	char *text;

	if (at >= end || *at != '"')
		return NULL;
	length = (size_t)(at - start);
	text = arena_alloc(build->arena, length + 1);
	if (text == NULL)
		return NULL;
	memcpy(text, start, length);
	text[length] = '\0';
	build->scan.at = at + 1;
	return text;
}

static cJSON *build_string(struct build *build)
{
	cJSON *node = new_node(build, cJSON_String);

	if (node == NULL)
		return NULL;
	node->valuestring = build_text(build);
	return node->valuestring == NULL ? NULL : node;
}

static cJSON *build_word(struct build *build, const char *word, int type)
{
	size_t length = strlen(word);

	if ((size_t)(build->scan.end - build->scan.at) < length || memcmp(build->scan.at, word, length) != 0)
		return NULL;
	build->scan.at += length;
	return new_node(build, type);
}

static cJSON *build_number(struct build *build)
{
	cJSON *node = new_node(build, cJSON_Number);

	return node != NULL && butlr_walk_number(&build->scan, &node->valuedouble) ? node : NULL;
}

static bool build_key(struct build *build, char **key)
{
	if (butlr_walk_peek(&build->scan) != '"')
		return false;
	*key = build_text(build);
	if (*key == NULL || butlr_walk_peek(&build->scan) != ':')
		return false;
	build->scan.at++;
	return true;
}

/* Elements or members up to the closing bracket, linked as cJSON does it: the first one's prev is the last one. */
static cJSON *build_container(struct build *build, unsigned depth)
{
	bool object = *build->scan.at == '{';
	unsigned char close = object ? '}' : ']', next;
	cJSON *node = new_node(build, object ? cJSON_Object : cJSON_Array);

	build->scan.at++;
	if (node == NULL || depth == 0)
		return NULL;
	if (butlr_walk_peek(&build->scan) == close) {
		build->scan.at++;
		return node;
	}
	do {
		char *key = NULL;
		cJSON *child = !object || build_key(build, &key) ? build_value(build, depth - 1) : NULL;
		if (child == NULL)
			return NULL;
		child->string = key;
		if (node->child == NULL) {
			node->child = child;
		} else {
			child->prev = node->child->prev;
			child->prev->next = child;
		}
		node->child->prev = child;
		next = butlr_walk_peek(&build->scan);
		build->scan.at += next != 0;
	} while (next == ',');
	return next == close ? node : NULL;
}

/* NULL: not of the plain kind. */
static cJSON *build_value(struct build *build, unsigned depth)
{
	switch (butlr_walk_peek(&build->scan)) {
	case '"':
		return build_string(build);
	case '{':
	case '[':
		return build_container(build, depth);
	case 't':
		return build_word(build, "true", cJSON_True);
	case 'f':
		return build_word(build, "false", cJSON_False);
	case 'n':
		return build_word(build, "null", cJSON_NULL);
	default:
		return build_number(build);
	}
}

const cJSON *butlr_tree(struct jsonx *doc, struct jsonx_scan *scan, bool *passed, int *err)
{
	struct build build = {.arena = &doc->arena, .scan = *scan};
	struct jsonx_extent extent;
	const cJSON *root;
	unsigned char next;

	arena_reset(&doc->arena);
	doc->root = NULL;
	*err = ERR_OK;
	*passed = true;
	root = build_value(&build, DEPTH);
	next = butlr_walk_peek(&build.scan);
	if (root != NULL && (next == ',' || next == ']' || next == '}')) {
		*scan = build.scan;
		return root;
	}
	*err = jsonx_scan_value(scan, &extent);
	*passed = *err == ERR_OK;
	if (*passed)
		*err = jsonx_parse(doc, (const char *)extent.start, extent.length, NULL);
	return doc->root;
}
