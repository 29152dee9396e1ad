/* Changes: what is sent, and what is told when the answer is lost. */
#include "density_play.h"

#include "base/moment.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define OK(method, path, text)                                                                               \
	{                                                                                                    \
		method, path, NULL, 200, NULL, text, 0, DENS_ANSWERED                                        \
	}
#define ONCE(method, path, text)                                                                             \
	{                                                                                                    \
		method, path, NULL, 200, NULL, text, 1, DENS_ANSWERED                                        \
	}
#define LOST(method, path)                                                                                   \
	{                                                                                                    \
		method, path, NULL, 0, NULL, NULL, 0, DENS_TIMED_OUT                                         \
	}
#define END                                                                                                  \
	{                                                                                                    \
		.method = NULL                                                                               \
	}

#define SPACES(name, labels)                                                                                 \
	"[{\"id\":\"spc_f\",\"space_type\":\"floor\",\"children_ids\":[\"spc_1\"]},"                         \
	"{\"id\":\"spc_1\",\"space_type\":\"space\",\"name\":\"" name                                        \
	"\",\"capacity\":8,\"function\":\"lounge\",\"labels\":" labels "}]"

static void spaces_are_changed(void **state)
{
	static const struct dens_answer answers[] = {
		OK("PATCH", "/v3/spaces/spc_1",
		   "{\"id\":\"spc_1\",\"name\":\"New\",\"capacity\":8,\"space_type\":\"space\"}"),
		OK("PATCH", "/v3/spaces/spc_1/labels", "[{\"id\":\"l1\",\"name\":\"x\"}]"),
		OK("GET", "/v3/spaces", SPACES("Old", "[]")),
		END,
	};
	struct dens_play play;
	const struct room *room;

	(void)state;
	dens_open(&play, NULL);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false,
		   FIELDS("name", "New", "capacity", "8", "type", "lounge", "iwms_id", "", "timezone",
			  "Europe/Berlin"),
		   answers);
	room = dens_row(&play, KIND_ROOMS, "spc_1");
	assert_string_equal(room->name, "New"); /* the answer is newer than the list */
	assert_string_equal(room->floor_id, "spc_f");
	assert_string_equal(
		buf_text(&play.log),
		"PATCH /v3/spaces/spc_1 {\"name\":\"New\",\"capacity\":8,\"function\":\"lounge\",\"iwms_id\":\"\","
		"\"time_zone\":\"Europe/Berlin\"}\nGET /v3/spaces \n");
	assert_int_equal(play.writes, 1);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false,
		   FIELDS("add_labels", "l1,l2", "remove_labels", "l3", "create_label", "Quiet room"),
		   answers);
	assert_non_null(strstr(buf_text(&play.log),
			       "PATCH /v3/spaces/spc_1/labels {\"add\":[\"l1\",\"l2\"],\"create\":[\"Quiet "
			       "room\"],\"delete\":[\"l3\"]}\n"));
	assert_int_equal(play.writes, 1);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false, FIELDS("name", "New", "add_labels", "l1"),
		   answers);
	assert_int_equal(play.error, ERR_OK);
	assert_int_equal(play.writes, 2);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false, FIELDS("capacity", "2.5"), answers);
	assert_int_equal(play.error, ERR_USAGE);
	assert_int_equal(play.requests, 0);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false, FIELDS("timezone", "Mars/Base"), answers);
	assert_int_equal(play.error, ERR_USAGE);
	dens_order(&play, KIND_ROOMS, VERB_DELETE, "spc_1", false, NULL, answers);
	assert_int_equal(play.error, ERR_UNSUPPORTED);
	dens_close(&play);
}

