# The simulator. It knows src/base only.
include src/sim/world.mk

noinst_LIBRARIES += libsim.a

libsim_a_SOURCES = \
	$(sim_world_sources) \
	src/sim/app.c \
	src/sim/app.h \
	src/sim/butlr.c \
	src/sim/butlr.h \
	src/sim/butlr_auth.c \
	src/sim/butlr_auth.h \
	src/sim/butlr_density.c \
	src/sim/butlr_detections.c \
	src/sim/butlr_detections.h \
	src/sim/butlr_estate.c \
	src/sim/butlr_estate.h \
	src/sim/butlr_page.c \
	src/sim/butlr_page.h \
	src/sim/butlr_report.c \
	src/sim/butlr_report.h \
	src/sim/butlr_reporting.c \
	src/sim/butlr_reporting.h \
	src/sim/butlr_rest.c \
	src/sim/butlr_rest.h \
	src/sim/butlr_rows.c \
	src/sim/butlr_rows.h \
	src/sim/butlr_schema.c \
	src/sim/butlr_schema.h \
	src/sim/butlr_schema_devices.c \
	src/sim/butlr_schema_places.c \
	src/sim/butlr_series.c \
	src/sim/butlr_series.h \
	src/sim/butlr_stats.c \
	src/sim/butlr_time.c \
	src/sim/butlr_time.h \
	src/sim/butlr_types.c \
	src/sim/butlr_types.h \
	src/sim/butlr_write.c \
	src/sim/butlr_write.h \
	src/sim/call.c \
	src/sim/call.h \
	src/sim/control.c \
	src/sim/control.h \
	src/sim/faults.c \
	src/sim/faults.h \
	src/sim/gql.c \
	src/sim/gql.h \
	src/sim/gql_parse.c \
	src/sim/gql_parse.h \
	src/sim/server.c \
	src/sim/server.h \
	src/sim/sim.c \
	src/sim/sim.h
