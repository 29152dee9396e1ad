#include "butlr_play.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "core/kind.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST_REQUESTS 5000 /* a work that goes on for ever fails its test */

void play_read(const char *file, struct buf *out)
{
	const char *srcdir = getenv("srcdir");
	char path[1024], bytes[8192];
	FILE *stream;
	size_t n;

	snprintf(path, sizeof(path), "%s/tests/api/butlr/%s", srcdir == NULL ? "." : srcdir, file);
	stream = fopen(path, "rb");
	if (stream == NULL)
		fail_msg("%s is not there", path);
	buf_init(out, BUF_CEILING_BODY);
	while ((n = fread(bytes, 1, sizeof(bytes), stream)) > 0)
		buf_add(out, bytes, n);
	fclose(stream);
}

void play_open(struct play *play, const char *const *options)
{
	const char *pairs[32] = {"vendor", "butlr", "client_id", "ID", "client_secret", "SECRET"};
	struct problem problem = {0};
	size_t n = 6;

	*play = (struct play){.now_ms = PLAY_NOW};
	for (; options != NULL && options[0] != NULL && n + 2 < 32; options += 2) {
		pairs[n++] = options[0];
		pairs[n++] = options[1];
	}
	jsonx_setup();
	play->config = config_new();
	if (config_add_account(play->config, "hq", pairs, &problem) != ERR_OK)
		fail_msg("%s", problem.why);
	assert_int_equal(butlr_ops.open(config_account(play->config, "hq"), &play->state, &problem), ERR_OK);
	buf_init(&play->log, BUF_CEILING_BODY);
}

static void forget(struct play *play)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		rows_unref(play->rows[i]);
		play->rows[i] = NULL;
	}
	work_free(play->work);
	play->work = NULL;
	play->requests = 0;
	memset(play->used, 0, sizeof(play->used));
	buf_reset(&play->log);
}

void play_close(struct play *play)
{
	forget(play);
	buf_fini(&play->log);
	butlr_ops.close(play->state);
	config_free(play->config);
}

static const struct play_answer *find(struct play *play, const struct work_request *request)
{
	for (size_t i = 0; play->answers[i].method != NULL; i++) {
		const struct play_answer *answer = &play->answers[i];
		if (strcmp(answer->method, request->method) != 0 ||
		    strncmp(request->path, answer->path, strlen(answer->path)) != 0)
			continue;
		if (answer->holds != NULL &&
		    (request->body == NULL || strstr(request->body, answer->holds) == NULL))
			continue;
		if (answer->times != 0 && play->used[i] == answer->times)
			continue;
		play->used[i]++;
		return answer;
	}
	return NULL;
}

static int reply(struct play *play, const struct work_request *request)
{
	const struct play_answer *answer = find(play, request);
	struct problem problem = {0};
	struct work_answer out = {.body = "", .now_ms = play->now_ms, .server_date_ms = MOMENT_NONE};
	struct buf bytes;
	int err;

	if (answer == NULL)
		fail_msg("an unexpected request: %s %s %s", request->method, request->path,
			 request->body == NULL ? "" : request->body);
	buf_init(&bytes, BUF_CEILING_BODY);
	if (answer->file != NULL)
		play_read(answer->file, &bytes);
	else if (answer->body != NULL)
		buf_adds(&bytes, answer->body);
	if (answer->status < 0) {
		out.error = answer->status;
		problem_set(&problem, answer->status, NULL, NULL, "%s", err_text(answer->status));
		out.problem = &problem;
	}
	out.status = answer->status < 0 ? 0 : answer->status;
	out.body = buf_text(&bytes);
	out.length = bytes.length;
	/* As the session does: what a 2xx body hides. */
	if (out.status >= 200 && out.status < 300 && request->inspect != NULL) {
		int hidden = request->inspect(out.body, out.length);
		if (hidden != ERR_OK) {
			out.error = hidden;
			problem_set(&problem, hidden, NULL, NULL, "%s", err_text(hidden));
			out.problem = &problem;
		}
	}
	err = butlr_ops.answer(play->state, play->work, request, &out);
	buf_fini(&bytes);
	return err;
}

