#include "ui/action.h"

#include <string.h>

static const struct action_info infos[ACTION_COUNT] = {[ACTION_NONE] = {"", "", "", 0},
#define ACTION_INFO(constant, name, keys, help, flags) [ACTION_##constant] = {name, keys, help, flags},
						       ACTION_MAP(ACTION_INFO)
#undef ACTION_INFO
};

const struct action_info *action_info(enum action action)
{
	return &infos[action >= ACTION_NONE && action < ACTION_COUNT ? action : ACTION_NONE];
}

enum action action_parse(const char *name)
{
	for (int action = 1; action < ACTION_COUNT; action++)
		if (strcmp(infos[action].name, name) == 0)
			return (enum action)action;
	return ACTION_NONE;
}
