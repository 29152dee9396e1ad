#include "ui/term/caps.h"
#include "ui/term/curses_screen.h"

#include <stdio.h>
#include <string.h>

/* Terminals by the beginning of TERM. `sync`: known to hold a frame back until it is whole (private mode 2026). */
static const struct known {
	const char *prefix;
	enum term_family family;
	bool sync;
} known[] = {
	{"xterm-kitty", FAMILY_XTERM, true}, {"xterm-ghostty", FAMILY_XTERM, true},
	{"xterm", FAMILY_XTERM, false},      {"kitty", FAMILY_XTERM, true},
	{"foot", FAMILY_XTERM, true},        {"alacritty", FAMILY_XTERM, true},
	{"contour", FAMILY_XTERM, true},     {"wezterm", FAMILY_XTERM, true},
	{"ghostty", FAMILY_XTERM, true},     {"mintty", FAMILY_XTERM, true},
	{"rxvt", FAMILY_XTERM, false},       {"st-", FAMILY_XTERM, false},
	{"vte", FAMILY_XTERM, false},        {"gnome", FAMILY_XTERM, false},
	{"konsole", FAMILY_XTERM, false},    {"iterm", FAMILY_XTERM, true},
	{"putty", FAMILY_XTERM, false},      {"tmux", FAMILY_TMUX, false},
	{"screen", FAMILY_SCREEN, false},    {"linux", FAMILY_LINUX, false},
};

static const struct known *known_of(const char *term)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strncmp(term, known[i].prefix, strlen(known[i].prefix)) == 0)
			return &known[i];
	return NULL;
}

enum term_family caps_family(const char *term)
{
	const struct known *found = known_of(term);

	return found != NULL ? found->family : FAMILY_OTHER;
}

const char *caps_stand_in(const char *term)
{
	switch (caps_family(term)) {
	case FAMILY_XTERM:
		return "xterm-256color";
	case FAMILY_TMUX:
		return "screen-256color";
	case FAMILY_SCREEN:
		return "screen";
	default:
		return NULL;
	}
}

/* terminfo's strings may ask for a pause as "$<5/>", which no terminal of today needs. */
static void copy_string(const struct curses_screen *screen, const char *name, char *out, size_t size)
{
	const char *from = curses_string(screen, name);
	size_t n = 0;

	while (from != NULL && *from != '\0' && n + 1 < size) {
		const char *end = strncmp(from, "$<", 2) == 0 ? strchr(from, '>') : NULL;

		if (end != NULL)
			from = end + 1;
		else
			out[n++] = *from++;
	}
	out[n] = '\0';
	/* Half a sequence is worse than none. */
	if (from != NULL && *from != '\0')
		out[0] = '\0';
}

static bool ends_with(const char *text, const char *tail)
{
	size_t a = strlen(text), b = strlen(tail);

	return a >= b && memcmp(text + a - b, tail, b) == 0;
}

/* True when placing, colours and attributes are those of ECMA-48, which paint_sgr writes. */
static bool is_standard(const struct curses_screen *screen, const struct term_traits *traits)
{
	const char *auto_color = curses_string(screen, "setaf");
	char text[64];

	curses_expand(screen, "cup", 4, 9, text, sizeof text);
	if (strcmp(text, "\033[5;10H") != 0)
		return false;
	/* A screen that scrolls when its last cell is written needs tricks that curses knows. */
	if (curses_flag(screen, "am") && !curses_flag(screen, "xenl"))
		return false;
	if (!ends_with(traits->plain, "\033[m") && !ends_with(traits->plain, "\033[0m") &&
	    strstr(traits->plain, "\033[m") == NULL && strstr(traits->plain, "\033[0m") == NULL)
		return false;
	copy_string(screen, "bold", text, sizeof text);
	if (text[0] != '\0' && strcmp(text, "\033[1m") != 0)
		return false;
	if (auto_color == NULL)
		return true;
	curses_expand(screen, "setaf", 1, 0, text, sizeof text);
	return strcmp(text, "\033[31m") == 0;
}

static uint16_t offered_attrs(const struct curses_screen *screen)
{
	static const struct {
		const char *name, *other;
		enum attr attr;
	} names[] = {
		{"bold", NULL, ATTR_BOLD},     {"dim", NULL, ATTR_DIM},     {"smul", NULL, ATTR_UNDERLINE},
		{"rev", "smso", ATTR_REVERSE}, {"sitm", NULL, ATTR_ITALIC},
	};
	uint16_t attrs = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (curses_string(screen, names[i].name) != NULL ||
		    (names[i].other != NULL && curses_string(screen, names[i].other) != NULL))
			attrs |= (uint16_t)names[i].attr;
	return attrs;
}

/* terminfo(5), "ncv": bit 1 underline, 2 reverse, 4 dim, 5 bold. */
static uint16_t attrs_without_color(const struct curses_screen *screen)
{
	int ncv = curses_number(screen, "ncv");
	uint16_t attrs = 0;

	if (ncv <= 0)
		return 0;
	attrs |= (uint16_t)((ncv & 2) != 0 ? ATTR_UNDERLINE : 0);
	attrs |= (uint16_t)((ncv & 4) != 0 ? ATTR_REVERSE : 0);
	attrs |= (uint16_t)((ncv & 16) != 0 ? ATTR_DIM : 0);
	attrs |= (uint16_t)((ncv & 32) != 0 ? ATTR_BOLD : 0);
	return attrs;
}

