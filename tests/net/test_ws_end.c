/* Where a channel may lead to, its end in every stage, and certificates (against the openssl program's own server; skipped without it). */
#include "wsrig.h"

#include "loopback.h"
#include "net/http_private.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- where it may lead --- */

static int refusal(struct wsrig *fixture, const char *base_url, const char *url)
{
	struct problem problem = {.code = ERR_OK};
	struct ws_options options = {.base_url = base_url};
	struct ws *ws = ws_new(&fixture->loop, &options);
	struct ws_channel *channel = ws_connect(ws, url, &wsrig_events, fixture, &problem);

	assert_null(strstr(problem.why, "s3cret"));
	ws_channel_close(channel);
	ws_close(ws);
	wsrig_run_turns(fixture, 10);
	ws_free(ws);
	return channel != NULL ? ERR_OK : problem.code;
}

static void test_addresses(void **state)
{
	struct wsrig *fixture = *state;
	const char *public = "https://api.example.com", *private = "https://10.1.2.3/api";
	char *longest = g_strnfill(9000, 'p');
	char *url = g_strdup_printf("wss://api.example.com/%s", longest);

	assert_int_equal(refusal(fixture, public, "ws://api.example.com/x"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "https://api.example.com/x"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "wss://me:s3cret@api.example.com/x"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "wss://api.example.com/x\r\nEvil: 1"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "wss:///x"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "file:///etc/passwd"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, ""), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, url), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "wss://127.0.0.1/x?s3cret"), ERR_DENIED);
	assert_int_equal(refusal(fixture, public, "wss://[::1]/x"), ERR_DENIED);
	assert_int_equal(refusal(fixture, public, "wss://10.1.2.3/x"), ERR_DENIED);
	assert_int_equal(refusal(fixture, public, "wss://169.254.169.254/x"), ERR_DENIED);
	assert_int_equal(refusal(fixture, "http://127.0.0.1:1", "wss://192.168.1.1/"), ERR_DENIED);
	assert_int_equal(refusal(fixture, private, "wss://10.1.2.3/x"), ERR_OK);
	assert_int_equal(refusal(fixture, "http://127.0.0.1:1", "ws://localhost:2/x"), ERR_OK);
	g_free(url);
	g_free(longest);
}

static bool leads_inside(const char *host)
{
	struct addrinfo *list = NULL;
	bool inside = getaddrinfo(host, NULL, NULL, &list) == 0;

	for (const struct addrinfo *at = list; at != NULL; at = at->ai_next)
		inside &= !http_reach_allows(HTTP_REACH_PUBLIC, at->ai_addr);
	if (list != NULL)
		freeaddrinfo(list);
	return inside;
}

/* The name says nothing; what it leads to does. */
static void test_name_that_leads_inside(void **state)
{
	struct wsrig *fixture = *state;
	char host[128] = "";
	char *url;
	struct problem problem;

	if (gethostname(host, sizeof(host) - 1) != 0 || strcmp(host, "localhost") == 0 || !leads_inside(host))
		skip();
	url = g_strdup_printf("wss://%s/x", host);
	fixture->options.base_url = "https://api.example.com";
	fixture->ws = ws_new(&fixture->loop, &fixture->options);
	assert_non_null(ws_connect(fixture->ws, url, &wsrig_events, fixture, &problem));
	wsrig_run_until(fixture, &fixture->closed, 1);
	assert_int_equal(fixture->error, ERR_DENIED);
	g_free(url);
}

/* --- the end in every stage --- */

static void test_close_while_looking_up(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_dial(fixture);
	ws_channel_close(fixture->channel);
	wsrig_run_turns(fixture, 10);
	assert_int_equal(fixture->opened + fixture->closed, 0);
}

static void test_close_in_handshake(void **state)
{
	struct wsrig *fixture = *state;

	fixture->answer = "HTTP/1.1 101 Switching";
	wsrig_dial(fixture);
	while (wsserver_requests(fixture->server) < 1)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	ws_channel_close(fixture->channel);
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(fixture->opened + fixture->closed, 0);
}

static void test_close_within_callbacks(void **state)
{
	struct wsrig *fixture = *state;

	fixture->close_at_message = true;
	wsrig_open(fixture, wsrig_serve_fragments);
	wsrig_run_until(fixture, &fixture->messages, 1);
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(fixture->messages, 1);
	fixture->close_at_open = true;
	wsrig_open(fixture, wsrig_serve_hello);
	wsrig_run_until(fixture, &fixture->opened, 2);
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(fixture->messages, 1);
	assert_int_equal(fixture->closed, 0);
}

static void serve_much(struct wsrig *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_flood(peer, "one of many", 500, 100000);
}

/* tear_down closes what is open: channels in all stages, and none. */
static void test_close_all(void **state)
{
	struct wsrig *fixture = *state;

	for (unsigned i = 0; i < 20; i++)
		wsrig_open(fixture, serve_much);
	wsrig_run_until(fixture, &fixture->opened, 10);
	wsrig_dial(fixture);
	fixture->answer = "HTTP/1.1 101";
	wsrig_dial(fixture);
	wsrig_run_turns(fixture, 3);
	wsrig_dial(fixture);
	wsrig_close(fixture);
	assert_int_equal(fixture->closed, 0);
}

static void test_too_many(void **state)
{
	struct wsrig *fixture = *state;
	struct problem problem = {.code = ERR_OK};

	for (unsigned i = 0; i < WS_CHANNELS; i++)
		wsrig_dial(fixture);
	assert_null(ws_connect(fixture->ws, "ws://127.0.0.1:1/", &wsrig_events, fixture, &problem));
	assert_int_equal(problem.code, ERR_BUSY);
	wsrig_run_until(fixture, &fixture->opened, WS_CHANNELS);
}

