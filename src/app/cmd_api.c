/* `lodge api ACCOUNT METHOD PATH`: one signed-in request to any path of the vendor; the body comes to stdout as it is. */
#include "app/args.h"
#include "app/cmds.h"
#include "app/collect.h"
#include "app/print.h"
#include "base/secret.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct command_option api_options[] = {
	{"d", "BODY", "the request's body; @FILE reads it from a file, @- from stdin"},
	{"H", "HEADER", "a header line \"Name: value\"; may be repeated"},
	{"v", NULL, "print status, type, size and time to stderr"},
	{NULL, NULL, NULL},
};

struct api {
	struct buf body;
	bool has_body, verbose;
	GPtrArray *headers; /* name, value, … */
};

static int read_body(struct buf *body, const char *path, struct problem *problem)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	char chunk[16384];
	ssize_t n;

	if (fd < 0)
		return problem_set(problem, ERR_USAGE, "-d", NULL, "cannot read %s: %s", path,
				   g_strerror(errno));
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(body, chunk, (size_t)n);
	if (fd != STDIN_FILENO)
		close(fd);
	secret_wipe(chunk, sizeof(chunk));
	if (n < 0)
		return problem_set(problem, ERR_USAGE, "-d", NULL, "cannot read %s: %s", path,
				   g_strerror(errno));
	if (body->error != ERR_OK)
		return problem_set(problem, ERR_USAGE, "-d", NULL, "%s is larger than %u bytes", path,
				   BUF_CEILING_REQUEST);
	return ERR_OK;
}

static bool header_name_valid(const char *name)
{
	static const char allowed[] =
		"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	return name[0] != '\0' && name[strspn(name, allowed)] == '\0';
}

