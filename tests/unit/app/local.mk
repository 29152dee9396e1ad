check_PROGRAMS += tests/unit/app/test_cli
tests_unit_app_test_cli_SOURCES = tests/unit/app/test_cli.c tests/unit/app/run.c tests/unit/app/run.h
tests_unit_app_test_cli_LDADD = $(libs_base) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/app/test_key
tests_unit_app_test_key_SOURCES = tests/unit/app/test_key.c tests/unit/app/run.c tests/unit/app/run.h
tests_unit_app_test_key_LDADD = $(libs_base) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/app/test_earlier
tests_unit_app_test_earlier_SOURCES = tests/unit/app/test_earlier.c
tests_unit_app_test_earlier_LDADD = $(libs_app) $(CMOCKA_LIBS) $(NET_LIBS) $(STORE_LIBS) $(SIM_LIBS) $(TERM_LIBS)

# It brings its own feed, so that of the libraries only what the questions need is linked.
check_PROGRAMS += tests/unit/app/test_dash_ask
tests_unit_app_test_dash_ask_SOURCES = tests/unit/app/test_dash_ask.c
tests_unit_app_test_dash_ask_LDADD = $(libs_app) $(CMOCKA_LIBS) $(NET_LIBS) $(STORE_LIBS) $(SIM_LIBS) $(TERM_LIBS)
