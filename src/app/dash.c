#include "app/dash.h"

#include "app/args.h"
#include "app/dash_private.h"
#include "app/demo.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVENTS_CEILING 4096
#define ESCAPE_MS 25 /* a lone Esc is told from a sequence by then */
#define BEHIND_MS 50 /* when a slow line is looked at again, unless it says earlier that it is ready */

/* --- painting --- */

static void end(struct dash *dash, int status)
{
	dash->ending = true;
	dash->status = status;
	uv_stop(&dash->loop);
}

static void on_frame(uv_timer_t *timer);
static void on_keys(uv_poll_t *poll, int status, int events);

/* A tty takes a few kilobytes at a time; the rest of a large frame goes out as soon as it takes more. */
static void watch_tty(struct dash *dash)
{
	int events = UV_READABLE | UV_DISCONNECT | (term_unsent(dash->term) ? UV_WRITABLE : 0);

	if (events == dash->watched)
		return;
	dash->watched = events;
	uv_poll_start(&dash->keys, events, on_keys);
}

/* Output is shed, not queued: on a slow line the term paints as much as the line takes, and each time it is the newest state. */
static void paint(struct dash *dash)
{
	const struct canvas *canvas;
	long written;
	int x, y;

	if (shell_take_redraw(dash->shell))
		term_touch(dash->term);
	canvas = shell_compose(dash->shell);
	shell_cursor(dash->shell, &x, &y);
	written = term_paint(dash->term, canvas, shell_theme(dash->shell), x, y);
	dash->painted_ms = clock_mono_ms(dash->app->clock);
	if (written == ERR_CLOSED)
		end(dash, EXIT_ERROR);
	else if (term_behind(dash->term))
		uv_timer_start(&dash->frame, on_frame, BEHIND_MS, 0);
	if (!dash->ending)
		watch_tty(dash);
}

static void on_frame(uv_timer_t *timer)
{
	struct dash *dash = timer->data;

	shell_update(dash->shell);
	paint(dash);
}

void dash_paint_soon(struct dash *dash, bool at_once)
{
	int64_t wait_ms = dash->painted_ms + dash->frame_ms - clock_mono_ms(dash->app->clock);

	if (dash->ending)
		return;
	if (at_once || wait_ms < 0)
		wait_ms = 0;
	if (at_once || !uv_is_active((uv_handle_t *)&dash->frame))
		uv_timer_start(&dash->frame, on_frame, (uint64_t)wait_ms, 0);
}

/* --- the loop's callbacks --- */

/* The window's title names the place; it is written when that changes. */
static void set_title(struct dash *dash)
{
	struct buf title;

	buf_init(&title, BUF_CEILING_LINE);
	shell_title(dash->shell, &title);
	if (g_strcmp0(dash->title, buf_text(&title)) != 0) {
		g_free(dash->title);
		dash->title = g_strdup(buf_text(&title));
		term_title(dash->term, dash->title);
	}
	buf_fini(&title);
}

static void on_tick(uv_timer_t *timer)
{
	struct dash *dash = timer->data;

	set_title(dash);
	shell_update(dash->shell);
	dash_follow_live(dash);
	if (shell_dirty(dash->shell))
		dash_paint_soon(dash, false);
}

static void on_escape(uv_timer_t *timer);

static void read_keys(struct dash *dash)
{
	struct input input;
	bool any = false;

	while (!dash->ending && term_read(dash->term, &input)) {
		shell_input(dash->shell, &input);
		any = true;
		if (shell_quitting(dash->shell))
			end(dash, EXIT_ALL_WELL);
	}
	if (term_lost(dash->term))
		end(dash, EXIT_ERROR);
	if (dash->ending)
		return;
	if (term_waiting(dash->term))
		uv_timer_start(&dash->escape, on_escape, ESCAPE_MS, 0);
	if (any || term_behind(dash->term)) { /* a confirmation of the terminal arrives as input, too */
		dash_follow_live(dash);
		dash_paint_soon(dash, true);
	}
}

