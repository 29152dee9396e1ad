/* The frame: top line, tabs, the pane with its title, the bottom line; help and the page of the first run are drawn elsewhere. */
#include "ui/shell_private.h"

#include "base/moment.h"
#include "base/text.h"

#include <glib.h>
#include <string.h>

#define BAR(role) ((struct style){ROLE_##role, ROLE_BAR, 0})
#define PROGRESS_AFTER_MS 200 /* what is over sooner needs no line */
#define TABS_LEAST_HEIGHT 6   /* lower screens give the line to the pane */

struct rect shell_area(const struct shell *shell)
{
	/* The overview draws the titles of its tiles itself, so it begins where another pane has its title. */
	bool own_titles = shell->panes[shell->current].ops->action == ACTION_PANE_OVERVIEW || shell->help;
	int height = canvas_height(shell->canvas);
	int top = height > TABS_LEAST_HEIGHT ? (own_titles ? 2 : 3) : height > 3 ? 1 : 0;

	if (shell_welcome(shell) && !shell->help) /* no panes, no tabs */
		top = MIN(top, 1);
	return (struct rect){0, top, canvas_width(shell->canvas),
			     MAX(height - top - (height > 2 ? 1 : 0), 0)};
}

/* --- the top line --- */

static const char *light_glyph(const struct shell *shell, enum light light)
{
	static const char *const utf8[] = {"◌", "●", "◐", "○", "○"};
	static const char *const ascii[] = {".", "+", "~", "x", "x"};

	return (shell->options.ascii ? ascii : utf8)[light];
}

static struct style light_style(enum light light)
{
	switch (light) {
	case LIGHT_FRESH:
		return BAR(OK);
	case LIGHT_LATE:
		return BAR(WARN);
	case LIGHT_STARTING:
		return BAR(DIM);
	default:
		return BAR(BAD);
	}
}

static const char *push_word(enum light_push push)
{
	static const char *const words[] = {"", "polling", "partly live", "live"};

	return words[push];
}

/* "4s", "live", "polling 20s", "down 3m", "signed out". Fresh data younger than ten seconds has no age: it would change every second and say nothing. */
static void light_words(const struct shell *shell, const struct feed_light *light, char *out, size_t size)
{
	int64_t now_ms = world_now_ms(shell->options.world);
	char age[MOMENT_TEXT_SIZE] = "";

	out[0] = '\0';
	switch (light->light) {
	case LIGHT_STARTING:
		g_strlcpy(out, "starting", size);
		break;
	case LIGHT_FRESH:
	case LIGHT_LATE:
		g_strlcpy(out, push_word(light->push), size);
		if (light->last_ok_ms != MOMENT_NONE && now_ms - light->last_ok_ms >= 10000)
			g_snprintf(out, size, "%s%s%s", push_word(light->push),
				   light->push != LIGHT_PUSH_NONE ? " " : "",
				   moment_format_age((now_ms - light->last_ok_ms) / 10000 * 10000, age));
		break;
	case LIGHT_DOWN:
		if (light->since_ms != MOMENT_NONE && now_ms - light->since_ms >= 1000)
			g_snprintf(out, size, "down %s", moment_format_age(now_ms - light->since_ms, age));
		else
			g_strlcpy(out, "down", size);
		break;
	case LIGHT_SIGNED_OUT:
		g_strlcpy(out, "signed out", size);
		break;
	}
}

/* Draws the lights from the right end; returns where they begin. */
static int draw_lights(struct shell *shell, int end)
{
	struct world *world = shell->options.world;

	for (unsigned i = world_accounts(world); i-- > 0;) {
		struct feed_light light = world_light(world, i);
		const char *name = world_account_name(world, i);
		char words[40];
		int cells;

		light_words(shell, &light, words, sizeof(words));
		cells = 2 + (int)text_width(name, strlen(name)) +
			(words[0] == '\0' ? 0 : 1 + (int)strlen(words)) + 1;
		if (end - cells < canvas_width(shell->canvas) / 3)
			break;
		end -= cells;
		canvas_text(shell->canvas, end, 0, 1, light_glyph(shell, light.light),
			    light_style(light.light));
		canvas_text(shell->canvas, end + 2, 0, -1, name, BAR(TEXT));
		canvas_text(shell->canvas, end + cells - 1 - (int)strlen(words), 0, -1, words,
			    light.light >= LIGHT_DOWN ? BAR(BAD) : BAR(DIM));
	}
	return end;
}

