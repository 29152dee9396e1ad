#include "out/format.h"

#include <math.h>
#include <stdio.h>

static void json_points(struct jsonw *w, const struct points *points, bool empty_list)
{
	if (!points->n && !empty_list) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '[');
	for (size_t i = 0; i < points->n; i++) {
		jsonw_open(w, '[');
		jsonw_num(w, points->at[i].x);
		jsonw_num(w, points->at[i].y);
		jsonw_close(w, ']');
	}
	jsonw_close(w, ']');
}

/* null when the first is not told. */
static void json_doubles(struct jsonw *w, const double *values, size_t n)
{
	if (isnan(values[0])) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_num(w, values[i]);
	jsonw_close(w, ']');
}

static void json_grid(struct jsonw *w, const struct grid8 *grid)
{
	jsonw_open(w, '[');
	for (int row = 0; row < 8; row++) {
		jsonw_open(w, '[');
		for (int column = 0; column < 8; column++)
			jsonw_num(w, grid->c[row * 8 + column]);
		jsonw_close(w, ']');
	}
	jsonw_close(w, ']');
}

static void json_color(struct jsonw *w, const struct rgba *color)
{
	char text[16];
	snprintf(text, sizeof(text), "#%02x%02x%02x%02x", color->r, color->g, color->b, color->a);
	jsonw_str(w, color->set ? text : NULL);
}

static void json_words(struct jsonw *w, const struct words *words, bool empty_list)
{
	if (!words->n && !empty_list) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '[');
	for (size_t i = 0; i < words->n; i++)
		jsonw_str(w, words->at[i]);
	jsonw_close(w, ']');
}

static void json_truth(struct jsonw *w, int8_t truth)
{
	if (truth == TRUTH_UNKNOWN)
		jsonw_null(w);
	else
		jsonw_bool(w, truth != 0);
}

void json_value(struct jsonw *w, const struct field *field, const void *row)
{
	const void *at = field_at(field, row);
	bool empty_list = (field->flags & FIELD_EMPTY_LIST) != 0;
	switch (field->type) {
	case FIELD_TEXT:
		jsonw_str(w, *(const char *const *)at);
		break;
	case FIELD_NUMBER:
		jsonw_num(w, *(const double *)at);
		break;
	case FIELD_MOMENT:
		jsonw_moment(w, *(const int64_t *)at);
		break;
	case FIELD_TRUTH:
		json_truth(w, *(const int8_t *)at);
		break;
	case FIELD_POINT:
		json_doubles(w, &((const struct point *)at)->x, 2);
		break;
	case FIELD_POINTS:
		json_points(w, at, empty_list);
		break;
	case FIELD_VECTOR3:
		json_doubles(w, ((const struct vector3 *)at)->v, 3);
		break;
	case FIELD_COLOR:
		json_color(w, at);
		break;
	case FIELD_GRID8:
		json_grid(w, at);
		break;
	case FIELD_WORDS:
		json_words(w, at, empty_list);
		break;
	}
}

void json_row(struct out *out, const struct rows *rows, size_t i)
{
	const void *row = rows_at(rows, i);
	struct jsonw w;
	jsonw_init(&w, &out->line, out->options.ascii);
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "account", rows_account(rows));
	jsonw_kstr(&w, "vendor", rows_vendor(rows));
	jsonw_kstr(&w, "kind", out->info->name);
	jsonw_kstr(&w, "id", field_text(&kind_id_field, row));
	for (size_t f = 0; f < out->info->n_fields; f++) {
		const struct field *field = &out->info->fields[f];
		if (field->flags & FIELD_NOT_JSON)
			continue;
		jsonw_key(&w, field->name);
		json_value(&w, field, row);
	}
	jsonw_close(&w, '}');
}
