check_PROGRAMS += tests/unit/model/test_rows
tests_unit_model_test_rows_SOURCES = tests/unit/model/test_rows.c
tests_unit_model_test_rows_LDADD = $(libs_model) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/model/test_geometry
tests_unit_model_test_geometry_SOURCES = tests/unit/model/test_geometry.c
tests_unit_model_test_geometry_LDADD = $(libs_model) $(CMOCKA_LIBS) $(BASE_LIBS)
