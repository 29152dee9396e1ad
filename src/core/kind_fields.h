/* For core/kind_*.c alone: short forms for the rows of a field table, and the kinds themselves. */
#ifndef LODGE_CORE_KIND_FIELDS_H
#define LODGE_CORE_KIND_FIELDS_H

#include "core/kind.h"

#include <stddef.h>

/* FIELD(struct sensor, height, NUMBER, flags, decimals, unit, help) for members that are named as in the contract; FIELD_AS where the member's
 * name carries its unit. */
#define FIELD_AS(row_type, json_name, member, form, field_flags, places, unit_name, help_text)               \
	{                                                                                                    \
		.name = (json_name), .type = FIELD_##form, .offset = offsetof(row_type, member),             \
		.flags = (field_flags), .decimals = (places), .unit = (unit_name), .help = (help_text)       \
	}
#define FIELD(row_type, member, form, field_flags, places, unit_name, help_text)                             \
	FIELD_AS(row_type, #member, member, form, field_flags, places, unit_name, help_text)

#define FIELD_COLUMN (FIELD_IN_TABLE)
#define FIELD_COLUMN_RIGHT (FIELD_IN_TABLE | FIELD_RIGHT)

/* What core/kind.c collects: one a kind, defined beside its fields. The rest of the arguments are the members that differ. */
#define KIND(constant, kind_name, row_type, table, kind_help, ...)                                           \
	const struct kind_info kind_info_##constant = {.kind = KIND_##constant,                              \
						       .name = (kind_name),                                  \
						       .stride = sizeof(row_type),                           \
						       .fields = (table),                                    \
						       .n_fields = sizeof(table) / sizeof((table)[0]),       \
						       .help = (kind_help),                                  \
						       __VA_ARGS__}

#define KIND_DECLARE(constant, kind_name) extern const struct kind_info kind_info_##constant;
KIND_MAP(KIND_DECLARE)
#undef KIND_DECLARE

#endif
