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

check_PROGRAMS += tests/unit/core/test_key_state
tests_unit_core_test_key_state_SOURCES = tests/unit/core/test_key_state.c
tests_unit_core_test_key_state_LDADD = $(libs_core) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/core/test_order
tests_unit_core_test_order_SOURCES = tests/unit/core/test_order.c
tests_unit_core_test_order_LDADD = $(libs_core) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/core/test_person
tests_unit_core_test_person_SOURCES = tests/unit/core/test_person.c
tests_unit_core_test_person_LDADD = $(libs_core) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/core/test_visitor
tests_unit_core_test_visitor_SOURCES = tests/unit/core/test_visitor.c
tests_unit_core_test_visitor_LDADD = $(libs_core) $(CMOCKA_LIBS) $(BASE_LIBS)
