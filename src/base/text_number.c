/* Numbers as text and back, whatever the locale's decimal sign is. */
#include "base/text.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Integers up to here and powers of ten up to 1e22 are exact doubles, so one division of the two is correctly
 * rounded: it gives the very double that the decimal reads as. */
#define EXACT_MAX 9007199254740992.0

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
				1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

#define DECIMALS_MAX 4

/* Writes `value` / 10^decimals from the back; returns the first character's place. */
static char *write_decimal(char *end, uint64_t value, unsigned decimals)
{
	for (unsigned i = 0; i < decimals; i++) {
		*--end = (char)('0' + value % 10);
		value /= 10;
	}
	if (decimals)
		*--end = '.';
	do {
		*--end = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return end;
}

/* What sensors measure has few decimals: integer arithmetic does, checked to read back exactly. */
static bool add_short(struct buf *buf, double value)
{
	double size = fabs(value);
	char text[32];
	for (unsigned k = 0; k <= DECIMALS_MAX; k++) {
		double scaled = size * powers[k];
		if (scaled >= EXACT_MAX)
			return false;
		uint64_t whole = (uint64_t)(scaled + 0.5);
		if ((double)whole / powers[k] != size)
			continue;
		char *end = text + sizeof(text), *start = write_decimal(end, whole, k);
		if (value < 0)
			*--start = '-';
		buf_add(buf, start, (size_t)(end - start));
		return true;
	}
	return false;
}

/* "1e-07" has a digit that says nothing. */
static void drop_exponent_zeros(char *text)
{
	char *e = strchr(text, 'e');
	if (!e)
		return;
	char *digits = e + 1 + (e[1] == '-' || e[1] == '+'), *from = digits;
	while (from[0] == '0' && from[1])
		from++;
	memmove(digits, from, strlen(from) + 1);
}

void text_add_number(struct buf *buf, double value)
{
	if (!isfinite(value)) {
		buf_adds(buf, "null");
		return;
	}
	if (add_short(buf, value))
		return;
	/* 15 digits always survive the way there and back, so a shorter form, where there is one, is found by
	 * dropping zeros. Only the subnormals have fewer. */
	char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];
	for (int digits = fpclassify(value) == FP_SUBNORMAL ? 1 : 15; digits <= 17; digits++) {
		g_snprintf(format, sizeof(format), "%%.%dg", digits);
		g_ascii_formatd(text, sizeof(text), format, value);
		if (g_ascii_strtod(text, NULL) == value)
			break;
	}
	drop_exponent_zeros(text);
	buf_adds(buf, text);
}

/* A decimal number as it stands in the text. */
struct decimal {
	uint64_t digits; /* of the mantissa, while there are at most 19 */
	int count;       /* of them, without leading zeros */
	int scale;       /* of them, after the point */
	bool negative, exponent;
};

static const char *read_digits(const char *p, struct decimal *d, bool after_point)
{
	for (; *p >= '0' && *p <= '9'; p++) {
		if (d->count > 0 || *p != '0')
			d->count = MIN(d->count + 1, 1000);
		if (d->count <= 19)
			d->digits = d->digits * 10 + (uint64_t)(*p - '0');
		if (after_point)
			d->scale = MIN(d->scale + 1, 1000);
	}
	return p;
}

/* Checks the shape and gathers the digits; false when the text is no decimal number. strtod would also take
 * hexadecimal, "inf" and "nan", which no identifier of a vendor should turn into. */
static bool read_decimal(const char *p, struct decimal *d)
{
	*d = (struct decimal){.negative = *p == '-'};
	if (*p == '-' || *p == '+')
		p++;
	const char *start = p;
	p = read_digits(p, d, false);
	bool any = p > start;
	if (*p == '.') {
		start = ++p;
		p = read_digits(p, d, true);
		any = any || p > start;
	}
	if (!any)
		return false;
	if (*p == 'e' || *p == 'E') {
		d->exponent = true;
		p++;
		if (*p == '-' || *p == '+')
			p++;
		if (*p < '0' || *p > '9')
			return false;
		while (*p >= '0' && *p <= '9')
			p++;
	}
	return *p == '\0';
}

bool text_number(const char *text, double *value)
{
	struct decimal d;
	if (!text || !read_decimal(text, &d))
		return false;
	double number;
	if (!d.exponent && d.count <= 15 && d.scale <= 22) {
		number = (double)d.digits / powers[d.scale];
		number = d.negative ? -number : number;
	} else {
		number = g_ascii_strtod(text, NULL);
	}
	if (!isfinite(number))
		return false;
	*value = number;
	return true;
}