static void on_escape(uv_timer_t *timer) { read_keys(timer->data); }

static void on_keys(uv_poll_t *poll, int status, int events)
{
	struct dash *dash = poll->data;

	(void)events;
	if (status < 0)
		end(dash, EXIT_ERROR);
	else
		read_keys(dash);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct dash *dash = handle->data;
	int width, height;

	switch (number) {
	case SIGWINCH:
		term_resized(dash->term);
		term_size(dash->term, &width, &height);
		shell_resize(dash->shell, width, height);
		dash_paint_soon(dash, true);
		break;
	case SIGTSTP:
		term_suspend(dash->term);
		kill(getpid(), SIGSTOP);
		break;
	case SIGCONT:
		term_resume(dash->term);
		dash_paint_soon(dash, true);
		break;
	default:
		end(dash, 128 + number);
	}
}

/* --- what the shell asks for --- */

static void on_copy(void *ctx, const char *text)
{
	struct dash *dash = ctx;

	if (term_copy(dash->term, text, strlen(text)) == ERR_OK)
		shell_toast(dash->shell, true, "copied");
	else
		shell_toast(dash->shell, false, "this terminal takes no copies (OSC 52)");
}

static void on_mouse(void *ctx, bool on) { term_set_mouse(((struct dash *)ctx)->term, on); }

/* By the signal that the shell would have sent: on_signal does the rest. */
static void on_suspend(void *ctx)
{
	(void)ctx;
	kill(getpid(), SIGTSTP);
}

static void on_demo(void *ctx)
{
	struct dash *dash = ctx;

	dash->demo_wanted = true;
	end(dash, EXIT_ALL_WELL);
}

/* --- life --- */

static void open_loop(struct dash *dash)
{
	static const int numbers[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};

	if (uv_loop_init(&dash->loop) != 0)
		g_error("no event loop can be had");
	dash->events = mailbox_new(&dash->loop, EVENTS_CEILING, dash_on_event, dash);
	uv_timer_init(&dash->loop, &dash->tick);
	uv_timer_init(&dash->loop, &dash->frame);
	uv_timer_init(&dash->loop, &dash->escape);
	uv_poll_init(&dash->loop, &dash->keys, term_fd(dash->term));
	dash->tick.data = dash->frame.data = dash->escape.data = dash->keys.data = dash;
	uv_timer_start(&dash->tick, on_tick, 1000, 1000);
	watch_tty(dash);
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		uv_signal_init(&dash->loop, &dash->signals[i]);
		dash->signals[i].data = dash;
		uv_signal_start(&dash->signals[i], on_signal, numbers[i]);
	}
}

static void close_loop(struct dash *dash)
{
	uv_close((uv_handle_t *)&dash->tick, NULL);
	uv_close((uv_handle_t *)&dash->frame, NULL);
	uv_close((uv_handle_t *)&dash->escape, NULL);
	uv_close((uv_handle_t *)&dash->keys, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(dash->signals); i++)
		uv_close((uv_handle_t *)&dash->signals[i], NULL);
	mailbox_close(dash->events);
	uv_run(&dash->loop, UV_RUN_DEFAULT);
	uv_loop_close(&dash->loop);
}

static bool chosen(const struct app *app, const char *key, const char *value)
{
	return g_strcmp0(config_ui(app->config, key), value) == 0;
}

static const char *theme_name(const struct app *app)
{
	const char *configured = app->config == NULL ? NULL : config_ui(app->config, "theme");

	return app->theme != NULL ? app->theme : configured != NULL ? configured : "dusk";
}

/* Where the first run's page tells to write: as a person would type it. */
static char *config_file(const struct app *app)
{
	g_autofree char *file = app->config_path != NULL ? g_strdup(app->config_path) : config_user_file();
	const char *home = getenv("HOME");
	size_t length = home == NULL ? 0 : strlen(home);

	if (file != NULL && length > 1 && strncmp(file, home, length) == 0 && file[length] == '/')
		return g_strconcat("~", file + length, NULL);
	return g_steal_pointer(&file);
}

