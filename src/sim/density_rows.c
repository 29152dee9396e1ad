#include "sim/density_rows.h"

#include "base/moment.h"
#include "sim/hostile.h"

#include <string.h>

static const char *shown(const struct sim_call *call, const char *id, const char *name)
{
	const struct sim_density *density = sim_density_of(call);

	return sim_hostile_name(sim_density_faults(density), density->data->seed, id, name);
}

static void write_short(struct sim_call *call, const char *id, const char *name)
{
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "id", id);
	jsonw_kstr(&call->json, "name", shown(call, id, name));
	jsonw_close(&call->json, '}');
}

void sim_density_write_space_labels(struct sim_call *call, const struct sim_density_space *space)
{
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < space->labels->len; i++) {
		const struct sim_density_label *label = g_ptr_array_index(space->labels, i);

		write_short(call, label->id, label->name);
	}
	jsonw_close(&call->json, ']');
}

/* Rooms in a room come as objects, those of floors and buildings as ids; a booth has null (§9 row 13). */
static void write_children(struct sim_call *call, const struct sim_density_space *space)
{
	const struct sim_density_data *data = sim_density_of(call)->data;
	bool objects = strcmp(space->type, "space") == 0;
	struct jsonw *w = &call->json;

	jsonw_key(w, "children");
	jsonw_open(w, '[');
	for (guint i = 0; objects && i < space->children->len; i++) {
		const struct sim_density_space *child = sim_density_space(data, g_array_index(space->children,
											      int, i));

		jsonw_open(w, '{');
		jsonw_kstr(w, "id", child->id);
		jsonw_kstr(w, "name", shown(call, child->id, child->name));
		jsonw_kstr(w, "space_type", child->type);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_key(w, "children_ids");
	if (space->binary) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '[');
	for (guint i = 0; !objects && i < space->children->len; i++)
		jsonw_str(w, sim_density_space(data, g_array_index(space->children, int, i))->id);
	jsonw_close(w, ']');
}

void sim_density_write_space(struct sim_call *call, const struct sim_density_space *space)
{
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kstr(w, "id", space->id);
	jsonw_kstr(w, "name", shown(call, space->id, space->name));
	jsonw_kstr(w, "space_type", space->type);
	write_children(call, space);
	jsonw_kstr(w, "counting_mode", sim_density_modes[space->mode]);
	jsonw_key(w, "capacity");
	if (space->capacity < 0)
		jsonw_null(w);
	else
		jsonw_int(w, space->capacity);
	jsonw_kbool(w, "binary_occupancy", space->binary);
	jsonw_kstr(w, "function", space->function);
	jsonw_key(w, "labels");
	sim_density_write_space_labels(call, space);
	jsonw_kstr(w, "status", space->planning ? "planning" : "live");
	jsonw_kstr(w, "time_zone", space->time_zone);
	jsonw_kstr(w, "daily_reset", "05:00");
	jsonw_kstr(w, "address", space->address);
	jsonw_kstr(w, "iwms_id", space->iwms_id);
	jsonw_knum(w, "size_area", space->area_sqft);
	jsonw_knum(w, "cost_per_sqft", space->cost_per_sqft);
	jsonw_key(w, "go_live_date_utc");
	jsonw_moment(w, space->live_ms);
	jsonw_close(w, '}');
}

static void write_spaces_of(struct sim_call *call, const struct sim_density_label *label)
{
	const struct sim_density_data *data = sim_density_of(call)->data;

	jsonw_open(&call->json, '[');
	for (guint i = 0; i < data->spaces->len; i++) {
		const struct sim_density_space *space = sim_density_space(data, (int)i);

		if (g_ptr_array_find(space->labels, label, NULL))
			write_short(call, space->id, space->name);
	}
	jsonw_close(&call->json, ']');
}

void sim_density_write_label(struct sim_call *call, const struct sim_density_label *label)
{
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kstr(w, "id", label->id);
	jsonw_kstr(w, "name", label->name);
	jsonw_key(w, "group");
	if (label->group)
		write_short(call, label->group->id, label->group->name);
	else
		jsonw_null(w);
	jsonw_key(w, "spaces");
	write_spaces_of(call, label);
	jsonw_close(w, '}');
}