/* --- TLS, with the openssl program's server as the lower half --- */

struct tls {
	char *folder, *certificate, *key;
	GPid pid;
	int in, out;
	unsigned port;
};

static bool tls_certificate(struct tls *tls)
{
	char *argv[] = {"openssl",  "req",           "-x509",   "-newkey",
			"rsa:2048", "-nodes",        "-days",   "2",
			"-subj",    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
			"-keyout",  tls->key,        "-out",    tls->certificate,
			NULL};
	int status;

	return g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
			    NULL, NULL, &status, NULL) &&
	       status == 0;
}

/* The next line that begins so; false at the end. */
static bool tls_line(struct tls *tls, const char *prefix, char *line, size_t size)
{
	size_t length = 0;

	while (length < size - 1 && read(tls->out, line + length, 1) == 1) {
		if (line[length++] != '\n')
			continue;
		line[length] = '\0';
		if (g_str_has_prefix(line, prefix))
			return true;
		length = 0;
	}
	return false;
}

static bool tls_start(struct tls *tls)
{
	char *argv[] = {"openssl", "s_server", "-accept",  "127.0.0.1:0", "-cert", tls->certificate,
			"-key",    tls->key,   "-naccept", "9",           NULL};
	char folder[] = "/tmp/lodge-ws-XXXXXX", line[512];

	tls->folder = g_strdup(mkdtemp(folder));
	tls->certificate = g_build_filename(tls->folder, "cert.pem", NULL);
	tls->key = g_build_filename(tls->folder, "key.pem", NULL);
	argv[5] = tls->certificate;
	argv[7] = tls->key;
	if (!tls_certificate(tls) ||
	    !g_spawn_async_with_pipes(NULL, argv, NULL,
				      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
					      G_SPAWN_STDERR_TO_DEV_NULL,
				      NULL, NULL, &tls->pid, &tls->in, &tls->out, NULL, NULL) ||
	    !tls_line(tls, "ACCEPT", line, sizeof(line)))
		return false;
	tls->port = (unsigned)g_ascii_strtoull(strrchr(line, ':') + 1, NULL, 10);
	return tls->port != 0;
}

static void tls_stop(struct tls *tls)
{
	if (tls->pid != 0) {
		kill(tls->pid, SIGTERM);
		waitpid(tls->pid, NULL, 0);
		close(tls->in);
		close(tls->out);
	}
	g_remove(tls->certificate);
	g_remove(tls->key);
	g_rmdir(tls->folder);
	g_free(tls->certificate);
	g_free(tls->key);
	g_free(tls->folder);
}

static void tls_dial(struct wsrig *fixture, const struct tls *tls, const char *ca_file, const char *host)
{
	char *url = g_strdup_printf("wss://%s:%u/live", host, tls->port);
	struct problem problem;

	fixture->options.ca_file = ca_file;
	fixture->ws = ws_new(&fixture->loop, &fixture->options);
	fixture->channel = ws_connect(fixture->ws, url, &wsrig_events, fixture, &problem);
	assert_non_null(fixture->channel);
	g_free(url);
}

static void tls_hang_up(struct wsrig *fixture)
{
	ws_close(fixture->ws);
	wsrig_run_turns(fixture, 10);
	ws_free(fixture->ws);
	fixture->ws = NULL;
	fixture->closed = 0;
}

/* On a thread, since both ends wait for each other. */
static void tls_answer(void *argument)
{
	struct tls *tls = argument;
	char line[8192], *key, *answer;

	if (!tls_line(tls, "Sec-WebSocket-Key: ", line, sizeof(line)))
		return;
	key = wsserver_key(line);
	answer = g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
				 "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n\x81\x06secret",
				 key);
	(void)!write(tls->in, answer, strlen(answer));
	g_free(answer);
	g_free(key);
}

/* A bare machine may have no /etc/hosts. */
static bool knows_localhost(void)
{
	struct addrinfo *found = NULL;
	bool known = getaddrinfo("localhost", NULL, NULL, &found) == 0;

	if (known)
		freeaddrinfo(found);
	return known;
}

static void test_tls(void **state)
{
	struct wsrig *fixture = *state;
	struct tls tls = {.pid = 0};
	uv_thread_t thread;
	char *program = g_find_program_in_path("openssl");

	g_free(program);
	if (program == NULL || !knows_localhost())
		skip();
	assert_true(tls_start(&tls));
	tls_dial(fixture, &tls, NULL, "localhost");
	wsrig_expect_closed(fixture, ERR_UNREACHED, "certificate");
	tls_hang_up(fixture);
	tls_dial(fixture, &tls, tls.certificate, "127.0.0.1"); /* another name */
	wsrig_expect_closed(fixture, ERR_UNREACHED, "certificate");
	tls_hang_up(fixture);
	assert_int_equal(fixture->opened, 0);

	assert_int_equal(uv_thread_create(&thread, tls_answer, &tls), 0);
	tls_dial(fixture, &tls, tls.certificate, "localhost");
	while (fixture->messages < 1 && fixture->closed < 1)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_string_equal(fixture->last->str, "secret");
	tls_hang_up(fixture);
	kill(tls.pid, SIGTERM);
	uv_thread_join(&thread);
	tls_stop(&tls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WS_TEST(test_addresses),
		WS_TEST(test_name_that_leads_inside),
		WS_TEST(test_close_while_looking_up),
		WS_TEST(test_close_in_handshake),
		WS_TEST(test_close_within_callbacks),
		WS_TEST(test_close_all),
		WS_TEST(test_too_many),
		WS_TEST(test_tls),
	};

	loopback_forget_proxies();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
