# Plain data: rows of buildings, sensors, people counts, door releases.
noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES = \
	src/model/access.h \
	src/model/estate.h \
	src/model/geometry.c \
	src/model/geometry.h \
	src/model/kind_id.h \
	src/model/live.h \
	src/model/rows.c \
	src/model/rows.h \
	src/model/value.h
