/* Real buildings: the systems' views of one of them joined by the configuration's [building] groups. */
#ifndef LODGE_UI_PANE_OCCUPANCY_SITES_H
#define LODGE_UI_PANE_OCCUPANCY_SITES_H

#include "ui/pane.h"

#include <glib.h>

struct sites;

/* One system's view of a site. */
struct site_member {
	unsigned account;
	const char *building_id;         /* "": all of the account that is in no building */
	const struct building *building; /* NULL: not told */
};

struct site {
	const char *name; /* of the group, else of the building, else of the account */
	const char *timezone;
	const struct site_member *members;
	size_t n_members;
};

/* A room with what system counts it. */
struct site_room {
	unsigned account;
	const struct room *room;
	bool merged; /* another system knows it too and is left out */
};

/* Of what the world tells now; texts are copied or are held with references. */
struct sites *sites_new(const struct desk *desk);
void sites_free(struct sites *sites);
size_t sites_count(const struct sites *sites);
const struct site *sites_at(const struct sites *sites, size_t i);

/* The site of a building, a floor or a room; -1 for a floor that is not told of. Hashed. */
long sites_of_building(const struct sites *sites, unsigned account, const char *building_id);
long sites_of_floor(const struct sites *sites, unsigned account, const char *floor_id);
long sites_of_room(const struct sites *sites, unsigned account, const struct room *room);

/* The rooms of a site to add up, each once (struct site_room): those inside others that are counted are left out; of one room that two systems tell of by the
 * same name, the system that counts people goes before one that does not, and the first configured before the others. */
void sites_rooms(const struct sites *sites, size_t site, GArray *rooms);

#endif
