/* The door log to a file: pages of the history one after the other, written when all are here. */
#include "app/dash_private.h"

#include "core/kind.h"
#include "out/out.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT_ROWS_MOST 2000000
#define EXPORT_BYTES_MOST ((size_t)1 << 30)

struct door_export {
	struct dash *dash;
	struct door_search search;
	char *path, *bytes;
	size_t length;
	FILE *sink;
	struct out *out;
	bool cancelled;
};

static void export_free(void *memory)
{
	struct door_export *export = memory;

	if (export->out != NULL) {
		int error = out_finish(export->out);

		(void)error; /* nothing of it is kept */
	}
	if (export->sink != NULL)
		fclose(export->sink);
	free(export->bytes);
	g_free(export->path);
	g_free(export);
}

/* `why` NULL: all went well. */
static void export_end(struct door_export *export, const char *why)
{
	struct dash *dash = export->dash;
	int error = out_finish(g_steal_pointer(&export->out));
	char *bytes;

	shell_progress(dash->shell, NULL, 0, 0, NULL, NULL);
	if (why == NULL && (error != ERR_OK || fclose(g_steal_pointer(&export->sink)) != 0))
		why = "nothing written: too much for one file";
	if (why != NULL) {
		shell_toast(dash->shell, false, why);
	} else {
		bytes = g_steal_pointer(&export->bytes);
		dash_save(dash, export->path, bytes, export->length, false);
	}
	export_free(export);
}

static void export_cancel(void *ctx) { ((struct door_export *)ctx)->cancelled = true; }

/* Rows of a page may be of several accounts, whose name each object bears: runs of one account are written together. */
static int write_page(struct door_export *export, const struct door_page *page)
{
	size_t n = rows_count(page->rows);
	int error = ERR_OK;

	for (size_t i = 0; i < n && error == ERR_OK;) {
		const char *account = page->accounts[i] == NULL ? "" : page->accounts[i];
		const struct account *known = config_account(export->dash->app->config, account);
		struct rows *run = kind_rows_new(KIND_DOORS, account,
						 known == NULL ? rows_vendor(page->rows)
							       : vendor_name(known->vendor));

		for (; i < n && g_strcmp0(page->accounts[i], account) == 0; i++)
			kind_copy_row(run, KIND_DOORS, rows_at(page->rows, i));
		rows_seal(run);
		error = out_rows(export->out, run);
		rows_unref(run);
	}
	return error;
}

static void on_page(void *ctx, const struct door_page *page)
{
	struct door_export *export = ctx;
	char text[160], why[sizeof(struct problem) + 8];
	size_t n = page->rows == NULL ? 0 : rows_count(page->rows);

	if (export->cancelled) {
		export_end(export, "nothing written: cancelled");
		return;
	}
	if (page->problem.code != ERR_OK) {
		export_end(export, problem_text(&page->problem, why, sizeof(why)));
		return;
	}
	/* The length is known once the stream is flushed. */
	if (write_page(export, page) != ERR_OK || fflush(export->sink) != 0 ||
	    export->length > EXPORT_BYTES_MOST || out_count(export->out) > EXPORT_ROWS_MOST) {
		export_end(export, "nothing written: too much for one file; filter it");
		return;
	}
	if (!page->more || n == 0) {
		export_end(export, NULL);
		return;
	}
	g_snprintf(text, sizeof(text), "reading the log for %.60s: %zu rows", export->path,
		   out_count(export->out));
	shell_progress(export->dash->shell, text, 0, 0, export_cancel, export);
	export->search.after = page->places[n - 1];
	dash_desk_find(export->dash->desk, &export->search, on_page, export_free, export);
}

void dash_export_doors(struct dash *dash, const struct door_search *search, const char *path)
{
	const char *dot = strrchr(path, '.');
	bool csv = dot != NULL && g_ascii_strcasecmp(dot, ".csv") == 0;
	struct out_options options = {.format = csv ? OUT_CSV : OUT_JSON};
	struct door_export *export;

	if (!csv && (dot == NULL || g_ascii_strcasecmp(dot, ".json") != 0)) {
		shell_toast(dash->shell, false, "nothing written: the name must end in .csv or .json");
		return;
	}
	export = g_new0(struct door_export, 1);
	export->dash = dash;
	export->search = *search;
	export->search.after = (struct history_place){0};
	export->search.limit = HISTORY_PAGE_MOST;
	export->path = g_strdup(path);
	export->sink = open_memstream(&export->bytes, &export->length);
	if (export->sink == NULL) {
		export_free(export);
		return;
	}
	export->out = out_new(&options, KIND_DOORS, export->sink);
	dash_desk_find(dash->desk, &export->search, on_page, export_free, export);
}
