/* What can be changed, and with which fields (density.md §5). */
#include "api/density/job.h"

#define CREATE WRITE_ON_CREATE
#define CHANGE WRITE_ON_CHANGE
#define DELETE WRITE_ON_DELETE
#define NEEDED WRITE_REQUIRED
#define CLEAR WRITE_CLEARABLE

static const char *const functions[] = {"wellness_room",
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
					NULL};
static const char *const user_roles[] = {"owner", "admin", "editor", "readonly", NULL};
static const char *const label_types[] = {"label", "group", NULL};

static const struct write_field space_fields[] = {
	{"name", WRITE_TEXT, CHANGE, NULL, KIND_COUNT, "its name"},
	{"capacity", WRITE_NUMBER, CHANGE, NULL, KIND_COUNT, "how many people it is meant for; 0: not known"},
	{"type", WRITE_CHOICE, CHANGE, functions, KIND_COUNT, "what it is for: the vendor's function"},
	{"iwms_id", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "its id in a workplace management system"},
	{"address", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "its postal address"},
	{"timezone", WRITE_TEXT, CHANGE, NULL, KIND_COUNT, "its time zone, by the IANA name"},
	{"add_labels", WRITE_WORDS, CHANGE, NULL, KIND_COUNT, "ids of labels that it gets"},
	{"remove_labels", WRITE_WORDS, CHANGE, NULL, KIND_COUNT, "ids of labels that it loses"},
	{"create_label", WRITE_TEXT, CHANGE, NULL, KIND_COUNT,
	 "name of a label that it gets, made where there is none"},
};

static const struct write_field label_fields[] = {
	{"name", WRITE_TEXT, CREATE | CHANGE | NEEDED, NULL, KIND_COUNT, "its name"},
	{"group_id", WRITE_TEXT, CREATE | CHANGE, NULL, KIND_COUNT,
	 "id of the group that the label goes into"},
	{"type", WRITE_CHOICE, CREATE | CHANGE | DELETE, label_types, KIND_COUNT,
	 "whether it is a label, as without this, or a group of labels"},
};

static const struct write_field user_fields[] = {
	{"email", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT, "e-mail address"},
	{"name", WRITE_TEXT, CREATE | CHANGE | NEEDED, NULL, KIND_COUNT, "full name"},
	{"role", WRITE_CHOICE, CREATE | CHANGE | NEEDED, user_roles, KIND_COUNT, "what the person may do"},
	{"space_ids", WRITE_WORDS, CREATE | CHANGE | CLEAR, NULL, KIND_COUNT,
	 "ids of the spaces that the person may see"},
};

const struct write_info dens_writes[] = {
	{KIND_BUILDINGS, VERB_BIT(VERB_CHANGE), space_fields, G_N_ELEMENTS(space_fields)},
	{KIND_FLOORS, VERB_BIT(VERB_CHANGE), space_fields, G_N_ELEMENTS(space_fields)},
	{KIND_ROOMS, VERB_BIT(VERB_CHANGE), space_fields, G_N_ELEMENTS(space_fields)},
	{KIND_LABELS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_CHANGE) | VERB_BIT(VERB_DELETE), label_fields,
	 G_N_ELEMENTS(label_fields)},
	{KIND_USERS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_CHANGE) | VERB_BIT(VERB_DELETE), user_fields,
	 G_N_ELEMENTS(user_fields)},
	{.verbs = 0},
};
