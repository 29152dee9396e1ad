check_PROGRAMS += tests/unit/base/test_arena
tests_unit_base_test_arena_SOURCES = tests/unit/base/test_arena.c
tests_unit_base_test_arena_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_buf
tests_unit_base_test_buf_SOURCES = tests/unit/base/test_buf.c
tests_unit_base_test_buf_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_clock
tests_unit_base_test_clock_SOURCES = tests/unit/base/test_clock.c
tests_unit_base_test_clock_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_err
tests_unit_base_test_err_SOURCES = tests/unit/base/test_err.c
tests_unit_base_test_err_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_jsonw
tests_unit_base_test_jsonw_SOURCES = tests/unit/base/test_jsonw.c
tests_unit_base_test_jsonw_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_jsonx
tests_unit_base_test_jsonx_SOURCES = tests/unit/base/test_jsonx.c
tests_unit_base_test_jsonx_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_logger
tests_unit_base_test_logger_SOURCES = tests/unit/base/test_logger.c
tests_unit_base_test_logger_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_mailbox
tests_unit_base_test_mailbox_SOURCES = tests/unit/base/test_mailbox.c
tests_unit_base_test_mailbox_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_moment
tests_unit_base_test_moment_SOURCES = tests/unit/base/test_moment.c
tests_unit_base_test_moment_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_qr
tests_unit_base_test_qr_SOURCES = tests/unit/base/test_qr.c
tests_unit_base_test_qr_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)
if HAVE_ZBAR
tests_unit_base_test_qr_CPPFLAGS = $(AM_CPPFLAGS) $(ZBAR_CFLAGS) -DHAVE_ZBAR=1
tests_unit_base_test_qr_LDADD += $(ZBAR_LIBS)
endif

check_PROGRAMS += tests/unit/base/test_rng
tests_unit_base_test_rng_SOURCES = tests/unit/base/test_rng.c
tests_unit_base_test_rng_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_secret
tests_unit_base_test_secret_SOURCES = tests/unit/base/test_secret.c
tests_unit_base_test_secret_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_spawn
tests_unit_base_test_spawn_SOURCES = tests/unit/base/test_spawn.c
tests_unit_base_test_spawn_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_statefile
tests_unit_base_test_statefile_SOURCES = tests/unit/base/test_statefile.c
tests_unit_base_test_statefile_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/base/test_text
tests_unit_base_test_text_SOURCES = tests/unit/base/test_text.c
tests_unit_base_test_text_LDADD = libbase.a $(CMOCKA_LIBS) $(BASE_LIBS)
