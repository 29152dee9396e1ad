/* What becomes of a theme's colours where a terminal has fewer. */
#include "ui/theme_inner.h"

#include <glib.h>
#include <math.h>

/* Colours in OKLab, where the distance of two is near to what the eye sees. */
struct lab {
	double l, a, b;
};

static double linear(int value)
{
	double v = value / 255.0;
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* B. Ottosson, "A perceptual color space for image processing". */
static struct lab lab_of(int32_t rgb)
{
	double r = linear(rgb >> 16 & 0xFF), g = linear(rgb >> 8 & 0xFF), b = linear(rgb & 0xFF);
	double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
	double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
	double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
	return (struct lab){
		0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
		1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
		0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
	};
}

static double distance(struct lab p, struct lab q)
{
	double l = p.l - q.l, a = p.a - q.a, b = p.b - q.b;
	return l * l + a * a + b * b;
}

/* The colours 16 to 255 are the same on every terminal: a cube of 6x6x6 and 24 greys. */
static int32_t rgb_of_256(int index)
{
	static const int steps[] = {0, 95, 135, 175, 215, 255};
	if (index >= 232)
		return (8 + (index - 232) * 10) * 0x010101;
	int cube = index - 16;
	return steps[cube / 36] << 16 | steps[cube / 6 % 6] << 8 | steps[cube % 6];
}

static int nearest_of_256(const struct lab *labs, int32_t rgb)
{
	struct lab wanted = lab_of(rgb);
	int best = 16;
	for (int i = 16; i < 256; i++)
		if (distance(labs[i], wanted) < distance(labs[best], wanted))
			best = i;
	return best;
}

/* The 16 colours look different everywhere, so the hue decides; greys go by lightness. */
static int nearest_of_16(int32_t rgb)
{
	/* red, yellow, green, cyan, blue, magenta: from the hue of red on, in steps of 60 degrees */
	static const int hues[] = {1, 3, 2, 6, 4, 5};
	int r = rgb >> 16 & 0xFF, g = rgb >> 8 & 0xFF, b = rgb & 0xFF;
	int most = MAX(r, MAX(g, b)), least = MIN(r, MIN(g, b)), spread = most - least;
	double lightness = lab_of(rgb).l;
	if (lightness < 0.30)
		return 0;
	if (spread * 4 < most)
		return lightness < 0.62 ? 8 : lightness < 0.93 ? 7 : 15;
	double hue = most == r   ? (double)(g - b) / spread
		     : most == g ? 2 + (double)(b - r) / spread
				 : 4 + (double)(r - g) / spread;
	int sector = (int)floor(hue + 6.5) % 6;
	return hues[sector] + (lightness > 0.70 ? 8 : 0);
}

static bool is_ground(int role)
{
	return role == ROLE_GROUND || role == ROLE_BAR || role == ROLE_SELECT || role == ROLE_SELECT_IDLE ||
	       role == ROLE_FIELD;
}

/* What says in black and white what a colour says elsewhere. */
static uint16_t mono_attrs(int role)
{
	switch (role) {
	case ROLE_STRONG:
	case ROLE_TITLE:
	case ROLE_BRAND:
	case ROLE_ACCENT:
	case ROLE_RULE_FOCUS:
	case ROLE_WALL_CHOSEN:
		return ATTR_BOLD;
	case ROLE_BAD:
		return ATTR_BOLD | ATTR_UNDERLINE;
	case ROLE_WARN:
	case ROLE_MATCH:
	case ROLE_FIELD:
	case ROLE_SELECT_IDLE:
		return ATTR_UNDERLINE;
	case ROLE_SELECT:
	case ROLE_BAR:
		return ATTR_REVERSE;
	case ROLE_DIM:
	case ROLE_STALE:
	case ROLE_UNKNOWN:
	case ROLE_TRAIL:
	case ROLE_AXIS:
		return ATTR_DIM;
	default:
		return 0;
	}
}

/* A colour that is drawn as an area has to be seen without text on it. */
static bool shows_as_area(int role)
{
	return role == ROLE_BAD || role == ROLE_WARN || role == ROLE_ACCENT || role == ROLE_CHART ||
	       role == ROLE_CHART_2 || role == ROLE_CHART_3 || role == ROLE_PERSON;
}

static uint16_t few_attrs(const struct entry *entry)
{
	return entry->few_given ? entry->few_attrs : entry->attrs;
}

/* A theme without colours says by attributes what it means. Those beside a colour were chosen together with it: without it bold may mean two things. */
static struct shade shade_mono(const struct entry *entry, int role)
{
	uint16_t attrs = mono_attrs(role);
	if (entry->rgb == THEME_DEFAULT || attrs == 0)
		attrs = few_attrs(entry);
	struct shade shade = {.fg = THEME_DEFAULT,
			      .bg = THEME_DEFAULT,
			      .fg_attrs = is_ground(role) ? 0 : attrs};
	if (is_ground(role))
		shade.bg_attrs = attrs;
	else if (shows_as_area(role))
		shade.bg_attrs = ATTR_REVERSE;
	return shade;
}

/* The second eight of 16 are bold, or faint, versions of the first where there are 8. */
static struct shade shade_8(const struct theme *theme, int few, uint16_t attrs)
{
	if (few == 8)
		return theme->light ? (struct shade){0, 0, attrs, 0}
				    : (struct shade){7, 0, (uint16_t)(attrs | ATTR_DIM), 0};
	if (few > 8)
		return (struct shade){few - 8, few - 8, (uint16_t)(attrs | ATTR_BOLD), 0};
	return (struct shade){few, few, attrs, 0};
}

static struct shade shade_few(const struct theme *theme, int role, enum depth depth)
{
	const struct entry *entry = &theme->entries[role];
	uint16_t attrs = few_attrs(entry);
	int few = entry->few;
	if (few == FEW_DERIVED)
		few = entry->rgb == THEME_DEFAULT ? THEME_DEFAULT : nearest_of_16(entry->rgb);
	if (depth == DEPTH_8 && entry->few_8 != FEW_DERIVED)
		few = entry->few_8;
	struct shade shade = {few, few, attrs, 0};
	if (depth == DEPTH_8)
		shade = shade_8(theme, few, attrs);
	if (is_ground(role)) {
		shade.bg_attrs = attrs;
		shade.fg_attrs = 0;
	}
	return shade;
}

static struct shade shade_rich(const struct entry *entry, int role, const struct lab *labs)
{
	int32_t color = entry->rgb;
	if (labs && color != THEME_DEFAULT)
		color = entry->many == FEW_DERIVED ? nearest_of_256(labs, color) : entry->many;
	bool ground = is_ground(role);
	return (struct shade){color, color, ground ? 0 : entry->attrs, ground ? entry->attrs : 0};
}

/* Black and white. Where there are no colours, light is what the terminal's own ground is not, unless that is light. */
static struct shade shade_qr(const struct theme *theme, bool dark, enum depth depth)
{
	static const int32_t darks[] = {THEME_DEFAULT, 0, 0, 16, 0x000000};
	static const int32_t lights[] = {THEME_DEFAULT, 7, 15, 231, 0xFFFFFF};
	int32_t color = (dark ? darks : lights)[depth];
	struct shade shade = {.fg = color, .bg = color};
	if (depth == DEPTH_MONO && dark == theme->light)
		shade.bg_attrs = ATTR_REVERSE;
	return shade;
}

void theme_fill(const struct theme *theme, enum depth depth)
{
	struct lab *labs = depth == DEPTH_256 ? g_new(struct lab, 256) : NULL;
	struct shade *shades = theme->tables->shades[depth];
	for (int i = 16; labs && i < 256; i++)
		labs[i] = lab_of(rgb_of_256(i));
	for (int role = 0; role < ROLE_COUNT; role++) {
		if (role >= ROLE_QR_DARK)
			shades[role] = shade_qr(theme, role == ROLE_QR_DARK, depth);
		else if (depth == DEPTH_MONO)
			shades[role] = shade_mono(&theme->entries[role], role);
		else if (depth == DEPTH_8 || depth == DEPTH_16)
			shades[role] = shade_few(theme, role, depth);
		else
			shades[role] = shade_rich(&theme->entries[role], role, labs);
	}
	g_free(labs);
	theme->tables->filled[depth] = true;
}
