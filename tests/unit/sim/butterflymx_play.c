#include "butterflymx_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MEDIA_TYPE "application/vnd.api+json"

static const cJSON *run(struct bmx_play *play, struct sim_request *request, const char *path)
{
	char *whole = g_strconcat("/butterflymx", path, NULL);
	char **parts = g_strsplit(whole, "?", 2);
	struct sim_reply reply;

	request->path = parts[0];
	request->query = parts[1] ? parts[1] : "";
	sim_reply_init(&reply);
	sim_app_handle(play->app, request, &reply);
	play->status = reply.status;
	play->drop = reply.drop;
	play->reset = reply.reset;
	play->delay_ms = reply.delay_ms;
	play->content_type = reply.content_type;
	buf_reset(&play->body);
	buf_add(&play->body, buf_text(&reply.body), reply.body.length);
	if (jsonx_parse(&play->doc, buf_text(&reply.body), reply.body.length, NULL) != ERR_OK)
		play->doc.root = NULL;
	sim_reply_fini(&reply);
	g_strfreev(parts);
	g_free(whole);
	return play->doc.root;
}

const cJSON *bmx_play_ask(struct bmx_play *play, const char *method, const char *path, const char *body)
{
	char *bearer = g_strconcat("Bearer ", play->access, NULL);
	struct sim_request request = {
		.method = sim_method_parse(method),
		.authorization = bearer,
		.accept = play->accept,
		.content_type = body ? play->media_type : "",
		.host = "127.0.0.1:4711",
		.body = body ? body : "",
		.body_length = body ? strlen(body) : 0,
	};
	const cJSON *answer = run(play, &request, path);

	g_free(bearer);
	return answer;
}

const cJSON *bmx_play_form(struct bmx_play *play, const char *method, const char *path,
			   const char *authorization, const char *form)
{
	struct sim_request request = {
		.method = sim_method_parse(method),
		.authorization = authorization,
		.content_type = "application/x-www-form-urlencoded",
		.body = form,
		.body_length = strlen(form),
	};
	const cJSON *answer = run(play, &request, path);

	if (play->status == 200 && jsonx_get(answer, "access_token")) {
		g_free(play->access);
		g_free(play->refresh);
		play->access = g_strdup(jsonx_str(jsonx_get(answer, "access_token")));
		play->refresh = g_strdup(jsonx_str(jsonx_get(answer, "refresh_token")));
	}
	return answer;
}

const cJSON *bmx_play_sign_in(struct bmx_play *play)
{
	char *username = g_uri_escape_string(play->own.username, NULL, false);
	char *password = g_uri_escape_string(play->own.password, NULL, false);
	char *form = g_strdup_printf("grant_type=password&client_id=%s&username=%s&password=%s",
				     play->own.client_id, username, password);
	const cJSON *answer = bmx_play_form(play, "POST", "/oauth/token", "", form);

	g_free(form);
	g_free(username);
	g_free(password);
	return answer;
}

const cJSON *bmx_play_refresh(struct bmx_play *play, const char *refresh)
{
	char *form = g_strdup_printf("grant_type=refresh_token&client_id=%s&refresh_token=%s",
				     play->own.client_id, refresh);
	const cJSON *answer = bmx_play_form(play, "POST", "/oauth/token", "", form);

	g_free(form);
	return answer;
}

void bmx_play_fetch(struct bmx_play *play, const char *url, const char *authorization)
{
	const char *path = strstr(url, "/butterflymx");
	struct sim_request request = {.method = SIM_GET,
				      .authorization = authorization,
				      .content_type = "",
				      .body = ""};

	assert_non_null(path);
	run(play, &request, path + strlen("/butterflymx"));
}

void bmx_play_init(struct bmx_play *play, const char *const *faults)
{
	bmx_play_init_at(play, faults, BMX_PLAY_NOW_MS);
}

void bmx_play_init_at(struct bmx_play *play, const char *const *faults, int64_t start_ms)
{
	struct sim_options options;

	*play = (struct bmx_play){.accept = MEDIA_TYPE, .media_type = MEDIA_TYPE};
	jsonx_init(&play->doc);
	buf_init(&play->body, SIM_CALL_CEILING);
	clock_fake_init(&play->clock, start_ms);
	sim_options_init(&options);
	options.seed = 7;
	options.start_ms = start_ms;
	for (; faults && *faults; faults++)
		options.faults[options.n_faults++] = *faults;
	play->app = sim_app_new(&options, &play->clock.clock, NULL);
	assert_non_null(play->app);
	sim_bmx_credentials(7, &play->own);
	bmx_play_sign_in(play);
}

void bmx_play_fini(struct bmx_play *play)
{
	sim_app_free(play->app);
	jsonx_fini(&play->doc);
	buf_fini(&play->body);
	g_free(play->access);
	g_free(play->refresh);
}

void bmx_play_fault(struct bmx_play *play, const char *name, const char *value)
{
	struct sim_vendor_state *state = sim_app_vendor(play->app, "butterflymx");

	assert_int_equal(sim_faults_set(&state->faults, name, value, NULL), ERR_OK);
}

unsigned bmx_play_violations(const struct bmx_play *play)
{
	return (unsigned)sim_app_vendor(play->app, "butterflymx")->violations;
}

char *bmx_play_sample(const char *name)
{
	const char *root = getenv("srcdir");
	char *path = g_strdup_printf("%s/tests/api/butterflymx/%s.json", root ? root : ".", name),
	     *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("cannot read %s", path);
	g_free(path);
	return text;
}

static bool same_type(const cJSON *a, const cJSON *b)
{
	return (a->type & 0xff) == (b->type & 0xff) || (cJSON_IsBool(a) && cJSON_IsBool(b)) ||
	       cJSON_IsNull(a) || cJSON_IsNull(b);
}

/* Every member of `a` is in `b`. */
static void compare(const char *sample, const cJSON *a, const cJSON *b)
{
	const cJSON *member;

	if (!same_type(a, b))
		fail_msg("%s: \"%s\" has another type", sample, a->string ? a->string : "an element");
	if (cJSON_IsArray(a) && a->child && b->child)
		compare(sample, a->child, b->child);
	if (!cJSON_IsObject(a) || !cJSON_IsObject(b))
		return;
	cJSON_ArrayForEach(member, a)
	{
		const cJSON *same = jsonx_get(b, member->string);

		if (!same)
			fail_msg("%s: \"%s\" is on one side only", sample, member->string);
		compare(sample, member, same);
	}
}

void bmx_play_like(const char *sample, const cJSON *answer)
{
	char *text = bmx_play_sample(sample);
	struct jsonx doc;

	jsonx_init(&doc);
	assert_int_equal(jsonx_parse(&doc, text, strlen(text), NULL), ERR_OK);
	assert_non_null(answer);
	compare(sample, doc.root, answer);
	compare(sample, answer, doc.root);
	jsonx_fini(&doc);
	g_free(text);
}

const char *bmx_play_id(struct bmx_play *play, int index)
{
	const cJSON *list = jsonx_get(play->doc.root, "data");
	const char *id = jsonx_str(jsonx_get(cJSON_GetArrayItem(list, index), "id"));

	assert_non_null(id);
	return id;
}
