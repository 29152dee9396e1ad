check_PROGRAMS += tests/unit/app/test_cli
tests_unit_app_test_cli_SOURCES = tests/unit/app/test_cli.c tests/unit/app/run.c tests/unit/app/run.h
tests_unit_app_test_cli_LDADD = $(libs_base) $(CMOCKA_LIBS) $(BASE_LIBS)