static void on_equip(void *ctx, struct desk *desk) { dash_desk_equip(((struct dash *)ctx)->desk, desk); }

static struct license license_of(const struct dash *dash)
{
	int role = person_role_parse(config_ui(dash->app->config, "role"));

	return (struct license){.role = role < 0 ? PERSON_VIEWER : (enum person_role)role,
				.kiosk = dash->app->kiosk};
}

static struct shell *open_shell(struct dash *dash, struct theme *theme, bool ascii)
{
	g_autofree char *file = config_file(dash->app);
	struct shell_options options = {
		.world = dash->world,
		.theme = theme,
		.ascii = ascii,
		.mono = term_caps(dash->term)->depth == DEPTH_MONO,
		.hatch = term_caps(dash->term)->depth <= DEPTH_16,
		.start = config_ui(dash->app->config, "start"),
		.role = config_ui(dash->app->config, "role"),
		.file = file,
		.braille = chosen(dash->app, "glyphs", "braille"),
		.keep_ground = chosen(dash->app, "keep_ground", "yes"),
		.mouse_on = !chosen(dash->app, "mouse", "no"),
		.theme_name = theme_name(dash->app),
		.palette = config_ui(dash->app->config, "palette"),
		.ctx = dash,
		.equip = on_equip,
		.copy = on_copy,
		.save = dash_save,
		.mouse = on_mouse,
		.suspend = on_suspend,
		.demo = on_demo,
	};

	return shell_new(&options);
}

static int64_t frames_per_second(const char *text)
{
	double fps;

	return text != NULL && text_number(text, &fps) && fps >= 1 && fps <= 60 ? (int64_t)fps : 30;
}

/* A mistake in [keys] is told before the screen opens. */
static int bind_keys(struct app *app, struct shell *shell)
{
	for (size_t i = 0; i < app->config->n_keys; i++) {
		const struct key_binding *binding = &app->config->keys[i];
		struct problem problem;

		if (keymap_bind(shell_keymap(shell), binding->action, binding->keys, &problem) == ERR_OK)
			continue;
		problem_set(&problem, ERR_CONFIG, binding->place, problem.todo, "%s", problem.why);
		app_complain(app, NULL, &problem);
		return ERR_CONFIG;
	}
	return ERR_OK;
}

/* In this order: nothing is drawn any more, the terminal is the person's again, the panes let go of the desk, the feeds finish what they have sent, the audit
 * takes in how that ended, the store closes. */
static void wind_up(struct dash *dash)
{
	dash->ending = true;
	uv_poll_stop(&dash->keys);
	term_close(dash->term);
	dash_desk_close(dash->desk);
	shell_free(dash->shell);
	dash_stop_feeds(dash);
	while (dash_desk_busy(dash->desk))
		uv_run(&dash->loop, UV_RUN_ONCE);
	dash_desk_free(dash->desk);
	close_loop(dash);
	world_free(dash->world);
	g_free(dash->title);
}

/* Runs until the end. The terminal is restored before the feeds are stopped: a person does not wait for a network. */
static int run(struct app *app, struct theme *theme, bool *demo_wanted)
{
	const char *fps = config_ui(app->config, "max_fps");
	struct dash dash = {.app = app};
	struct term_options options = {.color = app->color,
				       .ascii = app->ascii || chosen(app, "glyphs", "ascii"),
				       .mouse = !chosen(app, "mouse", "no"),
				       .clipboard = !chosen(app, "clipboard", "no")};
	struct license license;
	struct problem problem;
	int width, height;

	if (term_open(&options, &dash.term, &problem) != ERR_OK) {
		theme_free(theme);
		app_complain(app, NULL, &problem);
		return EXIT_USAGE;
	}
	dash.frame_ms = 1000 / frames_per_second(fps);
	dash.world = world_new(app->clock);
	open_loop(&dash);
	license = license_of(&dash);
	dash.desk = dash_desk_new(&dash, &license);
	dash.shell = open_shell(&dash, theme, options.ascii || !term_caps(dash.term)->utf8);
	if (bind_keys(app, dash.shell) == ERR_OK) {
		term_size(dash.term, &width, &height);
		shell_resize(dash.shell, width, height);
		dash_start_feeds(&dash);
		set_title(&dash);
		shell_update(dash.shell);
		paint(&dash);
		dash_follow_live(&dash);
		uv_run(&dash.loop, UV_RUN_DEFAULT);
	} else {
		dash.status = EXIT_USAGE;
	}
	wind_up(&dash);
	*demo_wanted = dash.demo_wanted;
	return dash.status;
}

