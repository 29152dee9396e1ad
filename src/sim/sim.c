#include "sim/sim.h"

#include "base/moment.h"
#include "base/text.h"
#include "sim/app.h"
#include "sim/butlr_auth.h"
#include "sim/butterflymx_auth.h"
#include "sim/density_auth.h"
#include "sim/sensorist_data.h"
#include "sim/server.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <uv.h>

const struct sim_option_row sim_option_rows[] = {
	{"port", "N", "listen on this loopback port; 0 takes any free one", false},
	{"seed", "N", "the world to simulate", false},
	{"sensors", "N", "so many sensors instead of those of two buildings", false},
	{"doors", "N", "at least so many doors", false},
	{"spaces", "N", "so many empty Density spaces more, at most 200000", false},
	{"speed", "X", "simulated seconds in a real one", false},
	{"start", "T", "simulated time at the start (ISO 8601, or a span back from now such as 8h)", false},
	{"fps", "N", "frames of a sensor in a second, 1 to 8", false},
	{"page-size", "N", "rows in one page of a list; 0 = all in one", false},
	{"fault", "VENDOR.NAME=VALUE", "misbehave in one way; may be repeated", true},
	{"parent-watch", NULL, "end when the parent process ends", false},
	{"quiet", NULL, "print nothing once ready", false},
};

const unsigned sim_n_option_rows = sizeof(sim_option_rows) / sizeof(sim_option_rows[0]);

const char *sim_fault_help(unsigned index, const char **meaning)
{
	if (index >= SIM_FAULTS)
		return NULL;
	*meaning = sim_fault_rows[index].help;
	return sim_fault_rows[index].name;
}

void sim_options_init(struct sim_options *options)
{
	*options = (struct sim_options){.seed = 1, .speed = 1, .start_ms = MOMENT_NONE};
}

static int wrong(struct problem *problem, const char *name, const char *form)
{
	return problem_set(problem, ERR_USAGE, NULL, NULL, "--%s takes %s", name, form);
}

static int set_whole(const char *name, const char *value, double most, double *out, struct problem *problem)
{
	if (!value || !text_number(value, out) || *out < 0 || *out > most || *out != floor(*out))
		return wrong(problem, name, "a whole number in its range");
	return ERR_OK;
}

static int set_number(struct sim_options *options, const char *name, const char *value,
		      struct problem *problem)
{
	static const struct {
		const char *name;
		double most;
	} rows[] = {{"port", 65535},    {"seed", 0x1p53}, {"sensors", 20000}, {"doors", 20000},
		    {"page-size", 1e6}, {"fps", 8},       {"spaces", 200000}};
	unsigned *fields[] = {&options->port,      NULL,          &options->sensors, &options->doors,
			      &options->page_size, &options->fps, &options->spaces};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double number;

		if (strcmp(rows[i].name, name) != 0)
			continue;

		int result = set_whole(name, value, rows[i].most, &number, problem);

		if (result != ERR_OK)
			return result;
		if (fields[i])
			*fields[i] = (unsigned)number;
		else
			options->seed = (uint64_t)number;
		return ERR_OK;
	}
	return problem_set(problem, ERR_USAGE, NULL, NULL, "there is no option --%s", name);
}

int sim_options_set(struct sim_options *options, const char *name, const char *value, struct problem *problem)
{
	if (strcmp(name, "speed") == 0) {
		if (!value || !text_number(value, &options->speed) || options->speed <= 0 ||
		    options->speed > 1e6)
			return wrong(problem, name, "a number above 0");
		return ERR_OK;
	}
	if (strcmp(name, "start") == 0) {
		options->start_ms = value ? moment_parse_user(value, clock_wall_ms(&clock_system))
					  : MOMENT_NONE;
		return options->start_ms == MOMENT_NONE ? wrong(problem, name, "a time or a span") : ERR_OK;
	}
	if (strcmp(name, "fault") == 0) {
		if (!value || options->n_faults == SIM_FAULTS_MAX)
			return wrong(problem, name, "VENDOR.NAME=VALUE");
		options->faults[options->n_faults++] = value;
		return ERR_OK;
	}
	if (strcmp(name, "quiet") == 0 || strcmp(name, "parent-watch") == 0) {
		*(name[0] == 'q' ? &options->quiet : &options->parent_watch) = true;
		return ERR_OK;
	}
	return set_number(options, name, value, problem);
}

/* --- running ------------------------------------------------------------------------------------------ */

struct runner {
	uv_loop_t loop;
	uv_signal_t signals[2];
	struct sim_app *app;
	struct sim_server *server;
};

static void on_signal(uv_signal_t *handle, int number)
{
	(void)number;
	uv_stop(handle->loop);
}

