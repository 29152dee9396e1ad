noinst_LIBRARIES += libfeed.a
libfeed_a_SOURCES = \
	src/feed/change.c \
	src/feed/event.c src/feed/event.h \
	src/feed/feed.c src/feed/feed.h src/feed/private.h \
	src/feed/follow.c \
	src/feed/once.c \
	src/feed/push.c src/feed/push.h \
	src/feed/run.c \
	src/feed/stream.c src/feed/stream.h
