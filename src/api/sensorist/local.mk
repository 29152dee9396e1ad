api_sensorist_sources = \
	src/api/sensorist/alarms.c \
	src/api/sensorist/ask.c \
	src/api/sensorist/job.h \
	src/api/sensorist/measure.c \
	src/api/sensorist/order.c \
	src/api/sensorist/read.c \
	src/api/sensorist/sensorist.c \
	src/api/sensorist/sensorist.h \
	src/api/sensorist/series.c \
	src/api/sensorist/shape.c \
	src/api/sensorist/shape.h \
	src/api/sensorist/things.c \
	src/api/sensorist/tree.c \
	src/api/sensorist/tree.h \
	src/api/sensorist/writes.c
