#include "app/args.h"

#include "base/text.h"
#include "core/kind.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

/* One option as typed. */
struct typed {
	char name[64];
	const char *value; /* NULL: none was given with '=' */
};

static bool split_option(const char *argument, struct typed *typed)
{
	const char *equals;

	if (argument[0] != '-' || argument[1] == '\0')
		return false;
	if (argument[1] != '-') {
		typed->name[0] = argument[1];
		typed->name[1] = '\0';
		typed->value = argument[2] == '\0' ? NULL : argument + 2;
		return true;
	}
	equals = strchr(argument, '=');
	g_strlcpy(typed->name, argument + 2, sizeof(typed->name));
	if (equals != NULL && (size_t)(equals - argument - 2) < sizeof(typed->name))
		typed->name[equals - argument - 2] = '\0';
	typed->value = equals == NULL ? NULL : equals + 1;
	return true;
}

static const struct command_option *find_option(const struct command_option *options, const char *name)
{
	for (; options != NULL && options->name != NULL; options++)
		if (strcmp(options->name, name) == 0)
			return options;
	return NULL;
}

static const struct filter_info *find_filter(const char *name)
{
	for (size_t i = 0; i < filter_count; i++)
		if (strcmp(filter_table[i].name, name) == 0)
			return &filter_table[i];
	return NULL;
}

static int set_common(struct app *app, const char *name, const char *value, struct problem *problem)
{
	static const char *const colors[] = {"auto", "direct", "256", "16", "8", "mono", NULL};

	if (strcmp(name, "config") == 0) {
		app->config_path = value;
	} else if (strcmp(name, "theme") == 0) {
		app->theme = value;
	} else if (strcmp(name, "ascii") == 0) {
		app->ascii = true;
	} else if (strcmp(name, "log") == 0) {
		app->log_path = value;
	} else if (strcmp(name, "color") == 0) {
		if (!g_strv_contains(colors, value))
			return problem_set(problem, ERR_USAGE, "--color",
					   "use auto, direct, 256, 16, 8 or mono",
					   "\"%s\" is no colour depth", value);
		app->color = value;
	} else if (strcmp(name, "log-level") == 0) {
		app->log_level = logger_level_parse(value);
		if (app->log_level < 0)
			return problem_set(problem, ERR_USAGE, "--log-level",
					   "use error, warn, info or debug", "\"%s\" is no level", value);
	}
	return ERR_OK;
}

/* Every name the command knows, for "did you mean". */
static const char *nearest_option(const struct command *command, const char *name)
{
	GPtrArray *names = g_ptr_array_new();
	const char *nearest;

	for (const struct command_option *o = command->options; o != NULL && o->name != NULL; o++)
		g_ptr_array_add(names, (void *)o->name);
	for (const struct command_option *o = common_options; o->name != NULL; o++)
		g_ptr_array_add(names, (void *)o->name);
	for (size_t i = 0; command->takes_filters && i < filter_count; i++)
		g_ptr_array_add(names, (void *)filter_table[i].name);
	g_ptr_array_add(names, NULL);
	nearest = text_nearest(name, (const char *const *)names->pdata);
	g_ptr_array_unref(names);
	return nearest;
}

static int unknown_option(const struct command *command, const struct typed *typed, struct problem *problem)
{
	const char *dashes = typed->name[1] == '\0' ? "-" : "--";
	const char *nearest = nearest_option(command, typed->name);
	char todo[96] = "";

	if (nearest != NULL)
		snprintf(todo, sizeof(todo), "did you mean %s%s?", nearest[1] == '\0' ? "-" : "--", nearest);
	return problem_set(problem, ERR_USAGE, NULL, todo, "unknown option %s%s", dashes, typed->name);
}

/* Takes the option's value from '=' or the next argument. */
static int take_value(const struct typed *typed, bool wanted, int argc, char **argv, int *at,
		      const char **value, struct problem *problem)
{
	const char *dashes = typed->name[1] == '\0' ? "-" : "--";

	*value = typed->value;
	if (!wanted) {
		if (typed->value != NULL)
			return problem_set(problem, ERR_USAGE, NULL, NULL, "%s%s takes no value", dashes,
					   typed->name);
		return ERR_OK;
	}
	if (*value == NULL) {
		if (*at + 1 >= argc)
			return problem_set(problem, ERR_USAGE, NULL, NULL, "%s%s needs a value", dashes,
					   typed->name);
		*value = argv[++*at];
	}
	return ERR_OK;
}

