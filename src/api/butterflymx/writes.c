/* What can be changed, and with which fields (butterflymx.md §6, §7). */
#include "api/butterflymx/job.h"

#include <string.h>

#define CREATE WRITE_ON_CREATE
#define CHANGE WRITE_ON_CHANGE
#define DELETE WRITE_ON_DELETE
#define NEEDED WRITE_REQUIRED
#define CLEAR WRITE_CLEARABLE
#define PRIVATE WRITE_PRIVATE

static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
static const char *const strategies[] = {"building",
					 "custom",
					 "first_name_and_last_name",
					 "first_name_initial_and_last_name",
					 "anonymous",
					 "first_name_and_last_name_initial",
					 NULL};

static const struct write_field key_fields[] = {
	{"name", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT, "the visitor's name"},
	{"email", WRITE_TEXT, CREATE, NULL, KIND_COUNT, "where the key is sent by e-mail"},
	{"sms_number", WRITE_TEXT, CREATE, NULL, KIND_COUNT, "where the key is sent by SMS"},
	{"keychain_id", WRITE_ID, CREATE, NULL, KIND_KEYCHAINS, "the keychain whose times it takes"},
	{"activated_at", WRITE_MOMENT, CREATE, NULL, KIND_COUNT, "when it begins to open; without a keychain"},
	{"expired_at", WRITE_MOMENT, CREATE, NULL, KIND_COUNT, "when it ends; without a keychain"},
	{"unit_id", WRITE_ID, CREATE, NULL, KIND_UNITS, "the unit that is visited"},
	{"user_id", WRITE_ID, CREATE, NULL, KIND_USERS, "the tenant who gives it"},
};

static const struct write_field keychain_fields[] = {
	{"name", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT, "its name"},
	{"weekdays", WRITE_WORDS, CREATE, weekdays, KIND_COUNT,
	 "the days on which its keys open; every day without"},
	{"valid_date_from", WRITE_DATE, CREATE | NEEDED, NULL, KIND_COUNT,
	 "first day, in the building's time"},
	{"valid_date_to", WRITE_DATE, CREATE | NEEDED, NULL, KIND_COUNT, "last day, in the building's time"},
	{"valid_time_from", WRITE_TIME, CREATE | NEEDED, NULL, KIND_COUNT,
	 "time of day from which its keys open"},
	{"valid_time_to", WRITE_TIME, CREATE | NEEDED, NULL, KIND_COUNT,
	 "time of day until which its keys open"},
	{"unit_id", WRITE_ID, CREATE, NULL, KIND_UNITS, "the unit that is visited"},
	{"user_id", WRITE_ID, CREATE, NULL, KIND_USERS, "the tenant who gives it"},
};

static const struct write_field tenant_fields[] = {
	{"unit_id", WRITE_ID, CREATE | CHANGE | DELETE | NEEDED, NULL, KIND_UNITS, "the unit"},
	{"user_id", WRITE_ID, CHANGE | DELETE | NEEDED, NULL, KIND_USERS, "the person"},
	{"email", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT,
	 "e-mail address; names the person where the vendor knows it"},
	{"first_name", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT,
	 "first name of somebody who is new to the vendor"},
	{"last_name", WRITE_TEXT, CREATE | NEEDED, NULL, KIND_COUNT,
	 "last name of somebody who is new to the vendor"},
	{"active_at", WRITE_MOMENT, CREATE, NULL, KIND_COUNT, "when the tenancy begins"},
	{"inactive_at", WRITE_MOMENT, CREATE | CHANGE | CLEAR, NULL, KIND_COUNT, "when the tenancy ends"},
	{"pin", WRITE_TEXT, CREATE | CHANGE | CLEAR | PRIVATE, NULL, KIND_COUNT, "the PIN"},
	{"directory_message", WRITE_TEXT, CREATE | CHANGE | CLEAR, NULL, KIND_COUNT, "the line at the panel"},
	{"display_name_strategy", WRITE_CHOICE, CREATE | CHANGE, strategies, KIND_COUNT,
	 "how the name at the panel is made"},
	{"email_notifications", WRITE_YESNO, CREATE | CHANGE, NULL, KIND_COUNT, "whether e-mails are sent"},
	{"sms_notifications", WRITE_YESNO, CREATE | CHANGE, NULL, KIND_COUNT, "whether SMS are sent"},
	{"do_not_disturb", WRITE_YESNO, CREATE | CHANGE, NULL, KIND_COUNT, "whether calls are held back"},
};

