/* The simulator on a real loopback port, in a child process. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "base/buf.h"
#include "base/jsonx.h"
#include "sim/sim.h"

struct child {
	pid_t pid;
	struct jsonx ready;
	char auth[1024];
	struct buf answer;
	long status, connects;
	CURLcode code;
};

static void run_child(int fd, const char *const *faults)
{
	struct sim_options options;

	sim_options_init(&options);
	options.seed = 7;
	options.sensors = 1000;
	options.parent_watch = true;
	options.ready = fdopen(fd, "w");
	for (; *faults; faults++)
		options.faults[options.n_faults++] = *faults;

	int result = sim_run(&options, NULL);

	fclose(options.ready);
	exit(result == ERR_OK ? 0 : 3);
}

static size_t take(char *bytes, size_t size, size_t count, void *user)
{
	buf_add(user, bytes, size * count);
	return size * count;
}

/* One request over `curl`; the address is a member of the ready line. */
static const cJSON *ask(struct child *child, CURL *curl, struct jsonx *doc, const char *base,
			const char *path, const char *body)
{
	char url[512];
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");

	headers = curl_slist_append(headers, child->auth[0] ? child->auth : "X-None: 1");
	snprintf(url, sizeof(url), "%s%s", jsonx_str(jsonx_get(child->ready.root, base)), path);
	buf_reset(&child->answer);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &child->answer);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 20000L);
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	else
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	child->code = curl_easy_perform(curl);
	child->status = child->connects = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &child->status);
	curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &child->connects);
	curl_slist_free_all(headers);
	if (child->code != CURLE_OK ||
	    jsonx_parse(doc, buf_text(&child->answer), child->answer.length, NULL) != ERR_OK)
		return NULL;
	return doc->root;
}

static void sign_in(struct child *child)
{
	CURL *curl = curl_easy_init();
	struct jsonx doc;
	char body[512];

	jsonx_init(&doc);
	snprintf(body, sizeof(body),
		 "{\"client_id\":\"%s\",\"client_secret\":\"%s\",\"audience\":\"https://butlrauth/\","
		 "\"grant_type\":\"client_credentials\"}",
		 jsonx_str(jsonx_get(child->ready.root, "client_id")),
		 jsonx_str(jsonx_get(child->ready.root, "client_secret")));

	const cJSON *answer = ask(child, curl, &doc, "butlr", "/api/v2/clients/login", body);

	assert_non_null(answer);
	snprintf(child->auth, sizeof(child->auth), "Authorization: Bearer %s",
		 jsonx_str(jsonx_get(answer, "access_token")));
	jsonx_fini(&doc);
	curl_easy_cleanup(curl);
}

static void start(struct child *child, const char *const *faults)
{
	char line[2048];
	int ends[2];
	FILE *in;

	*child = (struct child){0};
	assert_int_equal(pipe(ends), 0);
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (child->pid == 0) {
		close(ends[0]);
		run_child(ends[1], faults);
	}
	close(ends[1]);
	in = fdopen(ends[0], "r");
	assert_non_null(fgets(line, sizeof(line), in)); /* waits until it listens */
	fclose(in);
	jsonx_init(&child->ready);
	assert_int_equal(jsonx_parse(&child->ready, line, strlen(line), NULL), ERR_OK);
	buf_init(&child->answer, BUF_CEILING_BODY);
	sign_in(child);
}

static void stop(struct child *child)
{
	int status;

	kill(child->pid, SIGTERM);
	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	jsonx_fini(&child->ready);
	buf_fini(&child->answer);
}

static const char *const no_faults[] = {NULL};

static void connections_are_kept(void **state)
{
	CURL *curl = curl_easy_init();
	struct child child;
	struct jsonx doc;
	long connects = 0;

	(void)state;
	jsonx_init(&doc);
	start(&child, no_faults);
	for (int i = 0; i < 5; i++) {
		assert_non_null(ask(&child, curl, &doc, "butlr", "/api/v2/spaces?details=false", NULL));
		assert_int_equal(child.status, 200);
		connects += child.connects;
		assert_non_null(ask(&child, curl, &doc, "butlr", "/api/v3/graphql",
				    "{\"query\":\"{sites{data{id}}}\"}"));
		connects += child.connects;
	}
	assert_int_equal(connects, 1);
	stop(&child);
	jsonx_fini(&doc);
	curl_easy_cleanup(curl);
}

static void large_answers_arrive_whole(void **state)
{
	CURL *curl = curl_easy_init();
	struct child child;
	struct jsonx doc;
	const cJSON *answer;

	(void)state;
	jsonx_init(&doc);
	start(&child, no_faults);
	answer = ask(&child, curl, &doc, "butlr", "/api/v3/detections",
		     "{\"data_types\":[\"heatmap\"],\"filter\":{\"start\":\"-4s\"}}");
	assert_true(cJSON_GetArraySize(jsonx_get(answer, "heatmap")) > 2000);
	assert_true(child.answer.length > 1000000);
	stop(&child);
	jsonx_fini(&doc);
	curl_easy_cleanup(curl);
}

static void too_large_a_request_is_refused(void **state)
{
	CURL *curl = curl_easy_init();
	struct child child;
	struct jsonx doc;
	char *body = calloc(1, BUF_CEILING_REQUEST + 10);

	(void)state;
	jsonx_init(&doc);
	start(&child, no_faults);
	memset(body, ' ', BUF_CEILING_REQUEST + 9);
	ask(&child, curl, &doc, "butlr", "/api/v3/detections", body);
	assert_true(child.status == 413 || child.code != CURLE_OK);
	assert_non_null(ask(&child, curl, &doc, "butlr", "/api/v2/hives", NULL));
	stop(&child);
	free(body);
	jsonx_fini(&doc);
	curl_easy_cleanup(curl);
}

