/* The frame: top line, tabs, the pane with its title, the bottom line; help and the welcome page instead of a pane. */
#include "ui/shell_private.h"

#include "base/moment.h"
#include "base/text.h"

#include <glib.h>
#include <string.h>

#define BAR(role) ((struct style){ROLE_##role, ROLE_BAR, 0})
#define TABS_LEAST_HEIGHT 6 /* lower screens give the line to the pane */

struct rect shell_area(const struct shell *shell)
{
	/* The overview draws the titles of its tiles itself, so it begins where another pane has its title. */
	bool own_titles = shell->panes[shell->current].ops->action == ACTION_PANE_OVERVIEW && !shell->help;
	int height = canvas_height(shell->canvas);
	int top = height > TABS_LEAST_HEIGHT ? (own_titles ? 2 : 3) : height > 3 ? 1 : 0;

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

/* "4s", "down 3m", "sign in". Fresh data younger than ten seconds has no age: it would change every second and say nothing. */
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
		if (light->last_ok_ms != MOMENT_NONE && now_ms - light->last_ok_ms >= 10000)
			g_strlcpy(out, moment_format_age((now_ms - light->last_ok_ms) / 10000 * 10000, age),
				  size);
		break;
	case LIGHT_DOWN:
		g_snprintf(out, size, "down %s",
			   light->since_ms == MOMENT_NONE ? ""
							  : moment_format_age(now_ms - light->since_ms, age));
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

/* The time of the chosen place; its zone is named when it is not the viewer's. */
static int draw_clock(struct shell *shell)
{
	const char *name = world_choice_timezone(shell->options.world);
	struct moment_zone *zone = moment_zone_new(name == NULL ? NULL : moment_zone_iana(name));
	struct moment_zone *local = moment_zone_new_local();
	int64_t now_ms = world_now_ms(shell->options.world);
	struct moment_parts there = moment_split(now_ms, zone != NULL && name != NULL ? zone : local);
	struct moment_parts here = moment_split(now_ms, local);
	const char *city = name == NULL ? NULL : strrchr(name, '/');
	char text[80];
	int cells;

	g_snprintf(text, sizeof(text), "%02d:%02d%s%.30s", there.hour, there.minute,
		   city != NULL && there.utc_offset_s != here.utc_offset_s ? " " : "",
		   city != NULL && there.utc_offset_s != here.utc_offset_s ? city + 1 : "");
	g_strdelimit(text, "_", ' ');
	cells = (int)strlen(text);
	canvas_text(shell->canvas, canvas_width(shell->canvas) - cells - 1, 0, cells, text, BAR(STRONG));
	moment_zone_free(zone);
	moment_zone_free(local);
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

static int draw_hint(struct shell *shell, int x, int y, enum action action, const char *word)
{
	char key[24];

	keymap_key(shell->keymap, action, key);
	if (key[0] == '\0' || x + (int)(strlen(key) + strlen(word)) + 2 > canvas_width(shell->canvas))
		return x;
	x += canvas_text(shell->canvas, x, y, -1, key, (struct style){ROLE_BRAND, ROLE_BAR, ATTR_BOLD});
	x += 1 + canvas_text(shell->canvas, x + 1, y, -1, word, BAR(DIM));
	return x + 2;
}

static void draw_hints(struct shell *shell, int y)
{
	static const struct hint common[] = {{ACTION_FLOOR, "floor"}, {ACTION_BUILDING, "building"},
					     {ACTION_HELP, "help"},   {ACTION_COMMAND, "command"},
					     {ACTION_QUIT, "quit"},   {ACTION_NONE, NULL}};
	const struct hint *hint = shell_pane(shell)->ops->hints;
	int x = 1;

	for (; !shell->help && hint != NULL && hint->action != ACTION_NONE; hint++)
		x = draw_hint(shell, x, y, hint->action, hint->word);
	for (hint = common; hint->action != ACTION_NONE; hint++)
		x = draw_hint(shell, x, y, hint->action, hint->word);
}

static void draw_bottom(struct shell *shell)
{
	int y = canvas_height(shell->canvas) - 1;

	canvas_fill(shell->canvas, (struct rect){0, y, canvas_width(shell->canvas), 1}, ' ', BAR(TEXT));
	if (shell->prompt.edit != NULL)
		line_edit_draw(shell->prompt.edit, shell->canvas, 1, y, canvas_width(shell->canvas) - 2,
			       shell->prompt.label);
	else if (shell->toast[0] != '\0')
		canvas_text(shell->canvas, 1, y, canvas_width(shell->canvas) - 2, shell->toast,
			    shell->toast_good ? BAR(OK) : BAR(BAD));
	else
		draw_hints(shell, y);
}

/* --- help --- */

static void draw_help(struct shell *shell)
{
	struct rect clip = canvas_clip(shell->canvas);
	int columns = clip.width >= 110 ? 2 : 1, width = clip.width / columns, rows = MAX(clip.height, 1),
	    line = 0;

	for (int action = 1; action < ACTION_COUNT; action++) {
		const struct action_info *info = action_info((enum action)action);
		int at = line++ - shell->help_scroll * columns, x, y;
		char keys[60];

		x = at >= 0 ? at / rows * width : -1;
		y = at >= 0 ? at % rows : -1;
		if (at < 0 || at / rows >= columns)
			continue;
		canvas_text(shell->canvas, x + 1, y, 14,
			    keymap_keys(shell->keymap, (enum action)action, keys, sizeof(keys)),
			    (struct style){ROLE_BRAND, ROLE_GROUND, ATTR_BOLD});
		canvas_text(shell->canvas, x + 16, y, 14, info->name, STYLE(DIM));
		canvas_text(shell->canvas, x + 31, y, width - 32, info->help, STYLE(TEXT));
	}
	shell->help_lines = (line + columns - 1) / columns;
}

/* --- the welcome page --- */

static void draw_welcome(struct shell *shell)
{
	struct rect clip = canvas_clip(shell->canvas);
	char **lines = g_strsplit(shell->options.welcome == NULL ? "" : shell->options.welcome, "\n", 0);
	int n = (int)g_strv_length(lines), y = MAX((clip.height - n) / 2, 0),
	    x = MAX((clip.width - 72) / 2, 1);

	for (int i = 0; i < n; i++) {
		bool example = lines[i][0] == ' ';

		canvas_text(shell->canvas, x, y + i, clip.width - x, lines[i],
			    i == 0    ? STYLE(STRONG)
			    : example ? STYLE(ACCENT)
				      : STYLE(TEXT));
	}
	g_strfreev(lines);
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
	bool welcome = world_accounts(shell->options.world) == 0;
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
		draw_help(shell);
	else if (welcome)
		draw_welcome(shell);
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
