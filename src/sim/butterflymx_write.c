#include "sim/butterflymx_write.h"

#include "base/moment.h"
#include "sim/butterflymx_form.h"
#include "sim/butterflymx_rows.h"

#include <math.h>
#include <string.h>

#define FLOORS 1000 /* a floor number is less than this, above and below the ground */

/* --- buildings (§8.1) ------------------------------------------------------------------------------------- */

static const char building_attributes[] =
	"name time_zone building_type display_name_strategy send_panel_status_report remove_panel_logo "
	"remove_mobile_logo qr_key_enabled door_release_pin in_unit_phone_number address_1 address_2 city state "
	"zip_code phone_number country";

/* The pin is a text, or false where there is none (§15.1). */
static void read_pin(struct sim_bmx_form *form, const char **pin)
{
	const cJSON *item = sim_bmx_form_get(form, sim_bmx_building_texts[SIM_BMX_PIN]);

	if (cJSON_IsFalse(item))
		*pin = NULL;
	else
		sim_bmx_form_text(form, sim_bmx_building_texts[SIM_BMX_PIN], false, pin);
	if (*pin && !**pin)
		*pin = NULL;
}

static void read_address(struct sim_bmx_form *form, const char **address)
{
	const char *name = sim_bmx_building_texts[SIM_BMX_ADDRESS_1];
	const cJSON *item = sim_bmx_form_get(form, name);

	if (item && (cJSON_IsNull(item) || (cJSON_IsString(item) && !*item->valuestring)))
		sim_bmx_form_wrong(form, "address.address_1", "can't be blank");
	else
		sim_bmx_form_text(form, name, false, address);
}

static void read_zone(struct sim_bmx_form *form, struct sim_bmx_building *changed)
{
	const char *name = sim_bmx_building_texts[SIM_BMX_TIME_ZONE];

	if (!sim_bmx_form_get(form, name))
		return;
	sim_bmx_form_text(form, name, true, &changed->text[SIM_BMX_TIME_ZONE]);
	changed->zone = moment_zone_new(changed->text[SIM_BMX_TIME_ZONE]);
	if (!changed->zone)
		sim_bmx_form_wrong(form, name, "is not included in the list");
}

static void read_building(struct sim_bmx_form *form, struct sim_bmx_building *changed)
{
	bool no_panel_logo = false, no_mobile_logo = false;

	for (int i = 0; i < SIM_BMX_BUILDING_TEXTS; i++) {
		const char *name = sim_bmx_building_texts[i];

		if (i == SIM_BMX_NAME)
			sim_bmx_form_text(form, name, sim_bmx_form_get(form, name) != NULL,
					  &changed->text[i]);
		else if (i == SIM_BMX_STRATEGY)
			sim_bmx_form_word(form, name, sim_bmx_strategies, &changed->text[i]);
		else if (i == SIM_BMX_PIN)
			read_pin(form, &changed->text[i]);
		else if (i == SIM_BMX_ADDRESS_1)
			read_address(form, &changed->text[i]);
		else if (i == SIM_BMX_TIME_ZONE)
			read_zone(form, changed);
		else
			sim_bmx_form_text(form, name, false, &changed->text[i]);
	}
	sim_bmx_form_bool(form, "qr_key_enabled", &changed->qr_key_enabled);
	sim_bmx_form_bool(form, "send_panel_status_report", &changed->send_panel_status_report);
	sim_bmx_form_bool(form, "remove_panel_logo", &no_panel_logo);
	sim_bmx_form_bool(form, "remove_mobile_logo", &no_mobile_logo);
	changed->panel_logo = changed->panel_logo && !no_panel_logo;
	changed->mobile_logo = changed->mobile_logo && !no_mobile_logo;
}

void sim_bmx_patch_building(struct sim_call *call)
{
	struct sim_bmx_data *data = sim_bmx_of(call)->data;
	struct sim_bmx_building *building, changed;
	struct sim_bmx_form form;

	if (sim_bmx_role(call) != SIM_ROLE_BUILDING_ADMIN) {
		sim_bmx_forbid(call);
		return;
	}
	building = sim_bmx_row_of_path(call, SIM_BMX_BUILDINGS, 0);
	if (!building ||
	    !sim_bmx_form_read(&form, call, SIM_BMX_BUILDINGS, building->row.id, building_attributes))
		return;
	changed = *building;
	changed.zone = NULL;
	read_building(&form, &changed);
	if (!sim_bmx_form_good(&form)) {
		moment_zone_free(changed.zone);
		return;
	}
	for (int i = 0; i < SIM_BMX_BUILDING_TEXTS; i++)
		if (changed.text[i] != building->text[i])
			changed.text[i] = sim_bmx_text(data, changed.text[i]);
	if (changed.zone)
		moment_zone_free(building->zone);
	else
		changed.zone = building->zone;
	*building = changed;
	building->row.seeded = building->row.seeded && !sim_bmx_form_get(&form, "name");
	sim_bmx_answer_row(call, 200, SIM_BMX_BUILDINGS, building);
}

