/* Theme files. */
#include "ui/theme_inner.h"

#include "base/text.h"
#include "ui/palette.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define BYTES_MOST (64u << 10)
#define HEX_DIGITS "0123456789abcdefABCDEF"

struct reader {
	const char *name;
	int line;
	struct theme *theme;
	struct problem *problem;
};

static const struct {
	const char *name;
	uint16_t attr;
} attrs[] = {
	{"bold", ATTR_BOLD},       {"dim", ATTR_DIM},       {"underline", ATTR_UNDERLINE},
	{"reverse", ATTR_REVERSE}, {"italic", ATTR_ITALIC},
};

/* Tells "NAME:LINE: before `word` after", and the nearest of `names` (may be NULL). */
static int fail(const struct reader *reader, const char *before, const char *word, const char *after,
		const char *const *names)
{
	struct buf what, shown;
	char todo[128] = "";
	buf_init(&what, 1024);
	buf_init(&shown, 1024);
	text_add_shown(&what, reader->name, strnlen(reader->name, 120), false);
	buf_addf(&what, ":%d", reader->line);
	text_add_shown(&shown, word, strnlen(word, 40), false);
	const char *near = names ? text_nearest(word, names) : NULL;
	if (near)
		snprintf(todo, sizeof(todo), "did you mean %s?", near);
	problem_set(reader->problem, ERR_CONFIG, buf_text(&what), todo, "%s`%s`%s", before, buf_text(&shown),
		    after);
	buf_fini(&what);
	buf_fini(&shown);
	return ERR_CONFIG;
}

static int fail_role(const struct reader *reader, const char *word)
{
	static const char *const names[] = {
#define ROLE_NAME(constant, name, help) name,
		ROLE_MAP(ROLE_NAME)
#undef ROLE_NAME
			"heat",
		"kind", "heat.0", "fill.0", NULL};
	if (g_str_has_prefix(word, "heat."))
		return fail(reader, "unknown role ", word, ": the levels are heat.0 to heat.63", NULL);
	if (g_str_has_prefix(word, "fill."))
		return fail(reader, "unknown role ", word, ": the levels are fill.0 to fill.15", NULL);
	if (g_str_has_prefix(word, "qr."))
		return fail(reader, "", word,
			    " is for no theme: QR codes are black on white, or no camera reads them", NULL);
	return fail(reader, "unknown role ", word, "", names);
}

/* The words of a value, '/' being one of its own. A '#' at the start of any word but the first begins a comment. */
static GPtrArray *words_of(const char *value)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	for (value += strspn(value, " \t"); *value; value += strspn(value, " \t")) {
		size_t length = *value == '/' ? 1 : strcspn(value, " \t/");
		if (*value == '#' && words->len > 0)
			break;
		g_ptr_array_add(words, g_strndup(value, length));
		value += length;
	}
	return words;
}

static const char *word_at(const GPtrArray *words, guint i)
{
	return i < words->len ? g_ptr_array_index(words, i) : NULL;
}

static bool parse_default(const char *word)
{
	return g_ascii_strcasecmp(word, "default") == 0 || g_ascii_strcasecmp(word, "none") == 0;
}

/* #rrggbb, #rgb, default or none. */
static bool parse_color(const char *word, int32_t *rgb)
{
	*rgb = THEME_DEFAULT;
	if (parse_default(word))
		return true;
	size_t digits = strlen(word + 1);
	if (word[0] != '#' || (digits != 6 && digits != 3) || word[1 + strspn(word + 1, HEX_DIGITS)])
		return false;
	*rgb = 0;
	for (size_t i = 1; i <= digits; i++)
		*rgb = digits == 6 ? *rgb * 16 + g_ascii_xdigit_value(word[i])
				   : *rgb * 256 + g_ascii_xdigit_value(word[i]) * 17;
	return true;
}

/* After '/': 0 to 15 or default where there are 16 colours, 16 to 255 where there are 256. False for anything else, or twice the same. */
static bool parse_index(const char *word, struct entry *entry)
{
	int value = parse_default(word) ? THEME_DEFAULT : 0;
	for (const char *c = word; value >= 0 && *c; c++) {
		if (!g_ascii_isdigit(*c) || value > 255)
			return false;
		value = value * 10 + (*c - '0');
	}
	if (value > 255 || (value > 15 ? entry->many : entry->few) != FEW_DERIVED)
		return false;
	if (value > 15)
		entry->many = (int16_t)value;
	else
		entry->few = (int8_t)value;
	return true;
}

static int parse_attr(const struct reader *reader, const char *word, uint16_t *set)
{
	static const char *const names[] = {"bold", "dim", "underline", "reverse", "italic", NULL};
	for (size_t i = 0; i < G_N_ELEMENTS(attrs); i++)
		if (g_ascii_strcasecmp(word, attrs[i].name) == 0) {
			*set |= attrs[i].attr;
			return ERR_OK;
		}
	return fail(reader, "unknown attribute ", word, "", names);
}

