#include "ui/theme_inner.h"

#include "base/text.h"
#include "ui/palette.h"
#include "ui/theme_builtin.h"

#include <errno.h>
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define FILE_MOST ((64u << 10) + 1)

static struct theme *theme_new(void)
{
	struct theme *theme = g_new0(struct theme, 1);
	theme->tables = g_new0(struct tables, 1);
	return theme;
}

void theme_free(struct theme *theme)
{
	if (!theme)
		return;
	g_free(theme->tables);
	g_free(theme);
}

static int32_t mix(int32_t a, int32_t b, int at, int of)
{
	int32_t mixed = 0;
	for (int shift = 16; shift >= 0; shift -= 8) {
		int from = a >> shift & 0xFF, to = b >> shift & 0xFF;
		mixed = mixed << 8 | (from + ((to - from) * at + of / 2) / of);
	}
	return mixed;
}

/* The level between two given ones; beside the terminal's own colour there is nothing to mix. */
static struct entry between(const struct entry *low, const struct entry *high, int at, int of)
{
	struct entry entry = *low;
	if (low->rgb != THEME_DEFAULT && high->rgb != THEME_DEFAULT)
		entry.rgb = mix(low->rgb, high->rgb, at, of);
	return entry;
}

/* Levels not given become a mixture of their neighbours; false when none is given. */
static bool interpolate(struct entry *levels, int n)
{
	int last = -1;
	for (int i = 0; i < n; i++) {
		if (!levels[i].given)
			continue;
		for (int k = last + 1; k < i; k++)
			levels[k] = last < 0 ? levels[i]
					     : between(&levels[last], &levels[i], k - last, i - last);
		last = i;
	}
	for (int k = last + 1; last >= 0 && k < n; k++)
		levels[k] = levels[last];
	return last >= 0;
}

void theme_apply_palette(struct theme *theme, const char *name)
{
	const struct palette *palette = palette_find(name);
	for (int i = 0; i < ROLE_HEAT_LEVELS; i++)
		theme->entries[ROLE_HEAT_0 + i] = (struct entry){
			.rgb = palette->rgb[i],
			.few = (int8_t)palette_few(palette, i, 16),
			.few_8 = (int8_t)palette_few(palette, i, 8),
			.many = FEW_DERIVED,
			.given = true,
		};
	memset(theme->tables->filled, 0, sizeof(theme->tables->filled));
}

/* Reads a built-in theme; it is complete by itself. */
static int read_builtin(size_t index, struct theme *theme, struct problem *problem)
{
	const char *text = theme_builtin_texts[index];
	int err = theme_read(theme_builtin_names[index], text, strlen(text), theme, problem);
	interpolate(theme->entries + ROLE_HEAT_0, ROLE_HEAT_LEVELS);
	interpolate(theme->entries + ROLE_FILL_0, ROLE_FILL_LEVELS);
	return err;
}

static int builtin_index(const char *name)
{
	for (int i = 0; theme_builtin_names[i]; i++)
		if (strcmp(theme_builtin_names[i], name) == 0)
			return i;
	return -1;
}

static int complete(struct theme *theme, struct problem *problem)
{
	struct theme *base = theme_new();
	int err = read_builtin((size_t)builtin_index(theme->light ? "day" : "dusk"), base, problem);
	for (int role = 0; err == ERR_OK && role < ROLE_COUNT; role++)
		if (!theme->entries[role].given)
			theme->entries[role] = base->entries[role];
	theme_free(base);
	return err;
}

int theme_parse(const char *name, const char *text, size_t length, struct theme **theme,
		struct problem *problem)
{
	struct theme *read = theme_new();
	*theme = NULL;
	int err = theme_read(name, text, length, read, problem);
	if (err == ERR_OK) {
		interpolate(read->entries + ROLE_HEAT_0, ROLE_HEAT_LEVELS);
		interpolate(read->entries + ROLE_FILL_0, ROLE_FILL_LEVELS);
		err = complete(read, problem);
	}
	if (err != ERR_OK) {
		theme_free(read);
		return err;
	}
	*theme = read;
	return ERR_OK;
}

/* A path as it may be shown. */
static void shown(const char *path, char *out, size_t size)
{
	struct buf buf;
	buf_init(&buf, 4096);
	text_add_shown(&buf, path, strnlen(path, 100), false);
	g_strlcpy(out, buf_text(&buf), size);
	buf_fini(&buf);
}

