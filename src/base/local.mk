noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/arena.c src/base/arena.h \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/err.c src/base/err.h \
	src/base/jsonw.c src/base/jsonw.h \
	src/base/jsonx.c src/base/jsonx.h \
	src/base/jsonx_scan.c src/base/jsonx_scan.h \
	src/base/logger.c src/base/logger.h \
	src/base/mailbox.c src/base/mailbox.h \
	src/base/moment.c src/base/moment.h src/base/moment_civil.h \
	src/base/moment_rails.c \
	src/base/moment_zone.c \
	src/base/qr.c src/base/qr.h \
	src/base/rng.c src/base/rng.h \
	src/base/secret.c src/base/secret.h \
	src/base/spawn.c src/base/spawn.h \
	src/base/statefile.c src/base/statefile.h \
	src/base/text.c src/base/text.h \
	src/base/text_number.c \
	src/base/text_show.c
