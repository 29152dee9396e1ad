/* Health as a tile of the overview: who needs somebody, how each account is, what to replace. */
#include "ui/pane/health_view.h"

#include "base/text.h"
#include "ui/health/words.h"

#include <string.h>

#define WORST_USUAL 5
#define PLACE_LEAST 34 /* cells from which room and floor stand side by side */
#define ROOM_MOST 24

/* How many lines each part gets. */
struct plan {
	int worst, accounts, batteries, blanks;
};

static int accounts_told(const struct health_view *view)
{
	int n = 0;
	for (unsigned a = 0; a < world_accounts(view->desk->world); a++)
		n += health_of_account(view->health, a)->devices > 0;
	return n;
}

/* Gives the lines to what needs somebody first, then to the batteries, then to the accounts, then to blanks
 * between them. A high tile lists more
 * devices. */
static struct plan divide(const struct health_view *view, int height)
{
	const struct health_counts *total = health_total(view->health);
	int need = (int)MIN(health_needing(total), (size_t)1000), left = height;
	struct plan plan = {0};
	plan.worst = MIN(MAX(MIN(need, WORST_USUAL), 1), left);
	left -= plan.worst;
	if (total->due > 0 && left > 0)
		plan.batteries = 1;
	left -= plan.batteries;
	int accounts = accounts_told(view);
	if (accounts > 1 || left > 1)
		plan.accounts = MIN(accounts, left);
	left -= plan.accounts;
	int blanks = (plan.accounts > 0) + (plan.batteries > 0);
	plan.blanks = MIN(blanks, left);
	left -= plan.blanks;
	plan.worst += MAX(MIN(need - plan.worst, left), 0);
	return plan;
}

static void add_measure(struct buf *out, const struct health_view *view, const struct health_item *item)
{
	buf_reset(out);
	health_add_measure(out, item, world_now_ms(view->desk->world));
}

static int cells_of(const char *text) { return text ? (int)text_width(text, strlen(text)) : 0; }

/* The widest of the lines, so that they stand under each other. */
static void measure_columns(const struct health_view *view, int n, int *measure, int *name)
{
	struct buf text;
	buf_init(&text, 64);
	*measure = *name = 0;
	for (int i = 0; i < n && (size_t)i < health_count(view->health); i++) {
		const struct health_item *item = health_at(view->health, (size_t)i);
		add_measure(&text, view, item);
		*measure = MAX(*measure, cells_of(buf_text(&text)));
		*name = MAX(*name, cells_of(item->name));
	}
	buf_fini(&text);
}

/* The room, and where there is room for it the floor and building, under each other. */
static void draw_where(struct canvas *canvas, int x, int y, int cells, const struct health_item *item)
{
	struct style style = health_style(item, ROLE_DIM);
	if (cells < 4)
		return;
	if (cells < PLACE_LEAST) {
		canvas_text(canvas, x, y, cells, item->room ? item->room : item->floor, style);
		return;
	}
	int room = cells * 2 / 5;
	canvas_text(canvas, x, y, MIN(room, ROOM_MOST), item->room, style);
	canvas_text(canvas, x + MIN(room, ROOM_MOST) + 2, y, -1, item->place, style);
}

static void draw_device(const struct health_view *view, struct canvas *canvas, int y, int measure, int name,
			const struct health_item *item)
{
	int width = canvas_clip(canvas).width, x = 11;
	struct style status = health_style(item, health_role(item->state));
	struct buf text;
	buf_init(&text, 64);
	canvas_textf(canvas, 0, y, 10, status, "%s %s", health_sign(item->state, view->desk->ascii),
		     health_word(item->state));
	add_measure(&text, view, item);
	canvas_text(canvas, x, y, -1, buf_text(&text), status);
	buf_fini(&text);
	x += measure ? measure + 2 : 0;
	int left = width - x, shown = MIN(name, left > 24 ? left * 3 / 5 : left);
	if (left < 4)
		return;
	canvas_text(canvas, x, y, shown, item->name, health_style(item, ROLE_TEXT));
	x += shown + 2;
	draw_where(canvas, x, y, width - x, item);
}

