#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *err_name(int code)
{
	switch (code) {
#define ERR_CASE(name, number, text)                                                                         \
	case (number):                                                                                       \
		return #name;
		ERR_MAP(ERR_CASE)
#undef ERR_CASE
	default:
		return "UNKNOWN";
	}
}

const char *err_text(int code)
{
	switch (code) {
#define ERR_CASE(name, number, text)                                                                         \
	case (number):                                                                                       \
		return text;
		ERR_MAP(ERR_CASE)
#undef ERR_CASE
	default:
		return "unknown error";
	}
}

/* Takes a UTF-8 sequence that the cut went through off the end of `text`. */
static void trim_partial(char *text)
{
	size_t length = strlen(text), start = length;
	while (start > 0 && length - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0)
		return;
	unsigned char lead = (unsigned char)text[start - 1];
	size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	if (want > 1 && length - (start - 1) < want)
		text[start - 1] = '\0';
}

static void copy_cut(char *out, size_t size, const char *text)
{
	size_t length = text ? strlen(text) : 0;
	if (length < size) {
		memcpy(out, text ? text : "", length + 1);
		return;
	}
	memcpy(out, text, size - 1);
	out[size - 1] = '\0';
	trim_partial(out);
}

int problem_set(struct problem *p, int code, const char *what, const char *todo, const char *why_format, ...)
{
	if (!p)
		return code;
	/* Built aside: an argument may point into *p, as when a layer adds to what the one below said. */
	struct problem fresh = {.code = code};
	copy_cut(fresh.what, sizeof(fresh.what), what);
	copy_cut(fresh.todo, sizeof(fresh.todo), todo);
	va_list args;
	va_start(args, why_format);
	int n = vsnprintf(fresh.why, sizeof(fresh.why), why_format, args);
	va_end(args);
	if (n < 0)
		copy_cut(fresh.why, sizeof(fresh.why), err_text(code));
	else if ((size_t)n >= sizeof(fresh.why))
		trim_partial(fresh.why);
	*p = fresh;
	return code;
}

static const char *usual_todo(int code)
{
	switch (code) {
	case ERR_NOMEM:
		return "ask for less, or free memory";
	case ERR_PARSE:
		return "try again; if it stays so, check base_url or tell the vendor";
	case ERR_TOO_BIG:
	case ERR_TOO_DEEP:
		return "ask for less with filters";
	case ERR_USAGE:
		return "see --help";
	case ERR_CONFIG:
		return "see lodge.conf(5)";
	case ERR_AUTH:
	case ERR_DENIED:
		return "check the account's credentials and its rights";
	case ERR_UNREACHED:
		return "check the network and base_url";
	case ERR_ABSENT:
	case ERR_INVALID:
		return "check base_url and the ids";
	case ERR_BUSY:
		return "wait, or poll less often";
	default:
		return "try again later";
	}
}

void problem_complete(struct problem *p)
{
	if (!p->what[0])
		copy_cut(p->what, sizeof(p->what), "request");
	if (!p->why[0])
		copy_cut(p->why, sizeof(p->why), err_text(p->code));
	if (!p->todo[0])
		copy_cut(p->todo, sizeof(p->todo), usual_todo(p->code));
}

char *problem_text(const struct problem *p, char *out, unsigned long size)
{
	char text[sizeof(*p) + 8];
	const char *colon = p->what[0] && p->why[0] ? ": " : "";
	const char *blank = p->todo[0] && (p->what[0] || p->why[0]) ? " " : "";
	if (size == 0)
		return out;
	snprintf(text, sizeof(text), "%s%s%s%s%s%s%s", p->what, colon, p->why, blank, p->todo[0] ? "(" : "",
		 p->todo, p->todo[0] ? ")" : "");
	copy_cut(out, size, text);
	return out;
}