static int load_theme(struct app *app, struct theme **theme)
{
	struct problem problem;
	int error = theme_load(theme_name(app), theme, &problem);

	if (error != ERR_OK)
		app_complain(app, NULL, &problem);
	return error;
}

/* The first run may turn into the demo when the person asks for it on the welcome page. */
static int dashboard(struct app *app, bool demo)
{
	const struct clock *clock = app->clock;
	struct demo child = {0};
	struct theme *theme;
	struct problem problem;
	bool demo_wanted = false;
	int status;

	if (demo && demo_start(&child, app, &problem) != ERR_OK) {
		app_complain(app, NULL, &problem);
		return EXIT_ERROR;
	}
	if (!demo && !app_need_config(app))
		return EXIT_USAGE;
	status = load_theme(app, &theme) == ERR_OK ? run(app, theme, &demo_wanted) : EXIT_USAGE;
	app->clock = clock;
	demo_stop(&child);
	if (!demo_wanted)
		return status;
	config_free(app->config);
	app->config = NULL;
	return dashboard(app, true);
}

struct dash_args {
	bool demo, kiosk;
};

static const struct command_option dash_options[] = {
	{"kiosk", NULL,
	 "for a person who may use nothing but the dashboard: writes no files, runs no commands"},
	{"demo", NULL, "simulated buildings; needs no configuration, writes nothing"},
	{NULL, NULL, NULL},
};

const struct command dash_command = {
	.name = "",
	.usage = "[--demo | --kiosk]",
	.summary = "the dashboard",
	.options = dash_options,
	.run = cmd_dash,
};

static int on_option(void *ctx, const char *name, const char *value, struct problem *problem)
{
	struct dash_args *args = ctx;

	(void)value;
	(void)problem;
	if (strcmp(name, "kiosk") == 0)
		args->kiosk = true;
	else
		args->demo = true;
	return ERR_OK;
}

/* What a person in a kiosk may not choose is refused, whoever put it there. A program that is somebody's login shell is a kiosk, too. */
static bool kiosk_refuses(struct app *app, const struct dash_args *asked)
{
	struct problem problem;

	if (!app->kiosk || (app->config_path == NULL && app->log_path == NULL && !asked->demo &&
			    (app->theme == NULL || strchr(app->theme, '/') == NULL)))
		return false;
	problem_set(&problem, ERR_USAGE, "--kiosk", NULL,
		    "no other configuration, log, theme file or demo can be chosen here");
	app_complain(app, NULL, &problem);
	return true;
}

int cmd_dash(struct app *app, int argc, char **argv)
{
	struct dash_args asked = {.kiosk = argc > 0 && argv[0][0] == '-'};
	struct args args = {.command = &dash_command, .option = on_option, .ctx = &asked};
	int status = EXIT_USAGE;

	if (args_read(&args, app, argc, argv) == ERR_OK) {
		app->kiosk = asked.kiosk;
		if (args.help) {
			help_program(app);
			status = EXIT_ALL_WELL;
		} else if (!kiosk_refuses(app, &asked)) {
			status = dashboard(app, asked.demo);
		}
	}
	args_fini(&args);
	return status;
}
