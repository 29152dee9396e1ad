bench_programs = \
	tests/bench/bench_decode \
	tests/bench/bench_paint
if SIM
bench_programs += tests/bench/bench_watch
endif

EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)

tests_bench_bench_decode_SOURCES = tests/bench/bench_decode.c
tests_bench_bench_decode_LDADD = $(libs_api) $(NET_LIBS)

tests_bench_bench_paint_SOURCES = tests/bench/bench_paint.c
tests_bench_bench_paint_LDADD = $(libs_term) $(TERM_LIBS)

if SIM
tests_bench_bench_watch_SOURCES = tests/bench/bench_watch.c
tests_bench_bench_watch_LDADD = $(BASE_LIBS)
endif
