/* What a terminal can do, found once at the start from terminfo, the environment, the locale and the options. */
#ifndef LODGE_UI_TERM_CAPS_H
#define LODGE_UI_TERM_CAPS_H

#include "ui/term/term.h"

/* Who draws on the other side, as far as TERM and its companions tell. */
enum term_family {
	FAMILY_OTHER,
	FAMILY_XTERM, /* and what behaves like it */
	FAMILY_TMUX,
	FAMILY_SCREEN,
	FAMILY_LINUX,
};

/* What ui/term alone needs to know, beside struct term_caps. Strings hold no padding. */
struct term_traits {
	enum term_family family;
	bool curses;               /* paint through curses */
	bool bce;                  /* erasing fills with the present background */
	bool ech;                  /* CSI n X erases n cells */
	bool tmux;                 /* inside tmux, whatever TERM says */
	uint16_t attrs;            /* enum attr that it shows */
	uint16_t no_color;         /* enum attr that do not go together with a colour */
	char enter[64], leave[64]; /* alternate screen */
	char plain[32];            /* all attributes off */
	char hide[32], show[64];   /* the cursor */
};

/* The environment, injected. NULL where a variable is not set. */
struct term_environment {
	const char *term, *colorterm, *no_color, *tmux, *term_program;
};

struct curses_screen;

/* Fills both after curses_screen_open. ERR_UNSUPPORTED with a problem for a terminal that cannot place its cursor; ERR_USAGE for an unknown
 * options->color. */
int caps_read(const struct curses_screen *screen, const struct term_options *options,
	      const struct term_environment *environment, bool utf8, struct term_caps *caps,
	      struct term_traits *traits, struct problem *problem) LODGE_MUST_USE;

/* The entry to look up instead when the machine does not know this TERM, or NULL: "xterm-256color" for the many terminals that behave like it. */
const char *caps_stand_in(const char *term);
enum term_family caps_family(const char *term);

#endif