static void a_stalled_answer_does_not_block_others(void **state)
{
	CURL *stalled = curl_easy_init(), *other = curl_easy_init();
	CURLM *multi = curl_multi_init();
	struct child child;
	struct jsonx doc;
	struct buf half;
	int running;

	(void)state;
	jsonx_init(&doc);
	buf_init(&half, BUF_CEILING_BODY);
	start(&child, no_faults);
	assert_non_null(ask(&child, other, &doc, "butlr", "/api/v2/sensors", NULL));

	size_t whole = child.answer.length;
	struct curl_slist *headers = curl_slist_append(NULL, child.auth);
	char url[512];

	assert_non_null(jsonx_get(ask(&child, other, &doc, "control", "/clock", NULL), "now"));
	curl_easy_setopt(other, CURLOPT_CUSTOMREQUEST, "PUT");
	assert_non_null(ask(&child, other, &doc, "control", "/faults", "{\"butlr\":{\"stall_rate\":1}}"));
	snprintf(url, sizeof(url), "%s/api/v2/sensors", jsonx_str(jsonx_get(child.ready.root, "butlr")));
	curl_easy_setopt(stalled, CURLOPT_URL, url);
	curl_easy_setopt(stalled, CURLOPT_PROXY, "");
	curl_easy_setopt(stalled, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(stalled, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(stalled, CURLOPT_WRITEDATA, &half);
	curl_multi_add_handle(multi, stalled);
	for (int turns = 0; half.length < whole / 2; turns++) {
		assert_true(turns < 2000);
		assert_int_equal(curl_multi_perform(multi, &running), CURLM_OK);
		assert_int_equal(running, 1);
		curl_multi_poll(multi, NULL, 0, 10, NULL);
	}
	assert_non_null(ask(&child, other, &doc, "control", "/faults", "{\"butlr\":{\"stall_rate\":0}}"));
	curl_easy_setopt(other, CURLOPT_CUSTOMREQUEST, NULL);
	assert_non_null(ask(&child, other, &doc, "butlr", "/api/v2/sensors", NULL));
	assert_int_equal(child.answer.length, whole);
	curl_multi_perform(multi, &running);
	assert_int_equal(half.length, whole / 2);
	assert_int_equal(running, 1);
	curl_multi_remove_handle(multi, stalled);
	curl_multi_cleanup(multi);
	curl_slist_free_all(headers);
	curl_easy_cleanup(stalled);
	curl_easy_cleanup(other);
	stop(&child);
	buf_fini(&half);
	jsonx_fini(&doc);
}

static void faults_act_on_the_connection(void **state)
{
	CURL *curl = curl_easy_init();
	struct child child;
	struct jsonx doc;
	curl_off_t waited = 0;

	(void)state;
	jsonx_init(&doc);
	start(&child, no_faults);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT");
	assert_non_null(ask(&child, curl, &doc, "control", "/faults", "{\"butlr\":{\"reset_rate\":1}}"));
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, NULL);
	ask(&child, curl, &doc, "butlr", "/api/v2/hives", NULL);
	assert_true(child.code == CURLE_RECV_ERROR || child.code == CURLE_GOT_NOTHING);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT");
	assert_non_null(ask(&child, curl, &doc, "control", "/faults",
			    "{\"butlr\":{\"reset_rate\":0,\"latency\":\"120ms\",\"pad\":3000000}}"));
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, NULL);
	assert_non_null(ask(&child, curl, &doc, "butlr", "/api/v2/hives", NULL));
	curl_easy_getinfo(curl, CURLINFO_STARTTRANSFER_TIME_T, &waited);
	assert_true(waited >= 120000);
	assert_true(child.answer.length > 3000000);
	stop(&child);
	jsonx_fini(&doc);
	curl_easy_cleanup(curl);
}

static void queries_survive_their_escapes(void **state)
{
	static const char *const faults[] = {"butlr.page_size=3", NULL};
	CURL *curl = curl_easy_init();
	struct child child;
	struct jsonx doc;
	char path[512];

	(void)state;
	jsonx_init(&doc);
	start(&child, faults);

	const cJSON *answer = ask(&child, curl, &doc, "butlr", "/api/v2/hives", NULL);
	char *next = curl_easy_escape(curl, jsonx_str(jsonx_get(answer, "next")), 0);

	assert_non_null(strchr(next, '%'));
	snprintf(path, sizeof(path), "/api/v2/hives?details=false&next=%s", next);
	answer = ask(&child, curl, &doc, "butlr", path, NULL);
	assert_int_equal(child.status, 200);
	assert_true(cJSON_GetArraySize(jsonx_get(answer, "data")) > 0);
	curl_free(next);
	stop(&child);
	jsonx_fini(&doc);
	curl_easy_cleanup(curl);
}

static void a_port_that_is_taken_is_told(void **state)
{
	struct child child;
	struct sim_options options;
	struct problem problem = {0};

	(void)state;
	start(&child, no_faults);
	sim_options_init(&options);
	options.port = (unsigned)jsonx_num(jsonx_get(child.ready.root, "port"));
	assert_int_equal(sim_run(&options, &problem), ERR_IO);
	assert_non_null(strstr(problem.why, "cannot be listened to"));
	stop(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_are_kept),
		cmocka_unit_test(large_answers_arrive_whole),
		cmocka_unit_test(too_large_a_request_is_refused),
		cmocka_unit_test(a_stalled_answer_does_not_block_others),
		cmocka_unit_test(faults_act_on_the_connection),
		cmocka_unit_test(queries_survive_their_escapes),
		cmocka_unit_test(a_port_that_is_taken_is_told),
	};

	jsonx_setup();
	curl_global_init(CURL_GLOBAL_ALL);

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	curl_global_cleanup();
	return failed;
}
