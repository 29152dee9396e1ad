/* What a cell means. Panes say roles, never colours; the theme and the terminal's depth turn roles into colours in one place (ui/theme.h). */
#ifndef LODGE_UI_ROLE_H
#define LODGE_UI_ROLE_H

#include <stdint.h>

/* X(CONSTANT, name in theme files, what it is for) */
#define ROLE_MAP(X)                                                                                          \
	X(GROUND, "ground", "the background of everything; none = the terminal's own")                       \
	X(TEXT, "text", "ordinary text")                                                                     \
	X(DIM, "dim", "what matters less: units, ages, hints")                                               \
	X(STRONG, "strong", "figures and names that are looked for")                                         \
	X(TITLE, "title", "the title of a pane")                                                             \
	X(RULE, "rule", "thin rules between panes")                                                          \
	X(RULE_FOCUS, "rule.focus", "the rule of the pane that has the keys")                                \
	X(BAR, "bar", "background of the top and bottom line")                                               \
	X(BRAND, "brand", "the program's name and the keys in the bottom line")                              \
	X(ACCENT, "accent", "the one accent: what is chosen, links, keys")                                   \
	X(SELECT, "select", "background of the chosen row")                                                  \
	X(SELECT_IDLE, "select.idle", "background of the chosen row of a pane without the keys")             \
	X(MATCH, "match", "text that a filter found")                                                        \
	X(FIELD, "field", "background of an input field")                                                    \
	X(OK, "ok", "works")                                                                                 \
	X(WARN, "warn", "will need somebody")                                                                \
	X(BAD, "bad", "needs somebody now")                                                                  \
	X(UNKNOWN, "unknown", "not told")                                                                    \
	X(STALE, "stale", "older than it should be")                                                         \
	X(PERSON, "person", "a person on the plan")                                                          \
	X(TRAIL, "trail", "where a person was a moment ago")                                                 \
	X(WALL, "wall", "walls of rooms")                                                                    \
	X(WALL_CHOSEN, "wall.chosen", "walls of the chosen room")                                            \
	X(FIXTURE, "fixture", "furniture")                                                                   \
	X(ZONE, "zone", "dashed zones")                                                                      \
	X(CHART, "chart", "the first series of a chart")                                                     \
	X(CHART_2, "chart.2", "the second series")                                                           \
	X(CHART_3, "chart.3", "the third series")                                                            \
	X(AXIS, "axis", "axes and grid")

enum role {
#define ROLE_ENUM(constant, name, help) ROLE_##constant,
	ROLE_MAP(ROLE_ENUM)
#undef ROLE_ENUM
	/* Levels of the heat palette, cold to hot, and of the fill of rooms (empty, half, full, above). */
	ROLE_HEAT_0,
	ROLE_HEAT_LAST = ROLE_HEAT_0 + 63,
	ROLE_FILL_0,
	ROLE_FILL_LAST = ROLE_FILL_0 + 15,
	/* The modules of a QR code: black and white whatever the theme says, so that a camera reads them. No theme can change them. */
	ROLE_QR_DARK,
	ROLE_QR_LIGHT,
	ROLE_COUNT
};

#define ROLE_HEAT_LEVELS 64
#define ROLE_FILL_LEVELS 16

/* The name in theme files: "text", "heat.0" … "heat.63", "fill.0" … "fill.15", "qr.dark", "qr.light". Static text or one of a const table. */
const char *role_name(enum role role);
/* -1: unknown. */
int role_parse(const char *name);
const char *role_help(enum role role);

#endif
