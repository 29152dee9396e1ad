/* The beginning and the end: what must come before any thread, the choice of the command, and the way out. */
#include "app/app.h"
#include "app/args.h"
#include "app/command.h"
#include "app/dash.h"
#include "base/jsonx.h"
#include "base/secret.h"
#include "base/statefile.h"
#include "base/text.h"
#include "net/http.h"

#include <glib.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

static uint64_t random_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		seed = (uint64_t)getpid();
	return seed;
}

static int terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

static void app_init(struct app *app)
{
	*app = (struct app){
		.clock = &clock_system,
		.limiters = limiter_pool_new(),
		.state_folder = statefile_folder(),
		.seed = random_seed(),
		.log_level = -1,
		.ascii = strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0,
		.terminal = isatty(STDOUT_FILENO) == 1,
		.width = terminal_width(),
	};
}

static void app_fini(struct app *app)
{
	if (app->config != NULL)
		config_free(app->config);
	limiter_pool_free(app->limiters);
	logger_free(app->logger);
	g_free(app->state_folder);
}

static int unknown_command(const struct app *app, const char *name)
{
	const char **names = g_new0(const char *, command_count + 1);
	const char *nearest;
	struct problem problem;
	char todo[64] = "see lodge --help";

	for (size_t i = 0; i < command_count; i++)
		names[i] = command_table[i].name;
	nearest = text_nearest(name, names);
	if (nearest != NULL)
		g_snprintf(todo, sizeof(todo), "did you mean %s?", nearest);
	problem_set(&problem, ERR_USAGE, NULL, todo, "unknown command \"%s\"", name);
	app_complain(app, NULL, &problem);
	g_free(names);
	return EXIT_USAGE;
}

/* Options of every command may stand before it: `lodge --config x get rooms`. Where the command's name is, or argc. */
static int command_at(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const struct command_option *option = common_options;

		if (argv[i][0] != '-')
			return i;
		while (option->name != NULL && strcmp(argv[i] + strspn(argv[i], "-"), option->name) != 0)
			option++;
		if (option->name != NULL && option->argument != NULL)
			i++;
	}
	return argc;
}

static int dispatch(struct app *app, int argc, char **argv)
{
	const struct command *command;
	int at = command_at(argc, argv);
	char *word;

	for (int i = 1; i < at && i < argc; i++) {
		if (strcmp(argv[i], "--version") == 0) {
			printf("lodge %s\n", PACKAGE_VERSION);
			return EXIT_ALL_WELL;
		}
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			help_program(app);
			return EXIT_ALL_WELL;
		}
	}
	if (at >= argc)
		return cmd_dash(app, argc, argv);
	word = argv[at];
	command = command_find(word);
	if (command == NULL)
		return unknown_command(app, word);
	memmove(argv + 1, argv,
		(size_t)at * sizeof(*argv)); /* what stood before the command now stands behind it */
	argv[1] = word;
	return command->run(app, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	struct app app;
	int status;

	secret_harden_process();
	setlocale(LC_CTYPE, "");  /* for the character set alone: numbers are never the locale's */
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write that meets it */
	jsonx_setup();
	if (http_setup() != ERR_OK) {
		fprintf(stderr, "lodge: the HTTP library cannot be started\n");
		return EXIT_ERROR;
	}
	app_init(&app);
	status = dispatch(&app, argc, argv);
	app_fini(&app);
	http_teardown();
	return status;
}