static int read_option(struct args *args, struct app *app, const struct typed *typed, int argc, char **argv,
		       int *at, struct problem *problem)
{
	const struct command *command = args->command;
	const struct command_option *own = find_option(command->options, typed->name);
	const struct command_option *common = find_option(common_options, typed->name);
	const struct filter_info *filter = command->takes_filters ? find_filter(typed->name) : NULL;
	const char *value;
	bool wanted;
	int error;

	if (strcmp(typed->name, "help") == 0 || strcmp(typed->name, "h") == 0) {
		args->help = true;
		return ERR_OK;
	}
	if (own == NULL && common == NULL && filter == NULL)
		return unknown_option(command, typed, problem);
	wanted = own != NULL      ? own->argument != NULL
		 : filter != NULL ? filter->argument != NULL
				  : common->argument != NULL;
	error = take_value(typed, wanted, argc, argv, at, &value, problem);
	if (error != ERR_OK)
		return error;
	if (own != NULL)
		return args->option(args->ctx, own->name, value, problem);
	if (filter != NULL)
		return query_set(&args->query, filter->name, value, clock_wall_ms(app->clock), problem);
	return set_common(app, typed->name, value, problem);
}

static int read_all(struct args *args, struct app *app, int argc, char **argv, struct problem *problem)
{
	bool options = true;
	int error;

	for (int i = 1; i < argc; i++) {
		struct typed typed;

		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
			continue;
		}
		if (options && split_option(argv[i], &typed)) {
			error = read_option(args, app, &typed, argc, argv, &i, problem);
			if (error != ERR_OK)
				return error;
			continue;
		}
		if (args->n_positional == ARGS_POSITIONAL)
			return problem_set(problem, ERR_USAGE, NULL, NULL, "too many arguments");
		args->positional[args->n_positional++] = argv[i];
	}
	return ERR_OK;
}

static int read_kind(struct args *args, struct problem *problem)
{
	const char *nearest;
	char todo[64] = "";
	int kind;

	if (args->n_positional == 0)
		return problem_set(problem, ERR_USAGE, NULL, "name one, such as rooms",
				   "what kind of thing?");
	kind = kind_parse(args->positional[0]);
	if (kind < 0) {
		nearest = text_nearest(args->positional[0], kind_names());
		if (nearest != NULL)
			snprintf(todo, sizeof(todo), "did you mean %s?", nearest);
		return problem_set(problem, ERR_USAGE, NULL, todo, "unknown kind \"%s\"",
				   args->positional[0]);
	}
	args->query.kind = (enum kind)kind;
	return ERR_OK;
}

int args_wrong(const struct app *app, const struct command *command, const struct problem *problem)
{
	app_complain(app, NULL, problem);
	fprintf(stderr, "usage: lodge %s %s\n", command->name, command->usage);
	return EXIT_USAGE;
}

int args_read(struct args *args, struct app *app, int argc, char **argv)
{
	struct problem problem;
	unsigned most = args->command->takes_kind ? 1 : ARGS_POSITIONAL;
	int error;

	query_init(&args->query, KIND_ACCOUNTS);
	error = read_all(args, app, argc, argv, &problem);
	if (error == ERR_OK && args->help)
		return ERR_OK;
	if (error == ERR_OK && args->command->takes_kind)
		error = read_kind(args, &problem);
	if (error == ERR_OK && args->n_positional > most)
		error = problem_set(&problem, ERR_USAGE, NULL, NULL, "\"%s\" is one argument too many",
				    args->positional[most]);
	if (error == ERR_OK && args->command->takes_filters)
		error = query_check(&args->query, &problem);
	if (error != ERR_OK)
		args_wrong(app, args->command, &problem);
	return error;
}

void args_fini(struct args *args) { query_fini(&args->query); }
