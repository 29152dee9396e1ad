#include "api/butlr/devices.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define DEVICES_TEXT (256u << 20)
#define SIX_OCTETS UINT64_C(0x9E3779B97F4A7C15)

/* Spreads all bits of the key over all bits of the slot number. */
static uint64_t mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xBF58476D1CE4E5B9);
	x ^= x >> 27;
	x *= UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

static bool separator(char c) { return c == '-' || c == ':' || c == '.' || c == ' '; }

static uint64_t hash_letters(const char *text, size_t length)
{
	uint64_t hash = UINT64_C(0xCBF29CE484222325);

	for (size_t i = 0; i < length; i++)
		if (!separator(text[i]))
			hash = (hash ^ (unsigned char)g_ascii_tolower(text[i])) * UINT64_C(0x100000001B3);
	return hash | UINT64_C(1) << 63;
}

uint64_t butlr_mac_key_of(const char *address, size_t length)
{
	uint64_t key = 0;
	unsigned digits = 0;

	if (address == NULL || length == 0)
		return 0;
	for (size_t i = 0; i < length; i++) {
		int digit;
		if (separator(address[i]))
			continue;
		digit = g_ascii_xdigit_value(address[i]);
		if (digit < 0 || digits == 16)
			return hash_letters(address, length);
		key = key << 4 | (uint64_t)digit;
		digits++;
	}
	if (digits == 12)
		key = mix(key + SIX_OCTETS);
	else if (digits != 16)
		return hash_letters(address, length);
	return key == 0 ? 1 : key;
}

uint64_t butlr_mac_key(const char *address)
{
	return butlr_mac_key_of(address, address == NULL ? 0 : strlen(address));
}

struct butlr_devices *butlr_devices_new(void)
{
	struct butlr_devices *devices = g_new0(struct butlr_devices, 1);

	arena_init(&devices->texts, DEVICES_TEXT);
	return devices;
}

void butlr_devices_free(struct butlr_devices *devices)
{
	if (devices == NULL)
		return;
	arena_fini(&devices->texts);
	free(devices->slots);
	g_free(devices);
}

static struct butlr_device *place_of(struct butlr_device *slots, size_t size, uint64_t key)
{
	size_t at = (size_t)mix(key) & (size - 1);

	while (slots[at].key != 0 && slots[at].key != key)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static bool grow(struct butlr_devices *devices)
{
	size_t size = devices->size == 0 ? 64 : devices->size * 2;
	struct butlr_device *slots = calloc(size, sizeof(*slots));

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < devices->size; i++)
		if (devices->slots[i].key != 0)
			*place_of(slots, size, devices->slots[i].key) = devices->slots[i];
	free(devices->slots);
	devices->slots = slots;
	devices->size = size;
	return true;
}

struct butlr_device *butlr_devices_slot(struct butlr_devices *devices, uint64_t key)
{
	struct butlr_device *slot;

	if (key == 0)
		return NULL;
	if (devices->n * 2 >= devices->size && !grow(devices))
		return NULL;
	slot = place_of(devices->slots, devices->size, key);
	if (slot->key == 0) {
		*slot = (struct butlr_device){.key = key, .allowed = TRUTH_UNKNOWN};
		devices->n++;
	}
	return slot;
}

const struct butlr_device *butlr_devices_find(const struct butlr_devices *devices, uint64_t key)
{
	const struct butlr_device *slot;

	if (devices == NULL || devices->size == 0 || key == 0)
		return NULL;
	slot = place_of(devices->slots, devices->size, key);
	return slot->key == key ? slot : NULL;
}

static const char *copy(struct butlr_devices *devices, const char *text)
{
	return text == NULL ? NULL : arena_strndup(&devices->texts, text, strlen(text));
}

void butlr_devices_fill(struct butlr_devices *devices, const struct rows *sensors)
{
	for (size_t i = 0; sensors != NULL && i < rows_count(sensors); i++) {
		const struct sensor *sensor = rows_at(sensors, i);
		struct butlr_device *device = butlr_devices_slot(devices, butlr_mac_key(sensor->address));
		if (device == NULL || device->id != NULL)
			continue;
		device->address = copy(devices, sensor->address);
		device->id = copy(devices, sensor->id);
		device->floor_id = copy(devices, sensor->floor_id);
		device->room_id = copy(devices, sensor->room_id);
	}
}
