# Rows to tables, JSON, NDJSON and CSV.
noinst_LIBRARIES += libout.a
libout_a_SOURCES = \
	src/out/csv.c \
	src/out/format.h \
	src/out/json.c \
	src/out/out.c \
	src/out/out.h \
	src/out/table.c