static int load_file(const char *path, struct theme **theme, struct problem *problem)
{
	char name[400];
	shown(path, name, sizeof(name));
	FILE *file = fopen(path, "rb");
	if (!file)
		return problem_set(problem, ERR_ABSENT, name, "", "cannot be opened: %s", g_strerror(errno));
	char *text = g_malloc(FILE_MOST);
	size_t length = fread(text, 1, FILE_MOST, file);
	int err;
	if (ferror(file))
		err = problem_set(problem, ERR_IO, name, "", "cannot be read");
	else
		err = theme_parse(path, text, length, theme, problem);
	g_free(text);
	fclose(file);
	return err;
}

int theme_load(const char *name_or_path, struct theme **theme, struct problem *problem)
{
	*theme = NULL;
	int index = builtin_index(name_or_path);
	if (index >= 0) {
		const char *text = theme_builtin_texts[index];
		return theme_parse(name_or_path, text, strlen(text), theme, problem);
	}
	if (strchr(name_or_path, '/') || g_file_test(name_or_path, G_FILE_TEST_EXISTS))
		return load_file(name_or_path, theme, problem);
	char name[400], todo[160];
	const char *near = text_nearest(name_or_path, theme_builtin_names);
	shown(name_or_path, name, sizeof(name));
	if (near)
		snprintf(todo, sizeof(todo), "did you mean %s?", near);
	else
		snprintf(todo, sizeof(todo),
			 "write a name (dusk, day, contrast, mono) or the path of a file");
	return problem_set(problem, ERR_ABSENT, "theme", todo, "there is no `%s`", name);
}

const char *const *theme_names(void) { return theme_builtin_names; }

const char *const *theme_palettes(void) { return palette_names(); }

int theme_set_palette(struct theme *theme, const char *palette)
{
	if (!palette || !palette_find(palette))
		return ERR_ABSENT;
	theme_apply_palette(theme, palette);
	return ERR_OK;
}

void theme_keep_ground(struct theme *theme)
{
	struct entry *ground = &theme->entries[ROLE_GROUND];
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct entry *entry = &theme->entries[role];
		/* A ground that few colours cannot tell from the ground goes with it. */
		if (role != ROLE_GROUND && entry->few == ground->few && ground->few >= 0 &&
		    (role == ROLE_BAR || role == ROLE_SELECT || role == ROLE_SELECT_IDLE ||
		     role == ROLE_FIELD))
			entry->few = THEME_DEFAULT;
	}
	ground->rgb = ground->few = THEME_DEFAULT;
	memset(theme->tables->filled, 0, sizeof(theme->tables->filled));
}

bool theme_light(const struct theme *theme) { return theme->light; }

struct paint theme_paint(const struct theme *theme, enum depth depth, struct style style)
{
	struct tables *tables = theme->tables;
	if (!tables->filled[depth])
		theme_fill(theme, depth);
	const struct shade *fg = &tables->shades[depth][style.fg < ROLE_COUNT ? style.fg : ROLE_TEXT];
	const struct shade *bg = &tables->shades[depth][style.bg < ROLE_COUNT ? style.bg : ROLE_GROUND];
	return (struct paint){fg->fg, bg->bg, (uint16_t)(fg->fg_attrs | bg->bg_attrs | style.attrs)};
}

int32_t theme_rgb(const struct theme *theme, enum role role)
{
	if (role == ROLE_QR_DARK || role == ROLE_QR_LIGHT)
		return role == ROLE_QR_DARK ? 0x000000 : 0xFFFFFF;
	return (unsigned)role < ROLE_COUNT ? theme->entries[role].rgb : THEME_DEFAULT;
}

static double linear(int value)
{
	double v = value / 255.0;
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* Relative luminance, WCAG 2.2 "relative luminance". */
static double luminance(int32_t rgb)
{
	return 0.2126 * linear(rgb >> 16 & 0xFF) + 0.7152 * linear(rgb >> 8 & 0xFF) +
	       0.0722 * linear(rgb & 0xFF);
}

double theme_contrast(int32_t a, int32_t b)
{
	double la = luminance(a), lb = luminance(b);
	return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}
