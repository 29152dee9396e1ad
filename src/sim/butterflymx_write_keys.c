/* Creating and deleting keychains and keys (butterflymx.md §8.5, §11.2). */
#include "sim/butterflymx_write.h"

#include "base/moment.h"
#include "sim/butterflymx_form.h"
#include "sim/butterflymx_rows.h"

#include <string.h>

#define DAYS_AHEAD 366 /* a pass ends at most a year ahead (§8.5) */
#define DAY_MS INT64_C(86400000)

/* --- what a keychain is made of --------------------------------------------------------------------------- */

/* True when the text has the form: '0' stands for a digit. */
static bool has_form(const char *text, const char *form)
{
	for (; *form && *text; form++, text++)
		if (*form == '0' ? !g_ascii_isdigit(*text) : *form != *text)
			return false;
	return *form == *text;
}

static bool date_good(const char *text)
{
	return has_form(text, "0000-00-00") &&
	       g_date_valid_dmy((GDateDay)g_ascii_strtoll(text + 8, NULL, 10),
				(GDateMonth)g_ascii_strtoll(text + 5, NULL, 10),
				(GDateYear)g_ascii_strtoll(text, NULL, 10));
}

static bool time_good(const char *text)
{
	return has_form(text, "00:00:00") && strncmp(text, "24", 2) < 0 && text[3] < '6' && text[6] < '6';
}

static void read_part(struct sim_bmx_form *form, const char *name, bool (*good)(const char *), char out[12])
{
	const char *text = NULL;

	sim_bmx_form_text(form, name, true, &text);
	if (text && !good(text))
		sim_bmx_form_wrong(form, name, "is invalid");
	else if (text)
		g_strlcpy(out, text, 12);
}

static void read_weekdays(struct sim_bmx_form *form, unsigned *out)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	const cJSON *list = sim_bmx_form_get(form, "weekdays"), *item;

	if (!list || cJSON_IsNull(list))
		return;
	if (!cJSON_IsArray(list)) {
		sim_bmx_form_wrong(form, "weekdays", "is invalid");
		return;
	}
	cJSON_ArrayForEach(item, list)
	{
		int found = -1;

		for (int i = 0; i < 7; i++)
			if (cJSON_IsString(item) && strcmp(item->valuestring, days[i]) == 0)
				found = i;
		if (found < 0) {
			sim_bmx_form_wrong(form, "weekdays", "is not included in the list");
			return;
		}
		*out |= 1u << found;
	}
}

/* Dates of one form compare as texts do; so do times. */
static void check_order(struct sim_bmx_form *form, const struct sim_bmx_keychain *keychain)
{
	int days = strcmp(keychain->date_from, keychain->date_to);

	if (!*keychain->date_from || !*keychain->date_to || !*keychain->time_from || !*keychain->time_to)
		return;
	if (days > 0)
		sim_bmx_form_wrong(form, "valid_date_to", "must be on or after the first day");
	else if ((days == 0 || keychain->weekdays) && strcmp(keychain->time_from, keychain->time_to) >= 0)
		sim_bmx_form_wrong(form, "valid_time_to", "must be after the start time");
}

/* Unit and user, which must be within the user's reach. False after an answer. */
static bool read_owner(struct sim_bmx_form *form, int64_t *unit_id, int64_t *user_id)
{
	const struct sim_bmx_unit *unit = sim_bmx_form_link(form, "unit", SIM_BMX_UNITS);
	const struct sim_bmx_user *user = sim_bmx_form_link(form, "user", SIM_BMX_USERS);
	const struct sim_bmx_building *building;

	if (unit && !form->errors && !sim_bmx_owns_unit(form->call, unit->row.id)) {
		sim_bmx_forbid(form->call);
		form->done = true;
		return false;
	}
	building = unit ? sim_bmx_building_of(sim_bmx_of(form->call)->data, unit->row.id) : NULL;
	if (building && !building->qr_key_enabled)
		sim_bmx_form_wrong_link(form, "unit", "is in a building without QR keys");
	*unit_id = unit ? unit->row.id : 0;
	*user_id = user ? user->row.id : 0;
	return true;
}

static void check_end(struct sim_bmx_form *form, const char *name, int64_t end_ms)
{
	if (end_ms != MOMENT_NONE && end_ms > form->call->now_ms + DAYS_AHEAD * DAY_MS)
		sim_bmx_form_wrong(form, name, "must be within one year");
}

static struct sim_bmx_keychain *add_keychain(struct sim_bmx_data *data, const struct sim_bmx_keychain *fresh)
{
	struct sim_bmx_keychain *keychain = sim_bmx_add(data, SIM_BMX_KEYCHAINS);
	struct sim_bmx_row row = keychain->row;

	*keychain = *fresh;
	keychain->row = row;
	keychain->name = sim_bmx_text(data, fresh->name);
	return keychain;
}

void sim_bmx_create_keychain(struct sim_call *call)
{
	struct sim_bmx_data *data = sim_bmx_of(call)->data;
	struct sim_bmx_keychain fresh = {0};
	struct sim_bmx_form form;
	int64_t from_ms, to_ms;

	if (!sim_bmx_form_read(&form, call, SIM_BMX_KEYCHAINS, 0,
			       "name weekdays valid_date_from valid_date_to valid_time_from valid_time_to"))
		return;
	sim_bmx_form_text(&form, "name", true, &fresh.name);
	read_weekdays(&form, &fresh.weekdays);
	read_part(&form, "valid_date_from", date_good, fresh.date_from);
	read_part(&form, "valid_date_to", date_good, fresh.date_to);
	read_part(&form, "valid_time_from", time_good, fresh.time_from);
	read_part(&form, "valid_time_to", time_good, fresh.time_to);
	check_order(&form, &fresh);
	if (!read_owner(&form, &fresh.unit, &fresh.user))
		return;
	if (form.errors == 0) {
		sim_bmx_window(data, &fresh, &from_ms, &to_ms);
		check_end(&form, "valid_date_to", to_ms);
	}
	if (sim_bmx_form_good(&form))
		sim_bmx_answer_row(call, 201, SIM_BMX_KEYCHAINS, add_keychain(data, &fresh));
}

