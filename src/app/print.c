#include "app/print.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

struct print {
	const struct app *app;
	struct out *out;
	struct moment_zone *zone;
	size_t limit;
	int error;
};

struct print *print_new(const struct app *app, enum kind kind, enum out_format format, int64_t limit)
{
	struct print *print = g_new0(struct print, 1);
	struct out_options options = {
		.format = format,
		.ascii = app->ascii,
		.terminal = app->terminal,
		.width = app->width,
	};

	print->app = app;
	print->zone = moment_zone_new_local();
	print->limit = limit > 0 ? (size_t)limit : SIZE_MAX;
	options.zone = print->zone;
	print->out = out_new(&options, kind, stdout);
	return print;
}

void print_rows(struct print *print, const struct rows *rows)
{
	for (size_t i = 0; i < rows_count(rows) && print->error == ERR_OK; i++) {
		if (out_count(print->out) >= print->limit)
			return;
		print->error = out_row(print->out, rows, i);
	}
}

static int write_failed(const struct app *app, int number)
{
	struct problem problem;

	if (number != EPIPE) {
		problem_set(&problem, ERR_IO, "writing to stdout", NULL, "%s", g_strerror(number));
		app_complain(app, NULL, &problem);
	}
	return EXIT_ERROR;
}

int print_end(struct print *print)
{
	const struct app *app = print->app;
	int first = print->error, error, number;

	errno = 0;
	error = out_finish(print->out);
	number = errno;
	moment_zone_free(print->zone);
	g_free(print);
	if (first == ERR_OK && error == ERR_OK)
		return EXIT_ALL_WELL;
	return write_failed(app, number == 0 ? EIO : number);
}

int print_bytes(const struct app *app, const char *bytes, size_t length)
{
	if (fwrite(bytes, 1, length, stdout) == length && fflush(stdout) == 0)
		return EXIT_ALL_WELL;
	return write_failed(app, errno);
}

bool print_notices(const struct app *app, const struct outcome *outcome)
{
	bool partly = false;

	for (size_t i = 0; i < outcome->n_notices; i++) {
		app_note(app, outcome->account->name, outcome->notices[i].text);
		partly |= outcome->notices[i].kind == NOTICE_PARTIAL;
	}
	return partly;
}
