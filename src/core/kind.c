#include "core/kind.h"

#include "core/kind_fields.h"

#include <string.h>

const struct field kind_id_field = {
	.name = "id",
	.type = FIELD_TEXT,
	.flags = FIELD_IN_TABLE,
	.decimals = -1,
	.help = "the vendor's own id",
};

static const struct kind_info *const kinds[KIND_COUNT] = {
#define KIND_INFO(constant, kind_name) [KIND_##constant] = &kind_info_##constant,
	KIND_MAP(KIND_INFO)
#undef KIND_INFO
};

static const char *const names[KIND_COUNT + 1] = {
#define KIND_NAME(constant, kind_name) [KIND_##constant] = (kind_name),
	KIND_MAP(KIND_NAME)
#undef KIND_NAME
};

const struct kind_info *kind_info(enum kind kind) { return kinds[kind]; }

const char *const *kind_names(void) { return names; }

int kind_parse(const char *name)
{
	if (!name)
		return -1;
	size_t length = strlen(name);
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		size_t full = strlen(names[kind]);
		bool plural = names[kind][full - 1] == 's';
		if (strncmp(name, names[kind], length) == 0 &&
		    (length == full || (plural && length + 1 == full && length > 0)))
			return kind;
	}
	return -1;
}

const struct field *kind_field(enum kind kind, const char *name)
{
	if (!name)
		return NULL;
	if (strcmp(name, "id") == 0)
		return &kind_id_field;
	const struct kind_info *info = kinds[kind];
	for (size_t i = 0; i < info->n_fields; i++)
		if (strcmp(info->fields[i].name, name) == 0)
			return &info->fields[i];
	return NULL;
}

const char *field_text(const struct field *field, const void *row)
{
	return field->type == FIELD_TEXT ? *(const char *const *)field_at(field, row) : NULL;
}