/* Its keys go with it. */
void sim_bmx_delete_keychain(struct sim_call *call)
{
	struct sim_bmx_data *data = sim_bmx_of(call)->data;
	const struct sim_bmx_keychain *keychain = sim_bmx_row_of_path(call, SIM_BMX_KEYCHAINS, 0);
	GPtrArray *keys = data->rows[SIM_BMX_KEYS];

	if (!keychain)
		return;
	for (guint i = keys->len; i-- > 0;)
		if (((const struct sim_bmx_key *)keys->pdata[i])->keychain == keychain->row.id)
			g_ptr_array_remove_index(keys, i);
	sim_bmx_remove(data, SIM_BMX_KEYCHAINS, keychain->row.id);
	sim_call_status(call, 204);
}

/* --- keys --------------------------------------------------------------------------------------------------- */

/* E.164: a plus and up to fifteen digits. */
static bool number_good(const char *text)
{
	size_t digits = *text == '+' ? strspn(text + 1, "0123456789") : 0;

	return digits >= 7 && digits <= 15 && text[1] != '0' && !text[1 + digits];
}

static void read_key(struct sim_bmx_form *form, struct sim_bmx_key *key)
{
	sim_bmx_form_text(form, "name", true, &key->name);
	sim_bmx_form_text(form, "email", false, &key->email);
	sim_bmx_form_text(form, "sms_number", false, &key->sms);
	if (key->email && !*key->email)
		key->email = NULL;
	if (key->sms && !*key->sms)
		key->sms = NULL;
	if (!key->email && !key->sms) {
		sim_bmx_form_wrong(form, "email", "can't be blank");
		sim_bmx_form_wrong(form, "sms_number", "can't be blank");
	}
	if (key->email && !sim_bmx_email_good(key->email))
		sim_bmx_form_wrong(form, "email", "is invalid");
	if (key->sms && !number_good(key->sms))
		sim_bmx_form_wrong(form, "sms_number", "is invalid");
}

static struct sim_bmx_key *add_key(struct sim_call *call, const struct sim_bmx_key *fresh,
				   const struct sim_bmx_keychain *keychain)
{
	struct sim_bmx_data *data = sim_bmx_of(call)->data;
	struct sim_bmx_key *key = sim_bmx_add(data, SIM_BMX_KEYS);

	sim_bmx_key_init(data, key, keychain, call->now_ms);
	key->name = sim_bmx_text(data, fresh->name);
	key->email = sim_bmx_text(data, fresh->email);
	key->sms = sim_bmx_text(data, fresh->sms);
	return key;
}

static const char key_attributes[] = "name email sms_number activated_at expired_at";

/* A single key gets a keychain of its own: every key of the samples has one. */
void sim_bmx_create_key(struct sim_call *call)
{
	struct sim_bmx_data *data = sim_bmx_of(call)->data;
	struct sim_bmx_key fresh = {.activated_ms = MOMENT_NONE, .expired_ms = MOMENT_NONE}, *key;
	struct sim_bmx_keychain keychain = {0};
	struct sim_bmx_form form;

	if (!sim_bmx_form_read(&form, call, SIM_BMX_KEYS, 0, key_attributes))
		return;
	read_key(&form, &fresh);
	sim_bmx_form_moment(&form, "activated_at", true, &fresh.activated_ms);
	sim_bmx_form_moment(&form, "expired_at", true, &fresh.expired_ms);
	if (fresh.activated_ms != MOMENT_NONE && fresh.expired_ms != MOMENT_NONE &&
	    fresh.expired_ms <= fresh.activated_ms)
		sim_bmx_form_wrong(&form, "expired_at", "must be after activated at");
	check_end(&form, "expired_at", fresh.expired_ms);
	if (!read_owner(&form, &keychain.unit, &keychain.user) || !sim_bmx_form_good(&form))
		return;
	keychain.name = fresh.name;
	sim_bmx_set_window(data, &keychain, fresh.activated_ms, fresh.expired_ms);
	key = add_key(call, &fresh, add_keychain(data, &keychain));
	key->activated_ms = fresh.activated_ms / 1000 * 1000;
	key->expired_ms = fresh.expired_ms / 1000 * 1000;
	sim_bmx_answer_row(call, 201, SIM_BMX_KEYS, key);
}

/* A window, unit or user sent along is ignored without a word: the keychain's are taken. */
void sim_bmx_create_keychain_key(struct sim_call *call)
{
	const struct sim_bmx_keychain *keychain = sim_bmx_row_of_path(call, SIM_BMX_KEYCHAINS, 0);
	struct sim_bmx_key fresh = {0};
	struct sim_bmx_form form;

	if (!keychain || !sim_bmx_form_read(&form, call, SIM_BMX_KEYS, 0, key_attributes))
		return;
	read_key(&form, &fresh);
	if (sim_bmx_form_good(&form))
		sim_bmx_answer_row(call, 201, SIM_BMX_KEYS, add_key(call, &fresh, keychain));
}

void sim_bmx_delete_key(struct sim_call *call)
{
	const struct sim_bmx_key *key = sim_bmx_row_of_path(call, SIM_BMX_KEYS, 0);

	if (!key)
		return;
	sim_bmx_remove(sim_bmx_of(call)->data, SIM_BMX_KEYS, key->row.id);
	sim_call_status(call, 204);
}
