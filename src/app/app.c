#include "app/app.h"

#include "base/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

/* Our own text and cleaned text of others; cleaned once more, since nothing may act on a terminal. */
static void print_error(const struct app *app, const char *account, const char *text)
{
	struct buf line;

	buf_init(&line, BUF_CEILING_LINE);
	buf_adds(&line, "lodge: ");
	if (account != NULL) {
		text_add_shown(&line, account, strlen(account), app->ascii);
		buf_adds(&line, ": ");
	}
	text_add_shown(&line, text, strlen(text), app->ascii);
	buf_addc(&line, '\n');
	fputs(buf_text(&line), stderr);
	buf_fini(&line);
}

void app_complain(const struct app *app, const char *account, const struct problem *problem)
{
	struct problem whole = *problem;
	char text[sizeof(struct problem) + 8];

	if (account != NULL)
		problem_complete(&whole);
	print_error(app, account, problem_text(&whole, text, sizeof(text)));
}

void app_note(const struct app *app, const char *account, const char *text)
{
	print_error(app, account, text);
}

bool app_need_config(struct app *app)
{
	struct problem problem;

	if (app->config != NULL)
		return true;
	if (app->log_path != NULL || app->log_level >= 0) {
		enum log_level level = app->log_level >= 0 ? (enum log_level)app->log_level : LOG_LEVEL_INFO;

		app->logger = logger_new(app->log_path, level, app->clock, &problem);
		if (app->logger == NULL) {
			app_complain(app, NULL, &problem);
			return false;
		}
	}
	if (config_load(app->config_path, &app->config, &problem) == ERR_OK)
		return true;
	app->config = NULL;
	app_complain(app, NULL, &problem);
	return false;
}

char *app_source(const struct account *account)
{
	return g_strdup_printf("%s %s", vendor_name(account->vendor), account_text(account, "base_url"));
}

int exit_of_error(int error)
{
	switch (error) {
	case ERR_OK:
		return EXIT_ALL_WELL;
	case ERR_USAGE:
	case ERR_CONFIG:
		return EXIT_USAGE;
	case ERR_AUTH:
	case ERR_DENIED:
		return EXIT_NOT_ALLOWED;
	case ERR_UNREACHED:
	case ERR_TIMEOUT:
	case ERR_UNSURE:
		return EXIT_NOT_REACHED;
	default:
		return EXIT_ERROR;
	}
}

int exit_over_accounts(const int *failed, unsigned n_failed, unsigned n)
{
	if (n_failed == 0)
		return EXIT_ALL_WELL;
	if (n_failed < n)
		return EXIT_PARTLY;
	for (unsigned i = 1; i < n_failed; i++)
		if (failed[i] != failed[0])
			return EXIT_ERROR;
	return failed[0];
}