/* "COLOUR attributes… / indices and attributes…" */
static int parse_entry(const struct reader *reader, const char *key, const GPtrArray *words,
		       struct entry *entry)
{
	static const char index_help[] =
		" does not fit: write one of 0 to 15 or default, and one of 16 to 255";
	struct entry read = {.few = FEW_DERIVED, .few_8 = FEW_DERIVED, .many = FEW_DERIVED, .given = true};
	const char *word = word_at(words, 0);
	if (!word || !word[0] || (word[0] == '#' && !word[1]))
		return fail(reader, "", key, " has no colour: write #rrggbb or default", NULL);
	if (!parse_color(word, &read.rgb))
		return fail(reader, "", word, " is not a colour: write #rrggbb or default", NULL);
	for (guint i = 1; (word = word_at(words, i)) != NULL; i++) {
		bool slash = strcmp(word, "/") == 0;
		if (slash && read.few_given)
			return fail(reader, "", key, " has more than one '/'", NULL);
		read.few_given = read.few_given || slash;
		if (slash)
			continue;
		if (read.few_given && (g_ascii_isdigit(word[0]) || parse_default(word))) {
			if (!parse_index(word, &read))
				return fail(reader, "", word, index_help, NULL);
			continue;
		}
		int err = parse_attr(reader, word, read.few_given ? &read.few_attrs : &read.attrs);
		if (err != ERR_OK)
			return err;
	}
	*entry = read;
	return ERR_OK;
}

/* A key whose value is one word of a list. */
static int parse_choice(const struct reader *reader, const char *key, const GPtrArray *words,
			const char *const *choices, const char **choice)
{
	const char *word = word_at(words, 0);
	if (!word)
		return fail(reader, "", key, " has no value", NULL);
	for (; *choices; choices++)
		if (strcmp(*choices, word) == 0)
			break;
	*choice = *choices;
	if (words->len > 1)
		return fail(reader, "", key, " takes one word", NULL);
	return ERR_OK;
}

static int parse_heat(const struct reader *reader, const GPtrArray *words)
{
	const char *palette = NULL;
	int err = parse_choice(reader, "heat", words, palette_names(), &palette);
	if (err == ERR_OK && !palette)
		err = fail(reader, "unknown palette ", word_at(words, 0), "", palette_names());
	if (err == ERR_OK)
		theme_apply_palette(reader->theme, palette);
	return err;
}

static int parse_kind(const struct reader *reader, const GPtrArray *words)
{
	static const char *const kinds[] = {"dark", "light", NULL};
	const char *kind = NULL;
	int err = parse_choice(reader, "kind", words, kinds, &kind);
	if (err == ERR_OK && !kind)
		err = fail(reader, "unknown kind ", word_at(words, 0), ": write dark or light", NULL);
	if (err == ERR_OK)
		reader->theme->light = kind == kinds[1];
	return err;
}

static int parse_value(const struct reader *reader, const char *key, const char *value)
{
	GPtrArray *words = words_of(value);
	int role = role_parse(key), err;
	if (strcmp(key, "heat") == 0)
		err = parse_heat(reader, words);
	else if (strcmp(key, "kind") == 0)
		err = parse_kind(reader, words);
	else if (role < 0 || role >= ROLE_QR_DARK)
		err = fail_role(reader, key);
	else
		err = parse_entry(reader, key, words, &reader->theme->entries[role]);
	g_ptr_array_free(words, TRUE);
	return err;
}

static int parse_line(const struct reader *reader, char *line)
{
	g_strstrip(line);
	if (!*line || *line == '#')
		return ERR_OK;
	char *equals = strchr(line, '=');
	if (!equals || equals == line)
		return fail(reader, "", line, " is not of the form role = colour", NULL);
	*equals = '\0';
	return parse_value(reader, g_strchomp(line), equals + 1);
}

int theme_read(const char *name, const char *text, size_t length, struct theme *theme,
	       struct problem *problem)
{
	struct reader reader = {.name = name, .theme = theme, .problem = problem};
	if (length > BYTES_MOST)
		return fail(&reader, "", name, " is larger than a theme can be, 64 KiB", NULL);
	int err = ERR_OK;
	for (size_t at = 0; at < length && err == ERR_OK;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t bytes = end ? (size_t)(end - text) - at : length - at;
		char *line = g_strndup(text + at, bytes);
		reader.line++;
		if (strlen(line) < bytes)
			err = fail(&reader, "", line, " is followed by a NUL byte: this is no text", NULL);
		else
			err = parse_line(&reader, line);
		g_free(line);
		at += bytes + 1;
	}
	return err;
}
