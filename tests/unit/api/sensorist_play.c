#include "sensorist_play.h"

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

void play_read_file(const char *file, struct buf *out)
{
	const char *srcdir = getenv("srcdir");
	char path[1024], bytes[8192];
	FILE *stream;
	size_t n;

	snprintf(path, sizeof(path), "%s/tests/api/sensorist/%s", srcdir == NULL ? "." : srcdir, file);
	stream = fopen(path, "rb");
	if (stream == NULL)
		fail_msg("%s is not there", path);
	buf_init(out, BUF_CEILING_BODY);
	while ((n = fread(bytes, 1, sizeof(bytes), stream)) > 0)
		buf_add(out, bytes, n);
	fclose(stream);
}

void play_open(struct sens_play *play, const char *const *options)
{
	const char *pairs[32] = {"vendor",   "sensorist", "username", "anna@example.com",
				 "password", "SECRET",    "base_url", "https://h.example/v1"};
	struct problem problem = {0};
	size_t n = 6;
	bool elsewhere = false;

	*play = (struct sens_play){.now_ms = SENS_TEST_NOW};
	for (; options != NULL && options[0] != NULL && n + 2 < 32; options += 2) {
		elsewhere |= strcmp(options[0], "base_url") == 0;
		pairs[n++] = options[0];
		pairs[n++] = options[1];
	}
	if (!elsewhere) {
		pairs[n++] = "base_url";
		pairs[n++] = "https://h.example/v1";
	}
	jsonx_setup();
	play->config = config_new();
	if (config_add_account(play->config, "east", pairs, &problem) != ERR_OK)
		fail_msg("%s", problem.why);
	if (sensorist_ops.open(config_account(play->config, "east"), &play->state, &problem) != ERR_OK)
		fail_msg("%s: %s", problem.what, problem.why);
	buf_init(&play->log, BUF_CEILING_BODY);
}

static void forget(struct sens_play *play)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		rows_unref(play->rows[i]);
		play->rows[i] = NULL;
	}
	work_free(play->work);
	play->work = NULL;
	play->requests = play->writes = 0;
	play->delays_ms = 0;
	memset(play->used, 0, sizeof(play->used));
	buf_reset(&play->log);
}

void play_close(struct sens_play *play)
{
	forget(play);
	buf_fini(&play->log);
	sensorist_ops.close(play->state);
	config_free(play->config);
}

static const struct play_answer *find(struct sens_play *play, const struct work_request *request)
{
	for (size_t i = 0; play->answers != NULL && play->answers[i].method != NULL; i++) {
		const struct play_answer *answer = &play->answers[i];

		if (strcmp(answer->method, request->method) != 0 || strcmp(request->path, answer->path) != 0)
			continue;
		if (answer->holds != NULL &&
		    (request->body == NULL || strstr(request->body, answer->holds) == NULL))
			continue;
		if (answer->times != 0 && play->used[i] == answer->times)
			continue;
		play->used[i]++;
		return answer;
	}
	fail_msg("an unexpected request: %s %s %s", request->method, request->path,
		 request->body == NULL ? "" : request->body);
	return NULL;
}

static int hand_over(struct sens_play *play, const struct work_request *request, int status, const char *body,
		     size_t length, enum play_fate fate, bool cached)
{
	static const int errors[] = {ERR_OK, ERR_TIMEOUT, ERR_UNREACHED};
	struct problem problem = {0};
	struct work_answer out = {
		.status = status,
		.body = body,
		.length = length,
		.now_ms = play->now_ms,
		.server_date_ms = MOMENT_NONE,
		.error = errors[fate],
		.cached = cached,
		.request_sent = fate != SENS_NOT_SENT,
	};

	if (fate == SENS_ANSWERED && status >= 500)
		out.error = ERR_SERVER;
	if (out.error != ERR_OK) {
		problem_set(&problem, out.error, NULL, NULL, "%s", err_text(out.error));
		out.problem = &problem;
	}
	return sensorist_ops.answer(play->state, play->work, request, &out);
}