void sim_density_write_group(struct sim_call *call, const struct sim_density_group *group)
{
	const GPtrArray *labels = sim_density_of(call)->data->labels;
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kstr(w, "id", group->id);
	jsonw_kstr(w, "name", group->name);
	jsonw_key(w, "labels");
	jsonw_open(w, '[');
	for (guint i = 0; i < labels->len; i++) {
		const struct sim_density_label *label = g_ptr_array_index(labels, i);

		if (label->group == group)
			write_short(call, label->id, label->name);
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

void sim_density_write_user(struct sim_call *call, const struct sim_density_user *user)
{
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kstr(w, "id", user->id);
	jsonw_kstr(w, "email", user->email);
	jsonw_kstr(w, "full_name", shown(call, user->id, user->full_name));
	jsonw_kstr(w, "role", user->role);
	jsonw_key(w, "spaces");
	jsonw_open(w, '[');
	for (guint i = 0; i < user->spaces->len; i++)
		jsonw_str(w, g_ptr_array_index(user->spaces, i));
	jsonw_close(w, ']');
	jsonw_key(w, "created_at");
	jsonw_moment(w, user->created_ms);
	jsonw_close(w, '}');
}

/* --- lists -------------------------------------------------------------------------------------------------- */

void sim_density_list_spaces(struct sim_call *call)
{
	struct sim_density *density = sim_density_of(call);
	const char *mode = sim_call_query(call, "counting_mode");

	sim_density_grow(density->data, (unsigned)sim_density_faults(density)->value[SIM_FAULT_SPACES]);
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < density->data->spaces->len; i++) {
		const struct sim_density_space *space = sim_density_space(density->data, (int)i);
		const char *own = sim_density_modes[space->mode];

		if (!mode || (own && strcmp(own, mode) == 0))
			sim_density_write_space(call, space);
	}
	jsonw_close(&call->json, ']');
}

void sim_density_list_doorways(struct sim_call *call)
{
	const struct sim_density_data *data = sim_density_of(call)->data;
	struct jsonw *w = &call->json;

	jsonw_open(w, '[');
	for (guint i = 0; i < data->doorways->len; i++) {
		const struct sim_density_doorway *doorway = &g_array_index(data->doorways,
									   struct sim_density_doorway, i);

		jsonw_open(w, '{');
		jsonw_kstr(w, "id", doorway->id);
		jsonw_kstr(w, "name", shown(call, doorway->id, doorway->name));
		jsonw_key(w, "spaces");
		jsonw_open(w, '[');
		for (int k = 0; k < doorway->n_spaces; k++) {
			jsonw_open(w, '{');
			jsonw_kstr(w, "id", sim_density_space(data, doorway->spaces[k])->id);
			jsonw_close(w, '}');
		}
		jsonw_close(w, ']');
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

void sim_density_list_labels(struct sim_call *call)
{
	const GPtrArray *rows = sim_density_of(call)->data->labels;

	jsonw_open(&call->json, '[');
	for (guint i = 0; i < rows->len; i++)
		sim_density_write_label(call, g_ptr_array_index(rows, i));
	jsonw_close(&call->json, ']');
}

void sim_density_list_groups(struct sim_call *call)
{
	const GPtrArray *rows = sim_density_of(call)->data->groups;

	jsonw_open(&call->json, '[');
	for (guint i = 0; i < rows->len; i++)
		sim_density_write_group(call, g_ptr_array_index(rows, i));
	jsonw_close(&call->json, ']');
}

void sim_density_list_users(struct sim_call *call)
{
	const GPtrArray *rows = sim_density_of(call)->data->users;

	jsonw_open(&call->json, '[');
	for (guint i = 0; i < rows->len; i++)
		sim_density_write_user(call, g_ptr_array_index(rows, i));
	jsonw_close(&call->json, ']');
}

void sim_density_show_user(struct sim_call *call)
{
	const struct sim_density_user *user = sim_density_find_user(sim_density_of(call)->data,
								    call->args[0]);

	if (user)
		sim_density_write_user(call, user);
	else
		sim_density_refuse(call, 404, "resource not found");
}