static int add_header(struct api *api, const char *line, struct problem *problem)
{
	char **parts = g_strsplit(line, ":", 2);
	int error = ERR_OK;

	for (const char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			error = ERR_USAGE;
	if (error != ERR_OK || parts[0] == NULL || parts[1] == NULL ||
	    !header_name_valid(g_strstrip(parts[0]))) {
		error = problem_set(problem, ERR_USAGE, "-H", "write \"Name: value\"",
				    "this is no header line");
	} else {
		g_ptr_array_add(api->headers, g_strdup(parts[0]));
		g_ptr_array_add(api->headers, g_strdup(g_strstrip(parts[1])));
	}
	g_strfreev(parts);
	return error;
}

static int on_option(void *ctx, const char *name, const char *value, struct problem *problem)
{
	struct api *api = ctx;

	switch (name[0]) {
	case 'd':
		api->has_body = true;
		buf_reset(&api->body);
		if (value[0] == '@')
			return read_body(&api->body, value + 1, problem);
		buf_adds(&api->body, value);
		return ERR_OK;
	case 'H':
		return add_header(api, value, problem);
	default:
		api->verbose = true;
		return ERR_OK;
	}
}

/* As it came, but a terminal gets no byte that could act on it. */
static int print_body(const struct app *app, const struct outcome *outcome)
{
	struct buf shown;
	const char *line = outcome->body;
	int status;

	if (!app->terminal)
		return print_bytes(app, outcome->body, outcome->body_length);
	buf_init(&shown, BUF_CEILING_OUTPUT);
	for (size_t left = outcome->body_length; left > 0;) {
		const char *end = memchr(line, '\n', left);
		size_t length = end == NULL ? left : (size_t)(end - line);

		text_add_shown(&shown, line, length, app->ascii);
		buf_addc(&shown, '\n');
		left -= end == NULL ? left : length + 1;
		line += end == NULL ? length : length + 1;
	}
	status = print_bytes(app, buf_text(&shown), shown.length);
	buf_fini(&shown);
	return status;
}

static int tell(const struct app *app, const struct api *api, const struct outcome *outcome, const char *what)
{
	struct problem problem;
	int status;

	if (outcome->problem.code != ERR_OK && outcome->status == 0) {
		app_complain(app, outcome->account->name, &outcome->problem);
		return exit_of_error(outcome->problem.code);
	}
	if (api->verbose)
		fprintf(stderr, "%d %s %zu bytes %lld ms\n", outcome->status,
			outcome->content_type[0] == '\0' ? "-" : outcome->content_type, outcome->body_length,
			(long long)outcome->duration_ms);
	status = print_body(app, outcome);
	if (status != EXIT_ALL_WELL || (outcome->status >= 200 && outcome->status < 300))
		return status;
	problem_set(&problem, ERR_SERVER, what, NULL, "the server answered %d", outcome->status);
	app_complain(app, outcome->account->name, &problem);
	return outcome->status == 401 || outcome->status == 403 ? EXIT_NOT_ALLOWED : EXIT_ERROR;
}

static int check_words(const struct args *args, struct problem *problem)
{
	const char *method = args->positional[1], *path = args->positional[2];

	if (args->n_positional != 3)
		return problem_set(problem, ERR_USAGE, NULL, NULL, "account, method and path are needed");
	if (method[0] == '\0' || method[strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0' ||
	    strlen(method) > 16)
		return problem_set(problem, ERR_USAGE, NULL, "such as GET or POST", "\"%s\" is no method",
				   method);
	if (path[0] != '/' || path[1] == '/')
		return problem_set(problem, ERR_USAGE, NULL, "such as /api/v2/spaces",
				   "the path begins with one /");
	for (const char *p = path; *p != '\0'; p++)
		if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f || *p == '#')
			return problem_set(problem, ERR_USAGE, NULL, "percent-encode it",
					   "the path holds a character that no path has");
	return ERR_OK;
}

static int call(struct app *app, const struct args *args, struct api *api)
{
	const struct account *account = config_account(app->config, args->positional[0]);
	struct query query;
	struct collect *collect;
	struct ask *ask;
	struct outcome *outcome;
	char what[160];
	int status;

	if (account == NULL) {
		const char *name = args->positional[0];
		const struct account **none;
		unsigned n;

		query_init(&query, KIND_ACCOUNTS);
		query.accounts = (struct words){&name, 1};
		none = collect_accounts(app, &query, &n, &status);
		g_free(none);
		query_fini(&query);
		return EXIT_USAGE;
	}
	ask = ask_new(ASK_CALL, 0);
	ask->method = g_strdup(args->positional[1]);
	ask->path = g_strdup(args->positional[2]);
	if (api->has_body) {
		ask->body = g_memdup2(buf_text(&api->body), api->body.length + 1);
		ask->body_length = api->body.length;
	}
	g_ptr_array_add(api->headers, NULL);
	ask->headers = g_strdupv((char **)api->headers->pdata);
	collect = collect_new(app);
	outcome = collect_ask(collect, account, ask);
	collect_run(collect);
	snprintf(what, sizeof(what), "%s %.*s", args->positional[1], (int)strcspn(args->positional[2], "?"),
		 args->positional[2]);
	status = tell(app, api, outcome, what);
	collect_free(collect);
	return status;
}

int cmd_api(struct app *app, int argc, char **argv)
{
	struct api api = {.headers = g_ptr_array_new_with_free_func(g_free)};
	struct args args = {.command = command_find("api"), .option = on_option, .ctx = &api};
	struct problem problem;
	int status = EXIT_USAGE;

	buf_init(&api.body, BUF_CEILING_REQUEST);
	if (args_read(&args, app, argc, argv) == ERR_OK) {
		if (args.help) {
			help_command(app, args.command);
			status = EXIT_ALL_WELL;
		} else if (check_words(&args, &problem) != ERR_OK) {
			status = args_wrong(app, args.command, &problem);
		} else if (app_need_config(app)) {
			status = call(app, &args, &api);
		}
	}
	args_fini(&args);
	buf_wipe(&api.body);
	g_ptr_array_unref(api.headers);
	return status;
}
