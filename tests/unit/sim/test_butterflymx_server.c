/* The simulated ButterflyMX on a real loopback port: what libwebsockets must pass on. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
	struct jsonx ready, doc;
	CURL *curl;
	char auth[2048];
	struct buf answer;
	long status;
	CURLcode code;
};

static void run_child(int fd)
{
	struct sim_options options;

	sim_options_init(&options);
	options.seed = 7;
	options.parent_watch = true;
	options.ready = fdopen(fd, "w");

	int result = sim_run(&options, NULL);

	fclose(options.ready);
	exit(result == ERR_OK ? 0 : 3);
}

static size_t take(char *bytes, size_t size, size_t count, void *user)
{
	buf_add(user, bytes, size * count);
	return size * count;
}

static const cJSON *perform(struct child *child, const char *url, const char *method, const char *body,
			    struct curl_slist *headers)
{
	CURL *curl = child->curl;

	buf_reset(&child->answer);
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &child->answer);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 20000L);
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	/* On a connection that was used before, libcurl would send a request again by itself after a reset. */
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
	child->code = curl_easy_perform(curl);
	child->status = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &child->status);
	curl_slist_free_all(headers);
	if (child->code != CURLE_OK ||
	    jsonx_parse(&child->doc, buf_text(&child->answer), child->answer.length, NULL) != ERR_OK)
		return NULL;
	return child->doc.root;
}

static const char *ready(const struct child *child, const char *name)
{
	return jsonx_str(jsonx_get(child->ready.root, name));
}

/* One signed-in request of JSON:API. */
static const cJSON *ask(struct child *child, const char *method, const char *path, const char *body)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/vnd.api+json");
	char url[400];

	headers = curl_slist_append(headers, child->auth);
	if (body)
		headers = curl_slist_append(headers, "Content-Type: application/vnd.api+json");
	snprintf(url, sizeof(url), "%s%s", ready(child, "butterflymx"), path);
	return perform(child, url, method, body, headers);
}

static void fault(struct child *child, const char *json)
{
	char url[400];

	snprintf(url, sizeof(url), "%s/faults", ready(child, "control"));
	assert_non_null(
		perform(child, url, "PUT", json, curl_slist_append(NULL, "Content-Type: application/json")));
	assert_int_equal(child->status, 200);
}

static void sign_in(struct child *child)
{
	char *username = curl_easy_escape(child->curl, ready(child, "butterflymx_username"), 0);
	char *password = curl_easy_escape(child->curl, ready(child, "butterflymx_password"), 0);
	char url[400], form[600];
	const cJSON *answer;

	snprintf(url, sizeof(url), "%s/oauth/token", ready(child, "butterflymx"));
	snprintf(form, sizeof(form),
		 "grant_type=password&client_id=%s&client_secret=%s&username=%s&password=%s",
		 ready(child, "butterflymx_client_id"), ready(child, "butterflymx_client_secret"), username,
		 password);
	answer = perform(child, url, "POST", form, NULL);
	assert_non_null(answer);
	snprintf(child->auth, sizeof(child->auth), "Authorization: Bearer %s",
		 jsonx_str(jsonx_get(answer, "access_token")));
	curl_free(username);
	curl_free(password);
}

static void start(struct child *child)
{
	char line[4096];
	int ends[2];
	FILE *in;

	*child = (struct child){0};
	assert_int_equal(pipe(ends), 0);
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (child->pid == 0) {
		close(ends[0]);
		run_child(ends[1]);
	}
	close(ends[1]);
	in = fdopen(ends[0], "r");
	assert_non_null(fgets(line, sizeof(line), in)); /* waits until it listens */
	fclose(in);
	jsonx_init(&child->ready);
	jsonx_init(&child->doc);
	assert_int_equal(jsonx_parse(&child->ready, line, strlen(line), NULL), ERR_OK);
	buf_init(&child->answer, BUF_CEILING_BODY);
	child->curl = curl_easy_init();
	sign_in(child);
}

static void stop(struct child *child)
{
	int status;

	kill(child->pid, SIGTERM);
	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	curl_easy_cleanup(child->curl);
	jsonx_fini(&child->ready);
	jsonx_fini(&child->doc);
	buf_fini(&child->answer);
}

static void every_method_and_header_arrives(void **state)
{
	struct child child;
	char url[400];

	(void)state;
	start(&child);
	assert_non_null(ask(&child, "PATCH", "/v3/units/48",
			    "{\"data\":{\"type\":\"units\",\"attributes\":{\"label\":\"über\"}}}"));
	assert_int_equal(child.status, 200);
	assert_string_equal(jsonx_str(jsonx_path(child.doc.root, "data.attributes.label")), "über");
	ask(&child, "GET", "/v3/qr_keys?page%5Bsize%5D=1&page%5Bnumber%5D=2", NULL);
	assert_int_equal(child.status, 200);

	const cJSON *row = cJSON_GetArrayItem(jsonx_get(child.doc.root, "data"), 0);

	snprintf(url, sizeof(url), "%s", jsonx_str(jsonx_path(row, "attributes.large_url")));
	assert_int_equal(strncmp(url, ready(&child, "butterflymx"), strlen(ready(&child, "butterflymx"))), 0);
	char path[80];

	snprintf(path, sizeof(path), "/v3/qr_keys/%s", jsonx_str(jsonx_get(row, "id")));
	perform(&child, url, "GET", NULL, NULL);
	assert_int_equal(child.status, 200);
	assert_memory_equal(child.answer.data, "\x89PNG", 4);
	ask(&child, "DELETE", path, NULL);
	assert_int_equal(child.status, 204);
	assert_int_equal(child.answer.length, 0);
	ask(&child, "GET", path, NULL);
	assert_int_equal(child.status, 404);
	stop(&child);
}

static void a_write_may_be_done_without_an_answer(void **state)
{
	struct child child;

	(void)state;
	start(&child);
	fault(&child, "{\"butterflymx\":{\"write\":\"done_reset\",\"write_count\":1}}");
	ask(&child, "PATCH", "/v3/units/48",
	    "{\"data\":{\"type\":\"units\",\"attributes\":{\"label\":\"done\"}}}");
	assert_true(child.code == CURLE_RECV_ERROR || child.code == CURLE_GOT_NOTHING);
	ask(&child, "GET", "/v3/units/48", NULL);
	assert_int_equal(child.status, 200);
	assert_string_equal(jsonx_str(jsonx_path(child.doc.root, "data.attributes.label")), "done");
	stop(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_and_header_arrives),
		cmocka_unit_test(a_write_may_be_done_without_an_answer),
	};

	jsonx_setup();
	curl_global_init(CURL_GLOBAL_ALL);

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	curl_global_cleanup();
	return failed;
}
