check_PROGRAMS += tests/unit/scan/test_scan
tests_unit_scan_test_scan_SOURCES = tests/unit/scan/test_scan.c
tests_unit_scan_test_scan_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)
