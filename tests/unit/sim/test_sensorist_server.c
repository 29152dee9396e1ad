/* The simulated Sensorist on a real loopback port: what libwebsockets must pass on, and gzip. */
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
#include "sim/gzip.h"
#include "sim/sim.h"

struct child {
	pid_t pid;
	struct jsonx ready, doc;
	CURL *curl;
	struct buf answer, head;
	bool plain; /* do not ask for gzip */
	long status;
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

static int start(void **state)
{
	struct child *child = calloc(1, sizeof(*child));
	int ends[2];
	char line[4096] = "";

	assert_int_equal(pipe(ends), 0);
	child->pid = fork();
	if (child->pid == 0) {
		close(ends[0]);
		run_child(ends[1]);
	}
	close(ends[1]);

	FILE *in = fdopen(ends[0], "r");

	assert_non_null(fgets(line, sizeof(line), in));
	fclose(in);
	jsonx_init(&child->ready);
	jsonx_init(&child->doc);
	buf_init(&child->answer, BUF_CEILING_BODY);
	buf_init(&child->head, BUF_CEILING_BODY);
	assert_int_equal(jsonx_parse(&child->ready, line, strlen(line), NULL), ERR_OK);
	child->curl = curl_easy_init();
	*state = child;
	return 0;
}

static int stop(void **state)
{
	struct child *child = *state;
	int status = -1;

	kill(child->pid, SIGTERM);
	waitpid(child->pid, &status, 0);
	curl_easy_cleanup(child->curl);
	jsonx_fini(&child->ready);
	jsonx_fini(&child->doc);
	buf_fini(&child->answer);
	buf_fini(&child->head);
	free(child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static size_t take(char *bytes, size_t size, size_t count, void *user)
{
	buf_add(user, bytes, size * count);
	return size * count;
}

static const char *ready(const struct child *child, const char *name)
{
	return jsonx_str(jsonx_get(child->ready.root, name));
}

static const cJSON *ask(struct child *child, const char *method, const char *path, const char *form)
{
	CURL *curl = child->curl;
	char url[4000];

	snprintf(url, sizeof(url), "%s%s", ready(child, "sensorist"), path);
	buf_reset(&child->answer);
	buf_reset(&child->head);
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &child->answer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &child->head);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 20000L);
	curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	curl_easy_setopt(curl, CURLOPT_USERNAME, ready(child, "sensorist_username"));
	curl_easy_setopt(curl, CURLOPT_PASSWORD, ready(child, "sensorist_password"));
	if (!child->plain)
		curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
	if (form)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
	else
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	assert_int_equal(curl_easy_perform(curl), CURLE_OK);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &child->status);
	assert_int_equal(jsonx_parse(&child->doc, buf_text(&child->answer), child->answer.length, NULL),
			 ERR_OK);
	return child->doc.root;
}

static bool has_head(const struct child *child, const char *line)
{
	return strcasestr(buf_text(&child->head), line) != NULL;
}

static void headers_arrive(void **state)
{
	struct child *child = *state;
	size_t length;

	ask(child, "GET", "/gateways?with_slaves=1", NULL);
	assert_int_equal(child->status, 200);
	assert_true(has_head(child, "cache-control: max-age=900, private\r\n"));
	assert_true(has_head(child, "content-encoding: gzip\r\n"));
	length = child->answer.length;
	child->plain = true;
	ask(child, "GET", "/gateways?with_slaves=1", NULL);
	child->plain = false;
	assert_false(has_head(child, "content-encoding"));
	assert_int_equal(child->answer.length, length);
}

/* More than one stored block. */
static void a_great_answer_is_wrapped(void **state)
{
	struct child *child = *state;

	ask(child, "GET", "/measurements?type=raw&data_sources=301003%2C301004", NULL);
	assert_int_equal(child->status, 200);
	assert_true(child->answer.length > 70000);
	assert_true(has_head(child, "content-encoding: gzip\r\n"));
}

static void forms_and_deletes_pass(void **state)
{
	struct child *child = *state;
	const cJSON *answer = ask(child, "POST", "/callbacks", "url=https%3A%2F%2Fa.example%2Fx&type=7");
	char path[64];

	assert_int_equal(child->status, 200);
	assert_string_equal(jsonx_str(jsonx_path(answer, "callback.url")), "https://a.example/x");
	snprintf(path, sizeof(path), "/callbacks/%d", (int)jsonx_num(jsonx_path(answer, "callback.id")));
	ask(child, "DELETE", path, NULL);
	assert_int_equal(child->status, 200);
	ask(child, "DELETE", path, NULL);
	assert_int_equal(child->status, 404);
}

/* 250 ids of six digits, as long as addresses may get. */
static void long_addresses_pass(void **state)
{
	struct child *child = *state;
	char path[3000];
	int at = snprintf(path, sizeof(path), "/measurements?type=latest&data_sources=301001");

	for (int i = 1; i < 250; i++)
		at += snprintf(path + at, sizeof(path) - (size_t)at, ",%d", 301001 + i % 60);
	ask(child, "GET", path, NULL);
	assert_int_equal(child->status, 200);
}

static void encodings_are_read(void **state)
{
	(void)state;
	assert_true(sim_gzip_accepted("deflate, gzip, br"));
	assert_true(sim_gzip_accepted("gzip;q=0.5"));
	assert_true(sim_gzip_accepted("*"));
	assert_false(sim_gzip_accepted("gzip;q=0"));
	assert_false(sim_gzip_accepted("deflate"));
	assert_false(sim_gzip_accepted(""));
	assert_false(sim_gzip_accepted(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_arrive),         cmocka_unit_test(a_great_answer_is_wrapped),
		cmocka_unit_test(forms_and_deletes_pass), cmocka_unit_test(long_addresses_pass),
		cmocka_unit_test(encodings_are_read),
	};

	jsonx_setup();
	curl_global_init(CURL_GLOBAL_DEFAULT);

	int failed = cmocka_run_group_tests(tests, start, stop);

	curl_global_cleanup();
	return failed;
}