static void place_text(const struct shell *shell, struct buf *out)
{
	struct world *world = shell->options.world;
	const struct choice *choice = world_choice(world);
	const struct building *building = world_find(world, choice->account, KIND_BUILDINGS,
						     choice->building_id);
	const struct floor_row *floor = world_find(world, choice->account, KIND_FLOORS, choice->floor_id);

	if (building != NULL && building->name != NULL)
		buf_addf(out, "%s", building->name);
	if (floor != NULL && floor->name != NULL)
		buf_addf(out, "%s%s",
			 out->length == 0       ? ""
			 : shell->options.ascii ? " > "
						: " ▸ ",
			 floor->name);
}

/* A zone is a file to be read: it is kept for an hour, as the viewer's may be changed meanwhile, or until another is wanted. */
static void settle_zones(struct zones *zones, const char *name, int64_t now_ms)
{
	if (zones->here != NULL && zones->hour == now_ms / 3600000 && g_strcmp0(zones->name, name) == 0)
		return;
	shell_forget_zones(zones);
	zones->hour = now_ms / 3600000;
	zones->name = g_strdup(name);
	zones->there = name == NULL ? NULL : moment_zone_new(moment_zone_iana(name));
	zones->here = moment_zone_new_local();
}

void shell_forget_zones(struct zones *zones)
{
	moment_zone_free(zones->there);
	moment_zone_free(zones->here);
	g_free(zones->name);
	*zones = (struct zones){0};
}

/* The time of the chosen place; its zone is named when it is not the viewer's. */
static int draw_clock(struct shell *shell)
{
	const char *name = world_choice_timezone(shell->options.world);
	int64_t now_ms = world_now_ms(shell->options.world);
	const struct zones *zones = &shell->zones;

	settle_zones(&shell->zones, name, now_ms);
	struct moment_parts there = moment_split(now_ms, zones->there != NULL ? zones->there : zones->here);
	struct moment_parts here = moment_split(now_ms, zones->here);
	const char *city = name == NULL ? NULL : strrchr(name, '/');
	char text[80];
	int cells;

	g_snprintf(text, sizeof(text), "%02d:%02d%s%.30s", there.hour, there.minute,
		   city != NULL && there.utc_offset_s != here.utc_offset_s ? " " : "",
		   city != NULL && there.utc_offset_s != here.utc_offset_s ? city + 1 : "");
	g_strdelimit(text, "_", ' ');
	cells = (int)strlen(text);
	canvas_text(shell->canvas, canvas_width(shell->canvas) - cells - 1, 0, cells, text, BAR(STRONG));
	return canvas_width(shell->canvas) - cells - 2;
}

static void draw_top(struct shell *shell)
{
	struct buf place;
	int end;

	canvas_fill(shell->canvas, (struct rect){0, 0, canvas_width(shell->canvas), 1}, ' ', BAR(TEXT));
	canvas_text(shell->canvas, 1, 0, -1, "lodge", (struct style){ROLE_BRAND, ROLE_BAR, ATTR_BOLD});
	end = draw_lights(shell, draw_clock(shell));
	buf_init(&place, BUF_CEILING_LINE);
	place_text(shell, &place);
	canvas_text(shell->canvas, 8, 0, MAX(end - 9, 0), buf_text(&place), BAR(STRONG));
	buf_fini(&place);
}

static void draw_tabs(struct shell *shell)
{
	int x = 1;
	char key[24];

	if (shell_welcome(shell))
		return;

	for (int i = 0; i < shell->n_panes; i++) {
		bool current = i == shell->current && !shell->help;

		x += canvas_text(shell->canvas, x, 1, -1,
				 keymap_key(shell->keymap, shell->panes[i].ops->action, key),
				 current ? STYLE(ACCENT) : STYLE(DIM));
		x += 1 +
		     canvas_text(shell->canvas, x + 1, 1, -1, shell->panes[i].ops->title,
				 current ? (struct style){ROLE_STRONG, ROLE_GROUND, ATTR_BOLD} : STYLE(DIM));
		x += 2;
	}
}

/* --- the bottom line --- */

