#include "density_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const cJSON *run(struct density_play *play, struct sim_request *request, const char *path)
{
	char *whole = g_strconcat("/density", path, NULL);
	char **parts = g_strsplit(whole, "?", 2);
	struct sim_reply reply;

	request->path = parts[0];
	request->query = parts[1] ? parts[1] : "";
	request->host = "127.0.0.1:4711";
	sim_reply_init(&reply);
	sim_app_handle(play->app, request, &reply);
	play->status = reply.status;
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

const cJSON *density_play_ask(struct density_play *play, const char *method, const char *path,
			      const char *body)
{
	struct sim_request request = {
		.method = sim_method_parse(method),
		.authorization = play->bearer,
		.content_type = body ? "application/json" : "",
		.body = body ? body : "",
		.body_length = body ? strlen(body) : 0,
	};

	return run(play, &request, path);
}

const cJSON *density_play_expect(struct density_play *play, int status, const char *method, const char *path,
				 const char *body)
{
	const cJSON *answer = density_play_ask(play, method, path, body);

	if (play->status != status)
		fail_msg("%s %s: %d, not %d: %s", method, path, play->status, status, buf_text(&play->body));
	if (status >= 400)
		density_play_like("error", answer);
	return answer;
}

const cJSON *density_play_form(struct density_play *play, const char *path, const char *form)
{
	struct sim_request request = {
		.method = SIM_POST,
		.authorization = "",
		.content_type = "application/x-www-form-urlencoded",
		.body = form,
		.body_length = strlen(form),
	};

	return run(play, &request, path);
}

const cJSON *density_play_sign_in(struct density_play *play)
{
	char *body = g_strdup_printf(
		"{\"grant_type\":\"client_credentials\",\"client_id\":\"%s\",\"client_secret\":\"%s\"}",
		play->own.client_id, play->own.client_secret);
	const cJSON *answer = density_play_ask(play, "POST", "/v3/oauth/token", body);

	g_free(body);
	g_free(play->bearer);
	play->bearer = g_strconcat("Bearer ", jsonx_str(jsonx_get(answer, "access_token")), NULL);
	return answer;
}

void density_play_init(struct density_play *play, const char *const *faults)
{
	struct sim_options options;

	*play = (struct density_play){.bearer = g_strdup("")};
	jsonx_init(&play->doc);
	buf_init(&play->body, SIM_CALL_CEILING);
	clock_fake_init(&play->clock, DENSITY_PLAY_NOW_MS);
	sim_options_init(&options);
	options.seed = 7;
	options.start_ms = DENSITY_PLAY_NOW_MS;
	options.faults[options.n_faults++] = "density.edge_limit=off";
	for (; faults && *faults; faults++)
		options.faults[options.n_faults++] = *faults;
	play->app = sim_app_new(&options, &play->clock.clock, NULL);
	assert_non_null(play->app);
	play->density = sim_app_vendor(play->app, "density")->data;
	sim_density_credentials(7, &play->own);
	density_play_sign_in(play);
}

void density_play_fini(struct density_play *play)
{
	sim_app_free(play->app);
	jsonx_fini(&play->doc);
	buf_fini(&play->body);
	g_free(play->bearer);
}

void density_play_fault(struct density_play *play, const char *name, const char *value)
{
	assert_int_equal(sim_faults_set(&play->density->state->faults, name, value, NULL), ERR_OK);
}

unsigned density_play_violations(const struct density_play *play)
{
	return (unsigned)play->density->state->violations;
}

/* --- samples ------------------------------------------------------------------------------------------------ */

static bool fits(const cJSON *a, const cJSON *b);

static bool same_type(const cJSON *a, const cJSON *b)
{
	return (a->type & 0xff) == (b->type & 0xff) || (cJSON_IsBool(a) && cJSON_IsBool(b)) ||
	       cJSON_IsNull(a) || cJSON_IsNull(b);
}

/* Keys that name a thing or a time instead of a member. */
static bool is_map(const cJSON *object)
{
	const char *key = object->child ? object->child->string : NULL;

	return key &&
	       (g_str_has_prefix(key, "spc_") || g_str_has_prefix(key, "A1B") || g_str_has_prefix(key, "20"));
}

static bool fits_some(const cJSON *a, const cJSON *list)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		if (fits(a, item))
			return true;
	}
	return false;
}

static bool fits(const cJSON *a, const cJSON *b)
{
	const cJSON *item;

	if (!same_type(a, b))
		return false;
	if (cJSON_IsNull(a) || cJSON_IsNull(b))
		return true;
	cJSON_ArrayForEach(item, a)
	{
		const cJSON *same = cJSON_IsObject(a) ? jsonx_get(b, item->string) : NULL;

		if (cJSON_IsArray(a) || is_map(a)) {
			if (!fits_some(item, b))
				return false;
		} else if (!same || !fits(item, same)) {
			return false;
		}
	}
	return true;
}

void density_play_like(const char *name, const cJSON *answer)
{
	const char *root = getenv("srcdir");
	char *path = g_strdup_printf("%s/tests/unit/sim/density/%s.json", root ? root : ".", name),
	     *text = NULL;
	struct jsonx doc;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("cannot read %s", path);
	jsonx_init(&doc);
	assert_int_equal(jsonx_parse(&doc, text, strlen(text), NULL), ERR_OK);
	assert_non_null(answer);
	if (!fits(doc.root, answer))
		fail_msg("the answer is not like %s", name);
	jsonx_fini(&doc);
	g_free(text);
	g_free(path);
}

int density_play_space(const struct density_play *play, const char *name)
{
	for (guint i = 0; i < play->density->data->spaces->len; i++)
		if (strcmp(sim_density_space(play->density->data, (int)i)->name, name) == 0)
			return (int)i;
	fail_msg("no space \"%s\"", name);
	return -1;
}

const char *density_play_id(const struct density_play *play, const char *name)
{
	return sim_density_space(play->density->data, density_play_space(play, name))->id;
}
