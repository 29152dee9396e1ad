# valid/NAME.conf is read; invalid/NAME.conf is refused in the words of invalid/NAME.expected.
EXTRA_DIST += tests/unit/core/valid tests/unit/core/invalid

check_PROGRAMS += tests/unit/core/test_kind
tests_unit_core_test_kind_SOURCES = tests/unit/core/test_kind.c
tests_unit_core_test_kind_LDADD = $(libs_core) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/core/test_query
tests_unit_core_test_query_SOURCES = tests/unit/core/test_query.c
tests_unit_core_test_query_LDADD = $(libs_core) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/core/test_option
tests_unit_core_test_option_SOURCES = tests/unit/core/test_option.c
tests_unit_core_test_option_LDADD = $(libs_core) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/core/test_config
tests_unit_core_test_config_SOURCES = tests/unit/core/test_config.c
tests_unit_core_test_config_LDADD = $(libs_core) $(CMOCKA_LIBS) $(BASE_LIBS)
