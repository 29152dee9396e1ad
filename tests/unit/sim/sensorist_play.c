#include "sensorist_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const cJSON *sensorist_play_ask(struct sensorist_play *play, const char *method, const char *path,
				const char *form)
{
	char *whole = g_strconcat("/sensorist", path, NULL);
	char **parts = g_strsplit(whole, "?", 2);
	struct sim_request request = {
		.method = sim_method_parse(method),
		.path = parts[0],
		.query = parts[1] ? parts[1] : "",
		.authorization = play->authorization,
		.content_type = form ? "application/x-www-form-urlencoded" : "",
		.body = form ? form : "",
		.body_length = form ? strlen(form) : 0,
	};
	struct sim_reply reply;

	sim_reply_init(&reply);
	sim_app_handle(play->app, &request, &reply);
	play->status = reply.status;
	play->max_age_s = reply.max_age_s;
	buf_reset(&play->body);
	buf_add(&play->body, buf_text(&reply.body), reply.body.length);
	if (jsonx_parse(&play->doc, buf_text(&reply.body), reply.body.length, NULL) != ERR_OK)
		play->doc.root = NULL;
	sim_reply_fini(&reply);
	g_strfreev(parts);
	g_free(whole);
	return play->doc.root;
}

const cJSON *sensorist_play_expect(struct sensorist_play *play, int status, const char *method,
				   const char *path, const char *form)
{
	const cJSON *answer = sensorist_play_ask(play, method, path, form);

	if (play->status != status)
		fail_msg("%s %s: %d, not %d: %s", method, path, play->status, status, buf_text(&play->body));
	assert_int_equal((int)jsonx_num(jsonx_get(answer, "code")), status);
	if (status >= 400)
		sensorist_play_like("error-401", answer, true);
	else
		assert_int_equal((int)jsonx_num(jsonx_get(answer, "max_age")), play->max_age_s);
	return answer;
}

const cJSON *sensorist_play_get(struct sensorist_play *play, const char *format, ...)
{
	const cJSON *answer;
	va_list args;

	va_start(args, format);
	char *path = g_strdup_vprintf(format, args);

	va_end(args);
	answer = sensorist_play_expect(play, 200, "GET", path, NULL);
	g_free(path);
	return answer;
}

void sensorist_play_sign_in(struct sensorist_play *play, const char *username, const char *password)
{
	char *pair = g_strconcat(username, ":", password, NULL);
	char *coded = g_base64_encode((const guchar *)pair, strlen(pair));

	g_free(play->authorization);
	play->authorization = g_strconcat("Basic ", coded, NULL);
	g_free(coded);
	g_free(pair);
}

void sensorist_play_init(struct sensorist_play *play, const char *const *faults)
{
	struct sim_options options;

	*play = (struct sensorist_play){.authorization = NULL};
	jsonx_init(&play->doc);
	buf_init(&play->body, SIM_CALL_CEILING);
	clock_fake_init(&play->clock, SENSORIST_PLAY_NOW_MS);
	sim_options_init(&options);
	options.seed = 7;
	options.start_ms = SENSORIST_PLAY_NOW_MS;
	for (; faults && *faults; faults++)
		options.faults[options.n_faults++] = *faults;
	play->app = sim_app_new(&options, &play->clock.clock, NULL);
	assert_non_null(play->app);
	play->sens = sim_app_vendor(play->app, "sensorist")->data;
	sim_sens_credentials(7, &play->own);
	sensorist_play_sign_in(play, play->own.username, play->own.password);
}

void sensorist_play_fini(struct sensorist_play *play)
{
	sim_app_free(play->app);
	jsonx_fini(&play->doc);
	buf_fini(&play->body);
	g_free(play->authorization);
}

unsigned sensorist_play_violations(const struct sensorist_play *play)
{
	return (unsigned)play->sens->state->violations;
}

/* --- samples ----------------------------------------------------------------------------------------------- */

static bool fits(const cJSON *a, const cJSON *b);

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

/* By id instead of by name. */
static bool is_map(const cJSON *object)
{
	return object->child && object->child->string && g_ascii_isdigit(object->child->string[0]);
}

static bool fits(const cJSON *a, const cJSON *b)
{
	const cJSON *item;

	if (cJSON_IsNull(a) || cJSON_IsNull(b) || (cJSON_IsBool(a) && cJSON_IsBool(b)))
		return true;
	if ((a->type & 0xff) != (b->type & 0xff))
		return false;
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

void sensorist_play_like(const char *name, const cJSON *answer, bool both)
{
	const char *root = getenv("srcdir");
	char *path = g_strdup_printf("%s/tests/unit/sim/sensorist/%s.json", root ? root : ".", name),
	     *text = NULL;
	struct jsonx doc;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("cannot read %s", path);
	jsonx_init(&doc);
	assert_int_equal(jsonx_parse(&doc, text, strlen(text), NULL), ERR_OK);
	assert_non_null(answer);
	if (!fits(doc.root, answer))
		fail_msg("the answer lacks something of %s", name);
	if (both && !fits(answer, doc.root))
		fail_msg("the answer has more than %s", name);
	jsonx_fini(&doc);
	g_free(text);
	g_free(path);
}
