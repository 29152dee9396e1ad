loopback_sources = tests/net/loopback.c tests/net/loopback.h
rig_sources = tests/net/rig.c tests/net/rig.h $(loopback_sources)

check_PROGRAMS += tests/net/test_http
tests_net_test_http_SOURCES = tests/net/test_http.c $(loopback_sources)
tests_net_test_http_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/net/test_tls
tests_net_test_tls_SOURCES = tests/net/test_tls.c $(loopback_sources)
tests_net_test_tls_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/net/test_kept
tests_net_test_kept_SOURCES = tests/net/test_kept.c $(rig_sources)
tests_net_test_kept_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/net/test_session
tests_net_test_session_SOURCES = tests/net/test_session.c $(rig_sources)
tests_net_test_session_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/net/test_sign_in
tests_net_test_sign_in_SOURCES = tests/net/test_sign_in.c $(rig_sources)
tests_net_test_sign_in_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/net/test_plain
tests_net_test_plain_SOURCES = tests/net/test_plain.c $(rig_sources)
tests_net_test_plain_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/net/test_rotation
tests_net_test_rotation_SOURCES = tests/net/test_rotation.c $(rig_sources)
tests_net_test_rotation_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

wsserver_sources = tests/net/wsserver.c tests/net/wsserver.h
wsrig_sources = tests/net/wsrig.c tests/net/wsrig.h $(wsserver_sources) $(loopback_sources)

check_PROGRAMS += tests/net/test_ws
tests_net_test_ws_SOURCES = tests/net/test_ws.c $(wsrig_sources)
tests_net_test_ws_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/net/test_ws_end
tests_net_test_ws_end_SOURCES = tests/net/test_ws_end.c $(wsrig_sources)
tests_net_test_ws_end_LDADD = libnet.a libbase.a $(CMOCKA_LIBS) $(NET_LIBS) $(BASE_LIBS)
