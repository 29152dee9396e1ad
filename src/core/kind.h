/* The kinds and their fields: the one table that get, watch, JSON, CSV, the tables on screen and the man page are made from. */
#ifndef LODGE_CORE_KIND_H
#define LODGE_CORE_KIND_H

#include "model/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_TEXT,    /* const char * */
	FIELD_NUMBER,  /* double */
	FIELD_MOMENT,  /* int64_t ms */
	FIELD_TRUTH,   /* int8_t */
	FIELD_POINT,   /* struct point */
	FIELD_POINTS,  /* struct points */
	FIELD_VECTOR3, /* struct vector3 */
	FIELD_COLOR,   /* struct rgba */
	FIELD_GRID8,   /* struct grid8 */
	FIELD_WORDS,   /* struct words */
};

enum field_flag {
	FIELD_IN_TABLE = 1,   /* a column of the plain table */
	FIELD_NOT_JSON = 2,   /* ours alone: not part of JSON and CSV */
	FIELD_RIGHT = 4,      /* numbers: right-aligned */
	FIELD_NOT_HASHED = 8, /* changes without meaning (last_seen): no reason to draw or to report a change */
	FIELD_EMPTY_LIST =
		16 /* points, words: none is [] and says something (nobody seen); without it none is null */
};

struct field {
	const char *name; /* as in the contract's JSON */
	enum field_type type;
	size_t offset;
	unsigned flags;
	int decimals;     /* in tables; -1: as many as needed */
	const char *unit; /* for the man page and headings; NULL: none */
	const char *help;
};

/* A kind. `fields` names every member of the row but its id, first those of the JSON form in the contract's order.
 * The …_field members say which filters of the command line its rows can answer, by the name of a field ("id" is the row's own). */
struct kind_info {
	enum kind kind;
	const char *name;
	size_t stride;
	const struct field *fields;
	size_t n_fields;
	const char *help;
	bool id_in_table; /* false where the id is put together from other fields */
	const char *building_field, *floor_field, *room_field, *unit_field,
		*user_field; /* NULL: the filter does not apply */
	const char *status_field, *type_field, *method_field, *time_field, *source_field;
};

const struct kind_info *kind_info(enum kind kind);

/* By name; -1 when unknown (or NULL). A singular ("room") is understood too. */
int kind_parse(const char *name);

/* NULL-terminated names, for suggestions and completions. */
const char *const *kind_names(void);

/* NULL when the kind has no such field; "id" gives the row's own id. */
const struct field *kind_field(enum kind kind, const char *name);

/* The id, which every row begins with. */
extern const struct field kind_id_field;

/* A new, empty snapshot of a kind. NULL when memory ends. */
struct rows *kind_rows_new(enum kind kind, const char *account, const char *vendor);

/* Fills *row with "not told" in every field. */
void kind_blank(enum kind kind, void *row);

/* A hash of the row's content (fields not marked FIELD_NOT_HASHED), and of a whole snapshot (order apart). */
uint64_t kind_hash_row(enum kind kind, const void *row);
uint64_t kind_hash_rows(const struct rows *rows);

/* Deep copy of a row into another snapshot under construction. Returns the new row or NULL at the ceiling. */
void *kind_copy_row(struct rows *into, enum kind kind, const void *row);

/* Typed access by field. */
static inline const void *field_at(const struct field *field, const void *row)
{
	return (const char *)row + field->offset;
}
const char *field_text(const struct field *field, const void *row); /* FIELD_TEXT; NULL otherwise */

#endif
