bench_programs = \
	tests/bench/bench_decode
if SIM
bench_programs += tests/bench/bench_watch
endif

EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)

tests_bench_bench_decode_SOURCES = tests/bench/bench_decode.c
tests_bench_bench_decode_LDADD = $(libs_api) $(NET_LIBS)

if SIM
tests_bench_bench_watch_SOURCES = tests/bench/bench_watch.c
tests_bench_bench_watch_LDADD = $(BASE_LIBS)
endif
