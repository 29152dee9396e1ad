/* The tile of the feeds: which account is heard of, since when not, and why. */
#include "ui/pane/overview_tiles.h"

#include "base/moment.h"
#include "base/text.h"
#include "ui/health/words.h"

#include <string.h>

/* An age that changes each second says no more than one that changes each ten. */
#define AGE_STEP_MS 10000

struct view {
	struct desk *desk;
	uint32_t seen; /* a hash of what was shown */
};

static void *open_tile(struct desk *desk)
{
	struct view *view = g_new0(struct view, 1);
	view->desk = desk;
	return view;
}

static void close_tile(void *state) { g_free(state); }

static bool is_well(enum light light) { return light == LIGHT_FRESH; }

static const char *glyph(const struct view *view, enum light light)
{
	static const char *const utf8[] = {"◌", "●", "◐", "○", "○"};
	static const char *const ascii[] = {".", "+", "~", "x", "x"};
	return (view->desk->ascii ? ascii : utf8)[light];
}

static enum role role(enum light light)
{
	static const enum role roles[] = {ROLE_DIM, ROLE_OK, ROLE_WARN, ROLE_BAD, ROLE_BAD};
	return roles[light];
}

static void add_age(struct buf *out, int64_t age_ms)
{
	int64_t seconds = age_ms / AGE_STEP_MS * (AGE_STEP_MS / 1000);
	if (seconds < 10)
		buf_adds(out, "now");
	else if (seconds < 60)
		buf_addf(out, "%d s ago", (int)seconds);
	else {
		health_add_span(out, age_ms);
		buf_adds(out, " ago");
	}
}

/* "fresh, now", "late, 48 s ago", "down for 3 min". */
static void add_words(struct buf *out, const struct view *view, const struct feed_light *light)
{
	static const char *const words[] = {"starting", "fresh", "late", "down", "signed out"};
	int64_t now_ms = world_now_ms(view->desk->world);
	buf_adds(out, words[light->light]);
	if (light->light == LIGHT_DOWN && light->since_ms != MOMENT_NONE) {
		buf_adds(out, " for ");
		health_add_span(out, now_ms - light->since_ms);
	} else if ((light->light == LIGHT_FRESH || light->light == LIGHT_LATE) &&
		   light->last_ok_ms != MOMENT_NONE) {
		buf_adds(out, ", ");
		add_age(out, now_ms - light->last_ok_ms);
	}
}

static uint32_t hash(const struct view *view)
{
	const struct world *world = view->desk->world;
	uint32_t sum = 5381;
	struct buf text;
	buf_init(&text, 1024);
	for (unsigned a = 0; a < world_accounts(world); a++) {
		struct feed_light light = world_light(world, a);
		buf_reset(&text);
		add_words(&text, view, &light);
		sum = sum * 33 + g_str_hash(buf_text(&text));
		sum = sum * 33 + g_str_hash(light.why);
	}
	buf_fini(&text);
	return sum;
}

static bool update(void *state, uint32_t changed)
{
	struct view *view = state;
	uint32_t before = view->seen;
	(void)changed;
	view->seen = hash(view);
	return view->seen != before;
}

static void figure(void *state, struct buf *out)
{
	const struct view *view = state;
	const struct world *world = view->desk->world;
	unsigned n = world_accounts(world), count[LIGHT_SIGNED_OUT + 1] = {0};
	for (unsigned a = 0; a < n; a++)
		count[world_light(world, a).light]++;
	unsigned down = count[LIGHT_DOWN] + count[LIGHT_SIGNED_OUT];
	if (n == 0)
		return;
	if (down > 0)
		buf_addf(out, "%u of %u down", down, n);
	else if (count[LIGHT_LATE] > 0)
		buf_addf(out, "%u of %u late", count[LIGHT_LATE], n);
	else if (count[LIGHT_STARTING] > 0)
		buf_addf(out, "%u of %u starting", count[LIGHT_STARTING], n);
	else
		buf_adds(out, n == 1 ? "fresh" : n == 2 ? "both fresh" : "all fresh");
}

static void draw_feed(const struct view *view, struct canvas *canvas, int y, int name, unsigned account,
		      bool *why_below)
{
	struct feed_light light = world_light(view->desk->world, account);
	int width = canvas_clip(canvas).width, x = name + 4;
	struct style style = {(uint16_t)role(light.light), ROLE_GROUND, 0};
	struct buf text;
	buf_init(&text, 512);
	canvas_text(canvas, 0, y, 1, glyph(view, light.light), style);
	canvas_text(canvas, 2, y, name, world_account_name(view->desk->world, account), STYLE(TEXT));
	add_words(&text, view, &light);
	x += canvas_text(canvas, x, y, -1, buf_text(&text), is_well(light.light) ? STYLE(DIM) : style) + 2;
	int cells = (int)text_width(light.why, strlen(light.why));
	bool fits = light.why[0] && !is_well(light.light) && x + cells <= width;
	if (fits)
		canvas_text(canvas, x, y, -1, light.why, STYLE(DIM));
	if (is_well(light.light) && light.every_ms >= 1000 && x + 14 <= width)
		canvas_textf(canvas, x, y, -1, STYLE(DIM), "every %lld s",
			     (long long)(light.every_ms / 1000));
	*why_below = light.why[0] && !is_well(light.light) && !fits;
	buf_fini(&text);
}

/* What is wrong first, else in the order of the configuration. */
static int order_feeds(const struct world *world, unsigned *order, int most)
{
	static const enum light worst[] = {LIGHT_DOWN, LIGHT_SIGNED_OUT, LIGHT_LATE, LIGHT_STARTING,
					   LIGHT_FRESH};
	int n = 0;
	for (size_t w = 0; w < G_N_ELEMENTS(worst); w++) {
		for (unsigned a = 0; a < world_accounts(world) && n < most; a++) {
			if (world_light(world, a).light == worst[w])
				order[n++] = a;
		}
	}
	return n;
}

static void draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	const struct view *view = state;
	const struct world *world = view->desk->world;
	int height = canvas_clip(canvas).height, width = canvas_clip(canvas).width, name = 0, y = 0;
	unsigned order[256];
	int n = order_feeds(world, order, (int)G_N_ELEMENTS(order)), spare = height - n;
	(void)whole;
	(void)focus;
	for (int i = 0; i < n; i++) {
		const char *text = world_account_name(world, order[i]);
		name = MAX(name, (int)text_width(text, strlen(text)));
	}
	name = MIN(name, MAX(width / 3, 6));
	for (int i = 0; i < n && y < height; i++) {
		bool why_below;
		if (y > 0 && y == height - 1 && i < n - 1) {
			canvas_textf(canvas, 0, y++, -1, STYLE(DIM), "and %d more", n - i);
			break;
		}
		draw_feed(view, canvas, y++, name, order[i], &why_below);
		if (why_below && spare-- > 0)
			canvas_text(canvas, 2, y++, -1, world_light(world, order[i]).why, STYLE(DIM));
	}
}

static bool act(void *state, enum action action, const char *argument)
{
	const struct view *view = state;
	(void)argument;
	if (action != ACTION_OPEN)
		return false;
	view->desk->show(view->desk, ACTION_PANE_HEALTH);
	return true;
}

const struct pane_ops overview_feeds = {
	.title = "Feeds",
	.open = open_tile,
	.close = close_tile,
	.update = update,
	.draw = draw,
	.figure = figure,
	.act = act,
};
