check_PROGRAMS += tests/unit/out/test_out
tests_unit_out_test_out_SOURCES = tests/unit/out/test_out.c
tests_unit_out_test_out_LDADD = $(libs_out) $(CMOCKA_LIBS) $(BASE_LIBS)