static void print_ready(const struct sim_options *options, unsigned port)
{
	FILE *out = options->ready ? options->ready : stdout;
	struct sim_butlr_credentials credentials;
	struct sim_bmx_credentials lobby;
	struct sim_density_credentials rooms;
	struct sim_sens_credentials climate;
	char address[64];
	struct buf line;
	struct jsonw w;

	sim_butlr_credentials(options->seed, &credentials);
	sim_bmx_credentials(options->seed, &lobby);
	sim_density_credentials(options->seed, &rooms);
	sim_sens_credentials(options->seed, &climate);
	buf_init(&line, BUF_CEILING_LINE);
	jsonw_init(&w, &line, true);
	jsonw_open(&w, '{');
	snprintf(address, sizeof(address), "http://127.0.0.1:%u/butlr", port);
	jsonw_kstr(&w, "butlr", address);
	snprintf(address, sizeof(address), "http://127.0.0.1:%u/butterflymx", port);
	jsonw_kstr(&w, "butterflymx", address);
	snprintf(address, sizeof(address), "http://127.0.0.1:%u/density", port);
	jsonw_kstr(&w, "density", address);
	snprintf(address, sizeof(address), "http://127.0.0.1:%u/sensorist/v1", port);
	jsonw_kstr(&w, "sensorist", address);
	snprintf(address, sizeof(address), "http://127.0.0.1:%u/control", port);
	jsonw_kstr(&w, "control", address);
	jsonw_kint(&w, "port", port);
	jsonw_kint(&w, "seed", (int64_t)options->seed);
	jsonw_kstr(&w, "client_id", credentials.client_id);
	jsonw_kstr(&w, "client_secret", credentials.client_secret);
	jsonw_kstr(&w, "username", credentials.username);
	jsonw_kstr(&w, "password", credentials.password);
	jsonw_kstr(&w, "butterflymx_client_id", lobby.client_id);
	jsonw_kstr(&w, "butterflymx_client_secret", lobby.client_secret);
	jsonw_kstr(&w, "butterflymx_username", lobby.username);
	jsonw_kstr(&w, "butterflymx_password", lobby.password);
	jsonw_kstr(&w, "density_client_id", rooms.client_id);
	jsonw_kstr(&w, "density_client_secret", rooms.client_secret);
	jsonw_kstr(&w, "density_token", rooms.token);
	jsonw_kstr(&w, "sensorist_username", climate.username);
	jsonw_kstr(&w, "sensorist_password", climate.password);
	jsonw_close(&w, '}');
	buf_addc(&line, '\n');
	fputs(buf_text(&line), out);
	fflush(out);
	buf_wipe(&line);
}

/* The parent may have ended before this was asked for; then there is nobody to end for. */
static bool watch_parent(void)
{
	pid_t parent = getppid();

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	return getppid() == parent && parent != 1;
}

static int listen_for_signals(struct runner *runner)
{
	static const int numbers[] = {SIGINT, SIGTERM};

	for (int i = 0; i < 2; i++) {
		if (uv_signal_init(&runner->loop, &runner->signals[i]) ||
		    uv_signal_start(&runner->signals[i], on_signal, numbers[i]))
			return ERR_IO;
	}
	return ERR_OK;
}

/* Only what is ours: lws closes its own handles. */
static void close_signals(struct runner *runner)
{
	for (int i = 0; i < 2; i++)
		if (runner->signals[i].loop && !uv_is_closing((uv_handle_t *)&runner->signals[i]))
			uv_close((uv_handle_t *)&runner->signals[i], NULL);
}

int sim_run(const struct sim_options *options, struct problem *problem)
{
	struct runner runner = {0};
	int result = ERR_OK;

	if (options->parent_watch && !watch_parent())
		return ERR_OK;
	signal(SIGPIPE, SIG_IGN);
	if (uv_loop_init(&runner.loop) != 0)
		return problem_set(problem, ERR_IO, "the simulator", NULL, "no event loop could be made");
	runner.app = sim_app_new(options, &clock_system, problem);
	if (!runner.app) {
		result = ERR_USAGE;
		goto out;
	}
	runner.server = sim_server_new(runner.app, &runner.loop, options->port, problem);
	if (!runner.server) {
		result = ERR_IO;
		goto out;
	}
	result = listen_for_signals(&runner);
	if (result == ERR_OK) {
		if (!options->quiet)
			print_ready(options, sim_server_port(runner.server));
		uv_run(&runner.loop, UV_RUN_DEFAULT);
	}
out:
	close_signals(&runner);
	if (runner.server)
		sim_server_free(runner.server);
	uv_run(&runner.loop, UV_RUN_DEFAULT);
	uv_loop_close(&runner.loop);
	sim_app_free(runner.app);
	return result;
}
