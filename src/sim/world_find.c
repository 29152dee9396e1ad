#include "sim/world_inner.h"

#include <string.h>

void world_publish(struct world *world)
{
	struct world_inner *inner = world->inner;
	static const struct world_tag tags[] = {
		{"tag_2QeN10focusfocusfocusfocus1", "Focus", "phoneroom"},
		{"tag_2QeN10meetmeetmeetmeetmeet2", "Meeting", "confroom"},
		{"tag_2QeN10openopenopenopenopen3", "Open plan", "hotdesk"},
	};

	world->buildings = (const struct world_building *)(void *)inner->buildings->data;
	world->floors = (const struct world_floor *)(void *)inner->floors->data;
	world->rooms = (const struct world_room *)(void *)inner->rooms->data;
	world->zones = (const struct world_zone *)(void *)inner->zones->data;
	world->fixtures = (const struct world_fixture *)(void *)inner->fixtures->data;
	world->doors = (const struct world_door *)(void *)inner->doors->data;
	world->sensors = (const struct world_sensor *)(void *)inner->sensors->data;
	world->hives = (const struct world_hive *)(void *)inner->hives->data;
	world->people = (const struct world_person *)(void *)inner->people->data;
	world->tags = tags;
	world->building_count = (int)inner->buildings->len;
	world->floor_count = (int)inner->floors->len;
	world->room_count = (int)inner->rooms->len;
	world->zone_count = (int)inner->zones->len;
	world->fixture_count = (int)inner->fixtures->len;
	world->door_count = (int)inner->doors->len;
	world->sensor_count = (int)inner->sensors->len;
	world->hive_count = (int)inner->hives->len;
	world->person_count = (int)inner->people->len;
	world->tag_count = (int)G_N_ELEMENTS(tags);
}

/* A kind and an index in one pointer that is never NULL. */
static void *pack(enum world_kind kind, int index)
{
	return GUINT_TO_POINTER(((guint)index << 4) | (guint)kind);
}

static struct world_ref unpack(void *packed)
{
	guint bits = GPOINTER_TO_UINT(packed);

	return (struct world_ref){.kind = (enum world_kind)(bits & 15), .index = (int)(bits >> 4)};
}

static void learn(struct world *world, enum world_kind kind, int index, const char *id, const char *custom_id)
{
	g_hash_table_insert(world->inner->by_id, (void *)(uintptr_t)id, pack(kind, index));
	if (custom_id && *custom_id)
		g_hash_table_insert(world->inner->by_custom, (void *)(uintptr_t)custom_id, pack(kind, index));
}

/* Letters and digits alone, in lower case: how two spellings of one address compare. */
static char *plain_mac(const char *mac)
{
	char *plain = g_ascii_strdown(mac, -1), *to = plain;

	for (const char *from = plain; *from; from++) {
		if (g_ascii_isalnum(*from))
			*to++ = *from;
	}
	*to = 0;
	return plain;
}

void world_index(struct world *world)
{
	learn(world, WORLD_SITE, 0, world->site.id, world->site.custom_id);
	for (int i = 0; i < world->building_count; i++)
		learn(world, WORLD_BUILDING, i, world->buildings[i].id, world->buildings[i].custom_id);
	for (int i = 0; i < world->floor_count; i++)
		learn(world, WORLD_FLOOR, i, world->floors[i].id, world->floors[i].custom_id);
	for (int i = 0; i < world->room_count; i++)
		learn(world, WORLD_ROOM, i, world->rooms[i].id, world->rooms[i].custom_id);
	for (int i = 0; i < world->zone_count; i++)
		learn(world, WORLD_ZONE, i, world->zones[i].id, world->zones[i].custom_id);
	for (int i = 0; i < world->fixture_count; i++)
		learn(world, WORLD_FIXTURE, i, world->fixtures[i].id, NULL);
	for (int i = 0; i < world->door_count; i++)
		learn(world, WORLD_DOOR, i, world->doors[i].id, NULL);
	for (int i = 0; i < world->tag_count; i++)
		learn(world, WORLD_TAG, i, world->tags[i].id, NULL);
	for (int i = 0; i < world->sensor_count; i++) {
		learn(world, WORLD_SENSOR, i, world->sensors[i].id, NULL);
		g_hash_table_insert(world->inner->by_mac, plain_mac(world->sensors[i].mac),
				    pack(WORLD_SENSOR, i));
	}
	for (int i = 0; i < world->hive_count; i++) {
		learn(world, WORLD_HIVE, i, world->hives[i].id, NULL);
		g_hash_table_insert(world->inner->by_serial, (void *)(uintptr_t)world->hives[i].serial,
				    pack(WORLD_HIVE, i));
	}
}

struct world_ref sim_world_find(const struct world *world, const char *id)
{
	return unpack(g_hash_table_lookup(world->inner->by_id, id));
}

struct world_ref world_find_custom(const struct world *world, const char *custom_id)
{
	return unpack(g_hash_table_lookup(world->inner->by_custom, custom_id));
}

int world_find_sensor_by_mac(const struct world *world, const char *mac)
{
	char *plain = plain_mac(mac);
	void *packed = g_hash_table_lookup(world->inner->by_mac, plain);

	g_free(plain);
	return packed ? unpack(packed).index : -1;
}

int world_find_hive_by_serial(const struct world *world, const char *serial)
{
	void *packed = g_hash_table_lookup(world->inner->by_serial, serial);

	return packed ? unpack(packed).index : -1;
}

bool world_room_contains(const struct world_room *room, struct world_point point)
{
	for (int i = 0; i < room->rect_count; i++) {
		if (plan_rect_holds(&room->rects[i], point))
			return true;
	}
	return false;
}
