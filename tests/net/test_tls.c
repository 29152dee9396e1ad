/* Certificates, against the openssl program's own server. Skipped where there is no such program. */
#include "net/http.h"

#include "loopback.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
	uv_loop_t loop;
	char *folder, *certificate, *key;
	GPid server;
	int server_in, server_out; /* its standard input stays open: it would end with it */
	unsigned port;
	bool closed;
};

struct reply {
	bool done;
	int error, status;
	char why[240];
};

static bool make_certificate(struct fixture *fixture)
{
	char *argv[] = {"openssl",  "req",
			"-x509",    "-newkey",
			"rsa:2048", "-nodes",
			"-days",    "2",
			"-subj",    "/CN=lodge test",
			"-addext",  "subjectAltName=IP:127.0.0.1",
			"-keyout",  fixture->key,
			"-out",     fixture->certificate,
			NULL};
	int status;

	return g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
			    NULL, NULL, &status, NULL) &&
	       status == 0;
}

/* "ACCEPT 127.0.0.1:40123" */
static bool read_port(struct fixture *fixture)
{
	char line[256] = "";
	size_t length = 0;
	const char *colon;

	while (length < sizeof(line) - 1 && read(fixture->server_out, line + length, 1) == 1) {
		if (line[length++] != '\n')
			continue;
		line[length] = '\0';
		colon = strrchr(line, ':');
		if (g_str_has_prefix(line, "ACCEPT") && colon != NULL) {
			fixture->port = (unsigned)g_ascii_strtoull(colon + 1, NULL, 10);
			return fixture->port != 0;
		}
		length = 0;
	}
	return false;
}

static bool start_server(struct fixture *fixture)
{
	char *argv[] = {"openssl", "s_server",   "-accept", "127.0.0.1:0", "-cert", fixture->certificate,
			"-key",    fixture->key, "-www",    NULL};

	return g_spawn_async_with_pipes(NULL, argv, NULL,
					G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
						G_SPAWN_STDERR_TO_DEV_NULL,
					NULL, NULL, &fixture->server, &fixture->server_in,
					&fixture->server_out, NULL, NULL) &&
	       read_port(fixture);
}

static int set_up(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);
	char folder[] = "/tmp/lodge-tls-XXXXXX";

	alarm(60); /* a hang is a failure */
	signal(SIGPIPE, SIG_IGN);
	fixture->folder = g_strdup(mkdtemp(folder));
	fixture->certificate = g_build_filename(fixture->folder, "cert.pem", NULL);
	fixture->key = g_build_filename(fixture->folder, "key.pem", NULL);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->server != 0) {
		kill(fixture->server, SIGTERM);
		waitpid(fixture->server, NULL, 0);
		close(fixture->server_in);
		close(fixture->server_out);
	}
	loopback_run_out(&fixture->loop);
	g_remove(fixture->certificate);
	g_remove(fixture->key);
	g_rmdir(fixture->folder);
	g_free(fixture->certificate);
	g_free(fixture->key);
	g_free(fixture->folder);
	g_free(fixture);
	return 0;
}

static void need_server(struct fixture *fixture)
{
	char *program = g_find_program_in_path("openssl");
	bool there = program != NULL && make_certificate(fixture) && start_server(fixture);

	g_free(program);
	if (!there)
		skip();
}

static void on_closed(void *ctx) { *(bool *)ctx = true; }

static void on_reply(void *ctx, struct http_answer *answer)
{
	struct reply *reply = ctx;

	reply->done = true;
	reply->error = answer->error;
	reply->status = answer->status;
	g_strlcpy(reply->why, answer->why, sizeof(reply->why));
}

static struct reply fetch(struct fixture *fixture, const char *host, unsigned port, const char *ca_file)
{
	struct http_options options = {.timeout_ms = 20000, .ca_file = ca_file};
	struct problem problem = {.code = ERR_OK};
	struct http *http = http_new(&fixture->loop, &options, &problem);
	char *url = g_strdup_printf("https://%s:%u/", host, port);
	struct http_request request = {.method = "GET", .url = url};
	struct reply reply = {.done = false};

	assert_non_null(http);
	assert_true(http_send(http, &request, on_reply, &reply) > 0);
	loopback_run(&fixture->loop, &reply.done);
	fixture->closed = false;
	http_close(http, on_closed, &fixture->closed);
	loopback_run(&fixture->loop, &fixture->closed);
	g_free(url);
	return reply;
}

static void test_unknown_certificate(void **state)
{
	struct fixture *fixture = *state;
	struct reply reply;

	need_server(fixture);
	reply = fetch(fixture, "127.0.0.1", fixture->port, NULL);
	assert_int_equal(reply.error, ERR_UNREACHED);
	assert_string_equal(reply.why,
			    "the certificate of 127.0.0.1 cannot be accepted: it is not trusted: it is "
			    "self-signed (add it with ca_file=)");
}

static void test_certificate_in_ca_file(void **state)
{
	struct fixture *fixture = *state;
	struct reply reply;

	need_server(fixture);
	reply = fetch(fixture, "127.0.0.1", fixture->port, fixture->certificate);
	assert_string_equal(reply.why, "");
	assert_int_equal(reply.error, ERR_OK);
	assert_int_equal(reply.status, 200);
	reply = fetch(fixture, "localhost", fixture->port, fixture->certificate);
	assert_int_equal(reply.error, ERR_UNREACHED);
	assert_string_equal(reply.why,
			    "the certificate of localhost cannot be accepted: it is for another name");
}

static void answer_plainly(void *ctx, struct loopback_peer *peer, const struct loopback_request *request)
{
	(void)ctx, (void)request;
	loopback_answer(peer, 200, "", "no TLS here");
}

static void test_no_tls_at_all(void **state)
{
	struct fixture *fixture = *state;
	struct loopback *server = loopback_new(&fixture->loop, answer_plainly, NULL);
	unsigned port = (unsigned)g_ascii_strtoull(strrchr(loopback_url(server), ':') + 1, NULL, 10);
	struct reply reply;

	loopback_blurt(server, "HTTP/1.1 400 What?\r\n\r\n");
	reply = fetch(fixture, "127.0.0.1", port, NULL);
	assert_int_equal(reply.error, ERR_UNREACHED);
	assert_string_equal(reply.why,
			    "no secure connection to 127.0.0.1: TLS 1.2 or later could not be agreed");
	loopback_close(server);
}

static void test_bad_ca_files(void **state)
{
	struct fixture *fixture = *state;
	struct http_options options = {.ca_file = fixture->certificate};
	struct problem problem = {.code = ERR_OK};

	assert_null(http_new(&fixture->loop, &options, &problem));
	assert_int_equal(problem.code, ERR_CONFIG);
	assert_non_null(strstr(problem.why, "No such file"));
	assert_true(g_file_set_contents(fixture->certificate, "hello\n", -1, NULL));
	assert_null(http_new(&fixture->loop, &options, &problem));
	assert_int_equal(problem.code, ERR_CONFIG);
	assert_non_null(strstr(problem.why, "holds no certificate"));
}

#define NET_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NET_TEST(test_unknown_certificate),
		NET_TEST(test_certificate_in_ca_file),
		NET_TEST(test_no_tls_at_all),
		NET_TEST(test_bad_ca_files),
	};
	int failed;

	loopback_forget_proxies();
	if (http_setup() != ERR_OK)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	http_teardown();
	return failed;
}