static int reply(struct sens_play *play, const struct work_request *request)
{
	const struct play_answer *answer;
	struct buf bytes;
	char *body;
	int status = 200, err;

	body = play->serve != NULL ? play->serve(play->ctx, request, &status) : NULL;
	if (body != NULL) {
		err = hand_over(play, request, status, body, strlen(body), SENS_ANSWERED, false);
		free(body);
		return err;
	}
	answer = find(play, request);
	buf_init(&bytes, BUF_CEILING_BODY);
	if (answer->file != NULL)
		play_read_file(answer->file, &bytes);
	else if (answer->body != NULL)
		buf_adds(&bytes, answer->body);
	err = hand_over(play, request, answer->fate == SENS_ANSWERED ? answer->status : 0, buf_text(&bytes),
			bytes.length, answer->fate, answer->cached);
	buf_fini(&bytes);
	return err;
}

static void step(struct sens_play *play)
{
	const struct work_request *request;

	while (play->error == ERR_OK && !work_failed(play->work) &&
	       (request = work_next(play->work)) != NULL) {
		assert_true(++play->requests < MOST_REQUESTS);
		play->writes += request->write;
		play->delays_ms += request->delay_ms;
		buf_addf(&play->log, "%s %s %s\n", request->method, request->path,
			 request->body == NULL ? "" : request->body);
		play->error = reply(play, request);
	}
	if (play->error == ERR_OK && work_failed(play->work))
		play->error = work_problem(play->work)->code;
}

static void run(struct sens_play *play)
{
	const struct rows *out[KIND_COUNT];
	unsigned before;
	size_t n;

	do {
		step(play);
		before = play->requests;
		if (play->error == ERR_OK)
			play->error = sensorist_ops.finish(play->state, play->work);
		step(play);
	} while (play->error == ERR_OK && play->requests != before);
	if (play->error != ERR_OK)
		return;
	n = work_take(play->work, INT64_MAX, out, KIND_COUNT);
	for (size_t i = 0; i < n; i++)
		play->rows[rows_kind(out[i])] = out[i];
}

void play_query(struct sens_play *play, enum kind kind, const char *const *filters,
		const struct play_answer *answers)
{
	struct problem problem = {0};
	struct query query;

	forget(play);
	play->answers = answers;
	query_init(&query, kind);
	for (; filters != NULL && filters[0] != NULL; filters += 2)
		if (query_set(&query, filters[0], filters[1], play->now_ms, &problem) != ERR_OK)
			fail_msg("%s", problem.why);
	if (query_check(&query, &problem) != ERR_OK)
		fail_msg("%s", problem.why);
	query_apply_defaults(&query, play->now_ms);
	play->work = work_new(&query, "east", "sensorist", play->now_ms);
	query_fini(&query);
	play->error = sensorist_ops.plan(play->state, play->work);
	run(play);
}

void play_order(struct sens_play *play, enum kind kind, enum verb verb, const char *id, bool resume,
		const char *const *fields, const struct play_answer *answers)
{
	struct order *order = order_new(kind, verb, id);

	forget(play);
	play->answers = answers;
	order->resume = resume;
	for (; fields != NULL && fields[0] != NULL; fields += 2)
		order_set(order, fields[0], fields[1][0] == '\0' ? NULL : fields[1]);
	play->work = work_new_order(order, "east", "sensorist", play->now_ms);
	order_free(order);
	play->error = sensorist_ops.write(play->state, play->work);
	run(play);
}

const struct rows *play_rows(const struct sens_play *play, enum kind kind)
{
	if (play->error != ERR_OK)
		fail_msg("the work failed: %s: %s", work_problem(play->work)->what,
			 work_problem(play->work)->why);
	assert_non_null(play->rows[kind]);
	return play->rows[kind];
}

const void *play_row(const struct sens_play *play, enum kind kind, const char *id)
{
	const struct rows *rows = play_rows(play, kind);

	for (size_t i = 0; i < rows_count(rows); i++)
		if (strcmp(*(const char *const *)rows_at(rows, i), id) == 0)
			return rows_at(rows, i);
	fail_msg("there is no %s among the %zu rows of %s", id, rows_count(rows), kind_info(kind)->name);
	return NULL;
}

bool play_noticed(const struct sens_play *play, const char *text)
{
	const struct work_notice *notices;
	size_t n = work_notices(play->work, &notices);

	for (size_t i = 0; i < n; i++)
		if (strstr(notices[i].text, text) != NULL)
			return true;
	return false;
}

unsigned play_count(const struct sens_play *play, const char *text)
{
	unsigned n = 0;

	for (const char *at = buf_text(&play->log); (at = strstr(at, text)) != NULL; at += strlen(text))
		n++;
	return n;
}
