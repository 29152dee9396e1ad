# Vocabularies and rules: kinds and their fields, queries, the configuration.
noinst_LIBRARIES += libcore.a
libcore_a_SOURCES = \
	src/core/config.c \
	src/core/config.h \
	src/core/config_build.c \
	src/core/config_build.h \
	src/core/config_file.c \
	src/core/config_file.h \
	src/core/config_secret.c \
	src/core/config_value.c \
	src/core/config_value.h \
	src/core/kind.c \
	src/core/kind.h \
	src/core/kind_access.c \
	src/core/kind_estate.c \
	src/core/kind_fields.h \
	src/core/kind_live.c \
	src/core/kind_row.c \
	src/core/option.c \
	src/core/option.h \
	src/core/query.c \
	src/core/query.h