int shell_draw_hint(struct shell *shell, int x, int end, enum action action, const char *word)
{
	int y = canvas_height(shell->canvas) - 1;
	char key[24];

	keymap_key(shell->keymap, action, key);
	if (action == ACTION_DEMO && shell_welcome(shell))
		g_strlcpy(key, "d", sizeof(key));
	if (key[0] == '\0' || x + (int)(strlen(key) + strlen(word)) + 1 > end)
		return x;
	x += canvas_text(shell->canvas, x, y, -1, key, (struct style){ROLE_BRAND, ROLE_BAR, ATTR_BOLD});
	x += 1 + canvas_text(shell->canvas, x + 1, y, -1, word, BAR(DIM));
	return x + 2;
}

static int hint_cells(const struct shell *shell, const struct hint *hints)
{
	int cells = 0;
	char key[24];

	for (; hints->action != ACTION_NONE; hints++)
		if (keymap_key(shell->keymap, hints->action, key)[0] != '\0')
			cells += (int)(strlen(key) + strlen(hints->word)) + 3;
	return cells;
}

static bool has_more(const struct shell *shell, enum kind kind)
{
	struct world_cursor cursor = {0};

	return world_next(shell->options.world, kind, &cursor) != NULL &&
	       world_next(shell->options.world, kind, &cursor) != NULL;
}

/* What is possible here. How to find everything else, and the way out, are always there; the pane's own keys take the rest of the line. */
const struct hint *shell_hints(struct shell *shell)
{
	struct opened *pane = shell_pane(shell);

	return pane->ops->hints_now != NULL ? pane->ops->hints_now(pane->state) : pane->ops->hints;
}

const struct raw_hint *shell_raw_hints(struct shell *shell)
{
	struct opened *pane = shell_pane(shell);

	return pane->ops->raw != NULL ? pane->ops->raw(pane->state) : NULL;
}

static void draw_raw_hints(struct shell *shell, const struct raw_hint *hint)
{
	int width = canvas_width(shell->canvas), y = canvas_height(shell->canvas) - 1, x = 1;

	for (; hint->key != NULL && x + (int)(strlen(hint->key) + strlen(hint->word)) + 1 <= width; hint++) {
		x += canvas_text(shell->canvas, x, y, -1, hint->key,
				 (struct style){ROLE_BRAND, ROLE_BAR, ATTR_BOLD});
		x += 3 + canvas_text(shell->canvas, x + 1, y, -1, hint->word, BAR(DIM));
	}
}

static void draw_hints(struct shell *shell)
{
	static const struct hint always[] = {{ACTION_HELP, "help"},
					     {ACTION_COMMAND, "command"},
					     {ACTION_QUIT, "quit"},
					     {ACTION_NONE, NULL}},
				 in_help[] = {{ACTION_DOWN, "further"},
					      {ACTION_BACK, "close"},
					      {ACTION_NONE, NULL}},
				 welcome[] = {{ACTION_DEMO, "demo"}, {ACTION_NONE, NULL}},
				 long_welcome[] = {{ACTION_DEMO, "demo"},
						   {ACTION_DOWN, "further"},
						   {ACTION_NONE, NULL}};
	bool first_run = shell_welcome(shell);
	int width = canvas_width(shell->canvas), last = hint_cells(shell, always), x = 1;
	int end = width - 1 - (width >= 2 * last ? last : 0);
	const struct hint *hint = shell->help  ? in_help
				  : !first_run ? shell_hints(shell)
				  : shell->welcome_lines > canvas_height(shell->canvas) - 2 ? long_welcome
											    : welcome;

	if (!shell->help && !first_run && shell_raw_hints(shell) != NULL) {
		draw_raw_hints(shell, shell_raw_hints(shell));
		return;
	}
	for (; hint != NULL && hint->action != ACTION_NONE; hint++)
		x = shell_draw_hint(shell, x, end, hint->action, hint->word);
	if (!shell->help && !first_run && has_more(shell, KIND_FLOORS))
		x = shell_draw_hint(shell, x, end, ACTION_FLOOR, "floor");
	if (!shell->help && !first_run && has_more(shell, KIND_BUILDINGS))
		x = shell_draw_hint(shell, x, end, ACTION_BUILDING, "building");
	for (hint = always; hint->action != ACTION_NONE; hint++)
		if (!(shell->help && hint->action == ACTION_HELP) &&
		    !(first_run && hint->action == ACTION_COMMAND))
			x = shell_draw_hint(shell, x, width, hint->action, hint->word);
}

