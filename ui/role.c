#include "ui/role.h"

#include <stdbool.h>
#include <string.h>

static const char *const names[] = {
#define ROLE_NAME(constant, name, help) name,
	ROLE_MAP(ROLE_NAME)
#undef ROLE_NAME
};

static const char *const helps[] = {
#define ROLE_HELP(constant, name, help) help,
	ROLE_MAP(ROLE_HELP)
#undef ROLE_HELP
};

#define TEN(prefix, tens)                                                                                    \
	prefix tens "0", prefix tens "1", prefix tens "2", prefix tens "3", prefix tens "4",                 \
		prefix tens "5", prefix tens "6", prefix tens "7", prefix tens "8", prefix tens "9"

static const char *const heat_names[] = {
	TEN("heat.", ""),  TEN("heat.", "1"), TEN("heat.", "2"), TEN("heat.", "3"), TEN("heat.", "4"),
	TEN("heat.", "5"), "heat.60",         "heat.61",         "heat.62",         "heat.63",
};

static const char *const fill_names[] = {
	TEN("fill.", ""), "fill.10", "fill.11", "fill.12", "fill.13", "fill.14", "fill.15",
};

#undef TEN

_Static_assert(sizeof(heat_names) / sizeof(heat_names[0]) == ROLE_HEAT_LEVELS, "a name for every level");
_Static_assert(sizeof(fill_names) / sizeof(fill_names[0]) == ROLE_FILL_LEVELS, "a name for every level");

static bool known(enum role role) { return (unsigned)role < ROLE_COUNT; }

const char *role_name(enum role role)
{
	if (!known(role))
		return "?";
	if (role >= ROLE_QR_DARK)
		return role == ROLE_QR_DARK ? "qr.dark" : "qr.light";
	if (role >= ROLE_FILL_0)
		return fill_names[role - ROLE_FILL_0];
	return role >= ROLE_HEAT_0 ? heat_names[role - ROLE_HEAT_0] : names[role];
}

const char *role_help(enum role role)
{
	if (!known(role))
		return "";
	if (role >= ROLE_QR_DARK)
		return "the modules of a QR code: always black on white";
	if (role >= ROLE_FILL_0)
		return "the fill of a room, from empty (0) over full to more than full (15)";
	return role >= ROLE_HEAT_0 ? "the heat palette, from cold (0) to hot (63)" : helps[role];
}

int role_parse(const char *name)
{
	for (int role = 0; name && role < ROLE_COUNT; role++)
		if (strcmp(name, role_name((enum role)role)) == 0)
			return role;
	return -1;
}
