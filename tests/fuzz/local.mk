# Each target is built twice: replay_NAME runs it over its corpus in `make check`; with --enable-fuzzers,
# fuzz_NAME is the libFuzzer program, and `make fuzz FUZZ_SECONDS=60` runs all of them one by one.

EXTRA_DIST += tests/fuzz/corpus

check_PROGRAMS += tests/fuzz/replay_text
tests_fuzz_replay_text_SOURCES = tests/fuzz/fuzz_text.c tests/fuzz/replay.c
tests_fuzz_replay_text_LDADD = $(libs_base) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/replay_moment
tests_fuzz_replay_moment_SOURCES = tests/fuzz/fuzz_moment.c tests/fuzz/replay.c
tests_fuzz_replay_moment_LDADD = $(libs_base) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/replay_jsonx
tests_fuzz_replay_jsonx_SOURCES = tests/fuzz/fuzz_jsonx.c tests/fuzz/replay.c
tests_fuzz_replay_jsonx_LDADD = $(libs_base) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/replay_config
tests_fuzz_replay_config_SOURCES = tests/fuzz/fuzz_config.c tests/fuzz/replay.c
tests_fuzz_replay_config_LDADD = $(libs_core) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/replay_query
tests_fuzz_replay_query_SOURCES = tests/fuzz/fuzz_query.c tests/fuzz/replay.c
tests_fuzz_replay_query_LDADD = $(libs_core) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/replay_butlr_estate
tests_fuzz_replay_butlr_estate_SOURCES = tests/fuzz/fuzz_butlr_estate.c tests/fuzz/replay.c
tests_fuzz_replay_butlr_estate_LDADD = $(libs_api) $(NET_LIBS)

check_PROGRAMS += tests/fuzz/replay_butlr_detections
tests_fuzz_replay_butlr_detections_SOURCES = tests/fuzz/fuzz_butlr_detections.c tests/fuzz/replay.c
tests_fuzz_replay_butlr_detections_LDADD = $(libs_api) $(NET_LIBS)

check_PROGRAMS += tests/fuzz/replay_butlr_reporting
tests_fuzz_replay_butlr_reporting_SOURCES = tests/fuzz/fuzz_butlr_reporting.c tests/fuzz/replay.c
tests_fuzz_replay_butlr_reporting_LDADD = $(libs_api) $(NET_LIBS)

check_PROGRAMS += tests/fuzz/replay_butterflymx
tests_fuzz_replay_butterflymx_SOURCES = tests/fuzz/fuzz_butterflymx.c tests/fuzz/replay.c
tests_fuzz_replay_butterflymx_LDADD = $(libs_api) $(NET_LIBS)

check_PROGRAMS += tests/fuzz/replay_density
tests_fuzz_replay_density_SOURCES = tests/fuzz/fuzz_density.c tests/fuzz/replay.c
tests_fuzz_replay_density_LDADD = $(libs_api) $(NET_LIBS)

check_PROGRAMS += tests/fuzz/replay_sensorist
tests_fuzz_replay_sensorist_SOURCES = tests/fuzz/fuzz_sensorist.c tests/fuzz/replay.c
tests_fuzz_replay_sensorist_LDADD = $(libs_api) $(NET_LIBS)

check_PROGRAMS += tests/fuzz/replay_theme
tests_fuzz_replay_theme_SOURCES = tests/fuzz/fuzz_theme.c tests/fuzz/replay.c
tests_fuzz_replay_theme_LDADD = $(libs_ui) $(BASE_LIBS)

if FUZZERS
fuzz_programs =

fuzz_programs += tests/fuzz/fuzz_text
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c
tests_fuzz_fuzz_text_LDADD = $(tests_fuzz_replay_text_LDADD)
tests_fuzz_fuzz_text_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_moment
tests_fuzz_fuzz_moment_SOURCES = tests/fuzz/fuzz_moment.c
tests_fuzz_fuzz_moment_LDADD = $(tests_fuzz_replay_moment_LDADD)
tests_fuzz_fuzz_moment_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_jsonx
tests_fuzz_fuzz_jsonx_SOURCES = tests/fuzz/fuzz_jsonx.c
tests_fuzz_fuzz_jsonx_LDADD = $(tests_fuzz_replay_jsonx_LDADD)
tests_fuzz_fuzz_jsonx_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_config
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c
tests_fuzz_fuzz_config_LDADD = $(tests_fuzz_replay_config_LDADD)
tests_fuzz_fuzz_config_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_query
tests_fuzz_fuzz_query_SOURCES = tests/fuzz/fuzz_query.c
tests_fuzz_fuzz_query_LDADD = $(tests_fuzz_replay_query_LDADD)
tests_fuzz_fuzz_query_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_butlr_estate
tests_fuzz_fuzz_butlr_estate_SOURCES = tests/fuzz/fuzz_butlr_estate.c
tests_fuzz_fuzz_butlr_estate_LDADD = $(tests_fuzz_replay_butlr_estate_LDADD)
tests_fuzz_fuzz_butlr_estate_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_butlr_detections
tests_fuzz_fuzz_butlr_detections_SOURCES = tests/fuzz/fuzz_butlr_detections.c
tests_fuzz_fuzz_butlr_detections_LDADD = $(tests_fuzz_replay_butlr_detections_LDADD)
tests_fuzz_fuzz_butlr_detections_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_butlr_reporting
tests_fuzz_fuzz_butlr_reporting_SOURCES = tests/fuzz/fuzz_butlr_reporting.c
tests_fuzz_fuzz_butlr_reporting_LDADD = $(tests_fuzz_replay_butlr_reporting_LDADD)
tests_fuzz_fuzz_butlr_reporting_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_butterflymx
tests_fuzz_fuzz_butterflymx_SOURCES = tests/fuzz/fuzz_butterflymx.c
tests_fuzz_fuzz_butterflymx_LDADD = $(tests_fuzz_replay_butterflymx_LDADD)
tests_fuzz_fuzz_butterflymx_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_density
tests_fuzz_fuzz_density_SOURCES = tests/fuzz/fuzz_density.c
tests_fuzz_fuzz_density_LDADD = $(tests_fuzz_replay_density_LDADD)
tests_fuzz_fuzz_density_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_sensorist
tests_fuzz_fuzz_sensorist_SOURCES = tests/fuzz/fuzz_sensorist.c
tests_fuzz_fuzz_sensorist_LDADD = $(tests_fuzz_replay_sensorist_LDADD)
tests_fuzz_fuzz_sensorist_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_theme
tests_fuzz_fuzz_theme_SOURCES = tests/fuzz/fuzz_theme.c
tests_fuzz_fuzz_theme_LDADD = $(tests_fuzz_replay_theme_LDADD)
tests_fuzz_fuzz_theme_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

noinst_PROGRAMS += $(fuzz_programs)

# What libFuzzer finds is left in the build folder: move it to tests/fuzz/corpus/NAME once it is mended.
FUZZ_SECONDS = 60
fuzz: $(fuzz_programs)
	@for program in $(fuzz_programs); do \
		name=`expr $$program : '.*/fuzz_\(.*\)'`; \
		echo "== $$name"; \
		mkdir -p fuzz-found/$$name; \
		./$$program -max_total_time=$(FUZZ_SECONDS) -timeout=5 -rss_limit_mb=2048 -print_final_stats=1 \
			-artifact_prefix=fuzz-found/$$name/ fuzz-found/$$name $(srcdir)/tests/fuzz/corpus/$$name || exit 1; \
	done
else
fuzz:
	@echo "The fuzzers are not built. Configure with CC=clang --enable-fuzzers." >&2; exit 1
endif
.PHONY: fuzz
