#include "api/sensorist/shape.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define DEFAULT_AGE_MS INT64_C(900000)
#define LEAST_AGE_MS INT64_C(60000)
#define MOST_AGE_S 86400.0
#define LARGEST_ID 9007199254740991.0 /* whole numbers are exact in a double up to here */

bool sens_id_ok(const char *id)
{
	size_t length = id == NULL ? 0 : strlen(id);

	return length > 0 && length < SENS_ID_SIZE - 4 && id[0] != '0' && strspn(id, "0123456789") == length;
}

const char *sens_id(const cJSON *item, char out[SENS_ID_SIZE])
{
	const char *text = jsonx_str(item);

	if (cJSON_IsNumber(item)) {
		double number = item->valuedouble;

		if (!(number >= 1 && number <= LARGEST_ID) || number != floor(number))
			return NULL;
		g_snprintf(out, SENS_ID_SIZE, "%" G_GINT64_FORMAT, (gint64)number);
		return out;
	}
	if (!sens_id_ok(text))
		return NULL;
	g_strlcpy(out, text, SENS_ID_SIZE);
	return out;
}

const char *sens_ref(const cJSON *item, char out[SENS_ID_SIZE])
{
	return sens_id(cJSON_IsObject(item) ? jsonx_get(item, "id") : item, out);
}

/* The envelope's code; the status where it tells none. */
static int code_of(const struct work_answer *answer)
{
	struct jsonx doc;
	double code = NAN;

	if (answer->length == 0)
		return answer->status;
	jsonx_init(&doc);
	if (jsonx_parse(&doc, answer->body, answer->length, NULL) == ERR_OK && cJSON_IsObject(doc.root))
		code = jsonx_num(jsonx_get(doc.root, "code"));
	jsonx_fini(&doc);
	return code >= 100 && code <= 599 ? (int)code : answer->status;
}

static bool fine(int status) { return status >= 200 && status < 300; }

bool sens_went_well(const struct work_answer *answer)
{
	return answer->error == ERR_OK && fine(answer->status) && fine(code_of(answer));
}

bool sens_usable(struct work *work, const struct work_request *request, const struct work_answer *answer)
{
	struct work_answer told = *answer;

	if (answer->error == ERR_OK && fine(answer->status))
		told.status = code_of(answer);
	return work_usable(work, request, &told);
}

const cJSON *sens_payload(const cJSON *root, const char *name, const char *other)
{
	const cJSON *item;

	if (cJSON_IsArray(root))
		return root;
	item = jsonx_get(root, name);
	if (item == NULL && other != NULL)
		item = jsonx_get(root, other);
	if (item == NULL && jsonx_get(root, "id") != NULL)
		item = root;
	return item;
}

void sens_each(const cJSON *payload, sens_each_fn each, void *ctx)
{
	const cJSON *item;

	if (cJSON_IsObject(payload) && jsonx_get(payload, "id") != NULL) {
		each(ctx, NULL, payload);
		return;
	}
	if (!cJSON_IsObject(payload) && !cJSON_IsArray(payload))
		return;
	cJSON_ArrayForEach(item, payload) each(ctx, item->string, item);
}

int64_t sens_lifetime_ms(const char *url, const char *bytes, size_t length, int64_t told_ms)
{
	double code = NAN, age_s = NAN;
	struct jsonx doc;

	jsonx_init(&doc);
	if (jsonx_parse(&doc, bytes, length, NULL) != ERR_OK) {
		jsonx_fini(&doc);
		return 0;
	}
	if (cJSON_IsObject(doc.root)) {
		code = jsonx_num(jsonx_get(doc.root, "code"));
		age_s = jsonx_num(jsonx_get(doc.root, "max_age"));
	}
	jsonx_fini(&doc);
	if (!isnan(code) && !(code >= 200 && code < 300))
		return 0;
	if (told_ms < 0)
		told_ms = age_s >= 0 ? (int64_t)(fmin(age_s, MOST_AGE_S) * 1000) : DEFAULT_AGE_MS;
	return strstr(url, "/workflows/") != NULL ? told_ms : MAX(told_ms, LEAST_AGE_MS);
}
