/* Who is in which unit, whichever way the vendor tells it. */
#include "ui/world.h"

#include "model/access.h"

#include <glib.h>

static bool tell_tenants(const struct world *world, unsigned account, const char *unit_id,
			 void (*each)(void *ctx, const struct unit_person *person), void *ctx)
{
	const struct rows *tenants = world_rows(world, account, KIND_TENANTS);
	bool any = false;

	for (size_t i = 0; tenants != NULL && i < rows_count(tenants); i++) {
		const struct tenant *tenant = rows_at(tenants, i);
		struct unit_person person = {tenant->user_id, tenant->name, tenant->email};

		if (g_strcmp0(tenant->unit_id, unit_id) != 0)
			continue;
		any = true;
		if (person.user_id != NULL)
			each(ctx, &person);
	}
	return any;
}

void world_unit_people(const struct world *world, unsigned account, const char *unit_id,
		       void (*each)(void *ctx, const struct unit_person *person), void *ctx)
{
	const struct unit *unit;

	if (unit_id == NULL || tell_tenants(world, account, unit_id, each, ctx))
		return;
	unit = world_find(world, account, KIND_UNITS, unit_id);
	for (size_t i = 0; unit != NULL && i < unit->user_ids.n; i++) {
		const struct user *user = world_find(world, account, KIND_USERS, unit->user_ids.at[i]);
		struct unit_person person = {unit->user_ids.at[i], user == NULL ? NULL : user->name,
					     user == NULL ? NULL : user->email};

		each(ctx, &person);
	}
}

const char *world_person_name(const struct world *world, unsigned account, const char *user_id)
{
	const struct user *user = user_id == NULL ? NULL : world_find(world, account, KIND_USERS, user_id);
	const struct rows *tenants = world_rows(world, account, KIND_TENANTS);

	if (user != NULL && user->name != NULL)
		return user->name;
	for (size_t i = 0; tenants != NULL && user_id != NULL && i < rows_count(tenants); i++) {
		const struct tenant *tenant = rows_at(tenants, i);

		if (g_strcmp0(tenant->user_id, user_id) == 0)
			return tenant->name;
	}
	return NULL;
}