static void lost_changes_are_looked_for(void **state)
{
	static const struct dens_answer made[] = {
		LOST("PATCH", "/v3/spaces/spc_1"),
		OK("GET", "/v3/spaces", SPACES("New", "[]")),
		END,
	};
	static const struct dens_answer not_made[] = {
		LOST("PATCH", "/v3/spaces/spc_1"),
		OK("GET", "/v3/spaces", SPACES("Old", "[]")),
		END,
	};
	static const struct dens_answer blind[] = {
		LOST("PATCH", "/v3/spaces/spc_1"),
		{"GET", "/v3/spaces", NULL, 500, NULL, "", 0, DENS_ANSWERED},
		END,
	};
	static const struct dens_answer late[] = {
		{"PATCH", "/v3/spaces/spc_1", NULL, 502, NULL, "", 0, DENS_ANSWERED},
		ONCE("GET", "/v3/spaces", SPACES("Old", "[]")),
		OK("GET", "/v3/spaces", SPACES("New", "[]")),
		END,
	};
	static const struct dens_answer labels[] = {
		LOST("PATCH", "/v3/spaces/spc_1/labels"),
		OK("GET", "/v3/spaces", SPACES("Old", "[{\"id\":\"l1\"}]")),
		END,
	};
	static const struct dens_answer unsent[] = {
		{"PATCH", "/v3/spaces/spc_1", NULL, 0, NULL, NULL, 0, DENS_NOT_SENT},
		END,
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false, FIELDS("name", "New"), made);
	assert_string_equal(((const struct room *)dens_row(&play, KIND_ROOMS, "spc_1"))->name, "New");
	assert_int_equal(play.writes, 1);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false, FIELDS("name", "New"), not_made);
	assert_int_equal(play.error, ERR_TIMEOUT);
	assert_non_null(strstr(work_problem(play.work)->why, "was not changed"));
	assert_int_equal(play.writes, 1);
	assert_int_equal(play.delays_ms, 7000);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false, FIELDS("name", "New"), blind);
	assert_int_equal(play.error, ERR_UNSURE);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false, FIELDS("name", "New"), late);
	assert_int_equal(play.error, ERR_OK);
	assert_int_equal(play.writes, 1);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false,
		   FIELDS("add_labels", "l1", "remove_labels", "l2"), labels);
	assert_int_equal(play.error, ERR_OK);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", false, FIELDS("name", "New"), unsent);
	assert_int_equal(play.error, ERR_UNREACHED);
	/* An earlier try is looked for before anything is sent. */
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_1", true, FIELDS("name", "New"), made);
	assert_int_equal(play.error, ERR_OK);
	assert_int_equal(play.writes, 0);
	dens_close(&play);
}

static void labels_are_made(void **state)
{
	static const struct dens_answer plain[] = {
		OK("GET", "/v3/labels", "[{\"id\":\"l1\",\"name\":\"Quiet\"}]"),
		OK("POST", "/v3/labels", "{\"id\":\"l2\",\"name\":\"Loud\",\"group\":null,\"spaces\":[]}"),
		OK("PATCH", "/v3/labels/l2",
		   "{\"id\":\"l2\",\"name\":\"Loud\",\"group\":{\"id\":\"g1\",\"name\":\"Noise\"}}"),
		{"DELETE", "/v3/labels/l2", NULL, 200, NULL, "{\"code\":0,\"message\":\"string\"}", 0,
		 DENS_ANSWERED},
		{"DELETE", "/v3/labels/l3", NULL, 404, NULL, "", 0, DENS_ANSWERED},
		OK("GET", "/v3/labels/groups", "[]"),
		OK("POST", "/v3/labels/groups", "{\"id\":\"g1\",\"name\":\"Noise\",\"labels\":[]}"),
		OK("PATCH", "/v3/labels/groups/g1", "{\"id\":\"g1\",\"name\":\"Sound\"}"),
		OK("DELETE", "/v3/labels/groups/g1", ""),
		END,
	};
	struct dens_play play;
	const struct label *label;

	(void)state;
	dens_open(&play, NULL);
	dens_order(&play, KIND_LABELS, VERB_CREATE, NULL, false, FIELDS("name", "Loud", "group_id", "g1"),
		   plain);
	label = dens_row(&play, KIND_LABELS, "l2");
	assert_string_equal(label->group, "Noise");
	assert_string_equal(
		buf_text(&play.log),
		"GET /v3/labels \nPOST /v3/labels {\"name\":\"Loud\"}\nPATCH /v3/labels/l2 {\"group\":\"g1\"}\n");
	dens_order(&play, KIND_LABELS, VERB_CHANGE, "l2", false, FIELDS("name", "Loud", "group_id", "g1"),
		   plain);
	assert_non_null(strstr(buf_text(&play.log), "{\"name\":\"Loud\",\"group\":\"g1\"}"));
	dens_order(&play, KIND_LABELS, VERB_DELETE, "l2", false, NULL, plain);
	assert_int_equal(rows_count(dens_rows(&play, KIND_LABELS)), 0);
	dens_order(&play, KIND_LABELS, VERB_DELETE, "l3", false, NULL, plain);
	assert_int_equal(play.error, ERR_OK);
	assert_true(dens_noticed(&play, "not there any more"));
	dens_order(&play, KIND_LABELS, VERB_CREATE, NULL, false, FIELDS("name", "Noise", "type", "group"),
		   plain);
	label = dens_row(&play, KIND_LABELS, "g1");
	assert_string_equal(label->type, "group");
	dens_order(&play, KIND_LABELS, VERB_CHANGE, "g1", false, FIELDS("name", "Sound", "type", "group"),
		   plain);
	assert_string_equal(((const struct label *)dens_row(&play, KIND_LABELS, "g1"))->name, "Sound");
	dens_order(&play, KIND_LABELS, VERB_DELETE, "g1", false, FIELDS("type", "group"), plain);
	assert_int_equal(play.error, ERR_OK);
	dens_close(&play);
}

