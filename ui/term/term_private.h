/* Shared by the parts of ui/term alone. */
#ifndef LODGE_UI_TERM_PRIVATE_H
#define LODGE_UI_TERM_PRIVATE_H

#include "ui/term/term.h"
#include "ui/term/caps.h"
#include "ui/term/capture.h"
#include "ui/term/curses_screen.h"
#include "ui/term/decode.h"
#include "ui/term/line.h"
#include "ui/term/looks.h"
#include "ui/term/paint_curses.h"
#include "ui/term/paint_sgr.h"

#include <termios.h>

struct term {
	struct term_options options;
	struct term_caps caps;
	struct term_traits traits;
	struct line line;
	struct decoder decoder;
	struct looks looks;
	struct paint_sgr sgr;       /* one of the two painters is in use: */
	struct paint_curses curses; /* traits.curses tells which */
	struct curses_screen *screen;
	struct capture capture;
	struct termios before; /* the tty's modes as they were */
	int fd;
	int shared_flags; /* file status flags to restore when fd shares its description with others; else -1 */
	int width, height;
	bool entered, behind, mouse;
	int64_t fed_ms;              /* when bytes last came */
	char title[256];             /* as sent last */
	char enter[256], leave[256]; /* bytes that begin and end the use of the screen */
};

#define TERM_MOUSE_ON "\033[?1000h\033[?1002h\033[?1006h"
#define TERM_MOUSE_OFF "\033[?1006l\033[?1002l\033[?1000l"

#endif
