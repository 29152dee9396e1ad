/* The health pane alone on the screen: what there is to do in one line, the table, the device's details. */
#include "ui/pane/health_view.h"

#include "base/moment.h"
#include "base/text.h"
#include "ui/health/words.h"

#include <math.h>
#include <string.h>

#define BESIDE_LEAST 110 /* cells from which the details stand beside the table */
#define BESIDE_WIDTH 46

/* --- above the table --- */

static enum role worst_role(const struct health_counts *counts)
{
	for (int s = 0; s < HEALTH_STATES; s++) {
		if (counts->state[s] > 0 && health_state_needs((enum health_state)s))
			return health_role((enum health_state)s);
	}
	return counts->devices == 0 ? ROLE_DIM : ROLE_STRONG;
}

static void add_headline(struct buf *out, const struct health_view *view)
{
	const struct health_counts *total = health_total(view->health);
	if (!view->walking) {
		health_add_summary(out, total);
		return;
	}
	health_add_batteries(out, total);
	buf_adds(out, total->due ? ", in the order of a walk" : "no battery to replace within 30 days");
}

/* What is not as it is by default: the filter with its count, the order. */
static void add_mode(struct buf *out, struct health_view *view)
{
	const struct table *table = health_table(view);
	if (view->filter)
		buf_addf(out, "/%s: %zu of %zu", view->typed, table_shown(table),
			 view->walking ? health_total(view->health)->due : health_count(view->health));
	int column = table_sort_column(view->table);
	if (view->walking || column < 0 || column >= HEALTH_ORDERS)
		return;
	if (column != HEALTH_BY_STATUS || table_sort_reverse(view->table)) {
		g_autofree char *name = g_ascii_strdown(health_order_name((enum health_order)column), -1);
		buf_addf(out, "%sby %s%s", out->length ? "  " : "", name,
			 table_sort_reverse(view->table) ? ", turned" : "");
	}
}

static void draw_headline(struct health_view *view, struct canvas *canvas)
{
	int width = canvas_clip(canvas).width - 2, cells;
	enum role role = view->walking ? ROLE_WARN : worst_role(health_total(view->health));
	struct buf head, mode;
	buf_init(&head, BUF_CEILING_LINE);
	buf_init(&mode, BUF_CEILING_LINE);
	add_headline(&head, view);
	add_mode(&mode, view);
	/* A filter must not go unseen, so it takes its cells first. */
	cells = MIN((int)text_width(buf_text(&mode), mode.length),
		    MAX(width / 2, width - (int)head.length - 2));
	canvas_text(canvas, 1, 0, MAX(width - (cells ? cells + 2 : 0), 0), buf_text(&head),
		    (struct style){(uint16_t)role, ROLE_GROUND, ATTR_BOLD});
	if (cells > 0)
		canvas_text(canvas, 1 + width - cells, 0, cells, buf_text(&mode), STYLE(ACCENT));
	buf_fini(&head);
	buf_fini(&mode);
}

/* "as of 14:02:10, 5 min ago" in the time of the place. */
static void add_moment(struct buf *out, const struct health_view *view, int64_t moment_ms)
{
	char text[MOMENT_TEXT_SIZE];
	int64_t age_ms = world_now_ms(view->desk->world) - moment_ms;
	moment_format_in(moment_ms, view->zone, text);
	/* The day matters from yesterday on, seconds never. */
	text[strlen(text) > 3 ? strlen(text) - 3 : 0] = '\0';
	buf_addf(out, "%s (", age_ms < 12 * 3600 * 1000 && strlen(text) > 11 ? text + 11 : text);
	health_add_span(out, age_ms);
	buf_adds(out, " ago)");
}

static int draw_stale(struct health_view *view, struct canvas *canvas, int y, int lines)
{
	static const char *const words[] = {"", "", "late", "down", "signed out"};
	const struct world *world = view->desk->world;
	int drawn = 0;
	for (unsigned a = 0; a < world_accounts(world) && drawn < lines; a++) {
		struct feed_light light = world_light(world, a);
		const struct rows *rows = world_rows(world, a, KIND_SENSORS);
		struct buf text;
		if (light.light != LIGHT_LATE && light.light != LIGHT_DOWN && light.light != LIGHT_SIGNED_OUT)
			continue;
		buf_init(&text, BUF_CEILING_LINE);
		buf_addf(&text, "%s is %s", world_account_name(world, a), words[light.light]);
		int64_t as_of_ms = rows ? rows_as_of_ms(rows) : MOMENT_NONE;
		if (as_of_ms != MOMENT_NONE) {
			buf_adds(&text, ": as of ");
			add_moment(&text, view, as_of_ms);
		} else {
			buf_adds(&text, ": nothing was told yet");
		}
		if (light.why[0])
			buf_addf(&text, " %s %s", view->desk->ascii ? "-" : "–", light.why);
		canvas_text(canvas, 1, y + drawn++, canvas_clip(canvas).width - 2, buf_text(&text),
			    STYLE(STALE));
		buf_fini(&text);
	}
	return drawn;
}

/* --- details --- */

struct details {
	struct health_view *view;
	struct canvas *canvas;
	int y, label;
};

/* A line with a label; nothing for what is not told. */
static void line(struct details *d, const char *label, const char *text, enum role role)
{
	if (!text || !*text)
		return;
	canvas_text(d->canvas, 1, d->y, d->label - 1, label, STYLE(DIM));
	canvas_text(d->canvas, 1 + d->label, d->y++, -1, text,
		    (struct style){(uint16_t)role, ROLE_GROUND, 0});
}

