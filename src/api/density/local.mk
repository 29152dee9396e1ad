api_density_sources = \
	src/api/density/ask.c \
	src/api/density/auth.c \
	src/api/density/auth.h \
	src/api/density/body.c \
	src/api/density/change.h \
	src/api/density/density.c \
	src/api/density/density.h \
	src/api/density/job.h \
	src/api/density/live.c \
	src/api/density/now.c \
	src/api/density/now.h \
	src/api/density/order.c \
	src/api/density/push.c \
	src/api/density/push.h \
	src/api/density/range.c \
	src/api/density/range.h \
	src/api/density/read.c \
	src/api/density/report.c \
	src/api/density/report.h \
	src/api/density/shape.c \
	src/api/density/shape.h \
	src/api/density/space.c \
	src/api/density/space.h \
	src/api/density/things.c \
	src/api/density/windows.c \
	src/api/density/writes.c
