check_PROGRAMS += tests/unit/net/test_backoff
tests_unit_net_test_backoff_SOURCES = tests/unit/net/test_backoff.c
tests_unit_net_test_backoff_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/net/test_cache
tests_unit_net_test_cache_SOURCES = tests/unit/net/test_cache.c
tests_unit_net_test_cache_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/net/test_cache_disk
tests_unit_net_test_cache_disk_SOURCES = tests/unit/net/test_cache_disk.c
tests_unit_net_test_cache_disk_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/net/test_limiter
tests_unit_net_test_limiter_SOURCES = tests/unit/net/test_limiter.c
tests_unit_net_test_limiter_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/net/test_token
tests_unit_net_test_token_SOURCES = tests/unit/net/test_token.c
tests_unit_net_test_token_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/net/test_http_head
tests_unit_net_test_http_head_SOURCES = tests/unit/net/test_http_head.c
tests_unit_net_test_http_head_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/net/test_reach
tests_unit_net_test_reach_SOURCES = tests/unit/net/test_reach.c
tests_unit_net_test_reach_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)
