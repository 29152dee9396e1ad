store_desk = tests/unit/store/desk.c tests/unit/store/desk.h

check_PROGRAMS += tests/unit/store/test_store_doors
tests_unit_store_test_store_doors_SOURCES = tests/unit/store/test_store_doors.c $(store_desk)
tests_unit_store_test_store_doors_LDADD = $(libs_store) $(CMOCKA_LIBS) $(STORE_LIBS)

check_PROGRAMS += tests/unit/store/test_store_audit
tests_unit_store_test_store_audit_SOURCES = tests/unit/store/test_store_audit.c $(store_desk)
tests_unit_store_test_store_audit_LDADD = $(libs_store) $(CMOCKA_LIBS) $(STORE_LIBS)

check_PROGRAMS += tests/unit/store/test_store_file
tests_unit_store_test_store_file_SOURCES = tests/unit/store/test_store_file.c $(store_desk)
tests_unit_store_test_store_file_LDADD = $(libs_store) $(CMOCKA_LIBS) $(STORE_LIBS)