/* --- units (§8.4) ----------------------------------------------------------------------------------------- */

static const char *const unit_types[] = {"apartment", NULL};

static void read_unit(struct sim_bmx_form *form, struct sim_bmx_unit *unit, bool is_new)
{
	const cJSON *level = sim_bmx_form_get(form, "floor_number");
	const char *type = NULL;

	if (is_new || sim_bmx_form_get(form, "label"))
		sim_bmx_form_text(form, "label", true, &unit->label);
	sim_bmx_form_word(form, "unit_type", unit_types, &type);
	if (is_new && !sim_bmx_form_get(form, "unit_type"))
		sim_bmx_form_wrong(form, "unit_type", "is not included in the list");
	if (!level)
		return;
	if (cJSON_IsNumber(level) && fabs(level->valuedouble) < FLOORS &&
	    level->valuedouble == floor(level->valuedouble))
		unit->floor_number = (int64_t)level->valuedouble;
	else
		sim_bmx_form_wrong(form, "floor_number", "is not a number");
}

static bool may_manage_units(const struct sim_call *call)
{
	enum sim_role role = sim_bmx_role(call);

	return role == SIM_ROLE_BUILDING_ADMIN || role == SIM_ROLE_ZONE_ADMIN;
}

void sim_bmx_create_unit(struct sim_call *call)
{
	struct sim_bmx_data *data = sim_bmx_of(call)->data;
	struct sim_bmx_unit fresh = {0}, *unit;
	const struct sim_bmx_zone *zone;
	struct sim_bmx_form form;

	if (!may_manage_units(call)) {
		sim_bmx_forbid(call);
		return;
	}
	if (!sim_bmx_form_read(&form, call, SIM_BMX_UNITS, 0, "unit_type label floor_number"))
		return;
	read_unit(&form, &fresh, true);
	zone = sim_bmx_form_link(&form, "zone", SIM_BMX_ZONES);
	if (!sim_bmx_form_good(&form))
		return;
	if (!sim_bmx_owns_zone(call, zone->row.id)) {
		sim_bmx_forbid(call);
		return;
	}
	unit = sim_bmx_add(data, SIM_BMX_UNITS);
	unit->zone = zone->row.id;
	unit->label = sim_bmx_text(data, fresh.label);
	unit->floor_number = fresh.floor_number;
	sim_bmx_answer_row(call, 200, SIM_BMX_UNITS, unit); /* not 201: §15.6 */
}

void sim_bmx_patch_unit(struct sim_call *call)
{
	struct sim_bmx_data *data = sim_bmx_of(call)->data;
	struct sim_bmx_unit *unit = sim_bmx_row_of_path(call, SIM_BMX_UNITS, 0), changed;
	struct sim_bmx_form form;

	if (!unit)
		return;
	if (sim_bmx_role(call) == SIM_ROLE_TENANT) {
		sim_bmx_forbid(call);
		return;
	}
	if (!sim_bmx_form_read(&form, call, SIM_BMX_UNITS, unit->row.id, "unit_type label floor_number"))
		return;
	changed = *unit;
	read_unit(&form, &changed, false);
	if (!sim_bmx_form_good(&form))
		return;
	if (changed.label != unit->label) {
		unit->label = sim_bmx_text(data, changed.label);
		unit->row.seeded = false;
	}
	unit->floor_number = changed.floor_number;
	sim_bmx_answer_row(call, 200, SIM_BMX_UNITS, unit);
}

/* --- tenants (§8.3) --------------------------------------------------------------------------------------- */

static const char tenancy_attributes[] =
	"email first_name last_name active_at inactive_at pin directory_message display_name_strategy "
	"sms_notifications email_notifications do_not_disturb";

/* What both creating and changing set. */
static void read_tenancy(struct sim_bmx_form *form, struct sim_bmx_tenancy *tenancy)
{
	sim_bmx_form_moment(form, "active_at", false, &tenancy->active_ms);
	sim_bmx_form_moment(form, "inactive_at", false, &tenancy->inactive_ms);
	sim_bmx_form_text(form, "pin", false, &tenancy->pin);
	sim_bmx_form_text(form, "directory_message", false, &tenancy->message);
	sim_bmx_form_word(form, "display_name_strategy", sim_bmx_strategies, &tenancy->strategy);
	sim_bmx_form_bool(form, "sms_notifications", &tenancy->sms_notifications);
	sim_bmx_form_bool(form, "email_notifications", &tenancy->email_notifications);
	sim_bmx_form_bool(form, "do_not_disturb", &tenancy->do_not_disturb);
}

/* Texts that came with the request are kept; those that were there before are kept already. */
static void keep_texts(struct sim_bmx_data *data, struct sim_bmx_tenancy *tenancy,
		       const struct sim_bmx_tenancy *before)
{
	if (tenancy->pin != before->pin)
		tenancy->pin = sim_bmx_text(data, tenancy->pin);
	if (tenancy->message != before->message) {
		tenancy->message = sim_bmx_text(data, tenancy->message);
		tenancy->row.seeded = false;
	}
	if (tenancy->strategy != before->strategy)
		tenancy->strategy = sim_bmx_text(data, tenancy->strategy);
}

