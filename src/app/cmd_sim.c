/* `lodge sim`: the simulator in the foreground. Its options are the simulator's own table. */
#include "app/args.h"
#include "app/cmds.h"
#include "sim/sim.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static int on_option(void *ctx, const char *name, const char *value, struct problem *problem)
{
	return sim_options_set(ctx, name, value, problem);
}

/* The simulator's table in the form that the argument reader takes. g_free it. */
static struct command_option *option_rows(void)
{
	struct command_option *rows = g_new0(struct command_option, sim_n_option_rows + 1);

	for (unsigned i = 0; i < sim_n_option_rows; i++)
		rows[i] = (struct command_option){sim_option_rows[i].name, sim_option_rows[i].argument,
						  sim_option_rows[i].help};
	return rows;
}

static void print_faults(void)
{
	const char *name, *meaning;

	printf("\nFaults (--fault NAME=VALUE):\n");
	for (unsigned i = 0; (name = sim_fault_help(i, &meaning)) != NULL; i++)
		printf("  %-26s %s\n", name, meaning);
}

static int run(struct app *app, const struct args *args, const struct sim_options *options)
{
	struct problem problem;
	int error;

	if (args->n_positional > 0) {
		problem_set(&problem, ERR_USAGE, NULL, NULL, "sim takes no arguments, only options");
		return args_wrong(app, args->command, &problem);
	}
	error = sim_run(options, &problem);
	if (error == ERR_OK)
		return EXIT_ALL_WELL;
	app_complain(app, NULL, &problem);
	return exit_of_error(error);
}

int cmd_sim(struct app *app, int argc, char **argv)
{
	struct command_option *rows = option_rows();
	struct command command = *command_find("sim");
	struct sim_options options;
	struct args args = {.command = &command, .option = on_option, .ctx = &options};
	int status = EXIT_USAGE;

	command.options = rows;
	sim_options_init(&options);
	if (args_read(&args, app, argc, argv) == ERR_OK) {
		if (args.help) {
			help_command(app, &command);
			print_faults();
			status = EXIT_ALL_WELL;
		} else {
			status = run(app, &args, &options);
		}
	}
	args_fini(&args);
	g_free(rows);
	return status;
}
