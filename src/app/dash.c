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

static const char welcome[] = "lodge shows who is where in your buildings. It does not know any yet.\n"
			      "\n"
			      "Write down where to ask, in ~/.config/lodge/lodge.conf:\n"
			      "\n"
			      "  [account hq]\n"
			      "  vendor=butlr\n"
			      "  client_id=...\n"
			      "  client_secret_command=pass show butlr\n"
			      "\n"
			      "and try it with `lodge check`. All keys of the file are in lodge.conf(5).\n"
			      "\n"
			      "Press d for a demo with simulated buildings, q to leave.";

/* --- painting --- */

static void end(struct dash *dash, int status)
{
	dash->ending = true;
	dash->status = status;
	uv_stop(&dash->loop);
}

static void on_frame(uv_timer_t *timer);

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

/* A file being written on uv's pool of threads: the disk may be slow. */
struct save {
	uv_work_t work;
	struct dash *dash;
	char *path, *bytes;
	size_t length;
	bool replace;
	int number; /* errno; 0: written */
};

static void save_now(uv_work_t *work)
{
	struct save *save = work->data;
	int fd = open(save->path, O_WRONLY | O_CREAT | O_CLOEXEC | (save->replace ? O_TRUNC : O_EXCL), 0600);
	size_t done = 0;

	while (fd >= 0 && done < save->length) {
		ssize_t n = write(fd, save->bytes + done, save->length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		done += (size_t)n;
	}
	save->number = fd < 0 || done < save->length ? errno : 0;
	if (fd >= 0 && close(fd) != 0 && save->number == 0)
		save->number = errno;
}

static void save_done(uv_work_t *work, int status)
{
	struct save *save = work->data;
	char text[200];

	(void)status;
	if (save->number == 0)
		g_snprintf(text, sizeof(text), "written: %.150s", save->path);
	else
		g_snprintf(text, sizeof(text), "%.120s: %s", save->path,
			   save->number == EEXIST ? "there is such a file already; name another"
						  : g_strerror(save->number));
	if (!save->dash->ending) {
		shell_toast(save->dash->shell, save->number == 0, text);
		dash_paint_soon(save->dash, false);
	}
	g_free(save->path);
	free(save->bytes);
	g_free(save);
}

static void on_save(void *ctx, const char *path, char *bytes, size_t length, bool replace)
{
	struct save *save = g_new0(struct save, 1);

	*save = (struct save){
		.dash = ctx, .path = g_strdup(path), .bytes = bytes, .length = length, .replace = replace};
	save->work.data = save;
	uv_queue_work(&save->dash->loop, &save->work, save_now, save_done);
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
	uv_poll_start(&dash->keys, UV_READABLE | UV_DISCONNECT, on_keys);
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

static struct shell *open_shell(struct dash *dash, struct theme *theme, bool ascii)
{
	struct shell_options options = {
		.world = dash->world,
		.theme = theme,
		.ascii = ascii,
		.mono = term_caps(dash->term)->depth == DEPTH_MONO,
		.start = config_ui(dash->app->config, "start"),
		.role = config_ui(dash->app->config, "role"),
		.welcome = welcome,
		.ctx = dash,
		.copy = on_copy,
		.save = on_save,
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

/* Runs until the end. The terminal is restored before the feeds are stopped: a person does not wait for a network. */
static int run(struct app *app, struct theme *theme, bool *demo_wanted)
{
	const char *fps = config_ui(app->config, "max_fps");
	struct dash dash = {.app = app};
	struct term_options options = {.color = app->color,
				       .ascii = app->ascii,
				       .mouse = true,
				       .clipboard = true};
	struct problem problem;
	int width, height;

	if (term_open(&options, &dash.term, &problem) != ERR_OK) {
		theme_free(theme);
		app_complain(app, NULL, &problem);
		return EXIT_USAGE;
	}
	dash.frame_ms = 1000 / frames_per_second(fps);
	dash.world = world_new(app->clock);
	dash.shell = open_shell(&dash, theme, app->ascii || !term_caps(dash.term)->utf8);
	if (bind_keys(app, dash.shell) != ERR_OK) {
		term_close(dash.term);
		shell_free(dash.shell);
		world_free(dash.world);
		return EXIT_USAGE;
	}
	open_loop(&dash);
	term_size(dash.term, &width, &height);
	shell_resize(dash.shell, width, height);
	dash_start_feeds(&dash);
	set_title(&dash);
	shell_update(dash.shell);
	paint(&dash);
	dash_follow_live(&dash);
	uv_run(&dash.loop, UV_RUN_DEFAULT);
	dash.ending = true;
	uv_poll_stop(&dash.keys);
	term_close(dash.term);
	dash_stop_feeds(&dash);
	close_loop(&dash);
	shell_free(dash.shell);
	world_free(dash.world);
	g_free(dash.title);
	*demo_wanted = dash.demo_wanted;
	return dash.status;
}

static int load_theme(struct app *app, struct theme **theme)
{
	const char *configured = app->config == NULL ? NULL : config_ui(app->config, "theme");
	struct problem problem;
	int error = theme_load(app->theme != NULL   ? app->theme
			       : configured != NULL ? configured
						    : "dusk",
			       theme, &problem);

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

static const struct command_option dash_options[] = {
	{"demo", NULL, "simulated buildings; needs no configuration, writes nothing"},
	{NULL, NULL, NULL},
};

const struct command dash_command = {
	.name = "",
	.usage = "[--demo]",
	.summary = "the dashboard",
	.options = dash_options,
	.run = cmd_dash,
};

static int on_option(void *ctx, const char *name, const char *value, struct problem *problem)
{
	(void)name;
	(void)value;
	(void)problem;
	*(bool *)ctx = true;
	return ERR_OK;
}

int cmd_dash(struct app *app, int argc, char **argv)
{
	bool demo = false;
	struct args args = {.command = &dash_command, .option = on_option, .ctx = &demo};
	int status = EXIT_USAGE;

	if (args_read(&args, app, argc, argv) == ERR_OK) {
		if (args.help) {
			help_program(app);
			status = EXIT_ALL_WELL;
		} else {
			status = dashboard(app, demo);
		}
	}
	args_fini(&args);
	return status;
}
