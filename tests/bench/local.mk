bench_programs = \
	tests/bench/bench_decode \
	tests/bench/bench_occupancy \
	tests/bench/bench_density \
	tests/bench/bench_paint \
	tests/bench/bench_plan \
	tests/bench/bench_store
bench_helpers =
if HAVE_CMOCKA
bench_programs += tests/bench/bench_push
endif
if SIM
bench_programs += tests/bench/bench_watch
if HAVE_VTERM
bench_programs += tests/bench/bench_dash
bench_helpers += tests/bench/bench_floor
endif
endif

EXTRA_PROGRAMS += $(bench_programs) $(bench_helpers)
CLEANFILES += $(bench_programs) $(bench_helpers)

tests_bench_bench_decode_SOURCES = tests/bench/bench_decode.c
tests_bench_bench_decode_LDADD = $(libs_api) $(NET_LIBS)

tests_bench_bench_density_SOURCES = tests/bench/bench_density.c
tests_bench_bench_density_LDADD = $(libs_api) $(NET_LIBS)

tests_bench_bench_occupancy_SOURCES = tests/bench/bench_occupancy.c
tests_bench_bench_occupancy_LDADD = $(libs_ui) $(BASE_LIBS)

tests_bench_bench_paint_SOURCES = tests/bench/bench_paint.c
tests_bench_bench_paint_LDADD = $(libs_term) $(TERM_LIBS)

tests_bench_bench_plan_SOURCES = tests/bench/bench_plan.c
tests_bench_bench_plan_LDADD = $(libs_term) $(TERM_LIBS)

# Its servers are those of the tests.
tests_bench_bench_push_SOURCES = tests/bench/bench_push.c $(wsserver_sources) $(loopback_sources)
tests_bench_bench_push_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_bench_bench_push_LDADD = $(libs_feed) $(CMOCKA_LIBS) $(NET_LIBS)

tests_bench_bench_store_SOURCES = tests/bench/bench_store.c
tests_bench_bench_store_LDADD = $(libs_store) $(STORE_LIBS)

if SIM
tests_bench_bench_watch_SOURCES = tests/bench/bench_watch.c
tests_bench_bench_watch_LDADD = $(BASE_LIBS)

if HAVE_VTERM
tests_bench_bench_dash_SOURCES = tests/bench/bench_dash.c tests/bench/screen.h
tests_bench_bench_dash_CPPFLAGS = $(AM_CPPFLAGS) $(VTERM_CFLAGS)
tests_bench_bench_dash_LDADD = $(VTERM_LIBS) $(BASE_LIBS)
EXTRA_tests_bench_bench_dash_DEPENDENCIES = $(bench_helpers)

# All libraries of lodge, used or not.
tests_bench_bench_floor_SOURCES = tests/bench/bench_floor.c tests/bench/screen.h
tests_bench_bench_floor_LDFLAGS = -Wl,--no-as-needed $(AM_LDFLAGS)
tests_bench_bench_floor_LDADD = $(NET_LIBS) $(STORE_LIBS) $(SIM_LIBS) $(TERM_LIBS)
endif
endif
