# The terminal: the only folder that knows curses.
noinst_LIBRARIES += libterm.a
libterm_a_SOURCES = \
	ui/term/caps.c ui/term/caps.h \
	ui/term/capture.c ui/term/capture.h \
	ui/term/crash.c ui/term/crash.h \
	ui/term/curses_screen.c ui/term/curses_screen.h \
	ui/term/decode.c ui/term/decode.h \
	ui/term/glyph.c ui/term/glyph.h \
	ui/term/line.c ui/term/line.h \
	ui/term/looks.c ui/term/looks.h \
	ui/term/osc.c \
	ui/term/paint_curses.c ui/term/paint_curses.h \
	ui/term/paint_sgr.c ui/term/paint_sgr.h \
	ui/term/printer.c \
	ui/term/term.c ui/term/term.h \
	ui/term/term_private.h
libterm_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS)
