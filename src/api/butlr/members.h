/* The members of one JSON object, found by name in one step: a decoder asks for some thirty names, and ten thousand objects wait. */
#ifndef LODGE_API_BUTLR_MEMBERS_H
#define LODGE_API_BUTLR_MEMBERS_H

#include "base/jsonx.h"

#include <string.h>

#define BUTLR_SLOTS 64 /* a power of two */

struct butlr_members {
	const cJSON *object;
	bool whole; /* all members are in the slots; otherwise the object is searched */
	const cJSON *slots[BUTLR_SLOTS];
};

/* Anything but an object has no members. */
void butlr_members_init(struct butlr_members *members, const cJSON *object);

/* Where the search for a name begins. In the header so that it costs nothing for a name known to the compiler. */
static inline size_t butlr_slot(const char *name, size_t length)
{
	unsigned char first = (unsigned char)name[0];
	unsigned char middle = (unsigned char)name[length / 2];
	unsigned char last = (unsigned char)name[length > 0 ? length - 1 : 0];

	return (length * 5 + first * 3u + last * 7u + middle * 11u) & (BUTLR_SLOTS - 1);
}

const cJSON *butlr_get_at(const struct butlr_members *members, const char *name, size_t slot);

/* As jsonx_get. */
static inline const cJSON *butlr_get(const struct butlr_members *members, const char *name)
{
	return butlr_get_at(members, name, butlr_slot(name, strlen(name)));
}

/* The first of the names (ended by NULL) that is told: not missing, null or "". */
const cJSON *butlr_first(const struct butlr_members *members, const char *const *names);

/* The first text among the names; the vendor's own, not cleaned. */
const char *butlr_text(const struct butlr_members *members, const char *const *names);

#endif
