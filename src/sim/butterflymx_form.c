#include "sim/butterflymx_form.h"

#include "base/moment.h"

#include <string.h>

const char *const sim_bmx_strategies[] = {"building",
					  "custom",
					  "first_name_and_last_name",
					  "first_name_initial_and_last_name",
					  "anonymous",
					  "first_name_and_last_name_initial",
					  NULL};

static bool refuse(struct sim_bmx_form *form, int status, const char *pointer, const char *detail)
{
	sim_app_violation(form->call, "%s %s", pointer, detail);
	sim_bmx_refuse(form->call, status, pointer, NULL, detail);
	form->done = true;
	return false;
}

static void note_unknown(struct sim_bmx_form *form, const char *known)
{
	char **names = g_strsplit(known, " ", -1);
	const cJSON *item;

	cJSON_ArrayForEach(item, form->attributes)
	{
		if (!g_strv_contains((const char *const *)names, item->string))
			sim_app_violation(form->call, "unknown attribute \"%s\"", item->string);
	}
	g_strfreev(names);
}

bool sim_bmx_form_read(struct sim_bmx_form *form, struct sim_call *call, enum sim_bmx_kind kind, int64_t id,
		       const char *known)
{
	const cJSON *data = jsonx_get(sim_call_body(call), "data");
	const cJSON *type = jsonx_get(data, "type"), *own = jsonx_get(data, "id");

	*form = (struct sim_bmx_form){.call = call};
	if (!cJSON_IsObject(data))
		return refuse(form, 400, "/data", "is missing");
	if (!type && id == 0)
		return refuse(form, 400, "/data/type", "is missing");
	if (type && (!cJSON_IsString(type) || strcmp(type->valuestring, sim_bmx_types[kind]) != 0))
		return refuse(form, 409, "/data/type", "is not that of this collection");
	if (own && id == 0)
		return refuse(form, 403, "/data/id", "is given by the server");
	if (own && (!cJSON_IsString(own) || sim_bmx_number(own->valuestring) != id))
		return refuse(form, 409, "/data/id", "is not that of the address");
	form->attributes = jsonx_get(data, "attributes");
	form->relationships = jsonx_get(data, "relationships");
	if (form->attributes && !cJSON_IsObject(form->attributes))
		return refuse(form, 400, "/data/attributes", "is not an object");
	note_unknown(form, known);
	return true;
}

static void add_error(struct sim_bmx_form *form, const char *part, const char *name, const char *detail)
{
	struct jsonw *w = &form->call->json;
	char *pointer = g_strdup_printf("/data/%s/%s", part, name);

	if (form->errors++ == 0) {
		sim_call_status(form->call, 422);
		jsonw_open(w, '{');
		jsonw_key(w, "errors");
		jsonw_open(w, '[');
	}
	jsonw_open(w, '{');
	jsonw_key(w, "source");
	jsonw_open(w, '{');
	jsonw_kstr(w, "pointer", pointer);
	jsonw_close(w, '}');
	jsonw_kstr(w, "detail", detail);
	jsonw_close(w, '}');
	g_free(pointer);
}

void sim_bmx_form_wrong(struct sim_bmx_form *form, const char *attribute, const char *detail)
{
	if (!form->done)
		add_error(form, "attributes", attribute, detail);
}

void sim_bmx_form_wrong_link(struct sim_bmx_form *form, const char *relationship, const char *detail)
{
	if (!form->done)
		add_error(form, "relationships", relationship, detail);
}

bool sim_bmx_form_good(struct sim_bmx_form *form)
{
	if (form->done)
		return false;
	if (form->errors == 0)
		return true;
	jsonw_close(&form->call->json, ']');
	jsonw_close(&form->call->json, '}');
	form->done = true;
	return false;
}

const cJSON *sim_bmx_form_get(const struct sim_bmx_form *form, const char *name)
{
	return jsonx_get(form->attributes, name);
}

static bool is_blank(const char *text) { return text[strspn(text, " \t\r\n")] == '\0'; }

void sim_bmx_form_text(struct sim_bmx_form *form, const char *name, bool needed, const char **out)
{
	const cJSON *item = sim_bmx_form_get(form, name);

	if (item && !cJSON_IsString(item) && !cJSON_IsNull(item))
		sim_bmx_form_wrong(form, name, "is invalid");
	else if (needed && (!cJSON_IsString(item) || is_blank(item->valuestring)))
		sim_bmx_form_wrong(form, name, "can't be blank");
	else if (item)
		*out = cJSON_IsString(item) ? item->valuestring : NULL;
}

void sim_bmx_form_bool(struct sim_bmx_form *form, const char *name, bool *out)
{
	const cJSON *item = sim_bmx_form_get(form, name);

	if (item && !cJSON_IsBool(item))
		sim_bmx_form_wrong(form, name, "is not included in the list");
	else if (item)
		*out = cJSON_IsTrue(item);
}

void sim_bmx_form_moment(struct sim_bmx_form *form, const char *name, bool needed, int64_t *out)
{
	const cJSON *item = sim_bmx_form_get(form, name);
	int64_t moment = cJSON_IsString(item) && strchr(item->valuestring, 'T')
				 ? moment_parse(item->valuestring)
				 : MOMENT_NONE;

	if (moment != MOMENT_NONE)
		*out = moment;
	else if (item && !cJSON_IsNull(item))
		sim_bmx_form_wrong(form, name, "is invalid");
	else if (needed)
		sim_bmx_form_wrong(form, name, "can't be blank");
	else if (item)
		*out = MOMENT_NONE;
}

void sim_bmx_form_word(struct sim_bmx_form *form, const char *name, const char *const *words,
		       const char **out)
{
	const cJSON *item = sim_bmx_form_get(form, name);

	if (item && (!cJSON_IsString(item) || !g_strv_contains(words, item->valuestring)))
		sim_bmx_form_wrong(form, name, "is not included in the list");
	else if (item)
		*out = item->valuestring;
}

void *sim_bmx_form_link(struct sim_bmx_form *form, const char *name, enum sim_bmx_kind kind)
{
	const cJSON *data = jsonx_get(jsonx_get(form->relationships, name), "data");
	const cJSON *id = jsonx_get(data, "id"), *type = jsonx_get(data, "type");
	void *row = cJSON_IsString(id) ? sim_bmx_find(sim_bmx_of(form->call)->data, kind,
						      sim_bmx_number(id->valuestring))
				       : NULL;

	if (id && !cJSON_IsString(id))
		sim_app_violation(form->call, "the id of \"%s\" is not a string", name);
	if (type && (!cJSON_IsString(type) || strcmp(type->valuestring, sim_bmx_types[kind]) != 0)) {
		sim_app_violation(form->call, "the type of \"%s\" is not %s", name, sim_bmx_types[kind]);
		row = NULL;
	}
	if (!row)
		sim_bmx_form_wrong_link(form, name, "must exist");
	return row;
}

bool sim_bmx_email_good(const char *text)
{
	const char *at = strchr(text, '@');

	return at && at > text && at[1] && at[1] != '.' && !strchr(at + 1, '@') &&
	       !text[strcspn(text, " \t\r\n,;<>")];
}
