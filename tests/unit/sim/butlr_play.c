#include "butlr_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/butlr_auth.h"

void play_init(struct play *play, const char *const *faults)
{
	struct sim_options options;
	struct sim_butlr_credentials own;
	char *body;

	*play = (struct play){0};
	jsonx_init(&play->doc);
	clock_fake_init(&play->clock, PLAY_NOW_MS);
	sim_options_init(&options);
	options.seed = 7;
	options.start_ms = PLAY_NOW_MS;
	for (; faults && *faults; faults++)
		options.faults[options.n_faults++] = *faults;
	play->app = sim_app_new(&options, &play->clock.clock, NULL);
	assert_non_null(play->app);
	sim_butlr_credentials(7, &own);
	body = g_strdup_printf(
		"{\"client_id\":\"%s\",\"client_secret\":\"%s\",\"audience\":\"https://butlrauth/\","
		"\"grant_type\":\"client_credentials\"}",
		own.client_id, own.client_secret);

	const cJSON *answer = play_ask(play, "POST", "/api/v2/clients/login", body);

	play->token = g_strconcat("Bearer ", jsonx_str(jsonx_get(answer, "access_token")), NULL);
	g_free(body);
}

void play_fini(struct play *play)
{
	sim_app_free(play->app);
	jsonx_fini(&play->doc);
	g_free(play->token);
	g_free(play->text);
}

const cJSON *play_raw(struct play *play, const char *method, const char *path, const char *token,
		      const char *body)
{
	char **parts = g_strsplit(path, "?", 2);
	struct sim_request request = {
		.method = sim_method_parse(method),
		.path = parts[0],
		.query = parts[1] ? parts[1] : "",
		.authorization = token ? token : "",
		.content_type = body ? "application/json" : "",
		.body = body ? body : "",
		.body_length = body ? strlen(body) : 0,
	};
	struct sim_reply reply;

	sim_reply_init(&reply);
	sim_app_handle(play->app, &request, &reply);
	play->status = reply.status;
	play->retry_after_s = reply.retry_after_s;
	play->drop = reply.drop;
	play->stall = reply.stall;
	g_free(play->text);
	play->text = g_strndup(buf_text(&reply.body), reply.body.length);
	if (jsonx_parse(&play->doc, buf_text(&reply.body), reply.body.length, NULL) != ERR_OK)
		play->doc.root = NULL;
	sim_reply_fini(&reply);
	g_strfreev(parts);
	return play->doc.root;
}

const cJSON *play_ask(struct play *play, const char *method, const char *path, const char *body)
{
	char *whole = g_strconcat("/butlr", path, NULL);
	const cJSON *answer = play_raw(play, method, whole, play->token, body);

	g_free(whole);
	return answer;
}

char *play_id(struct play *play, const char *path, int index)
{
	const cJSON *list = jsonx_get(play_ask(play, "GET", path, NULL), "data");
	const char *id = jsonx_str(jsonx_get(cJSON_GetArrayItem(list, index), "id"));

	assert_non_null(id);
	return g_strdup(id);
}

char *play_sample(const char *name)
{
	const char *root = getenv("srcdir");
	char *path = g_strdup_printf("%s/tests/api/butlr/%s.json", root ? root : ".", name), *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("cannot read %s", path);
	g_free(path);
	return text;
}

static bool like(const cJSON *a, const cJSON *b)
{
	return (a->type & 0xff) == (b->type & 0xff) || (cJSON_IsBool(a) && cJSON_IsBool(b)) ||
	       cJSON_IsNull(a) || cJSON_IsNull(b);
}

void play_same_shape(const cJSON *sample, const cJSON *answer)
{
	const cJSON *member;

	if (!like(sample, answer))
		fail_msg("\"%s\" has another type", sample->string ? sample->string : "an element");
	if (cJSON_IsArray(sample)) {
		if (sample->child && answer->child)
			play_same_shape(sample->child, answer->child);
		return;
	}
	if (!cJSON_IsObject(sample))
		return;
	cJSON_ArrayForEach(member, sample)
	{
		const cJSON *same = jsonx_get(answer, member->string);

		if (!same)
			fail_msg("\"%s\" is missing", member->string);
		play_same_shape(member, same);
	}
}
