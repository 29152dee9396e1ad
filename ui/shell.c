#include "ui/shell_private.h"

#include "base/moment.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static const struct pane_ops *const registry[] = {&pane_overview, &pane_floor, &pane_heat,  &pane_occupancy,
						  &pane_doors,    &pane_keys,  &pane_health};

struct opened *shell_pane(struct shell *shell)
{
	struct opened *pane = &shell->panes[shell->current];

	if (pane->state == NULL) {
		pane->state = pane->ops->open(&shell->desk);
		pane->ops->update(pane->state, UINT32_MAX);
	}
	return pane;
}

static void show_pane(struct shell *shell, enum action action)
{
	for (int i = 0; i < shell->n_panes; i++) {
		if (shell->panes[i].ops->action != action || i == shell->current)
			continue;
		shell->before = shell->current;
		shell->current = i;
		shell_pane(shell)->ops->update(shell->panes[i].state, UINT32_MAX);
		shell->dirty = true;
	}
}

/* --- what the panes may ask for --- */

static void close_prompt(struct shell *shell)
{
	line_edit_free(shell->prompt.edit);
	shell->prompt = (struct prompt){0};
	shell->dirty = true;
}

static void desk_prompt(struct desk *desk, const char *label, const char *initial,
			void (*done)(void *ctx, const char *text),
			void (*changed)(void *ctx, const char *text), void *ctx)
{
	struct shell *shell = (struct shell *)desk;

	close_prompt(shell);
	shell->prompt.edit = line_edit_new(initial, 400);
	g_strlcpy(shell->prompt.label, label, sizeof(shell->prompt.label));
	shell->prompt.done = done;
	shell->prompt.changed = changed;
	shell->prompt.ctx = ctx;
}

void shell_toast(struct shell *shell, bool good, const char *text)
{
	g_strlcpy(shell->toast, text, sizeof(shell->toast));
	shell->toast_good = good;
	shell->toast_until_ms = world_now_ms(shell->options.world) + TOAST_MS;
	shell->dirty = true;
}

void shell_progress(struct shell *shell, const char *text, double done, double total,
		    void (*cancel)(void *ctx), void *ctx)
{
	struct progress *progress = &shell->progress;

	shell->dirty = true;
	if (text == NULL) {
		*progress = (struct progress){.ctx = NULL};
		return;
	}
	if (progress->text[0] == '\0' || progress->ctx != ctx)
		progress->since_ms = world_now_ms(shell->options.world);
	g_strlcpy(progress->text, text, sizeof(progress->text));
	progress->done = done;
	progress->total = total;
	progress->cancel = cancel;
	progress->ctx = ctx;
}

static void desk_progress(struct desk *desk, const char *text, double done, double total,
			  void (*cancel)(void *ctx), void *ctx)
{
	shell_progress((struct shell *)desk, text, done, total, cancel, ctx);
}

/* Esc while something long is under way: its owner ends it and says so. */
static bool cancel_progress(struct shell *shell)
{
	struct progress progress = shell->progress;

	if (progress.text[0] == '\0' || progress.cancel == NULL)
		return false;
	shell->progress = (struct progress){.ctx = NULL};
	progress.cancel(progress.ctx);
	return true;
}

static void desk_toast(struct desk *desk, bool good, const char *text)
{
	shell_toast((struct shell *)desk, good, text);
}

static void desk_copy(struct desk *desk, const char *text)
{
	struct shell *shell = (struct shell *)desk;

	if (shell->options.copy != NULL)
		shell->options.copy(shell->options.ctx, text);
}

static void desk_show(struct desk *desk, enum action pane) { show_pane((struct shell *)desk, pane); }

static void desk_save(struct desk *desk, const char *path, char *bytes, size_t length, bool replace)
{
	struct shell *shell = (struct shell *)desk;

	if (desk->license.kiosk) {
		free(bytes);
		shell_toast(shell, false, "no files are written here");
		return;
	}
	shell->options.save(shell->options.ctx, path, bytes, length, replace);
}

/* --- actions --- */

static bool named(const char *name, const char *wanted)
{
	char *a, *b;
	bool found;

	if (wanted == NULL)
		return true;
	a = g_utf8_casefold(name == NULL ? "" : name, -1);
	b = g_utf8_casefold(wanted, -1);
	found = strstr(a, b) != NULL;
	g_free(a);
	g_free(b);
	return found;
}