static int draw_worst(const struct health_view *view, struct canvas *canvas, int lines)
{
	const struct health_counts *total = health_total(view->health);
	size_t need = health_needing(total);
	int measure, name, n = (int)MIN(need, (size_t)lines);
	if (need == 0) {
		const char *sign = health_sign(HEALTH_OK, view->desk->ascii);
		if (total->devices == 0)
			canvas_text(canvas, 0, 0, -1, "no sensors or hives told yet", STYLE(DIM));
		else if (total->state[HEALTH_UNKNOWN] > 0)
			canvas_textf(canvas, 0, 0, -1, STYLE(UNKNOWN),
				     "? %zu of %zu do not tell how they are", total->state[HEALTH_UNKNOWN],
				     total->devices);
		else
			canvas_textf(canvas, 0, 0, -1, STYLE(OK), "%s all %zu well", sign, total->devices);
		return lines > 0;
	}
	/* The last line may have to say how many there are beside. */
	int listed = need > (size_t)lines && lines > 3 ? lines - 1 : n;
	measure_columns(view, listed, &measure, &name);
	for (int i = 0; i < listed; i++)
		draw_device(view, canvas, i, measure, name, health_at(view->health, (size_t)i));
	if (listed < n)
		canvas_textf(canvas, 0, listed, -1, STYLE(DIM), "and %zu more", need - (size_t)listed);
	return n;
}

/* "hq       118 ok  2 offline  1 low": figures under figures, zeros left out but their room kept. */
static void draw_account(const struct health_view *view, struct canvas *canvas, int y, int name,
			 unsigned account)
{
	static const struct {
		enum health_state state;
		const char *word;
		uint16_t role;
	} parts[] = {{HEALTH_OK, "ok", ROLE_DIM},
		     {HEALTH_OFFLINE, "offline", ROLE_BAD},
		     {HEALTH_BATTERY, "low", ROLE_WARN},
		     {HEALTH_DEGRADED, "degraded", ROLE_WARN},
		     {HEALTH_BEHIND, "behind a hive", ROLE_DIM},
		     {HEALTH_UNKNOWN, "unknown", ROLE_UNKNOWN}};
	const struct health_counts *counts = health_of_account(view->health, account);
	struct feed_light light = world_light(view->desk->world, account);
	bool stale = light.light == LIGHT_LATE || light.light == LIGHT_DOWN ||
		     light.light == LIGHT_SIGNED_OUT;
	struct style style = stale ? STYLE(STALE) : STYLE(DIM);
	int width = canvas_clip(canvas).width, x = name + 2;
	canvas_text(canvas, 0, y, name, world_account_name(view->desk->world, account), style);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		size_t n = counts->state[parts[i].state];
		int cells = 5 + (int)strlen(parts[i].word);
		if (n == 0 && i > 0)
			continue;
		if (x + cells > width)
			break;
		style = (struct style){stale ? ROLE_STALE : parts[i].role, ROLE_GROUND, 0};
		canvas_textf(canvas, x, y, cells, style, "%4zu %s", n, parts[i].word);
		x += cells + 1;
	}
	if (stale && x + 12 <= width)
		canvas_text(canvas, x + 1, y, -1, light.light == LIGHT_LATE ? "(feed late)" : "(feed down)",
			    STYLE(STALE));
}

static int draw_accounts(const struct health_view *view, struct canvas *canvas, int y, int lines)
{
	unsigned n = world_accounts(view->desk->world);
	int name = 0, drawn = 0;
	for (unsigned a = 0; a < n; a++)
		name = MAX(name, cells_of(world_account_name(view->desk->world, a)));
	for (unsigned a = 0; a < n && drawn < lines; a++) {
		if (health_of_account(view->health, a)->devices > 0)
			draw_account(view, canvas, y + drawn++, MIN(name, 16), a);
	}
	return drawn;
}

void health_draw_tile(struct health_view *view, struct canvas *canvas)
{
	struct rect clip = canvas_clip(canvas);
	struct plan plan = divide(view, clip.height);
	int y = draw_worst(view, canvas, plan.worst);
	if (plan.accounts > 0) {
		y += plan.blanks-- > 0;
		y += draw_accounts(view, canvas, y, plan.accounts);
	}
	if (plan.batteries > 0) {
		struct buf text;
		buf_init(&text, 128);
		health_add_batteries(&text, health_total(view->health));
		y += plan.blanks > 0;
		canvas_text(canvas, 0, y, -1, buf_text(&text), STYLE(WARN));
		buf_fini(&text);
	}
}