static void lost_labels_are_looked_for(void **state)
{
	static const struct dens_answer made[] = {
		ONCE("GET", "/v3/labels", "[{\"id\":\"l1\",\"name\":\"Loud\"}]"),
		LOST("POST", "/v3/labels"),
		OK("GET", "/v3/labels",
		   "[{\"id\":\"l1\",\"name\":\"Loud\"},{\"id\":\"l2\",\"name\":\"Loud\"}]"),
		END,
	};
	static const struct dens_answer not_made[] = {
		LOST("POST", "/v3/labels"),
		OK("GET", "/v3/labels", "[{\"id\":\"l1\",\"name\":\"Loud\"}]"),
		END,
	};
	static const struct dens_answer several[] = {
		ONCE("GET", "/v3/labels", "[]"),
		LOST("POST", "/v3/labels"),
		OK("GET", "/v3/labels",
		   "[{\"id\":\"l1\",\"name\":\"Loud\"},{\"id\":\"l2\",\"name\":\"Loud\"}]"),
		END,
	};
	static const struct dens_answer gone[] = {
		LOST("DELETE", "/v3/labels/l1"),
		ONCE("GET", "/v3/labels", "[{\"id\":\"l1\",\"name\":\"Loud\"}]"),
		OK("GET", "/v3/labels", "[]"),
		END,
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	dens_order(&play, KIND_LABELS, VERB_CREATE, NULL, false, FIELDS("name", "Loud"), made);
	assert_non_null(dens_row(&play, KIND_LABELS, "l2"));
	assert_int_equal(rows_count(play.rows[KIND_LABELS]), 1);
	assert_int_equal(play.writes, 1);
	dens_order(&play, KIND_LABELS, VERB_CREATE, NULL, false, FIELDS("name", "Loud"), not_made);
	assert_int_equal(play.error, ERR_TIMEOUT);
	dens_order(&play, KIND_LABELS, VERB_CREATE, NULL, false, FIELDS("name", "Loud"), several);
	assert_int_equal(play.error, ERR_UNSURE);
	dens_order(&play, KIND_LABELS, VERB_CREATE, NULL, true, FIELDS("name", "Loud"), not_made);
	assert_non_null(dens_row(&play, KIND_LABELS, "l1")); /* made by the try before */
	assert_int_equal(play.writes, 0);
	dens_order(&play, KIND_LABELS, VERB_DELETE, "l1", false, NULL, gone);
	assert_int_equal(play.error, ERR_OK);
	dens_close(&play);
}

#define LOUD(id, group) "{\"id\":\"" id "\",\"name\":\"Loud\",\"group\":" group "}"
#define NOISE "{\"id\":\"g1\",\"name\":\"Noise\"}"
#define OTHER "{\"id\":\"g9\",\"name\":\"Other\"}"

/* The label is made, its way into the group is not: that is said. */
static void half_made_labels_are_told(void **state)
{
	static const struct dens_answer half[] = {
		ONCE("GET", "/v3/labels", "[]"),
		OK("POST", "/v3/labels", LOUD("l2", "null")),
		LOST("PATCH", "/v3/labels/l2"),
		OK("GET", "/v3/labels", "[" LOUD("l2", "null") "]"),
		END,
	};
	static const struct dens_answer blind[] = {
		ONCE("GET", "/v3/labels", "[]"),
		OK("POST", "/v3/labels", LOUD("l2", "null")),
		LOST("PATCH", "/v3/labels/l2"),
		{"GET", "/v3/labels", NULL, 500, NULL, "", 0, DENS_ANSWERED},
		END,
	};
	static const struct dens_answer refused[] = {
		OK("GET", "/v3/labels", "[]"),
		OK("POST", "/v3/labels", LOUD("l2", "null")),
		{"PATCH", "/v3/labels/l2", NULL, 403, NULL, "{\"code\":403,\"message\":\"no\\u001b[2J\"}", 0,
		 DENS_ANSWERED},
		END,
	};
	static const struct dens_answer lost_but_done[] = {
		ONCE("GET", "/v3/labels", "[]"),
		OK("POST", "/v3/labels", LOUD("l2", "null")),
		LOST("PATCH", "/v3/labels/l2"),
		OK("GET", "/v3/labels", "[" LOUD("l2", NOISE) "]"),
		END,
	};
	static const struct {
		const struct dens_answer *answers;
		int error;
		const char *words;
	} cases[] = {
		{half, ERR_UNSURE, "label l2 was created, but is not in group g1"},
		{blind, ERR_UNSURE, "label l2 was created; it is not known whether it is in group g1"},
		{refused, ERR_UNSURE, "is not in group g1: the server answered 403: no"},
		{lost_but_done, ERR_OK, NULL},
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		dens_order(&play, KIND_LABELS, VERB_CREATE, NULL, false,
			   FIELDS("name", "Loud", "group_id", "g1"), cases[i].answers);
		if (play.error != cases[i].error || play.writes != 2)
			fail_msg("case %zu: %s, %u writes", i, err_text(play.error), play.writes);
		if (cases[i].error == ERR_OK)
			continue;
		if (strstr(work_problem(play.work)->why, cases[i].words) == NULL)
			fail_msg("case %zu: %s", i, work_problem(play.work)->why);
		assert_null(strchr(work_problem(play.work)->why, 0x1b));
		assert_non_null(strstr(work_problem(play.work)->todo, "same order again"));
	}
	dens_close(&play);
}

/* The same order again takes up what is in the group or in none. */
static void half_made_labels_are_finished(void **state)
{
	static const struct dens_answer again[] = {
		OK("GET", "/v3/labels", "[" LOUD("l0", OTHER) "," LOUD("l2", "null") "]"),
		OK("PATCH", "/v3/labels/l2", LOUD("l2", NOISE)),
		END,
	};
	static const struct dens_answer complete[] = {
		OK("GET", "/v3/labels", "[" LOUD("l1", "null") "," LOUD("l2", NOISE) "]"),
		END,
	};
	static const struct dens_answer elsewhere[] = {
		OK("GET", "/v3/labels", "[" LOUD("l0", OTHER) "]"),
		OK("POST", "/v3/labels", LOUD("l2", "null")),
		OK("PATCH", "/v3/labels/l2", LOUD("l2", NOISE)),
		END,
	};
	static const struct {
		const struct dens_answer *answers;
		unsigned writes;
	} cases[] = {{again, 1}, {complete, 0}, {elsewhere, 2}};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		dens_order(&play, KIND_LABELS, VERB_CREATE, NULL, true,
			   FIELDS("name", "Loud", "group_id", "g1"), cases[i].answers);
		assert_string_equal(((const struct label *)dens_row(&play, KIND_LABELS, "l2"))->group,
				    "Noise");
		assert_int_equal(play.writes, cases[i].writes);
	}
	dens_close(&play);
}