/* What terminfo says by itself. */
static enum depth entry_depth(const struct curses_screen *screen)
{
	int colors = curses_number(screen, "colors");

	if (colors >= 1 << 24)
		return DEPTH_DIRECT;
	if (colors >= 256)
		return DEPTH_256;
	if (colors >= 16)
		return DEPTH_16;
	return colors >= 8 ? DEPTH_8 : DEPTH_MONO;
}

static bool is_set(const char *value) { return value != NULL && value[0] != '\0'; }

static enum depth auto_depth(const struct term_environment *environment, enum term_family family,
			     enum depth entry)
{
	const char *colorterm = environment->colorterm;

	if (is_set(environment->no_color)) /* https://no-color.org */
		return DEPTH_MONO;
	/* screen hands the variable on but does not understand the sequences. */
	if (colorterm == NULL || entry == DEPTH_MONO || family == FAMILY_LINUX ||
	    (family == FAMILY_SCREEN && !is_set(environment->tmux)))
		return entry;
	if (strcmp(colorterm, "truecolor") == 0 || strcmp(colorterm, "24bit") == 0)
		return DEPTH_DIRECT;
	return entry;
}

/* -1: unknown. */
static int depth_named(const char *name)
{
	static const char *const names[] = {[DEPTH_MONO] = "mono",
					    [DEPTH_8] = "8",
					    [DEPTH_16] = "16",
					    [DEPTH_256] = "256",
					    [DEPTH_DIRECT] = "direct"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return (int)i;
	return -1;
}

static int choose_depth(const struct curses_screen *screen, const struct term_options *options,
			const struct term_environment *environment, struct term_caps *caps,
			const struct term_traits *traits, struct problem *problem)
{
	enum depth entry = entry_depth(screen);
	const char *color = options->color != NULL ? options->color : "auto";
	int named = depth_named(color);

	if (strcmp(color, "auto") == 0)
		caps->depth = auto_depth(environment, traits->family, entry);
	else if (named >= 0)
		caps->depth = (enum depth)named;
	else
		return problem_set(problem, ERR_USAGE, "colours", "use auto, direct, 256, 16, 8 or mono",
				   "'%s' is not known", color);
	/* curses paints the colours of terminfo's entry; also, nobody can colour a terminal that has none. */
	if ((traits->curses || entry == DEPTH_MONO) && caps->depth > entry)
		caps->depth = entry;
	return ERR_OK;
}

static void choose_extras(const struct curses_screen *screen, const struct term_options *options,
			  const struct term_environment *environment, struct term_caps *caps,
			  const struct term_traits *traits)
{
	const struct known *found = known_of(caps->name);
	const char *program = environment->term_program;
	bool windowed = traits->family != FAMILY_OTHER && traits->family != FAMILY_LINUX;

	caps->titles = windowed;
	caps->clipboard = windowed && options->clipboard;
	caps->paste = windowed;
	caps->mouse = windowed || curses_string(screen, "kmous") != NULL;
	caps->synchronized = (found != NULL && found->sync) || curses_string(screen, "Sync") != NULL;
	if (is_set(program) && traits->family == FAMILY_XTERM)
		caps->synchronized |= strcmp(program, "iTerm.app") == 0 || strcmp(program, "WezTerm") == 0 ||
				      strcmp(program, "ghostty") == 0;
}

int caps_read(const struct curses_screen *screen, const struct term_options *options,
	      const struct term_environment *environment, bool utf8, struct term_caps *caps,
	      struct term_traits *traits, struct problem *problem)
{
	char text[64];

	*caps = (struct term_caps){.utf8 = utf8 && !options->ascii};
	*traits = (struct term_traits){.family = caps_family(environment->term)};
	snprintf(caps->name, sizeof caps->name, "%s", environment->term);
	if (curses_string(screen, "cup") == NULL)
		return problem_set(
			problem, ERR_UNSUPPORTED, "terminal",
			"set TERM to what the terminal is, or use the commands: lodge get, lodge watch",
			"TERM=%s cannot place text on the screen", caps->name);
	copy_string(screen, "smcup", traits->enter, sizeof traits->enter);
	copy_string(screen, "rmcup", traits->leave, sizeof traits->leave);
	copy_string(screen, "sgr0", traits->plain, sizeof traits->plain);
	copy_string(screen, "civis", traits->hide, sizeof traits->hide);
	copy_string(screen, "cnorm", traits->show, sizeof traits->show);
	curses_expand(screen, "ech", 7, 0, text, sizeof text);
	traits->ech = strcmp(text, "\033[7X") == 0;
	traits->bce = curses_flag(screen, "bce");
	traits->tmux = traits->family == FAMILY_TMUX || is_set(environment->tmux);
	traits->attrs = offered_attrs(screen);
	traits->no_color = attrs_without_color(screen);
	caps->standard = is_standard(screen, traits);
	traits->curses = !caps->standard || options->curses_painter;
	choose_extras(screen, options, environment, caps, traits);
	return choose_depth(screen, options, environment, caps, traits, problem);
}
