/* Sensors by MAC address, however it is written (butlr.md §3): six or eight octets, '-' or ':', any case. */
#ifndef LODGE_API_BUTLR_DEVICES_H
#define LODGE_API_BUTLR_DEVICES_H

#include "model/estate.h"
#include "model/rows.h"

#include <stddef.h>
#include <stdint.h>

/* A number for an address: equal for all spellings of it. Text that is no MAC ("mi-rr-or-…") gives a hash of its letters. 0 for NULL and "". */
uint64_t butlr_mac_key(const char *address);

/* The same of bytes that need not end in NUL. */
uint64_t butlr_mac_key_of(const char *address, size_t length);

struct butlr_device {
	uint64_t key; /* 0: an empty slot */
	const char *address, *id, *floor_id, *room_id;
	const char *shown_address, *shown_id; /* copies in the rows being built; see detections.h */
	int8_t allowed;                       /* passes the query's filters; TRUTH_UNKNOWN until looked at */
};

/* An open hash table; grows; nothing is ever taken out. */
struct butlr_devices {
	struct butlr_device *slots;
	size_t n, size; /* size: a power of two, or 0 */
	struct arena texts;
};

struct butlr_devices *butlr_devices_new(void);
void butlr_devices_free(struct butlr_devices *devices);

/* The slot of a key, added when it is not there. NULL without memory, or for key 0. Valid until the next call. */
struct butlr_device *butlr_devices_slot(struct butlr_devices *devices, uint64_t key);
const struct butlr_device *butlr_devices_find(const struct butlr_devices *devices, uint64_t key);

/* Takes over every sensor that has an address; texts are copied. */
void butlr_devices_fill(struct butlr_devices *devices, const struct rows *sensors);

#endif