#define ANN                                                                                                  \
	"{\"id\":\"u1\",\"email\":\"ann@x.org\",\"full_name\":\"Ann\",\"role\":\"readonly\",\"spaces\":[\"spc_1\",{\"id\":\"spc_2\"}]}"

static void users_are_changed_whole(void **state)
{
	static const struct dens_answer answers[] = {
		OK("GET", "/v3/users/u1", ANN),
		OK("PUT", "/v3/users/u1",
		   "{\"id\":\"u1\",\"full_name\":\"Ann\",\"role\":\"admin\",\"spaces\":[\"spc_1\",\"spc_2\"]}"),
		OK("GET", "/v3/users", "[" ANN "]"),
		{"POST", "/v3/users", NULL, 201, NULL,
		 "{\"id\":\"u2\",\"email\":\"bob@x.org\",\"full_name\":\"Bob\",\"role\":\"editor\"}", 0,
		 DENS_ANSWERED},
		{"DELETE", "/v3/users/u1", NULL, 204, NULL, "", 0, DENS_ANSWERED},
		END,
	};
	static const struct dens_answer lost[] = {
		ONCE("GET", "/v3/users", "[]"),
		LOST("POST", "/v3/users"),
		OK("GET", "/v3/users", "[" ANN "]"),
		END,
	};
	static const struct dens_answer lost_put[] = {
		OK("GET", "/v3/users", "[" ANN "]"),
		OK("GET", "/v3/users/u1", ANN),
		LOST("PUT", "/v3/users/u1"),
		END,
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	dens_order(&play, KIND_USERS, VERB_CHANGE, "u1", false, FIELDS("role", "admin"), answers);
	assert_non_null(strstr(
		buf_text(&play.log),
		"PUT /v3/users/u1 {\"full_name\":\"Ann\",\"role\":\"admin\",\"spaces\":[\"spc_1\",\"spc_2\"]}\n"));
	assert_string_equal(((const struct user *)dens_row(&play, KIND_USERS, "u1"))->type, "admin");
	dens_order(&play, KIND_USERS, VERB_CHANGE, "u1", false, FIELDS("space_ids", ""), answers);
	assert_non_null(strstr(buf_text(&play.log), "\"role\":\"readonly\",\"spaces\":[]}\n"));
	dens_order(&play, KIND_USERS, VERB_CREATE, NULL, false,
		   FIELDS("email", "bob@x.org", "name", "Bob", "role", "editor", "space_ids", "spc_1,spc_2"),
		   answers);
	assert_non_null(
		strstr(buf_text(&play.log),
		       "POST /v3/users {\"email\":\"bob@x.org\",\"full_name\":\"Bob\",\"role\":\"editor\","
		       "\"spaces\":[\"spc_1\",\"spc_2\"]}\n"));
	assert_string_equal(((const struct user *)dens_row(&play, KIND_USERS, "u2"))->name, "Bob");
	dens_order(&play, KIND_USERS, VERB_DELETE, "u1", false, NULL, answers);
	assert_int_equal(play.error, ERR_OK);
	dens_order(&play, KIND_USERS, VERB_CREATE, NULL, false,
		   FIELDS("email", "ANN@x.org", "name", "Ann", "role", "readonly"), lost);
	assert_non_null(dens_row(&play, KIND_USERS, "u1"));
	dens_order(&play, KIND_USERS, VERB_CHANGE, "u1", false, FIELDS("role", "admin"), lost_put);
	assert_int_equal(play.error, ERR_TIMEOUT);
	dens_order(&play, KIND_USERS, VERB_CHANGE, "u1", false, FIELDS("role", "readonly"), lost_put);
	assert_int_equal(play.error, ERR_OK);
	dens_close(&play);
}

static void refusals_are_told(void **state)
{
	static const struct dens_answer absent[] = {
		{"PATCH", "/v3/spaces/spc_404", NULL, 404, NULL, "{}", 0, DENS_ANSWERED},
		{"GET", "/v3/users/u404", NULL, 404, NULL, "{}", 0, DENS_ANSWERED},
		END,
	};
	static const struct dens_answer answers[] = {
		OK("GET", "/v3/users", "[]"),
		{"POST", "/v3/users", NULL, 400, NULL, "{\"code\":400,\"message\":\"email is taken\"}", 0,
		 DENS_ANSWERED},
		END,
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	dens_order(&play, KIND_USERS, VERB_CREATE, NULL, false,
		   FIELDS("email", "a@x", "name", "A", "role", "admin"), answers);
	assert_true(play.error != ERR_OK);
	assert_non_null(strstr(work_problem(play.work)->why, "email is taken"));
	assert_int_equal(play.writes, 1);
	dens_order(&play, KIND_ROOMS, VERB_CHANGE, "spc_404", false, FIELDS("name", "New"), absent);
	assert_int_equal(play.error, ERR_ABSENT);
	assert_non_null(strstr(work_problem(play.work)->why, "no space"));
	dens_order(&play, KIND_USERS, VERB_CHANGE, "u404", false, FIELDS("role", "admin"), absent);
	assert_int_equal(play.error, ERR_ABSENT);
	assert_int_equal(play.writes, 0);
	dens_close(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spaces_are_changed),        cmocka_unit_test(lost_changes_are_looked_for),
		cmocka_unit_test(labels_are_made),           cmocka_unit_test(lost_labels_are_looked_for),
		cmocka_unit_test(half_made_labels_are_told), cmocka_unit_test(half_made_labels_are_finished),
		cmocka_unit_test(users_are_changed_whole),   cmocka_unit_test(refusals_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
