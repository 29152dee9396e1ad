noinst_LIBRARIES += libnet.a
libnet_a_SOURCES = \
	src/net/backoff.c src/net/backoff.h \
	src/net/cache.c src/net/cache.h \
	src/net/cache_disk.c src/net/cache_disk.h \
	src/net/http.c src/net/http.h src/net/http_private.h \
	src/net/http_ca.c \
	src/net/http_curl.c \
	src/net/http_head.c \
	src/net/http_loop.c \
	src/net/http_reach.c \
	src/net/http_text.c \
	src/net/http_url.c \
	src/net/limiter.c src/net/limiter.h \
	src/net/session.c src/net/session.h src/net/session_private.h \
	src/net/session_auth.c \
	src/net/session_call.c \
	src/net/session_flight.c \
	src/net/session_message.c \
	src/net/token.c src/net/token.h \
	src/net/token_file.c \
	src/net/ws.c src/net/ws.h src/net/ws_private.h \
	src/net/ws_lws.c \
	src/net/ws_target.c
