/* What can be done with a row of any kind by its field table alone: blank, hash, copy. */
#include "core/kind.h"

#include "base/moment.h"

#include <math.h>
#include <string.h>

struct rows *kind_rows_new(enum kind kind, const char *account, const char *vendor)
{
	union {
		max_align_t align;
		char bytes[2048];
	} blank;
	const struct kind_info *info = kind_info(kind);
	_Static_assert(sizeof(struct grid8) + 512 < sizeof(blank), "a row must fit");
	if (info->stride > sizeof(blank))
		return NULL;
	kind_blank(kind, &blank);
	return rows_new(kind, info->stride, &blank, account, vendor);
}

static void blank_field(enum field_type type, void *at)
{
	switch (type) {
	case FIELD_TEXT:
		*(const char **)at = NULL;
		break;
	case FIELD_NUMBER:
		*(double *)at = NAN;
		break;
	case FIELD_MOMENT:
		*(int64_t *)at = MOMENT_NONE;
		break;
	case FIELD_TRUTH:
		*(int8_t *)at = TRUTH_UNKNOWN;
		break;
	case FIELD_POINT:
		*(struct point *)at = (struct point){NAN, NAN};
		break;
	case FIELD_POINTS:
		*(struct points *)at = (struct points){NULL, 0};
		break;
	case FIELD_VECTOR3:
		*(struct vector3 *)at = (struct vector3){{NAN, NAN, NAN}};
		break;
	case FIELD_COLOR:
		*(struct rgba *)at = (struct rgba){.set = false};
		break;
	case FIELD_GRID8:
		for (int i = 0; i < 64; i++)
			((struct grid8 *)at)->c[i] = NAN;
		break;
	case FIELD_WORDS:
		*(struct words *)at = (struct words){NULL, 0};
		break;
	}
}

void kind_blank(enum kind kind, void *row)
{
	const struct kind_info *info = kind_info(kind);
	memset(row, 0, info->stride);
	for (size_t i = 0; i < info->n_fields; i++)
		blank_field(info->fields[i].type, (char *)row + info->fields[i].offset);
}

/* --- hash: eight bytes a step, each field closed by its form so that neighbours cannot trade places --- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ (hash >> 29);
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
	if (!text)
		return mix(hash, 1);
	size_t length = strlen(text), i = 0;
	for (; i + 8 <= length; i += 8) {
		uint64_t word;
		memcpy(&word, text + i, 8);
		hash = mix(hash, word);
	}
	uint64_t rest = 0;
	memcpy(&rest, text + i, length - i);
	return mix(mix(hash, rest), length + 2);
}

static uint64_t mix_doubles(uint64_t hash, const double *values, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		/* All NANs are one value; so are 0 and -0. */
		double value = isnan(values[i]) ? 0 : values[i] + 0.0;
		uint64_t word;
		memcpy(&word, &value, 8);
		hash = mix(hash, isnan(values[i]) ? UINT64_MAX : word);
	}
	return hash;
}

static uint64_t mix_words(uint64_t hash, const struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		hash = mix_text(hash, words->at[i]);
	return mix(hash, words->n);
}

static uint64_t mix_color(uint64_t hash, const struct rgba *color)
{
	if (!color->set)
		return mix(hash, UINT64_MAX);
	return mix(hash,
		   (uint64_t)color->r << 24 | (uint64_t)color->g << 16 | (uint64_t)color->b << 8 | color->a);
}

static uint64_t mix_field(uint64_t hash, enum field_type type, const void *at)
{
	switch (type) {
	case FIELD_TEXT:
		return mix_text(hash, *(const char *const *)at);
	case FIELD_NUMBER:
		return mix_doubles(hash, at, 1);
	case FIELD_MOMENT:
		return mix(hash, (uint64_t) * (const int64_t *)at);
	case FIELD_TRUTH:
		return mix(hash, (uint64_t)(uint8_t) * (const int8_t *)at);
	case FIELD_POINT:
		return mix_doubles(hash, &((const struct point *)at)->x, 2);
	case FIELD_POINTS: {
		const struct points *points = at;
		return mix(mix_doubles(hash, points->n ? &points->at[0].x : NULL, points->n * 2), points->n);
	}
	case FIELD_VECTOR3:
		return mix_doubles(hash, ((const struct vector3 *)at)->v, 3);
	case FIELD_COLOR:
		return mix_color(hash, at);
	case FIELD_GRID8:
		return mix_doubles(hash, ((const struct grid8 *)at)->c, 64);
	case FIELD_WORDS:
		return mix_words(hash, at);
	}
	return hash;
}

uint64_t kind_hash_row(enum kind kind, const void *row)
{
	const struct kind_info *info = kind_info(kind);
	uint64_t hash = mix_text((uint64_t)kind + 1, *(const char *const *)row);
	for (size_t i = 0; i < info->n_fields; i++) {
		const struct field *field = &info->fields[i];
		if (!(field->flags & FIELD_NOT_HASHED))
			hash = mix_field(hash, field->type, field_at(field, row));
	}
	return hash;
}

/* A sum, so that order does not count and a row that is there twice does not cancel itself. */
uint64_t kind_hash_rows(const struct rows *rows)
{
	uint64_t hash = mix((uint64_t)rows_kind(rows), rows_count(rows));
	for (size_t i = 0; i < rows_count(rows); i++)
		hash += kind_hash_row(rows_kind(rows), rows_at(rows, i));
	return hash;
}

/* --- copy --- */

static bool copy_text(struct rows *into, const char **text)
{
	if (!*text)
		return true;
	*text = rows_copy(into, *text);
	return *text != NULL;
}

static bool copy_points(struct rows *into, struct points *points)
{
	if (points->n == 0) {
		points->at = NULL;
		return true;
	}
	struct point *at = rows_memory(into, points->n * sizeof(*at));
	if (at)
		memcpy(at, points->at, points->n * sizeof(*at));
	points->at = at;
	return at != NULL;
}

static bool copy_words(struct rows *into, struct words *words)
{
	if (words->n == 0) {
		words->at = NULL;
		return true;
	}
	const char **at = rows_memory(into, words->n * sizeof(*at));
	if (!at)
		return false;
	memcpy(at, words->at, words->n * sizeof(*at));
	for (size_t i = 0; i < words->n; i++)
		if (!copy_text(into, &at[i]))
			return false;
	words->at = at;
	return true;
}

static bool copy_field(struct rows *into, enum field_type type, void *at)
{
	if (type == FIELD_TEXT)
		return copy_text(into, at);
	if (type == FIELD_POINTS)
		return copy_points(into, at);
	if (type == FIELD_WORDS)
		return copy_words(into, at);
	return true;
}

void *kind_copy_row(struct rows *into, enum kind kind, const void *row)
{
	const struct kind_info *info = kind_info(kind);
	char *copy = rows_add(into);
	if (!copy)
		return NULL;
	memcpy(copy, row, info->stride);
	bool whole = copy_text(into, (const char **)(void *)copy);
	for (size_t i = 0; whole && i < info->n_fields; i++)
		whole = copy_field(into, info->fields[i].type, copy + info->fields[i].offset);
	if (whole)
		return copy;
	rows_drop_last(into, false);
	return NULL;
}
