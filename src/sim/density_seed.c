#include "sim/density_data.h"

#include "base/moment.h"
#include "base/rng.h"

#include <string.h>

/* §5; live data also have words that are not here. */
const char *const sim_density_functions[] = {
	"wellness_room",
	"utility_room",
	"theater",
	"servery",
	"retail",
	"restroom",
	"reception",
	"phone_booth",
	"outdoor",
	"other",
	"open_workspace",
	"open_collaboration_space",
	"meeting_room",
	"lounge",
	"library",
	"lab",
	"kitchen",
	"gym",
	"games_room",
	"event_space",
	"enclosed_workspace",
	"desk_neighborhood",
	"desk",
	"cafe",
	"break_room",
	NULL,
};

const char *const sim_density_roles[] = {"owner", "admin", "editor", "readonly", NULL};

/* --- labels, groups, users --------------------------------------------------------------------------------- */

static void next_id(struct sim_density_data *data, char out[SIM_DENSITY_ID], const char *prefix)
{
	sim_density_id(out, prefix, rng_hash(rng_hash(data->seed, 0x6d616465), ++data->made));
}

struct sim_density_group *sim_density_add_group(struct sim_density_data *data, const char *name)
{
	struct sim_density_group *group = g_new0(struct sim_density_group, 1);

	next_id(data, group->id, "lgr_");
	group->name = g_strdup(name);
	g_ptr_array_add(data->groups, group);
	return group;
}

struct sim_density_label *sim_density_add_label(struct sim_density_data *data, const char *name,
						struct sim_density_group *group)
{
	struct sim_density_label *label = g_new0(struct sim_density_label, 1);

	next_id(data, label->id, "lbl_");
	label->name = g_strdup(name);
	label->group = group;
	g_ptr_array_add(data->labels, label);
	return label;
}

struct sim_density_user *sim_density_add_user(struct sim_density_data *data, const char *email,
					      const char *full_name, const char *role, int64_t created_ms)
{
	struct sim_density_user *user = g_new0(struct sim_density_user, 1);

	next_id(data, user->id, "usr_");
	user->email = g_strdup(email);
	user->full_name = g_strdup(full_name);
	user->role = role;
	user->spaces = g_ptr_array_new_with_free_func(g_free);
	user->created_ms = created_ms;
	g_ptr_array_add(data->users, user);
	return user;
}

/* Each kind of record begins with its id. */
static void *find(const GPtrArray *rows, const char *id)
{
	for (guint i = 0; i < rows->len; i++)
		if (strcmp(rows->pdata[i], id) == 0)
			return rows->pdata[i];
	return NULL;
}

struct sim_density_label *sim_density_find_label(const struct sim_density_data *data, const char *id)
{
	return find(data->labels, id);
}

struct sim_density_group *sim_density_find_group(const struct sim_density_data *data, const char *id)
{
	return find(data->groups, id);
}

struct sim_density_user *sim_density_find_user(const struct sim_density_data *data, const char *id)
{
	return find(data->users, id);
}

void sim_density_remove_label(struct sim_density_data *data, struct sim_density_label *label)
{
	for (guint i = 0; i < data->spaces->len; i++)
		g_ptr_array_remove(sim_density_space(data, (int)i)->labels, label);
	g_ptr_array_remove(data->labels, label);
}

void sim_density_remove_group(struct sim_density_data *data, struct sim_density_group *group)
{
	for (guint i = 0; i < data->labels->len; i++) {
		struct sim_density_label *label = g_ptr_array_index(data->labels, i);

		if (label->group == group)
			label->group = NULL;
	}
	g_ptr_array_remove(data->groups, group);
}

void sim_density_seed(struct sim_density_data *data)
{
	static const struct {
		const char *label, *function;
	} rows[] = {{"Conference", "meeting_room"}, {"Focus", "phone_booth"}, {"Open plan", "desk"}};
	struct sim_density_group *group = sim_density_add_group(data, "Way of working");
	int64_t created_ms = moment_parse("2024-03-18T09:12:44Z");
	struct sim_density_user *user;

	for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
		struct sim_density_label *label = sim_density_add_label(data, rows[k].label, group);

		for (guint i = 0; i < data->spaces->len; i++) {
			struct sim_density_space *space = sim_density_space(data, (int)i);

			if (space->function && strcmp(space->function, rows[k].function) == 0)
				g_ptr_array_add(space->labels, label);
		}
	}
	sim_density_add_label(data, "Under review", NULL);
	sim_density_add_user(data, "owner@example.org", "Olive Owner", "owner", created_ms);
	sim_density_add_user(data, "facilities@example.org", "Fay Acilities", "admin", created_ms);
	user = sim_density_add_user(data, "desk@example.org", "Rui Recepção", "readonly", created_ms);
	g_ptr_array_add(user->spaces, g_strdup(sim_density_space(data, 0)->id));
}

/* --- synthetic spaces -------------------------------------------------------------------------------------- */

#define ROOMS_A_FLOOR 49
#define FLOORS_A_BUILDING 20
#define SPACES_MAX 200000u

static void set_synthetic(struct sim_density_space *space, unsigned n)
{
	static const enum sim_density_mode modes[] = {SIM_DENSITY_OA, SIM_DENSITY_WAFFLE, SIM_DENSITY_OA,
						      SIM_DENSITY_UNMEASURED};

	space->mode = modes[n % G_N_ELEMENTS(modes)];
	space->capacity = n % 11 == 0 ? -1 : n % 13 == 0 ? 0 : (int64_t)(n % 17 + 1);
	space->function = sim_density_functions[space->hash % 25];
	space->missing = space->hash % 59 == 0;
	space->live_ms = moment_parse("2024-06-03T00:00:00Z");
}

void sim_density_grow(struct sim_density_data *data, unsigned count)
{
	static const char *const zones[] = {"America/New_York", "Europe/Berlin", "Asia/Tokyo",
					    "America/Los_Angeles"};
	static const unsigned a_floor = ROOMS_A_FLOOR + 1,
			      a_building = FLOORS_A_BUILDING * (ROOMS_A_FLOOR + 1) + 1;
	char name[64];

	count = MIN(count, SPACES_MAX);
	for (; data->synthetic < count; data->synthetic++) {
		unsigned n = data->synthetic, building = n / a_building, in = n % a_building;
		unsigned floor = in ? (in - 1) / a_floor : 0, room = in ? (in - 1) % a_floor : 0;
		int base = (int)(data->spaces->len - in), parent = -1;
		uint64_t hash = rng_hash(rng_hash(data->seed, 0x73796e), n);
		const char *type = in == 0 ? "building" : room == 0 ? "floor" : "space";

		if (in && room == 0)
			parent = base;
		else if (in)
			parent = base + 1 + (int)(floor * a_floor);
		if (in == 0)
			g_snprintf(name, sizeof(name), "Campus %u", building + 1);
		else if (room == 0)
			g_snprintf(name, sizeof(name), "Campus %u, level %u", building + 1, floor);
		else
			g_snprintf(name, sizeof(name), "Room %u.%02u.%02u", building + 1, floor, room);

		int index = sim_density_add_space(data, parent, type, name, hash,
						  zones[building % G_N_ELEMENTS(zones)]);

		set_synthetic(sim_density_space(data, index), n);
		if (room == 0)
			sim_density_space(data, index)->mode = SIM_DENSITY_OA;
	}
}
