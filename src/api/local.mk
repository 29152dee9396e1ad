include src/api/butlr/local.mk
include src/api/butterflymx/local.mk
include src/api/density/local.mk
include src/api/sensorist/local.mk

noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	src/api/source.c src/api/source.h \
	src/api/work.c src/api/work.h \
	$(api_butlr_sources) \
	$(api_butterflymx_sources) \
	$(api_density_sources) \
	$(api_sensorist_sources)
