/* Changes: what is sent, what is never sent, and what is told when the answer is lost. */
#include "sensorist_play.h"

#include "api/sensorist/job.h"
#include "base/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define FROM_FILE(method, path, name)                                                                        \
	{                                                                                                    \
		method, path, NULL, 200, name, NULL, 0, SENS_ANSWERED, false                                 \
	}
#define TEXT(method, path, text)                                                                             \
	{                                                                                                    \
		method, path, NULL, 200, NULL, text, 0, SENS_ANSWERED, false                                 \
	}
#define ONCE(method, path, text)                                                                             \
	{                                                                                                    \
		method, path, NULL, 200, NULL, text, 1, SENS_ANSWERED, false                                 \
	}
#define KEPT(method, path, text)                                                                             \
	{                                                                                                    \
		method, path, NULL, 200, NULL, text, 0, SENS_ANSWERED, true                                  \
	}
#define LOST(method, path)                                                                                   \
	{                                                                                                    \
		method, path, NULL, 0, NULL, NULL, 0, SENS_TIMED_OUT, false                                  \
	}
#define END                                                                                                  \
	{                                                                                                    \
		.method = NULL                                                                               \
	}
#define TREE "/gateways?with_slaves=1"
#define ALARM FIELDS("source_id", "301003", "threshold", "-5", "direction", "below")