void play_run(struct play *play, enum kind kind, const char *const *filters,
	      const struct play_answer *answers)
{
	const struct work_request *request;
	struct problem problem = {0};
	const struct rows *out[KIND_COUNT];
	struct query query;
	size_t n;

	forget(play);
	play->answers = answers;
	query_init(&query, kind);
	for (; filters != NULL && filters[0] != NULL; filters += 2)
		if (query_set(&query, filters[0], filters[1], play->now_ms, &problem) != ERR_OK)
			fail_msg("%s", problem.why);
	query_apply_defaults(&query, play->now_ms);
	play->work = work_new(&query, "hq", "butlr", play->now_ms);
	query_fini(&query);
	play->error = butlr_ops.plan(play->state, play->work);
	while (play->error == ERR_OK && !work_failed(play->work) &&
	       (request = work_next(play->work)) != NULL) {
		assert_true(++play->requests < MOST_REQUESTS);
		buf_addf(&play->log, "%s %s %s\n", request->method, request->path,
			 request->body == NULL ? "" : request->body);
		play->error = reply(play, request);
	}
	if (play->error == ERR_OK && work_failed(play->work))
		play->error = work_problem(play->work)->code;
	if (play->error == ERR_OK)
		play->error = butlr_ops.finish(play->state, play->work);
	if (play->error != ERR_OK)
		return;
	n = work_take(play->work, INT64_MAX, out, KIND_COUNT);
	for (size_t i = 0; i < n; i++)
		play->rows[rows_kind(out[i])] = out[i];
}

const struct rows *play_rows(const struct play *play, enum kind kind)
{
	if (play->error != ERR_OK)
		fail_msg("the work failed: %s: %s", work_problem(play->work)->what,
			 work_problem(play->work)->why);
	assert_non_null(play->rows[kind]);
	return play->rows[kind];
}

const void *play_row(const struct play *play, enum kind kind, const char *id)
{
	const struct rows *rows = play_rows(play, kind);

	for (size_t i = 0; i < rows_count(rows); i++)
		if (strcmp(*(const char *const *)rows_at(rows, i), id) == 0)
			return rows_at(rows, i);
	fail_msg("there is no %s among the %zu rows of %s", id, rows_count(rows), kind_info(kind)->name);
	return NULL;
}

bool play_noticed(const struct play *play, const char *text)
{
	const struct work_notice *notices;
	size_t n = work_notices(play->work, &notices);

	for (size_t i = 0; i < n; i++)
		if (strstr(notices[i].text, text) != NULL)
			return true;
	return false;
}

unsigned play_count(const struct play *play, const char *text)
{
	unsigned n = 0;

	for (const char *at = buf_text(&play->log); (at = strstr(at, text)) != NULL; at += strlen(text))
		n++;
	return n;
}

static void mutate(const cJSON *root, cJSON *item, void (*take)(const char *bytes, size_t length),
		   unsigned *n)
{
	static const char *const others[] = {"null", "7",  "-1e308", "\"text\"",    "\"\"",
					     "[]",   "{}", "true",   "[[1,2],[3]]", "{\"id\":7}"};

	for (cJSON *child = item->child; child != NULL; child = child->next) {
		cJSON kept = *child;
		for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
			char *text;
			*child = (cJSON){.next = kept.next, .prev = kept.prev, .string = kept.string};
			child->type = cJSON_Raw;
			child->valuestring = (char *)(uintptr_t)others[i];
			text = cJSON_PrintUnformatted(root);
			assert_non_null(text);
			take(text, strlen(text));
			cJSON_free(text);
			(*n)++;
		}
		*child = kept;
		if (cJSON_IsObject(child) || cJSON_IsArray(child))
			mutate(root, child, take, n);
	}
}

unsigned play_mutate(const struct buf *document, void (*take)(const char *bytes, size_t length))
{
	struct jsonx doc;
	unsigned n = 0;

	jsonx_init(&doc);
	assert_int_equal(jsonx_parse(&doc, document->data, document->length, NULL), ERR_OK);
	mutate(doc.root, (cJSON *)(uintptr_t)doc.root, take, &n);
	jsonx_fini(&doc);
	return n;
}