/* The next floor (of the same building) or building after the chosen one, or the first whose name holds `name`. */
static void next_place(struct shell *shell, bool building, const char *name)
{
	struct world *world = shell->options.world;
	struct choice *choice = world_choice(world);
	const struct floor_row *floor, *first = NULL, *found = NULL;
	unsigned first_account = 0, found_account = 0;
	bool passed = name != NULL;

	for (struct world_cursor c = {0};
	     (floor = world_next(world, KIND_FLOORS, &c)) != NULL && found == NULL;) {
		const struct building *of = world_find(world, c.account, KIND_BUILDINGS, floor->building_id);
		bool here = c.account == choice->account && g_strcmp0(floor->id, choice->floor_id) == 0;
		bool same = c.account == choice->account &&
			    g_strcmp0(floor->building_id, choice->building_id) == 0;
		bool fits = building ? (name != NULL || !same) && named(of == NULL ? NULL : of->name, name)
				     : (name != NULL || same) && named(floor->name, name);

		if (fits && first == NULL) {
			first = floor;
			first_account = c.account;
		}
		if (fits && passed && !here) {
			found = floor;
			found_account = c.account;
		}
		passed |= here;
	}
	found_account = found != NULL ? found_account : first_account;
	found = found != NULL ? found : first;
	if (found == NULL) {
		shell_toast(shell, false, name == NULL ? "there is no other" : "nothing of that name");
		return;
	}
	choice->account = found_account;
	choice->building_id[0] = '\0';
	g_strlcpy(choice->floor_id, found->id, sizeof(choice->floor_id));
	choice->room_id[0] = choice->sensor_id[0] = '\0';
	world_settle_choice(world);
	shell_pane(shell)->ops->update(shell_pane(shell)->state, UINT32_MAX);
}

static void toggle_mouse(struct shell *shell)
{
	shell->mouse = !shell->mouse;
	if (shell->options.mouse != NULL)
		shell->options.mouse(shell->options.ctx, shell->mouse);
	shell_toast(shell, true, shell->mouse ? "mouse on (Shift+drag selects text)" : "mouse off");
}

static void ask_demo(struct shell *shell)
{
	if (shell_welcome(shell) && shell->options.demo != NULL)
		shell->options.demo(shell->options.ctx);
	else
		shell_toast(shell, false, "leave, and start it by lodge --demo");
}

static void back(struct shell *shell)
{
	if (shell->help)
		shell->help = false;
	else if (shell->current != 0)
		show_pane(shell, shell->panes[0].ops->action);
}

/* What the shell does itself; false: not its business. */
static bool act_global(struct shell *shell, enum action action, const char *argument)
{
	switch (action) {
	case ACTION_QUIT:
		shell->quitting = true;
		return true;
	case ACTION_SUSPEND:
		if (shell->options.suspend != NULL && !shell->desk.license.kiosk)
			shell->options.suspend(shell->options.ctx);
		return true;
	case ACTION_HELP:
		shell->help = !shell->help;
		shell->help_scroll = 0;
		return true;
	case ACTION_COMMAND:
		shell_command_open(shell);
		return true;
	case ACTION_REDRAW:
		shell->redraw = true;
		return true;
	case ACTION_BUILDING:
	case ACTION_FLOOR:
		next_place(shell, action == ACTION_BUILDING, argument);
		return true;
	case ACTION_THEME:
		shell_theme_act(shell, argument);
		return true;
	case ACTION_PALETTE:
		shell_palette_act(shell, argument);
		return true;
	case ACTION_MOUSE:
		toggle_mouse(shell);
		return true;
	case ACTION_UNDO:
		shell_undo_act(shell);
		return true;
	case ACTION_DEMO:
		ask_demo(shell);
		return true;
	case ACTION_BACK:
		back(shell);
		return true;
	default:
		return false;
	}
}