static const struct write_field unit_fields[] = {
	{"name", WRITE_TEXT, CREATE | CHANGE | NEEDED, NULL, KIND_COUNT, "its label"},
	{"type", WRITE_TEXT, CREATE | CHANGE, NULL, KIND_COUNT,
	 "what it is, in the vendor's word; apartment without"},
	{"floor_number", WRITE_NUMBER, CREATE | CHANGE, NULL, KIND_COUNT, "the floor it is on"},
	{"zone_id", WRITE_ID, CREATE | NEEDED, NULL, KIND_ZONES, "the zone of the building"},
};

static const struct write_field building_fields[] = {
	{"name", WRITE_TEXT, CHANGE, NULL, KIND_COUNT, "its name"},
	{"timezone", WRITE_TEXT, CHANGE, NULL, KIND_COUNT, "its time zone, by an IANA or Rails name"},
	{"building_type", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "what it is, in the vendor's word"},
	{"display_name_strategy", WRITE_CHOICE, CHANGE, strategies, KIND_COUNT,
	 "how names at the panel are made"},
	{"send_panel_status_report", WRITE_YESNO, CHANGE, NULL, KIND_COUNT,
	 "whether reports on the panels are sent"},
	{"qr_key_enabled", WRITE_YESNO, CHANGE, NULL, KIND_COUNT, "whether visitor keys may be given"},
	{"door_release_pin", WRITE_TEXT, CHANGE | CLEAR | PRIVATE, NULL, KIND_COUNT,
	 "the PIN that releases the door"},
	{"in_unit_phone_number", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT,
	 "telephone number of the units' own devices"},
	{"address_1", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "street and number"},
	{"address_2", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "second line of the address"},
	{"city", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "city"},
	{"state", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "state"},
	{"zip_code", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "postal code"},
	{"country", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "country"},
	{"phone_number", WRITE_TEXT, CHANGE | CLEAR, NULL, KIND_COUNT, "telephone"},
	{"remove_panel_logo", WRITE_YESNO, CHANGE, NULL, KIND_COUNT,
	 "yes takes the picture of the panel away"},
	{"remove_mobile_logo", WRITE_YESNO, CHANGE, NULL, KIND_COUNT, "yes takes the picture of the app away"},
};

const struct write_info bmx_writes[] = {
	{KIND_KEYS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_DELETE), key_fields, G_N_ELEMENTS(key_fields)},
	{KIND_KEYCHAINS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_DELETE), keychain_fields,
	 G_N_ELEMENTS(keychain_fields)},
	{KIND_TENANTS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_CHANGE) | VERB_BIT(VERB_DELETE), tenant_fields,
	 G_N_ELEMENTS(tenant_fields)},
	{KIND_UNITS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_CHANGE), unit_fields, G_N_ELEMENTS(unit_fields)},
	{KIND_BUILDINGS, VERB_BIT(VERB_CHANGE), building_fields, G_N_ELEMENTS(building_fields)},
	{.verbs = 0},
};

/* --- names --- */

static const struct {
	enum kind kind; /* KIND_COUNT: any */
	const char *field, *attribute;
} names[] = {
	{KIND_UNITS, "name", "label"},
	{KIND_UNITS, "type", "unit_type"},
	{KIND_BUILDINGS, "timezone", "time_zone"},
	{KIND_COUNT, "unit_id", "unit"},
	{KIND_COUNT, "user_id", "user"},
	{KIND_COUNT, "zone_id", "zone"},
	{KIND_COUNT, "keychain_id", "keychain"},
};

const char *bmx_attribute_of(enum kind kind, const char *field)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if ((names[i].kind == kind || names[i].kind == KIND_COUNT) &&
		    strcmp(names[i].field, field) == 0)
			return names[i].attribute;
	return field;
}

const char *bmx_field_of(enum kind kind, const char *attribute)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if ((names[i].kind == kind || names[i].kind == KIND_COUNT) &&
		    strcmp(names[i].attribute, attribute) == 0)
			return names[i].field;
	return attribute;
}
