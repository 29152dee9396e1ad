#include "app/demo.h"

#include "base/buf.h"
#include "base/jsonx.h"
#include "base/moment.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS 10000
#define DAY_MS INT64_C(86400000)
#define PLACE "America/New_York" /* where the first of the simulated buildings stands */

static int64_t shifted_wall(const struct clock *clock)
{
	const struct demo *demo = (const struct demo *)clock;

	return clock_wall_ms(demo->real) + demo->shift_ms;
}

static int64_t shifted_mono(const struct clock *clock)
{
	return clock_mono_ms(((const struct demo *)clock)->real);
}

/* An empty building shows nothing: outside the hours of work the demo plays the last working day at twenty to eleven. */
static int64_t working_time(int64_t now_ms)
{
	struct moment_zone *zone = moment_zone_new(PLACE);
	struct moment_parts parts = moment_split(now_ms, zone);
	int64_t at_ms = now_ms;

	if (parts.weekday == 0 || parts.weekday == 6 || parts.hour < 9 || parts.hour >= 16) {
		do {
			parts.hour = 10;
			parts.minute = 40;
			parts.second = 0;
			at_ms = moment_join(&parts, zone);
			if (at_ms <= now_ms && parts.weekday != 0 && parts.weekday != 6)
				break;
			parts = moment_split(at_ms - DAY_MS, zone);
		} while (now_ms - at_ms < 8 * DAY_MS);
	}
	moment_zone_free(zone);
	return at_ms;
}

static pid_t spawn_simulator(int64_t start_ms, int *out)
{
	char at[MOMENT_TEXT_SIZE];
	char *argv[] = {"lodge", "sim", "--port", "0", "--parent-watch", "--start", at, NULL};
	int ends[2], null;
	pid_t pid;

	moment_format(start_ms, at);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		setpgid(0, 0); /* Ctrl+C is for the dashboard */
		execv("/proc/self/exe", argv);
		_exit(127);
	}
	close(ends[1]);
	*out = ends[0];
	return pid;
}

static bool read_line(int fd, struct buf *line)
{
	struct pollfd waiting = {.fd = fd, .events = POLLIN};
	char c;

	while (poll(&waiting, 1, START_MS) > 0 && read(fd, &c, 1) == 1) {
		if (c == '\n')
			return true;
		buf_addc(line, c);
	}
	return false;
}

/* The door system of the same buildings. */
static int add_lobby(struct app *app, const cJSON *said, struct problem *problem)
{
	const char *base_url = jsonx_str(jsonx_get(said, "butterflymx"));
	const char *const values[] = {"vendor",
				      "butterflymx",
				      "base_url",
				      base_url,
				      "client_id",
				      jsonx_str(jsonx_get(said, "butterflymx_client_id")),
				      "client_secret",
				      jsonx_str(jsonx_get(said, "butterflymx_client_secret")),
				      "username",
				      jsonx_str(jsonx_get(said, "butterflymx_username")),
				      "password",
				      jsonx_str(jsonx_get(said, "butterflymx_password")),
				      NULL};

	return base_url == NULL ? ERR_OK : config_add_account(app->config, "lobby", values, problem);
}

/* And what counts the people in them. */
static int add_density(struct app *app, const cJSON *said, struct problem *problem)
{
	const char *base_url = jsonx_str(jsonx_get(said, "density"));
	const char *const values[] = {"vendor",
				      "density",
				      "base_url",
				      base_url,
				      "client_id",
				      jsonx_str(jsonx_get(said, "density_client_id")),
				      "client_secret",
				      jsonx_str(jsonx_get(said, "density_client_secret")),
				      NULL};

	return base_url == NULL ? ERR_OK : config_add_account(app->config, "density", values, problem);
}

/* And how warm they are. */
static int add_sensorist(struct app *app, const cJSON *said, struct problem *problem)
{
	const char *base_url = jsonx_str(jsonx_get(said, "sensorist"));
	const char *const values[] = {"vendor",   "sensorist",
				      "base_url", base_url,
				      "username", jsonx_str(jsonx_get(said, "sensorist_username")),
				      "password", jsonx_str(jsonx_get(said, "sensorist_password")),
				      NULL};

	return base_url == NULL ? ERR_OK : config_add_account(app->config, "sensorist", values, problem);
}

static int add_accounts(struct app *app, const char *line, size_t length, struct problem *problem)
{
	struct jsonx doc;
	int error;

	jsonx_init(&doc);
	error = jsonx_parse(&doc, line, length, problem);
	if (error == ERR_OK) {
		const char *const values[] = {"vendor",
					      "butlr",
					      "base_url",
					      jsonx_str(jsonx_get(doc.root, "butlr")),
					      "client_id",
					      jsonx_str(jsonx_get(doc.root, "client_id")),
					      "client_secret",
					      jsonx_str(jsonx_get(doc.root, "client_secret")),
					      NULL};

		app->config = config_new();
		error = config_add_account(app->config, "demo", values, problem);
		if (error == ERR_OK)
			error = add_lobby(app, doc.root, problem);
		if (error == ERR_OK)
			error = add_density(app, doc.root, problem);
		if (error == ERR_OK)
			error = add_sensorist(app, doc.root, problem);
	}
	jsonx_fini(&doc);
	return error;
}

int demo_start(struct demo *demo, struct app *app, struct problem *problem)
{
	int64_t now_ms = clock_wall_ms(app->clock), start_ms = working_time(now_ms);
	struct buf line;
	int out = -1, error;

	*demo = (struct demo){
		.clock = {shifted_wall, shifted_mono},
		.real = app->clock,
		.shift_ms = start_ms - now_ms,
	};
	buf_init(&line, BUF_CEILING_LINE);
	demo->child = spawn_simulator(start_ms, &out);
	if (demo->child > 0 && read_line(out, &line))
		error = add_accounts(app, buf_text(&line), line.length, problem);
	else
		error = problem_set(problem, ERR_IO, "demo", "try `lodge sim` to see why",
				    "the simulator does not start");
	if (out >= 0)
		close(out);
	buf_fini(&line);
	if (error != ERR_OK) {
		demo_stop(demo);
		return error;
	}
	app->clock = &demo->clock;
	demo->folder = g_dir_make_tmp("lodge-demo-XXXXXX", NULL);
	g_free(app->state_folder);
	app->state_folder = g_strdup(demo->folder); /* NULL: then nothing is kept */
	return ERR_OK;
}

/* Only files: the program makes no folders in it. */
static void remove_folder(char *folder)
{
	GDir *dir = folder == NULL ? NULL : g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		char *path = g_build_filename(folder, name, NULL);

		unlink(path);
		g_free(path);
	}
	if (dir != NULL)
		g_dir_close(dir);
	if (folder != NULL)
		rmdir(folder);
	g_free(folder);
}

void demo_stop(struct demo *demo)
{
	remove_folder(demo->folder);
	demo->folder = NULL;
	if (demo->child <= 0)
		return;
	kill(demo->child, SIGTERM);
	while (waitpid(demo->child, NULL, 0) < 0 && errno == EINTR)
		;
	demo->child = 0;
}