static bool scroll_help(struct shell *shell, enum action action)
{
	int page = MAX(canvas_height(shell->canvas) - 5, 1);

	switch (action) {
	case ACTION_UP:
	case ACTION_PAGE_UP:
		shell->help_scroll -= action == ACTION_UP ? 1 : page;
		break;
	case ACTION_DOWN:
	case ACTION_PAGE_DOWN:
		shell->help_scroll += action == ACTION_DOWN ? 1 : page;
		break;
	case ACTION_FIRST:
		shell->help_scroll = 0;
		break;
	case ACTION_LAST:
		shell->help_scroll = shell->help_lines;
		break;
	default:
		return false;
	}
	shell->help_scroll = CLAMP(shell->help_scroll, 0, MAX(shell->help_lines, 0));
	return true;
}

static void act(struct shell *shell, enum action action, const char *argument)
{
	struct opened *pane = shell_pane(shell);

	if (shell->help && scroll_help(shell, action))
		return;
	if (!shell->help && shell_welcome(shell) && shell_welcome_act(shell, action))
		return;
	if (!shell->help && !shell_welcome(shell) && action != ACTION_QUIT &&
	    pane->ops->act(pane->state, action, argument))
		return;
	for (int i = 0; i < shell->n_panes; i++) {
		if (shell->panes[i].ops->action == action) {
			shell->help = false;
			show_pane(shell, action);
			return;
		}
	}
	act_global(shell, action, argument);
}

void shell_act(struct shell *shell, enum action action, const char *argument)
{
	shell->dirty = true;
	shell_undo_begin(shell, action);
	act(shell, action, argument);
	shell_undo_end(shell);
}

/* --- inputs --- */

static void input_prompt(struct shell *shell, const struct input *input)
{
	struct prompt prompt = shell->prompt;

	if (prompt.command && input->type == INPUT_KEY && input->key == KEY_TAB_) {
		shell_command_complete(shell);
		return;
	}
	switch (line_edit_input(prompt.edit, input)) {
	case EDIT_CHANGED:
		if (prompt.changed != NULL)
			prompt.changed(prompt.ctx, line_edit_text(prompt.edit));
		break;
	case EDIT_DONE: {
		char *text = g_strdup(line_edit_text(prompt.edit));

		close_prompt(shell);
		prompt.done(prompt.ctx, text);
		shell_undo_end(shell);
		g_free(text);
		break;
	}
	case EDIT_CANCELLED:
		close_prompt(shell);
		prompt.done(prompt.ctx, NULL);
		shell_undo_end(shell);
		break;
	default:
		break;
	}
}

static void input_mouse(struct shell *shell, const struct input *input)
{
	struct rect area = shell_area(shell);
	struct opened *pane = shell_pane(shell);
	struct input local = *input;

	if (input->y == 1 && input->mouse == MOUSE_PRESS && canvas_height(shell->canvas) > 6) {
		int x = 1; /* the tabs, as they are drawn */

		for (int i = 0; i < shell->n_panes; i++) {
			int cells = (int)strlen(shell->panes[i].ops->title) + 4;

			if (input->x >= x && input->x < x + cells)
				show_pane(shell, shell->panes[i].ops->action);
			x += cells;
		}
		return;
	}
	local.x -= area.x;
	local.y -= area.y;
	if (pane->ops->mouse == NULL || local.y < 0)
		return;
	shell_undo_begin(shell, ACTION_NONE);
	pane->ops->mouse(pane->state, &local);
	shell_undo_end(shell);
}

/* A form or a question takes keys as they are. */
static bool input_raw(struct shell *shell, const struct input *input)
{
	struct opened *pane = shell_pane(shell);

	if (shell->help || shell_welcome(shell) || shell_raw_hints(shell) == NULL || pane->ops->input == NULL)
		return false;
	return pane->ops->input(pane->state, input);
}

void shell_input(struct shell *shell, const struct input *input)
{
	enum action action;

	shell->dirty = true;
	shell->toast[0] = '\0';
	if (shell->prompt.edit != NULL && input->type != INPUT_MOUSE) {
		input_prompt(shell, input);
		return;
	}
	if (input->type == INPUT_MOUSE) {
		if (!shell->help && !shell_welcome(shell))
			input_mouse(shell, input);
		return;
	}
	if (input_raw(shell, input) || input->type != INPUT_KEY)
		return;
	action = keymap_action_in(shell->keymap, input->key, shell->panes[shell->current].ops->action);
	if (action == ACTION_BACK && cancel_progress(shell))
		return;
	if (shell_welcome(shell) && input->key == 'd')
		action = ACTION_DEMO;
	shell_act(shell, action, NULL);
}

