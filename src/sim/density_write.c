#include "sim/density_write.h"

#include "base/moment.h"
#include "sim/density.h"
#include "sim/density_rows.h"

#include <math.h>
#include <string.h>

/* The word of a list; NULL when it is none. */
static const char *word_of(const char *const *words, const char *text)
{
	for (; text && *words; words++)
		if (strcmp(*words, text) == 0)
			return *words;
	return NULL;
}

static void replace(char **text, const cJSON *item)
{
	if (!item)
		return;
	g_free(*text);
	*text = g_strdup(cJSON_IsString(item) ? item->valuestring : NULL);
}

static void done(struct sim_call *call, const char *message)
{
	jsonw_open(&call->json, '{');
	jsonw_kint(&call->json, "code", 200);
	jsonw_kstr(&call->json, "message", message);
	jsonw_close(&call->json, '}');
}

/* --- spaces ------------------------------------------------------------------------------------------------- */

/* What is wrong with a change of a space; NULL when nothing. */
static const char *fault_of(const cJSON *body)
{
	static const char *const texts[] = {"address", "function", "iwms_id", "name", "time_zone"};
	const cJSON *capacity = jsonx_get(body, "capacity"), *function = jsonx_get(body, "function");
	const cJSON *time_zone = jsonx_get(body, "time_zone"), *name = jsonx_get(body, "name");

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const cJSON *item = jsonx_get(body, texts[i]);

		if (item && !cJSON_IsString(item) && !cJSON_IsNull(item))
			return "a text is expected";
	}
	if (name && !jsonx_str(name))
		return "name must not be empty";
	if (capacity && !cJSON_IsNull(capacity) &&
	    (!cJSON_IsNumber(capacity) || capacity->valuedouble < 0 || capacity->valuedouble > 1e6 ||
	     floor(capacity->valuedouble) != capacity->valuedouble))
		return "capacity must be a whole number";
	if (function && !cJSON_IsNull(function) && !word_of(sim_density_functions, jsonx_str(function)))
		return "function is not one of its values";
	if (time_zone) {
		struct moment_zone *zone = jsonx_str(time_zone) ? moment_zone_new(jsonx_str(time_zone))
								: NULL;

		moment_zone_free(zone);
		if (!zone)
			return "time_zone is unknown";
	}
	return NULL;
}

void sim_density_patch_space(struct sim_call *call)
{
	struct sim_density *density = sim_density_of(call);
	int index = sim_density_space_of_path(call, 0);
	const cJSON *body, *item;
	const char *why;

	if (index < 0)
		return;
	body = sim_density_body(call, "address capacity function iwms_id name time_zone");
	if (!body)
		return;
	why = fault_of(body);
	if (why) {
		sim_density_invalid(call, why);
		return;
	}

	struct sim_density_space *space = sim_density_space(density->data, index);

	replace(&space->name, jsonx_get(body, "name"));
	replace(&space->address, jsonx_get(body, "address"));
	replace(&space->iwms_id, jsonx_get(body, "iwms_id"));
	item = jsonx_get(body, "function");
	if (item)
		space->function = word_of(sim_density_functions, jsonx_str(item));
	item = jsonx_get(body, "capacity");
	if (item)
		space->capacity = cJSON_IsNull(item) ? -1 : (int64_t)item->valuedouble;
	item = jsonx_get(body, "time_zone");
	if (item) {
		replace(&space->time_zone, item);
		moment_zone_free(space->zone);
		space->zone = moment_zone_new(space->time_zone);
	}
	sim_density_write_space(call, space);
}

/* A label by its name, made when there is none. */
static struct sim_density_label *label_named(struct sim_density_data *data, const char *name)
{
	for (guint i = 0; i < data->labels->len; i++) {
		struct sim_density_label *label = g_ptr_array_index(data->labels, i);

		if (strcmp(label->name, name) == 0)
			return label;
	}
	return sim_density_add_label(data, name, NULL);
}

static void attach(struct sim_density_space *space, struct sim_density_label *label)
{
	if (!g_ptr_array_find(space->labels, label, NULL))
		g_ptr_array_add(space->labels, label);
}

