#include "base/jsonx_scan.h"

#include <stdbool.h>

enum class { PLAIN, BLANK, QUOTE, ESCAPE, MARK, OPEN, CLOSE };

static const unsigned char classes[256] = {
	['\t'] = BLANK, ['\n'] = BLANK, ['\r'] = BLANK, [' '] = BLANK, ['"'] = QUOTE, ['\\'] = ESCAPE,
	[','] = MARK,   [':'] = MARK,   ['['] = OPEN,   ['{'] = OPEN,  [']'] = CLOSE, ['}'] = CLOSE,
};

/* True for what matters within a container: strings and brackets. */
static const bool stops[256] = {
	['"'] = true, ['['] = true, ['{'] = true, [']'] = true, ['}'] = true,
};

void jsonx_scan_blank(struct jsonx_scan *scan)
{
	while (scan->at < scan->end && classes[*scan->at] == BLANK)
		scan->at++;
}

/* From after the opening quote to after the closing one; NULL when it does not come. */
static const unsigned char *pass_string(const unsigned char *p, const unsigned char *end)
{
	for (;;) {
		while (p < end && *p != '"' && *p != '\\')
			p++;
		if (p == end)
			return NULL;
		if (*p == '"')
			return p + 1;
		if (end - p < 2)
			return NULL;
		p += 2;
	}
}

/* The kinds of the open brackets, one bit each; deeper than 64 they are only counted, as such a value will
 * not be read anyway. */
#define KINDS 64

static int pass_container(struct jsonx_scan *scan, struct jsonx_extent *extent)
{
	const unsigned char *p = scan->at, *end = scan->end;
	uint64_t kinds = 0;
	size_t depth = 0, deepest = 0;
	do {
		/* Most bytes are digits, so they are passed four in a turn. */
		while (end - p >= 4 && !(stops[p[0]] | stops[p[1]] | stops[p[2]] | stops[p[3]]))
			p += 4;
		while (p < end && !stops[*p])
			p++;
		if (p == end)
			goto fault;
		unsigned char c = *p++;
		if (c == '"') {
			const unsigned char *after = pass_string(p, end);
			if (!after) {
				p = end;
				goto fault;
			}
			p = after;
		} else if (classes[c] == OPEN) {
			if (depth < KINDS)
				kinds = kinds << 1 | (c == '{');
			if (++depth > deepest)
				deepest = depth;
		} else {
			if (depth <= KINDS) {
				if ((kinds & 1) != (c == '}')) {
					p--;
					goto fault;
				}
				kinds >>= 1;
			}
			depth--;
		}
	} while (depth > 0);
	extent->length = (size_t)(p - extent->start);
	extent->depth = deepest > 0xFFFF ? 0xFFFF : (unsigned)deepest;
	scan->at = p;
	return ERR_OK;
fault:
	scan->at = p;
	return ERR_PARSE;
}

int jsonx_scan_value(struct jsonx_scan *scan, struct jsonx_extent *extent)
{
	jsonx_scan_blank(scan);
	*extent = (struct jsonx_extent){.start = scan->at};
	if (scan->at == scan->end)
		return ERR_PARSE;
	const unsigned char *p = scan->at, *end = scan->end;
	switch (classes[*p]) {
	case OPEN:
		return pass_container(scan, extent);
	case QUOTE:
		p = pass_string(p + 1, end);
		scan->at = p ? p : end;
		break;
	default:
		while (p < end && (classes[*p] == PLAIN || classes[*p] == ESCAPE))
			p++;
		scan->at = p;
		break;
	}
	extent->length = (size_t)(scan->at - extent->start);
	return p && extent->length > 0 ? ERR_OK : ERR_PARSE;
}

size_t jsonx_scan_count(const struct jsonx_extent *extent)
{
	const unsigned char *p = extent->start, *end = p + extent->length;
	size_t count = 1;
	while (p < end) {
		unsigned char c = *p++;
		/* Each value but the first comes after a comma or an opening bracket. */
		if (c == ',' || classes[c] == OPEN)
			count++;
		else if (c == '"' && !(p = pass_string(p, end)))
			break;
	}
	return count;
}
