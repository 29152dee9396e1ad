#include "ui/heat/heat.h"

#include "ui/role.h"

#include <math.h>

#define SIDE HEAT_SIDE
#define PIXELS (HEAT_SIDE * HEAT_SIDE)
#define STEP_C 0.5

struct heat_facts heat_facts(const struct grid8 *grid)
{
	struct heat_facts facts = {.low_c = NAN, .high_c = NAN, .mean_c = NAN, .hottest = -1};
	double sum = 0;
	for (int i = 0; i < PIXELS; i++) {
		double c = grid->c[i];
		if (!isfinite(c))
			continue;
		if (facts.hottest < 0 || c > facts.high_c) {
			facts.high_c = c;
			facts.hottest = i;
		}
		if (!facts.told || c < facts.low_c)
			facts.low_c = c;
		facts.told++;
		sum += c;
	}
	if (facts.told)
		facts.mean_c = sum / facts.told;
	facts.doubtful = facts.told && facts.low_c > HEAT_DOUBTFUL_C;
	return facts;
}

void heat_range_start(struct heat_range *range) { *range = (struct heat_range){NAN, NAN}; }

void heat_range_add(struct heat_range *range, const struct heat_facts *facts)
{
	if (!facts->told || facts->doubtful)
		return;
	if (isnan(range->low_c) || facts->low_c < range->low_c)
		range->low_c = facts->low_c;
	if (isnan(range->high_c) || facts->high_c > range->high_c)
		range->high_c = facts->high_c;
}

void heat_range_finish(struct heat_range *range)
{
	if (isnan(range->low_c)) {
		*range = (struct heat_range){18, 26};
		return;
	}
	range->low_c = floor(range->low_c / STEP_C) * STEP_C;
	range->high_c = ceil(range->high_c / STEP_C) * STEP_C;
	/* Room above, not below: what is all alike is the ground, and an empty room looks cool. */
	if (range->high_c - range->low_c < HEAT_LEAST_SPAN_K)
		range->high_c = range->low_c + HEAT_LEAST_SPAN_K;
}

uint8_t heat_level(const struct heat_range *range, double celsius)
{
	if (!isfinite(celsius))
		return HEAT_MISSING;
	double level = (celsius - range->low_c) * ROLE_HEAT_LEVELS / (range->high_c - range->low_c);
	/* Written so that an impossible range gives a level too. */
	if (!(level > 0))
		return 0;
	return level < ROLE_HEAT_LEVELS - 1 ? (uint8_t)level : ROLE_HEAT_LEVELS - 1;
}

/* Where a pixel of the picture takes its value from, along one axis. */
struct tap {
	int at[4];
	float weight[4];
	int nearest;
};

static int within(int i) { return i < 0 ? 0 : i < SIDE ? i : SIDE - 1; }

static struct tap tap_at(double place, bool smooth)
{
	struct tap tap = {.nearest = within((int)(place * SIDE))};
	if (!smooth) {
		tap.at[0] = tap.nearest;
		tap.weight[0] = 1;
		return tap;
	}
	double centre = place * SIDE - 0.5, whole = floor(centre);
	float t = (float)(centre - whole);
	for (int i = 0; i < 4; i++)
		tap.at[i] = within((int)whole - 1 + i);
	/* Catmull-Rom: the curve passes through what was measured, so the hottest pixel keeps its figure. */
	tap.weight[0] = t * (-0.5f + t * (1 - 0.5f * t));
	tap.weight[1] = 1 + t * t * (-2.5f + 1.5f * t);
	tap.weight[2] = t * (0.5f + t * (2 - 1.5f * t));
	tap.weight[3] = t * t * (-0.5f + 0.5f * t);
	return tap;
}

/* The frame in units of levels, with the mean in place of what was not told so that the neighbours stay what they are. Returns false when all is told. */
static bool in_levels(const struct grid8 *grid, const struct heat_range *range, float out[PIXELS])
{
	struct heat_facts facts = heat_facts(grid);
	double unit = ROLE_HEAT_LEVELS / (range->high_c - range->low_c);
	for (int i = 0; i < PIXELS; i++) {
		double c = isfinite(grid->c[i]) ? grid->c[i] : facts.told ? facts.mean_c : range->low_c;
		double level = (c - range->low_c) * unit;
		/* Bounded here, or one mad pixel would bend all that is around it. */
		out[i] = level > -ROLE_HEAT_LEVELS
				 ? level < 2 * ROLE_HEAT_LEVELS ? (float)level : 2.0f * ROLE_HEAT_LEVELS
				 : -1.0f * ROLE_HEAT_LEVELS;
	}
	return facts.told < PIXELS;
}

static void mark_missing(struct heat_image *image, const struct grid8 *grid)
{
	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++)
			if (!isfinite(grid->c[y * SIDE / image->height * SIDE + x * SIDE / image->width]))
				image->levels[y * image->width + x] = HEAT_MISSING;
}

static void make_line(struct heat_image *image, int y, const struct tap *tap)
{
	const float *a = image->lines[tap->at[0]], *b = image->lines[tap->at[1]];
	const float *c = image->lines[tap->at[2]], *d = image->lines[tap->at[3]];
	const float wa = tap->weight[0], wb = tap->weight[1], wc = tap->weight[2], wd = tap->weight[3];
	uint8_t *levels = image->levels + (size_t)y * (size_t)image->width;
	for (int x = 0; x < image->width; x++) {
		float level = a[x] * wa + b[x] * wb + c[x] * wc + d[x] * wd;
		level = level > 0 ? level : 0;
		level = level < ROLE_HEAT_LEVELS - 1 ? level : ROLE_HEAT_LEVELS - 1;
		levels[x] = (uint8_t)(int)level;
	}
}

void heat_image_make(struct heat_image *image, const struct grid8 *grid, const struct heat_range *range,
		     int width, int height, bool smooth)
{
	float source[PIXELS];
	image->width = width < 1 ? 1 : width < HEAT_IMAGE_MOST ? width : HEAT_IMAGE_MOST;
	image->height = height < 1 ? 1 : height < HEAT_IMAGE_MOST ? height : HEAT_IMAGE_MOST;
	bool gaps = in_levels(grid, range, source);
	for (int x = 0; x < image->width; x++) {
		struct tap tap = tap_at((x + 0.5) / image->width, smooth);
		for (int row = 0; row < SIDE; row++) {
			const float *line = source + row * SIDE;
			image->lines[row][x] = line[tap.at[0]] * tap.weight[0] +
					       line[tap.at[1]] * tap.weight[1] +
					       line[tap.at[2]] * tap.weight[2] +
					       line[tap.at[3]] * tap.weight[3];
		}
	}
	for (int y = 0; y < image->height; y++) {
		struct tap tap = tap_at((y + 0.5) / image->height, smooth);
		make_line(image, y, &tap);
	}
	if (gaps)
		mark_missing(image, grid);
}