static struct sim_bmx_user *user_by_email(const struct sim_bmx_data *data, const char *email)
{
	const GPtrArray *rows = data->rows[SIM_BMX_USERS];

	for (guint i = 0; i < rows->len; i++)
		if (g_ascii_strcasecmp(((const struct sim_bmx_user *)rows->pdata[i])->email, email) == 0)
			return rows->pdata[i];
	return NULL;
}

/* The user with this address; a new one only where there is none: then the names are ignored. */
static struct sim_bmx_user *user_for(struct sim_bmx_data *data, const char *email, const char *first,
				     const char *last)
{
	struct sim_bmx_user *user = user_by_email(data, email);

	if (user)
		return user;
	user = sim_bmx_add(data, SIM_BMX_USERS);
	user->first = sim_bmx_text(data, first);
	user->last = sim_bmx_text(data, last);
	user->email = sim_bmx_text(data, email);
	return user;
}

void sim_bmx_create_tenancy(struct sim_call *call)
{
	static const struct sim_bmx_tenancy none;
	struct sim_bmx_data *data = sim_bmx_of(call)->data;
	const struct sim_bmx_unit *unit = sim_bmx_row_of_path(call, SIM_BMX_UNITS, 0);
	struct sim_bmx_tenancy fresh = {.active_ms = call->now_ms,
					.inactive_ms = MOMENT_NONE,
					.strategy = "building",
					.qr_key_enabled = true,
					.email_notifications = true,
					.sms_notifications = true};
	const char *email = NULL, *first = NULL, *last = NULL;
	const struct sim_bmx_user *known;
	struct sim_bmx_tenancy *tenancy;
	struct sim_bmx_form form;

	if (!unit)
		return;
	if (sim_bmx_role(call) == SIM_ROLE_TENANT) {
		sim_bmx_forbid(call);
		return;
	}
	if (!sim_bmx_form_read(&form, call, SIM_BMX_TENANCIES, 0, tenancy_attributes))
		return;
	sim_bmx_form_text(&form, "email", true, &email);
	sim_bmx_form_text(&form, "first_name", true, &first);
	sim_bmx_form_text(&form, "last_name", true, &last);
	read_tenancy(&form, &fresh);
	if (email && !sim_bmx_email_good(email))
		sim_bmx_form_wrong(&form, "email", "is invalid");
	known = email ? user_by_email(data, email) : NULL;
	if (known && sim_bmx_tenancy_of(data, unit->row.id, known->row.id))
		sim_bmx_form_wrong(&form, "user_id", "has already been taken");
	if (!sim_bmx_form_good(&form))
		return;
	tenancy = sim_bmx_add(data, SIM_BMX_TENANCIES);
	fresh.row = tenancy->row;
	fresh.unit = unit->row.id;
	fresh.user = user_for(data, email, first, last)->row.id;
	keep_texts(data, &fresh, &none);
	*tenancy = fresh;
	sim_bmx_answer_row(call, 201, SIM_BMX_TENANCIES, tenancy);
}

/* The tenancy that /units/{}/users/{} names; the second number is the user's. NULL after a 404. */
static struct sim_bmx_tenancy *tenancy_of_path(struct sim_call *call)
{
	const struct sim_bmx_unit *unit = sim_bmx_row_of_path(call, SIM_BMX_UNITS, 0);
	struct sim_bmx_tenancy *tenancy;

	if (!unit)
		return NULL;
	tenancy = sim_bmx_tenancy_of(sim_bmx_of(call)->data, unit->row.id, sim_bmx_number(call->args[1]));
	if (!tenancy)
		sim_bmx_absent(call);
	return tenancy;
}

void sim_bmx_patch_tenancy(struct sim_call *call)
{
	struct sim_bmx_tenancy *tenancy = tenancy_of_path(call), changed;
	struct sim_bmx_form form;

	if (!tenancy ||
	    !sim_bmx_form_read(&form, call, SIM_BMX_TENANCIES, tenancy->row.id, tenancy_attributes))
		return;
	changed = *tenancy;
	read_tenancy(&form, &changed);
	if (!sim_bmx_form_good(&form))
		return;
	keep_texts(sim_bmx_of(call)->data, &changed, tenancy);
	*tenancy = changed;
	sim_bmx_answer_row(call, 200, SIM_BMX_TENANCIES, tenancy);
}

void sim_bmx_delete_tenancy(struct sim_call *call)
{
	const struct sim_bmx_tenancy *tenancy = tenancy_of_path(call);

	if (!tenancy)
		return;
	if (sim_bmx_role(call) == SIM_ROLE_TENANT) {
		sim_bmx_forbid(call);
		return;
	}
	sim_bmx_remove(sim_bmx_of(call)->data, SIM_BMX_TENANCIES, tenancy->row.id);
	sim_call_status(call, 204);
}
