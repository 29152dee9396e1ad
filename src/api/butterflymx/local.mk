api_butterflymx_sources = \
	src/api/butterflymx/ask.c \
	src/api/butterflymx/auth.c \
	src/api/butterflymx/auth.h \
	src/api/butterflymx/body.c \
	src/api/butterflymx/butterflymx.c \
	src/api/butterflymx/butterflymx.h \
	src/api/butterflymx/decode.c \
	src/api/butterflymx/decode.h \
	src/api/butterflymx/direct.c \
	src/api/butterflymx/directory.c \
	src/api/butterflymx/directory.h \
	src/api/butterflymx/doors.c \
	src/api/butterflymx/job.h \
	src/api/butterflymx/join.c \
	src/api/butterflymx/jsonapi.c \
	src/api/butterflymx/jsonapi.h \
	src/api/butterflymx/look.c \
	src/api/butterflymx/order.c \
	src/api/butterflymx/order.h \
	src/api/butterflymx/read.c \
	src/api/butterflymx/refusal.c \
	src/api/butterflymx/windows.c \
	src/api/butterflymx/writes.c