/* "writing health.csv  ━━━━━━────  43 %  Esc cancel" */
static void draw_progress(struct shell *shell, int y)
{
	const struct progress *progress = &shell->progress;
	int width = canvas_width(shell->canvas), end = width - 1, x = 1;

	if (progress->cancel != NULL && width >= 30) {
		end -= 12;
		shell_draw_hint(shell, end + 2, width, ACTION_BACK, "cancel");
	}
	x += canvas_text(shell->canvas, x, y, MAX(end - x - (progress->total > 0 ? 18 : 0), 0),
			 progress->text, BAR(TEXT));
	if (!(progress->total > 0) || end - x < 18)
		return;
	double share = CLAMP(progress->done / progress->total, 0, 1);
	int bar = MIN(end - x - 8, 40), full = (int)(share * bar);

	for (int i = 0; i < bar; i++)
		canvas_put(shell->canvas, x + 2 + i, y,
			   i < full ? canvas_glyph(shell->canvas, 0x2501, '=')
				    : canvas_glyph(shell->canvas, 0x2500, '-'),
			   i < full ? BAR(ACCENT) : BAR(RULE));
	canvas_textf(shell->canvas, x + 3 + bar, y, 5, BAR(DIM), "%d %%", (int)(share * 100));
}

static void draw_bottom(struct shell *shell)
{
	int y = canvas_height(shell->canvas) - 1;

	canvas_fill(shell->canvas, (struct rect){0, y, canvas_width(shell->canvas), 1}, ' ', BAR(TEXT));
	if (shell->prompt.edit != NULL && shell->prompt.command)
		shell_command_draw(shell);
	if (shell->prompt.edit != NULL)
		line_edit_draw(shell->prompt.edit, shell->canvas, 1, y, canvas_width(shell->canvas) - 2,
			       shell->prompt.label);
	else if (shell->progress.text[0] != '\0' &&
		 world_now_ms(shell->options.world) - shell->progress.since_ms >= PROGRESS_AFTER_MS)
		draw_progress(shell, y);
	else if (shell->toast[0] != '\0')
		canvas_text(shell->canvas, 1, y, canvas_width(shell->canvas) - 2, shell->toast,
			    shell->toast_good ? BAR(OK) : BAR(BAD));
	else
		draw_hints(shell);
}

/* --- all of it --- */

static void draw_pane(struct shell *shell)
{
	struct opened *pane = shell_pane(shell);
	struct buf figure;

	if (pane->ops->action == ACTION_PANE_OVERVIEW || canvas_height(shell->canvas) <= TABS_LEAST_HEIGHT)
		return;
	buf_init(&figure, BUF_CEILING_LINE);
	pane->ops->figure(pane->state, &figure);
	canvas_titled_rule(shell->canvas, 2, pane->ops->title, buf_text(&figure), true);
	buf_fini(&figure);
}

void shell_draw(struct shell *shell)
{
	struct rect area = shell_area(shell);
	bool welcome = shell_welcome(shell);
	struct opened *pane = shell_pane(shell);

	canvas_clear(shell->canvas, STYLE(TEXT));
	if (area.y >= 1)
		draw_top(shell);
	if (area.y >= 2)
		draw_tabs(shell);
	if (!shell->help && !welcome)
		draw_pane(shell);
	canvas_enter(shell->canvas, area);
	if (shell->help)
		shell_help_draw(shell);
	else if (welcome)
		shell_welcome_draw(shell);
	else
		pane->ops->draw(pane->state, shell->canvas, true, true);
	canvas_leave(shell->canvas);
	if (canvas_height(shell->canvas) > 2)
		draw_bottom(shell);
}

void shell_cursor(const struct shell *shell, int *x, int *y)
{
	struct canvas *canvas = shell->canvas;

	*x = *y = -1;
	if (shell->prompt.edit == NULL || canvas_height(canvas) <= 2)
		return;
	*y = canvas_height(canvas) - 1;
	*x = line_edit_draw(shell->prompt.edit, canvas, 1, *y, canvas_width(canvas) - 2, shell->prompt.label);
}

void shell_title(const struct shell *shell, struct buf *out)
{
	struct buf place;

	buf_init(&place, BUF_CEILING_LINE);
	place_text(shell, &place);
	buf_addf(out, "lodge%s%s", place.length > 0 ? " - " : "", buf_text(&place));
	buf_fini(&place);
}
