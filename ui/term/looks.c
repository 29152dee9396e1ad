#include "ui/term/looks.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two heat levels a cell give 64 * 64; beyond this the collection begins anew. */
#define LOOKS_MOST 32768u

static void forget(struct looks *looks)
{
	looks->n = 0;
	g_clear_pointer(&looks->slots, g_free);
	looks->n_slots = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(looks->by_style); i++)
		g_clear_pointer(&looks->by_style[i], g_free);
}

void looks_init(struct looks *looks, enum depth depth, uint16_t attrs, uint16_t no_color)
{
	*looks = (struct looks){.depth = depth, .attrs = attrs, .no_color = no_color};
}

void looks_fini(struct looks *looks)
{
	forget(looks);
	g_clear_pointer(&looks->list, g_free);
	looks->size = 0;
}

/* The SGR parameters of a colour (ECMA-48 §8.3.117; 90-107 and 38/48 as xterm's "ctlseqs"). */
static uint8_t color_text(enum depth depth, int32_t color, int base, char out[18])
{
	int n;

	if (color < 0)
		n = snprintf(out, 18, "%d", base + 9);
	else if (depth == DEPTH_DIRECT)
		n = snprintf(out, 18, "%d;2;%d;%d;%d", base + 8, (color >> 16) & 255, (color >> 8) & 255,
			     color & 255);
	else if (color < 8)
		n = snprintf(out, 18, "%d", base + color);
	else if (color < 16)
		n = snprintf(out, 18, "%d", base + 60 + color - 8);
	else
		n = snprintf(out, 18, "%d;5;%d", base + 8, color & 255);
	return (uint8_t)n;
}

static size_t hash_of(const struct paint *paint)
{
	uint64_t h = (uint64_t)(uint32_t)paint->fg * 0x9E3779B97F4A7C15u;

	h = (h ^ (uint32_t)paint->bg) * 0xD6E8FEB86659FD93u;
	h = (h ^ paint->attrs ^ (h >> 32)) * 0x9E3779B97F4A7C15u;
	return (size_t)(h >> 32);
}

static size_t slot_of(const struct looks *looks, const struct paint *paint)
{
	size_t at = hash_of(paint) & (looks->n_slots - 1);

	while (looks->slots[at] != 0) {
		const struct paint *other = &looks->list[looks->slots[at] - 1].paint;

		if (other->fg == paint->fg && other->bg == paint->bg && other->attrs == paint->attrs)
			break;
		at = (at + 1) & (looks->n_slots - 1);
	}
	return at;
}

static void grow(struct looks *looks)
{
	size_t size = looks->size == 0 ? 64 : looks->size * 2;

	if (looks->n == looks->size) {
		looks->list = g_renew(struct look, looks->list, size);
		looks->size = size;
	}
	if (looks->n_slots >= 2 * (looks->n + 1))
		return;
	looks->n_slots = looks->n_slots == 0 ? 256 : looks->n_slots * 2;
	g_free(looks->slots);
	looks->slots = g_new0(uint16_t, looks->n_slots);
	for (size_t i = 0; i < looks->n; i++)
		looks->slots[slot_of(looks, &looks->list[i].paint)] = (uint16_t)(i + 1);
}

static uint16_t find_or_add(struct looks *looks, struct paint paint)
{
	struct look *look;
	size_t slot;

	if (looks->n > LOOKS_MOST + 1)
		return 0;
	grow(looks);
	slot = slot_of(looks, &paint);
	if (looks->slots[slot] != 0)
		return (uint16_t)(looks->slots[slot] - 1);
	look = &looks->list[looks->n++];
	*look = (struct look){.paint = paint, .pair = -1};
	look->fg_length = color_text(looks->depth, paint.fg, 30, look->fg);
	look->bg_length = color_text(looks->depth, paint.bg, 40, look->bg);
	looks->slots[slot] = (uint16_t)looks->n;
	return (uint16_t)(looks->n - 1);
}

static struct paint resolve(const struct looks *looks, struct style style)
{
	struct paint paint = theme_paint(looks->theme, looks->depth, style);

	if (looks->depth == DEPTH_MONO)
		paint.fg = paint.bg = THEME_DEFAULT;
	paint.fg = paint.fg < 0 ? THEME_DEFAULT : paint.fg;
	paint.bg = paint.bg < 0 ? THEME_DEFAULT : paint.bg;
	paint.attrs &= looks->attrs;
	if (paint.fg != THEME_DEFAULT || paint.bg != THEME_DEFAULT)
		paint.attrs &= (uint16_t)~looks->no_color;
	return paint;
}

/* A role's paint says all about it, so this sees any change of the theme, also one made within. */
static uint64_t fingerprint(const struct looks *looks)
{
	uint64_t sum = 0;

	for (uint16_t role = 0; role < ROLE_COUNT; role++) {
		struct paint paint = resolve(looks, (struct style){role, role, 0});

		sum = (sum ^ hash_of(&paint)) * 0x100000001B3u + 1;
	}
	return sum;
}

bool looks_begin(struct looks *looks, const struct theme *theme)
{
	uint64_t now;

	looks->theme = theme;
	now = fingerprint(looks);
	if (looks->n > 0 && now == looks->fingerprint && looks->n < LOOKS_MOST)
		return false;
	forget(looks);
	looks->fingerprint = now;
	find_or_add(looks, (struct paint){THEME_DEFAULT, THEME_DEFAULT, 0});
	return true;
}

uint16_t looks_of(struct looks *looks, struct style style)
{
	size_t kind = style.attrs & (G_N_ELEMENTS(looks->by_style) - 1);
	uint16_t *entry;

	if (style.fg >= ROLE_COUNT)
		style.fg = ROLE_TEXT;
	if (style.bg >= ROLE_COUNT)
		style.bg = ROLE_GROUND;
	if (looks->by_style[kind] == NULL)
		looks->by_style[kind] = g_new0(uint16_t, (size_t)ROLE_COUNT * ROLE_COUNT);
	entry = &looks->by_style[kind][(size_t)style.fg * ROLE_COUNT + style.bg];
	if (*entry == 0)
		*entry = (uint16_t)(find_or_add(looks, resolve(looks, style)) + 1);
	return (uint16_t)(*entry - 1);
}

uint16_t looks_blank(struct looks *looks, uint16_t index)
{
	struct paint paint = looks->list[index].paint;
	uint16_t blank = looks->list[index].blank;

	if (blank != 0)
		return (uint16_t)(blank - 1);
	if ((paint.attrs & LOOKS_ON_BLANK) == 0) {
		paint.fg = THEME_DEFAULT;
		paint.attrs = 0;
		blank = find_or_add(looks, paint);
	} else {
		blank = index;
	}
	looks->list[index].blank = (uint16_t)(blank + 1);
	return blank;
}