static void line_moment(struct details *d, const char *label, int64_t moment_ms, enum role role)
{
	struct buf text;
	if (moment_ms == MOMENT_NONE)
		return;
	buf_init(&text, 128);
	add_moment(&text, d->view, moment_ms);
	line(d, label, buf_text(&text), role);
	buf_fini(&text);
}

static void status_lines(struct details *d, const struct health_item *item)
{
	struct buf text;
	buf_init(&text, 128);
	buf_addf(&text, "%s %s", health_sign(item->state, d->view->desk->ascii), health_word(item->state));
	line(d, "status", buf_text(&text), item->stale ? ROLE_STALE : health_role(item->state));
	line_moment(d, "since", item->since_ms, ROLE_TEXT);
	buf_reset(&text);
	health_add_battery(&text, item);
	line(d, "battery", buf_text(&text), item->due ? ROLE_WARN : ROLE_TEXT);
	line_moment(d, "changed", item->battery_changed_ms, ROLE_TEXT);
	line_moment(d, "last seen", item->last_seen_ms, ROLE_TEXT);
	buf_fini(&text);
}

static void draw_details(struct health_view *view, struct canvas *canvas)
{
	const struct health_item *item = health_chosen(view);
	struct details d = {view, canvas, 1, 11};
	char sensors[24] = "";
	if (!item)
		return;
	canvas_text(canvas, 1, 0, -1, item->name, (struct style){ROLE_STRONG, ROLE_GROUND, ATTR_BOLD});
	status_lines(&d, item);
	d.y++;
	line(&d, "room", item->room, ROLE_TEXT);
	line(&d, "floor", item->floor, ROLE_TEXT);
	line(&d, "building", item->building, ROLE_TEXT);
	d.y++;
	line(&d, "kind", item->type, ROLE_TEXT);
	line(&d, "model", item->model, ROLE_TEXT);
	line(&d, item->kind == KIND_SENSORS ? "address" : "serial", item->address, ROLE_TEXT);
	line(&d, "hive", item->hive, ROLE_TEXT);
	if (item->sensor_count >= 0 && item->sensor_count < 1e6)
		g_snprintf(sensors, sizeof(sensors), "%d", (int)item->sensor_count);
	line(&d, "sensors", sensors, ROLE_TEXT);
	line(&d, "account", world_account_name(view->desk->world, item->account), ROLE_TEXT);
	line(&d, "id", item->id, ROLE_DIM);
	line_moment(&d, "as of", item->as_of_ms, item->stale ? ROLE_STALE : ROLE_DIM);
}

/* The time zone of the chosen device, kept while it is the same: making one reads a file. */
static void settle_zone(struct health_view *view)
{
	const struct health_item *item = health_chosen(view);
	const char *name = item && item->timezone ? item->timezone : world_choice_timezone(view->desk->world);
	name = name ? name : "";
	if (view->zone && strcmp(view->zone_name, name) == 0)
		return;
	g_strlcpy(view->zone_name, name, sizeof(view->zone_name));
	moment_zone_free(view->zone);
	view->zone = moment_zone_new(view->zone_name);
	if (!view->zone)
		view->zone = moment_zone_new(NULL);
}

void health_add_as_of(struct health_view *view, struct buf *out)
{
	int64_t oldest_ms = health_stale_as_of_ms(view->health);
	if (oldest_ms == MOMENT_NONE)
		return;
	settle_zone(view);
	struct moment_parts parts = moment_split(oldest_ms, view->zone);
	buf_addf(out, " as of %02d:%02d", parts.hour, parts.minute);
}

/* --- all of it --- */

static void draw_nothing(struct health_view *view, struct canvas *canvas)
{
	const char *text = "No sensors or hives have been told yet.";
	if (view->filter && health_count(view->health) > 0)
		text = "Nothing matches. Esc shows all again.";
	else if (view->walking)
		text = "No battery needs to be replaced within 30 days.";
	canvas_text(canvas, 1, 1, canvas_clip(canvas).width - 2, text, STYLE(DIM));
}

static void draw_table(struct health_view *view, struct canvas *canvas, struct rect at, bool focus)
{
	struct table *table = health_table(view);
	view->table_at = at;
	canvas_enter(canvas, at);
	if (table_shown(table) == 0)
		draw_nothing(view, canvas);
	else
		table_draw(table, canvas, focus);
	canvas_leave(canvas);
}

void health_draw_whole(struct health_view *view, struct canvas *canvas, bool focus)
{
	struct rect clip = canvas_clip(canvas);
	settle_zone(view);
	draw_headline(view, canvas);
	int y = 1 + draw_stale(view, canvas, 1, MAX(clip.height / 6, 0));
	if (clip.height >= 12)
		y++;
	struct rect at = {1, y, clip.width - 2, clip.height - y};
	bool beside = clip.width >= BESIDE_LEAST;
	if (at.height <= 0)
		return;
	if (!view->detail || !health_chosen(view)) {
		draw_table(view, canvas, at, focus);
		return;
	}
	struct rect side = beside ? (struct rect){clip.width - BESIDE_WIDTH, y, BESIDE_WIDTH, at.height}
				  : (struct rect){0, y, clip.width, at.height};
	view->table_at = (struct rect){0, 0, 0, 0};
	if (beside) {
		at.width -= BESIDE_WIDTH + 2;
		draw_table(view, canvas, at, focus);
		canvas_fill(canvas, (struct rect){side.x - 1, y, 1, at.height},
			    canvas_ascii(canvas) ? '|' : 0x2502, STYLE(RULE));
	}
	canvas_enter(canvas, side);
	draw_details(view, canvas);
	canvas_leave(canvas);
}