void sim_density_patch_space_labels(struct sim_call *call)
{
	struct sim_density_data *data = sim_density_of(call)->data;
	GPtrArray *lists[] = {g_ptr_array_new(), g_ptr_array_new(), g_ptr_array_new()};
	int index = sim_density_space_of_path(call, 0);
	const cJSON *body = index < 0 ? NULL : sim_density_body(call, "add create delete");
	bool good = body && sim_density_texts(call, body, "add", lists[0]) &&
		    sim_density_texts(call, body, "create", lists[1]) &&
		    sim_density_texts(call, body, "delete", lists[2]);

	for (guint i = 0; good && i < lists[0]->len + lists[2]->len; i++) {
		const char *id = i < lists[0]->len ? g_ptr_array_index(lists[0], i)
						   : g_ptr_array_index(lists[2], i - lists[0]->len);

		good = sim_density_find_label(data, id) != NULL;
		if (!good)
			sim_density_refuse(call, 404, "no such label");
	}
	if (good) {
		struct sim_density_space *space = sim_density_space(data, index);

		for (guint i = 0; i < lists[0]->len; i++)
			attach(space, sim_density_find_label(data, g_ptr_array_index(lists[0], i)));
		for (guint i = 0; i < lists[1]->len; i++)
			attach(space, label_named(data, g_ptr_array_index(lists[1], i)));
		for (guint i = 0; i < lists[2]->len; i++)
			g_ptr_array_remove(space->labels,
					   sim_density_find_label(data, g_ptr_array_index(lists[2], i)));
		jsonw_open(&call->json, '[');
		for (guint i = 0; i < space->labels->len; i++)
			sim_density_write_label(call, g_ptr_array_index(space->labels, i));
		jsonw_close(&call->json, ']');
	}
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		g_ptr_array_free(lists[i], TRUE);
}

/* --- labels and their groups -------------------------------------------------------------------------------- */

/* The member `name`, or NULL after a refusal. */
static const char *name_of(struct sim_call *call, const cJSON *body)
{
	const char *name = jsonx_str(jsonx_get(body, "name"));

	if (!name)
		sim_density_invalid(call, "name is needed");
	return name;
}

void sim_density_create_label(struct sim_call *call)
{
	const cJSON *body = sim_density_body(call, "name");
	const char *name = body ? name_of(call, body) : NULL;

	if (name)
		sim_density_write_label(call, sim_density_add_label(sim_density_of(call)->data, name, NULL));
}

static struct sim_density_label *label_of_path(struct sim_call *call)
{
	struct sim_density_label *label = sim_density_find_label(sim_density_of(call)->data, call->args[0]);

	if (!label)
		sim_density_refuse(call, 404, "resource not found");
	return label;
}

void sim_density_patch_label(struct sim_call *call)
{
	struct sim_density_label *label = label_of_path(call);
	const cJSON *body = label ? sim_density_body(call, "name group") : NULL, *item;
	struct sim_density_group *group = NULL;

	if (!body || (jsonx_get(body, "name") && !name_of(call, body)))
		return;
	item = jsonx_get(body, "group");
	if (jsonx_str(item)) {
		group = sim_density_find_group(sim_density_of(call)->data, jsonx_str(item));
		if (!group) {
			sim_density_refuse(call, 404, "no such group");
			return;
		}
	}
	if (item)
		label->group = group;
	replace(&label->name, jsonx_get(body, "name"));
	sim_density_write_label(call, label);
}

void sim_density_delete_label(struct sim_call *call)
{
	struct sim_density_label *label = label_of_path(call);

	if (!label)
		return;
	sim_density_remove_label(sim_density_of(call)->data, label);
	done(call, "label deleted");
}

/* Labels come as objects (§5). */
void sim_density_create_group(struct sim_call *call)
{
	struct sim_density_data *data = sim_density_of(call)->data;
	const cJSON *body = sim_density_body(call, "name labels"), *item;
	const char *name = body ? name_of(call, body) : NULL;

	if (!name)
		return;

	struct sim_density_group *group = sim_density_add_group(data, name);

	cJSON_ArrayForEach(item, jsonx_get(body, "labels"))
	{
		const char *id = jsonx_str(jsonx_get(item, "id"));
		struct sim_density_label *label = id ? sim_density_find_label(data, id) : NULL;

		if (label)
			label->group = group;
		else
			sim_app_violation(call, "labels names a label that does not exist");
	}
	sim_density_write_group(call, group);
}

