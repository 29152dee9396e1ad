/* What can be changed, and with which fields (sensorist-rest-1.15.txt §5, §6). Nothing deletes more than one thing. */
#include "api/sensorist/job.h"

#define CREATE WRITE_ON_CREATE
#define CHANGE WRITE_ON_CHANGE
#define NEEDED WRITE_REQUIRED

static const char *const commands[] = {"reboot", "pairing", NULL};
static const char *const directions[] = {"above", "below", NULL};
static const char *const events[] = {"button", "alarm", "system", NULL};

static const struct write_field user_fields[] = {
	{"email", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT,
	 "e-mail address, which is the name for signing in"},
	{"password", WRITE_TEXT, CREATE | NEEDED | WRITE_PRIVATE, NULL, KIND_COUNT,
	 "the password of the new account"},
	{"first_name", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT, "first name"},
	{"last_name", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT, "last name"},
};

static const struct write_field gateway_fields[] = {
	{"serial", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT,
	 "serial number of the gateway that is to belong to the account; that cannot be taken back"},
	{"name", WRITE_TEXT, CREATE | CHANGE, NULL, KIND_COUNT, "its name"},
	{"command", WRITE_CHOICE, CHANGE, commands, KIND_COUNT, "what it is to do at once"},
};

static const struct write_field sensor_fields[] = {
	{"name", WRITE_TEXT, CHANGE, NULL, KIND_COUNT, "its name"},
	{"interval", WRITE_NUMBER, CHANGE, NULL, KIND_COUNT,
	 "how often it measures, in seconds; the vendor lets only some accounts change it"},
};

static const struct write_field alarm_fields[] = {
	{"source_id", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT, "id of the data source to watch"},
	{"threshold", WRITE_NUMBER, CREATE | NEEDED, NULL, KIND_COUNT,
	 "where it is raised, in the unit of the readings"},
	{"direction", WRITE_CHOICE, CREATE | NEEDED, directions, KIND_COUNT,
	 "which side of the threshold raises it"},
	{"delay_minutes", WRITE_NUMBER, CREATE, NULL, KIND_COUNT, "how long the value must stay there"},
};

static const struct write_field callback_fields[] = {
	{"url", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT, "the address that the vendor is to call"},
	{"type", WRITE_WORDS, CREATE | NEEDED, events, KIND_COUNT, "what it is to tell of"},
};

const struct write_info sens_writes[] = {
	{KIND_USERS, VERB_BIT(VERB_CREATE), user_fields, G_N_ELEMENTS(user_fields)},
	{KIND_GATEWAYS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_CHANGE), gateway_fields,
	 G_N_ELEMENTS(gateway_fields)},
	{KIND_SENSORS, VERB_BIT(VERB_CHANGE), sensor_fields, G_N_ELEMENTS(sensor_fields)},
	{KIND_ALARMS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_DELETE), alarm_fields, G_N_ELEMENTS(alarm_fields)},
	{KIND_CALLBACKS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_DELETE), callback_fields,
	 G_N_ELEMENTS(callback_fields)},
	{.verbs = 0},
};
