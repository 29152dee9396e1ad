#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/call.h"
#include "sim/faults.h"

static void reads_every_form(void **state)
{
	static const struct {
		const char *name, *text;
		enum sim_fault fault;
		double value;
	} rows[] = {
		{"latency", "200ms", SIM_FAULT_LATENCY, 200},
		{"latency", "2s", SIM_FAULT_LATENCY, 2000},
		{"error_rate", "0.25", SIM_FAULT_ERROR_RATE, 0.25},
		{"rate_limit", "10/s", SIM_FAULT_RATE_LIMIT, 10},
		{"rate_limit", "120/min", SIM_FAULT_RATE_LIMIT, 2},
		{"rate_limit", "0", SIM_FAULT_RATE_LIMIT, 0},
		{"outage", "yes", SIM_FAULT_OUTAGE, 1},
		{"rest", "off", SIM_FAULT_REST, 0},
		{"page_size", "25", SIM_FAULT_PAGE_SIZE, 25},
	};
	struct sim_faults faults;

	(void)state;
	sim_faults_init(&faults);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(sim_faults_set(&faults, rows[i].name, rows[i].text, NULL), ERR_OK);
		assert_true(faults.value[rows[i].fault] == rows[i].value);
	}
	sim_faults_fini(&faults);
}

static void refuses_what_it_cannot_read(void **state)
{
	static const char *const rows[][2] = {
		{"latency", "soon"}, {"error_rate", "1.5"}, {"error_rate", "-0.1"}, {"rate_limit", "10/year"},
		{"outage", "maybe"}, {"page_size", "2.5"},  {"latency", ""},        {"rate_limit", "/s"},
	};
	struct sim_faults faults;
	struct problem problem = {0};

	(void)state;
	sim_faults_init(&faults);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(sim_faults_set(&faults, rows[i][0], rows[i][1], NULL), ERR_USAGE);
	assert_int_equal(sim_faults_set(&faults, "latecny", "1s", &problem), ERR_USAGE);
	assert_non_null(strstr(problem.why, "latency"));
	sim_faults_fini(&faults);
}

static void hits_the_share_and_repeats_itself(void **state)
{
	struct sim_faults faults;
	unsigned hits = 0;

	(void)state;
	sim_faults_init(&faults);
	assert_int_equal(sim_faults_set(&faults, "error_rate", "0.2", NULL), ERR_OK);
	for (uint64_t n = 1; n <= 10000; n++) {
		bool hit = sim_faults_hit(&faults, SIM_FAULT_ERROR_RATE, 42, n);

		assert_true(hit == sim_faults_hit(&faults, SIM_FAULT_ERROR_RATE, 42, n));
		hits += hit;
	}
	assert_in_range(hits, 1800, 2200);
	assert_false(sim_faults_hit(&faults, SIM_FAULT_STALL_RATE, 42, 1));
	sim_faults_fini(&faults);
}

static void bucket_fills_again(void **state)
{
	struct sim_faults faults;
	int wait;

	(void)state;
	sim_faults_init(&faults);
	assert_int_equal(sim_faults_set(&faults, "rate_limit", "2/s", NULL), ERR_OK);
	assert_true(sim_faults_take(&faults, SIM_FAULT_RATE_LIMIT, &faults.requests, 1000, &wait));
	assert_true(sim_faults_take(&faults, SIM_FAULT_RATE_LIMIT, &faults.requests, 1000, &wait));
	assert_false(sim_faults_take(&faults, SIM_FAULT_RATE_LIMIT, &faults.requests, 1000, &wait));
	assert_int_equal(wait, 1);
	assert_true(sim_faults_take(&faults, SIM_FAULT_RATE_LIMIT, &faults.requests, 1500, &wait));
	assert_int_equal(sim_faults_set(&faults, "retry_after", "7s", NULL), ERR_OK);
	assert_false(sim_faults_take(&faults, SIM_FAULT_RATE_LIMIT, &faults.requests, 1500, &wait));
	assert_int_equal(wait, 7);
	sim_faults_fini(&faults);
}

static void matches_paths(void **state)
{
	struct sim_request request = {.query = "next=a%2Bb%3D%3D&details=true&x"};
	struct sim_reply reply;
	struct sim_call call;

	(void)state;
	sim_reply_init(&reply);
	sim_call_init(&call, &request, &reply);
	assert_true(sim_call_match(&call, "/spaces/{}/rooms/{}", "/spaces/a%20b/rooms/room_1"));
	assert_string_equal(call.args[0], "a b");
	assert_string_equal(call.args[1], "room_1");
	assert_false(sim_call_match(&call, "/spaces/{}", "/spaces/"));
	assert_false(sim_call_match(&call, "/spaces/{}", "/spaces/a/b"));
	assert_false(sim_call_match(&call, "/spaces", "/spacesx"));
	sim_call_split_query(&call);
	assert_string_equal(sim_call_query(&call, "next"), "a+b==");
	assert_string_equal(sim_call_query(&call, "details"), "true");
	assert_string_equal(sim_call_query(&call, "x"), "");
	assert_null(sim_call_query(&call, "y"));
	sim_call_fini(&call);
	sim_reply_fini(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(refuses_what_it_cannot_read),
		cmocka_unit_test(hits_the_share_and_repeats_itself),
		cmocka_unit_test(bucket_fills_again),
		cmocka_unit_test(matches_paths),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
