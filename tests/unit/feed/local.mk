check_PROGRAMS += tests/unit/feed/test_stream
tests_unit_feed_test_stream_SOURCES = tests/unit/feed/test_stream.c
tests_unit_feed_test_stream_LDADD = $(libs_feed) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/feed/test_feed
tests_unit_feed_test_feed_SOURCES = tests/unit/feed/test_feed.c $(loopback_sources)
tests_unit_feed_test_feed_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_unit_feed_test_feed_LDADD = $(libs_feed) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/feed/test_order
tests_unit_feed_test_order_SOURCES = tests/unit/feed/test_order.c $(loopback_sources)
tests_unit_feed_test_order_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_unit_feed_test_order_LDADD = $(libs_feed) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/feed/test_push
tests_unit_feed_test_push_SOURCES = tests/unit/feed/test_push.c $(wsserver_sources) $(loopback_sources)
tests_unit_feed_test_push_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_unit_feed_test_push_LDADD = $(libs_feed) $(CMOCKA_LIBS) $(NET_LIBS)