static struct sim_density_group *group_of_path(struct sim_call *call)
{
	struct sim_density_group *group = sim_density_find_group(sim_density_of(call)->data, call->args[0]);

	if (!group)
		sim_density_refuse(call, 404, "resource not found");
	return group;
}

void sim_density_patch_group(struct sim_call *call)
{
	struct sim_density_group *group = group_of_path(call);
	const cJSON *body = group ? sim_density_body(call, "name") : NULL;

	if (!body || !name_of(call, body))
		return;
	replace(&group->name, jsonx_get(body, "name"));
	sim_density_write_group(call, group);
}

void sim_density_delete_group(struct sim_call *call)
{
	struct sim_density_group *group = group_of_path(call);

	if (!group)
		return;
	sim_density_remove_group(sim_density_of(call)->data, group);
	done(call, "label group deleted");
}

/* --- users -------------------------------------------------------------------------------------------------- */

static bool set_spaces(struct sim_call *call, struct sim_density_user *user, const cJSON *body)
{
	GPtrArray *ids = g_ptr_array_new();
	bool good = sim_density_texts(call, body, "spaces", ids);

	for (guint i = 0; good && i < ids->len; i++) {
		good = sim_density_find(sim_density_of(call)->data, g_ptr_array_index(ids, i)) >= 0;
		if (!good)
			sim_density_refuse(call, 400, "spaces names a space that does not exist");
	}
	if (good && user && jsonx_get(body, "spaces")) {
		g_ptr_array_set_size(user->spaces, 0);
		for (guint i = 0; i < ids->len; i++)
			g_ptr_array_add(user->spaces, g_strdup(g_ptr_array_index(ids, i)));
	}
	g_ptr_array_free(ids, TRUE);
	return good;
}

void sim_density_create_user(struct sim_call *call)
{
	struct sim_density_data *data = sim_density_of(call)->data;
	const cJSON *body = sim_density_body(call, "email full_name role spaces");
	const char *email = jsonx_str(jsonx_get(body, "email"));
	const char *role = word_of(sim_density_roles, jsonx_str(jsonx_get(body, "role")));
	struct sim_density_user *user;

	if (!body)
		return;
	if (!email || !strchr(email, '@') || !role) {
		sim_density_refuse(call, 400,
				   email && strchr(email, '@') ? "role is not one of its values"
							       : "email is invalid");
		return;
	}
	for (guint i = 0; i < data->users->len; i++) {
		user = g_ptr_array_index(data->users, i);
		if (g_ascii_strcasecmp(user->email, email) == 0) {
			sim_density_refuse(call, 400, "a user with this email exists");
			return;
		}
	}
	if (!set_spaces(call, NULL, body))
		return;
	user = sim_density_add_user(data, email, jsonx_str(jsonx_get(body, "full_name")), role, call->now_ms);
	if (!set_spaces(call, user, body))
		return;
	sim_call_status(call, 201);
	sim_density_write_user(call, user);
}

static struct sim_density_user *user_of_path(struct sim_call *call)
{
	struct sim_density_user *user = sim_density_find_user(sim_density_of(call)->data, call->args[0]);

	if (!user)
		sim_density_refuse(call, 404, "resource not found");
	return user;
}

void sim_density_put_user(struct sim_call *call)
{
	struct sim_density_user *user = user_of_path(call);
	const cJSON *body = user ? sim_density_body(call, "full_name role spaces") : NULL;
	const char *role = word_of(sim_density_roles, jsonx_str(jsonx_get(body, "role")));

	if (!body)
		return;
	if (jsonx_get(body, "role") && !role) {
		sim_density_refuse(call, 400, "role is not one of its values");
		return;
	}
	if (!set_spaces(call, user, body))
		return;
	replace(&user->full_name, jsonx_get(body, "full_name"));
	user->role = role ? role : user->role;
	sim_density_write_user(call, user);
}

void sim_density_delete_user(struct sim_call *call)
{
	struct sim_density_user *user = user_of_path(call);

	if (!user)
		return;
	g_ptr_array_remove(sim_density_of(call)->data->users, user);
	sim_call_status(call, 204);
}
