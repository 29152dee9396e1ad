#include "api/butlr/walk.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

struct jsonx_scan butlr_walk_bytes(const char *bytes, size_t length)
{
	const unsigned char *start = (const unsigned char *)bytes;

	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		start += 3;
		length -= 3;
	}
	return (struct jsonx_scan){.start = start, .at = start, .end = start + length};
}

void butlr_walk_open(struct butlr_walk *walk, const struct jsonx_scan *scan)
{
	walk->scan = *scan;
	walk->close = *scan->at == '{' ? '}' : ']';
	walk->begun = false;
	walk->key[0] = '\0';
	walk->scan.at++;
}

static int read_key(struct butlr_walk *walk)
{
	struct jsonx_extent extent;
	size_t length;

	if (butlr_walk_peek(&walk->scan) != '"' || jsonx_scan_value(&walk->scan, &extent) != ERR_OK)
		return ERR_PARSE;
	length = extent.length - 2;
	if (length >= sizeof(walk->key) || memchr(extent.start, '\\', extent.length) != NULL)
		length = 0;
	memcpy(walk->key, extent.start + 1, length);
	walk->key[length] = '\0';
	if (butlr_walk_peek(&walk->scan) != ':')
		return ERR_PARSE;
	walk->scan.at++;
	return ERR_OK;
}

int butlr_walk_next(struct butlr_walk *walk)
{
	unsigned char next = butlr_walk_peek(&walk->scan);

	if (next == walk->close) {
		walk->scan.at++;
		return 0;
	}
	if (walk->begun) {
		if (next != ',')
			return ERR_PARSE;
		walk->scan.at++;
	}
	walk->begun = true;
	if (walk->close == '}' && read_key(walk) != ERR_OK)
		return ERR_PARSE;
	next = butlr_walk_peek(&walk->scan);
	return next == 0 || next == ',' || next == ']' || next == '}' || next == ':' ? ERR_PARSE : 1;
}

/* Digits from the cursor, into a number that stays exact up to 19 of them. */
static unsigned digits(struct jsonx_scan *scan, uint64_t *number)
{
	const unsigned char *from = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		*number = *number * 10 + (uint64_t)(*scan->at++ - '0');
	return (unsigned)(scan->at - from);
}

/* What the quick way cannot hold exactly. */
static bool read_slowly(const unsigned char *from, const unsigned char *to, double *number)
{
	char text[64];

	if ((size_t)(to - from) >= sizeof(text))
		return false;
	memcpy(text, from, (size_t)(to - from));
	text[to - from] = '\0';
	return text_number(text, number);
}

static bool exponent(struct jsonx_scan *scan)
{
	uint64_t ignored = 0;

	scan->at++;
	if (scan->at < scan->end && (*scan->at == '+' || *scan->at == '-'))
		scan->at++;
	return digits(scan, &ignored) > 0;
}

bool butlr_walk_number(struct jsonx_scan *scan, double *number)
{
	static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
				      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	const unsigned char *from = scan->at;
	bool minus = scan->at < scan->end && *scan->at == '-';
	unsigned whole, fraction = 0;
	uint64_t value = 0;

	scan->at += minus;
	whole = digits(scan, &value);
	if (whole == 0 || (whole > 1 && from[minus] == '0'))
		return false;
	if (scan->at < scan->end && *scan->at == '.') {
		scan->at++;
		fraction = digits(scan, &value);
		if (fraction == 0)
			return false;
	}
	if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E'))
		return exponent(scan) && read_slowly(from, scan->at, number);
	if (whole + fraction > 15) /* more than a double holds for certain */
		return read_slowly(from, scan->at, number);
	*number = (double)value / tens[fraction]; /* both exact, so the quotient is the nearest double */
	if (minus)
		*number = -*number;
	return true;
}

int butlr_walk_fault(const struct jsonx_scan *scan, struct problem *problem)
{
	return problem_set(problem, ERR_PARSE, NULL, NULL, "%s at byte %zu of %zu",
			   scan->at >= scan->end ? "JSON ends too early" : "JSON is malformed",
			   (size_t)(scan->at - scan->start), (size_t)(scan->end - scan->start));
}
