# Programs on a pseudo-terminal that libvterm reads.
pty_sources = tests/tty/pty.c tests/tty/pty.h
pty_cppflags = $(AM_CPPFLAGS) $(VTERM_CFLAGS)
pty_libs = $(libs_term) $(TERM_LIBS) $(VTERM_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/tty/test_paint
tests_tty_test_paint_SOURCES = tests/tty/test_paint.c $(pty_sources)
tests_tty_test_paint_CPPFLAGS = $(pty_cppflags)
tests_tty_test_paint_LDADD = $(pty_libs)

check_PROGRAMS += tests/tty/test_term
tests_tty_test_term_SOURCES = tests/tty/test_term.c $(pty_sources)
tests_tty_test_term_CPPFLAGS = $(pty_cppflags)
tests_tty_test_term_LDADD = $(pty_libs)

check_PROGRAMS += tests/tty/test_slow
tests_tty_test_slow_SOURCES = tests/tty/test_slow.c $(pty_sources)
tests_tty_test_slow_CPPFLAGS = $(pty_cppflags)
tests_tty_test_slow_LDADD = $(pty_libs)

check_PROGRAMS += tests/tty/test_decode
tests_tty_test_decode_SOURCES = tests/tty/test_decode.c
tests_tty_test_decode_LDADD = $(libs_term) $(TERM_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/tty/test_line
tests_tty_test_line_SOURCES = tests/tty/test_line.c
tests_tty_test_line_LDADD = $(libs_term) $(TERM_LIBS) $(CMOCKA_LIBS)

if SIM
check_PROGRAMS += tests/tty/test_program
tests_tty_test_program_SOURCES = tests/tty/test_program.c $(pty_sources)
tests_tty_test_program_CPPFLAGS = $(pty_cppflags)
tests_tty_test_program_LDADD = $(pty_libs)

check_PROGRAMS += tests/tty/test_outage
tests_tty_test_outage_SOURCES = tests/tty/test_outage.c tests/tty/simulator.c tests/tty/simulator.h $(pty_sources)
tests_tty_test_outage_CPPFLAGS = $(pty_cppflags)
tests_tty_test_outage_LDADD = $(pty_libs)
endif