/* --- data and time --- */

void shell_update(struct shell *shell)
{
	uint32_t changed = world_take_changes(shell->options.world);
	int64_t now_ms = world_now_ms(shell->options.world);
	bool second = now_ms / 1000 != shell->second; /* ages and the clock */
	struct opened *pane;

	if (changed != 0)
		world_settle_choice(shell->options.world);
	pane = shell_pane(shell);
	if (((changed & pane->ops->kinds) != 0 || second) &&
	    pane->ops->update(pane->state, changed & pane->ops->kinds))
		shell->dirty = true;
	if (shell->toast[0] != '\0' && now_ms >= shell->toast_until_ms) {
		shell->toast[0] = '\0';
		shell->dirty = true;
	}
	if (second) {
		shell->second = now_ms / 1000;
		shell->dirty = true;
	}
}

bool shell_dirty(const struct shell *shell) { return shell->dirty; }

const struct canvas *shell_compose(struct shell *shell)
{
	if (shell->dirty)
		shell_draw(shell);
	shell->dirty = false;
	return shell->canvas;
}

bool shell_quitting(const struct shell *shell) { return shell->quitting; }

bool shell_take_redraw(struct shell *shell)
{
	bool redraw = shell->redraw;

	shell->redraw = false;
	return redraw;
}

int64_t shell_live_ms(const struct shell *shell, enum kind kind)
{
	const struct opened *pane = &shell->panes[shell->current];

	return pane->state == NULL || pane->ops->live_ms == NULL ? 0 : pane->ops->live_ms(pane->state, kind);
}

struct keymap *shell_keymap(struct shell *shell) { return shell->keymap; }

const struct theme *shell_theme(const struct shell *shell) { return shell->options.theme; }

void shell_resize(struct shell *shell, int width, int height)
{
	canvas_resize(shell->canvas, width, height);
	shell->dirty = true;
	shell->redraw = true;
}

/* --- life --- */

static int start_pane(const char *name)
{
	for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(registry); i++)
		if (strcmp(action_info(registry[i]->action)->name, name) == 0)
			return (int)i;
	return 0;
}

struct shell *shell_new(const struct shell_options *options)
{
	struct shell *shell = g_new0(struct shell, 1);

	shell->options = *options;
	shell->options.file = g_strdup(options->file);
	shell->desk = (struct desk){
		.world = options->world,
		.ascii = options->ascii,
		.braille = options->braille,
		.mono = options->mono,
		.cell_aspect = 2,
		.prompt = desk_prompt,
		.toast = desk_toast,
		.progress = desk_progress,
		.copy = desk_copy,
		.show = desk_show,
		.save = desk_save,
	};
	if (options->equip != NULL)
		options->equip(options->ctx, &shell->desk);
	shell->keymap = keymap_new();
	shell->canvas = canvas_new(80, 24, options->ascii);
	shell->n_panes = (int)G_N_ELEMENTS(registry);
	shell->panes = g_new0(struct opened, G_N_ELEMENTS(registry));
	for (int i = 0; i < shell->n_panes; i++)
		shell->panes[i].ops = registry[i];
	shell->current = start_pane(options->start);
	shell->mouse = options->mouse_on;
	g_strlcpy(shell->theme, options->theme_name != NULL ? options->theme_name : "dusk",
		  sizeof(shell->theme));
	g_strlcpy(shell->palette, options->palette != NULL ? options->palette : "", sizeof(shell->palette));
	shell_look_settle(shell);
	shell->dirty = true;
	return shell;
}

void shell_free(struct shell *shell)
{
	if (shell == NULL)
		return;
	for (int i = 0; i < shell->n_panes; i++)
		if (shell->panes[i].state != NULL)
			shell->panes[i].ops->close(shell->panes[i].state);
	for (int i = 0; i < shell->n_history; i++)
		g_free(shell->history[i]);
	line_edit_free(shell->prompt.edit);
	shell_undo_free(shell);
	g_free(shell->panes);
	shell_forget_zones(&shell->zones);
	canvas_free(shell->canvas);
	keymap_free(shell->keymap);
	theme_free(shell->options.theme);
	g_free((char *)shell->options.file);
	g_free(shell);
}
