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
	src/core/history.h \
	src/core/key_state.c \
	src/core/kind.c \
	src/core/kind.h \
	src/core/kind_access.c \
	src/core/kind_estate.c \
	src/core/kind_fields.h \
	src/core/kind_live.c \
	src/core/kind_row.c \
	src/core/option.c \
	src/core/option.h \
	src/core/order.c \
	src/core/order.h \
	src/core/order_check.c \
	src/core/person.c \
	src/core/person.h \
	src/core/query.c \
	src/core/query.h \
	src/core/validity.c \
	src/core/validity.h \
	src/core/visitor.c \
	src/core/visitor.h \
	src/core/visitor_check.c \
	src/core/visitor_people.c \
	src/core/visitor_plan.h \
	src/core/visitor_time.c \
	src/core/when.c \
	src/core/when.h
