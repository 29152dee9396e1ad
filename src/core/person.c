#include "core/person.h"

#include <stddef.h>
#include <string.h>

#define MAKE VERB_BIT(VERB_CREATE)
#define CHANGE VERB_BIT(VERB_CHANGE)
#define REMOVE VERB_BIT(VERB_DELETE)
#define EVERYTHING (MAKE | CHANGE | REMOVE)

static const struct {
	const char *name, *help;
} roles[PERSON_ROLES] = {
	[PERSON_VIEWER] = {"viewer", "sees everything and changes nothing"},
	[PERSON_DESK] = {"desk", "issues, changes and revokes visitor keys and keychains"},
	[PERSON_MANAGER] = {"manager", "does what the desk does, and edits tenants and units"},
	[PERSON_ADMIN] = {"admin", "does everything that the vendor's own rights allow"},
};

/* What a role may beyond the one before it. An admin needs no row. */
static const struct {
	enum person_role role;
	enum kind kind;
	unsigned verbs;
} rights[] = {
	{PERSON_DESK, KIND_KEYS, EVERYTHING},
	{PERSON_DESK, KIND_KEYCHAINS, EVERYTHING},
	{PERSON_MANAGER, KIND_TENANTS, EVERYTHING},
	{PERSON_MANAGER, KIND_UNITS, EVERYTHING},
};

int person_role_parse(const char *name)
{
	if (!name)
		return PERSON_ADMIN;
	for (int i = 0; i < PERSON_ROLES; i++)
		if (strcmp(name, roles[i].name) == 0)
			return i;
	return -1;
}

const char *person_role_name(enum person_role role) { return roles[role].name; }

const char *person_role_help(enum person_role role) { return roles[role].help; }

enum person_role person_role_needed(enum kind kind, enum verb verb)
{
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++)
		if (rights[i].kind == kind && (rights[i].verbs & VERB_BIT(verb)))
			return rights[i].role;
	return PERSON_ADMIN;
}

bool person_may(enum person_role role, enum kind kind, enum verb verb)
{
	return role < PERSON_ROLES && role >= person_role_needed(kind, verb);
}