static void things_are_made(void **state)
{
	static const struct play_answer answers[] = {
		FROM_FILE("GET", TREE, "get-gateways.json"),
		TEXT("GET", "/alarms", "{\"alarms\":[]}"),
		FROM_FILE("GET", "/callbacks", "get-callbacks.json"),
		FROM_FILE("POST", "/alarms", "post-alarms.json"),
		FROM_FILE("POST", "/callbacks", "post-callbacks.json"),
		FROM_FILE("POST", "/users", "post-users.json"),
		FROM_FILE("POST", "/gateways", "post-gateways.json"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_order(&play, KIND_ALARMS, VERB_CREATE, NULL, false, ALARM, answers);
	assert_true(((const struct alarm *)play_row(&play, KIND_ALARMS, "1861"))->threshold == -5);
	assert_int_equal(play_count(&play, "POST /alarms data_source=301003&value=-5&direction=below\n"), 1);
	play_order(&play, KIND_CALLBACKS, VERB_CREATE, NULL, false,
		   FIELDS("url", "https://hooks.example.com/sensorist", "type", "button,alarm"), answers);
	play_row(&play, KIND_CALLBACKS, "312");
	assert_int_equal(
		play_count(&play, "POST /callbacks url=https%3A%2F%2Fhooks.example.com%2Fsensorist&type=3\n"),
		1);
	/* One that is there already is not made again. */
	play_order(&play, KIND_CALLBACKS, VERB_CREATE, NULL, false,
		   FIELDS("url", "https://hooks.example.com/sensorist", "type", "button,alarm,system"),
		   answers);
	play_row(&play, KIND_CALLBACKS, "311");
	assert_int_equal(play.writes, 0);
	play_order(&play, KIND_USERS, VERB_CREATE, NULL, false,
		   FIELDS("email", "my@example.com", "password", "a&b=c", "first_name", "my", "last_name",
			  "name"),
		   answers);
	play_row(&play, KIND_USERS, "20801");
	assert_string_equal(buf_text(&play.log),
			    "POST /users email=my%40example.com&password=a%26b%3Dc&fname=my&lname=name\n");
	play_order(&play, KIND_GATEWAYS, VERB_CREATE, NULL, false,
		   FIELDS("serial", "00000000", "name", "Home"), answers);
	play_row(&play, KIND_GATEWAYS, "4103");
	assert_string_equal(buf_text(&play.log), "POST /gateways serial=00000000&name=Home\n");
	play_close(&play);
}

static void things_are_changed(void **state)
{
	static const struct play_answer answers[] = {
		FROM_FILE("POST", "/gateways/4101", "post-gateways-id.json"),
		FROM_FILE("POST", "/sensors/50211", "post-sensors-id-name.json"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_order(&play, KIND_GATEWAYS, VERB_CHANGE, "4101", false, FIELDS("name", "Office"), answers);
	assert_string_equal(((const struct gateway *)play_row(&play, KIND_GATEWAYS, "4101"))->name, "Office");
	assert_string_equal(buf_text(&play.log), "POST /gateways/4101 name=Office\n");
	play_order(&play, KIND_SENSORS, VERB_CHANGE, "50211", false,
		   FIELDS("interval", "900", "name", "Rack 4"), answers);
	assert_string_equal(((const struct sensor *)play_row(&play, KIND_SENSORS, "50211"))->name, "Rack 4");
	assert_string_equal(buf_text(&play.log), "POST /sensors/50211 interval=900&name=Rack%204\n");
	play_order(&play, KIND_SENSORS, VERB_CHANGE, "50211", false, FIELDS("interval", "1.5"), answers);
	assert_int_equal(play.error, ERR_USAGE);
	play_close(&play);
}

/* What would delete everything cannot be said, whatever stands in the place of the id. */
static void nothing_deletes_all(void **state)
{
	static const char *const ids[] = {NULL, "",    " ",  "0",   "/",    ".",
					  "..", "?",   "#",  "%20", "1/..", "1?",
					  "-1", "abc", "01", "1 ",  "\n",   "123456789012345678901234567890"};
	static const enum kind kinds[] = {KIND_ALARMS, KIND_CALLBACKS};
	static const struct play_answer answers[] = {
		FROM_FILE("DELETE", "/alarms/1857", "delete-alarms-id.json"),
		{"DELETE", "/callbacks/311", NULL, 204, NULL, "", 0, SENS_ANSWERED, false},
		{"DELETE", "/callbacks/9", NULL, 404, "error-404.json", NULL, 0, SENS_ANSWERED, false},
		END,
	};
	struct sens_play play;
	struct buf path;

	(void)state;
	buf_init(&path, 1000);
	play_open(&play, NULL);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		buf_reset(&path);
		assert_int_equal(sens_path(&path, "/alarms", ids[i], NULL), ERR_INVALID);
		for (size_t k = 0; k < 2; k++) {
			play_order(&play, kinds[k], VERB_DELETE, ids[i], false, NULL, answers);
			assert_int_equal(play.error, ERR_USAGE);
			assert_int_equal(play.requests, 0);
		}
	}
	play_order(&play, KIND_ALARMS, VERB_DELETE, "1857", false, NULL, answers);
	assert_int_equal(play.error, ERR_OK);
	assert_string_equal(buf_text(&play.log), "DELETE /alarms/1857 \n");
	play_order(&play, KIND_CALLBACKS, VERB_DELETE, "311", false, NULL, answers);
	assert_int_equal(play.error, ERR_OK);
	play_order(&play, KIND_CALLBACKS, VERB_DELETE, "9", false, NULL, answers);
	assert_int_equal(play.error, ERR_OK);
	assert_true(play_noticed(&play, "not there any more"));
	buf_fini(&path);
	play_close(&play);
}

#define RUNNING "{\"max_age\":10,\"workflow\":{\"id\":77031,\"state\":\"running\",\"result\":null}}"

static void workflows_are_followed(void **state)
{
	static const struct play_answer done[] = {
		FROM_FILE("POST", "/gateways/4101/commands", "post-gateways-id-commands.json"),
		ONCE("GET", "/workflows/77031", RUNNING),
		FROM_FILE("GET", "/workflows/77031", "get-workflows-id-done.json"),
		END,
	};
	static const struct play_answer failed[] = {
		FROM_FILE("POST", "/gateways/4101/commands", "post-gateways-id-commands.json"),
		FROM_FILE("GET", "/workflows/77031", "get-workflows-id-failed.json"),
		END,
	};
	static const struct play_answer endless[] = {
		FROM_FILE("POST", "/gateways/4101/commands", "post-gateways-id-commands.json"),
		TEXT("GET", "/workflows/77031", RUNNING),
		END,
	};
	static const struct play_answer gone[] = {
		LOST("POST", "/gateways/4101/commands"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_order(&play, KIND_GATEWAYS, VERB_CHANGE, "4101", false, FIELDS("command", "reboot"), done);
	play_row(&play, KIND_GATEWAYS, "4101");
	assert_int_equal(play_count(&play, "POST /gateways/4101/commands command=reboot\n"), 1);
	assert_int_equal(play_count(&play, "GET /workflows/77031"), 2);
	assert_int_equal(play.delays_ms, 15000); /* 5 s at first, then what the answer says */
	assert_non_null(strstr(work_take_progress(play.work), "the gateway is at it (15 s)"));
	play_order(&play, KIND_GATEWAYS, VERB_CHANGE, "4101", false, FIELDS("command", "pairing"), failed);
	assert_int_equal(play.error, ERR_SERVER);
	assert_non_null(strstr(work_problem(play.work)->why, "gateway did not answer"));
	assert_int_equal(play_count(&play, "command=pairing_start\n"), 1);
	play_order(&play, KIND_GATEWAYS, VERB_CHANGE, "4101", false, FIELDS("command", "reboot"), endless);
	assert_int_equal(play.error, ERR_OK);
	assert_true(play_noticed(&play, "still at it"));
	assert_true(play.delays_ms >= 600000 && play.delays_ms < 620000);
	play_order(&play, KIND_GATEWAYS, VERB_CHANGE, "4101", false, FIELDS("command", "reboot"), gone);
	assert_int_equal(play.error, ERR_UNSURE);
	assert_int_equal(play.requests, 1);
	play_order(&play, KIND_GATEWAYS, VERB_CHANGE, "4101", false, FIELDS("command", "reboot", "name", "x"),
		   done);
	assert_int_equal(play.error, ERR_USAGE);
	play_close(&play);
}

static void lost_answers_are_looked_for(void **state)
{
	static const struct play_answer made[] = {
		FROM_FILE("GET", TREE, "get-gateways.json"),
		ONCE("GET", "/alarms",
		     "{\"alarms\":[{\"id\":1,\"data_source\":301003,\"value\":25,\"direction\":\"above\"}]}"),
		LOST("POST", "/alarms"),
		TEXT("GET", "/alarms",
		     "{\"alarms\":[{\"id\":1,\"data_source\":301003,\"value\":25,\"direction\":\"above\"},"
		     "{\"id\":9,\"data_source\":301003,\"value\":-5,\"direction\":\"below\",\"delay\":null}]}"),
		END,
	};
	static const struct play_answer fresh[] = {
		FROM_FILE("GET", TREE, "get-gateways.json"),
		TEXT("GET", "/alarms", "{\"alarms\":[]}"),
		{"POST", "/alarms", NULL, 502, NULL, "", 0, SENS_ANSWERED, false},
		END,
	};
	/* The rule of not asking too early leaves nothing but an old answer: that is no proof. */
	static const struct play_answer kept[] = {
		FROM_FILE("GET", TREE, "get-gateways.json"),
		KEPT("GET", "/alarms", "{\"alarms\":[]}"),
		LOST("POST", "/alarms"),
		END,
	};
	static const struct play_answer deleted[] = {
		LOST("DELETE", "/alarms/9"),
		TEXT("GET", "/alarms", "{\"alarms\":[]}"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_order(&play, KIND_ALARMS, VERB_CREATE, NULL, false, ALARM, made);
	play_row(&play, KIND_ALARMS, "9");
	assert_int_equal(play.writes, 1);
	play_order(&play, KIND_ALARMS, VERB_CREATE, NULL, false, ALARM, fresh);
	assert_int_equal(play.error, ERR_SERVER);
	assert_non_null(strstr(work_problem(play.work)->why, "was not created"));
	play_order(&play, KIND_ALARMS, VERB_CREATE, NULL, false, ALARM, kept);
	assert_int_equal(play.error, ERR_UNSURE);
	assert_int_equal(play.writes, 1);
	/* Taken up again: nothing is sent on the word of an old answer. */
	play_order(&play, KIND_ALARMS, VERB_CREATE, NULL, true, ALARM, kept);
	assert_int_equal(play.error, ERR_UNSURE);
	assert_int_equal(play.writes, 0);
	play_order(&play, KIND_ALARMS, VERB_DELETE, "9", false, NULL, deleted);
	assert_int_equal(play.error, ERR_OK);
	play_close(&play);
}

static void refusals_are_told(void **state)
{
	static const struct play_answer answers[] = {
		FROM_FILE("GET", TREE, "get-gateways.json"),
		{"POST", "/users", NULL, 400, "error-400.json", NULL, 0, SENS_ANSWERED, false},
		TEXT("POST", "/sensors/50211", "{\"code\":403,\"error\":\"no right\"}"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_order(&play, KIND_ALARMS, VERB_CREATE, NULL, false,
		   FIELDS("source_id", "5", "threshold", "1", "direction", "above"), answers);
	assert_int_equal(play.error, ERR_USAGE);
	assert_int_equal(play.writes, 0);
	play_order(&play, KIND_USERS, VERB_CREATE, NULL, false,
		   FIELDS("email", "a@b.c", "password", "p", "first_name", "f", "last_name", "l"), answers);
	assert_true(play.error != ERR_OK);
	play_order(&play, KIND_SENSORS, VERB_CHANGE, "50211", false, FIELDS("interval", "60"), answers);
	assert_int_equal(play.error, ERR_DENIED);
	play_order(&play, KIND_USERS, VERB_DELETE, "20512", false, NULL, answers);
	assert_int_equal(play.error, ERR_UNSUPPORTED);
	play_close(&play);
}

static void impersonation_goes_along(void **state)
{
	static const struct play_answer answers[] = {
		TEXT("GET", "/users?impersonate=7", "{\"user\":{\"id\":7}}"),
		FROM_FILE("DELETE", "/alarms/3?impersonate=7", "delete-alarms-id.json"),
		FROM_FILE("POST", "/gateways/4101", "post-gateways-id.json"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, FIELDS("impersonate", "7"));
	play_order(&play, KIND_ALARMS, VERB_DELETE, "3", false, NULL, answers);
	assert_int_equal(play.error, ERR_OK);
	play_order(&play, KIND_GATEWAYS, VERB_CHANGE, "4101", false, FIELDS("name", "Office"), answers);
	assert_string_equal(buf_text(&play.log), "POST /gateways/4101 name=Office&impersonate=7\n");
	play_close(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(things_are_made),
		cmocka_unit_test(things_are_changed),
		cmocka_unit_test(nothing_deletes_all),
		cmocka_unit_test(workflows_are_followed),
		cmocka_unit_test(lost_answers_are_looked_for),
		cmocka_unit_test(refusals_are_told),
		cmocka_unit_test(impersonation_goes_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
