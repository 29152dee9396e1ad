/* The simulated Density on a real loopback port: sockets that behave and sockets that do not. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <poll.h>

#include "base/buf.h"
#include "base/jsonx.h"
#include "sim/sim.h"

#define WAIT_MS 10000
#define SPEED 60 /* a minute of the simulated time in a second */

struct child {
	pid_t pid;
	struct jsonx ready, doc;
	CURL *curl;
	char auth[1024];
	struct buf answer, message;
	long status;
};

static void run_child(int fd)
{
	struct sim_options options;

	sim_options_init(&options);
	options.seed = 7;
	options.speed = SPEED;
	options.start_ms = 1795017600000LL; /* a working day, 11 o'clock */
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

static const char *ready(const struct child *child, const char *name)
{
	return jsonx_str(jsonx_get(child->ready.root, name));
}

static const cJSON *ask(struct child *child, const char *method, const char *base, const char *path,
			const char *body)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	char url[400];

	if (*child->auth)
		headers = curl_slist_append(headers, child->auth);
	snprintf(url, sizeof(url), "%s%s", ready(child, base), path);
	buf_reset(&child->answer);
	curl_easy_reset(child->curl);
	curl_easy_setopt(child->curl, CURLOPT_URL, url);
	curl_easy_setopt(child->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(child->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(child->curl, CURLOPT_WRITEDATA, &child->answer);
	curl_easy_setopt(child->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(child->curl, CURLOPT_TIMEOUT_MS, 20000L);
	if (body)
		curl_easy_setopt(child->curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(child->curl, CURLOPT_CUSTOMREQUEST, method);
	assert_int_equal(curl_easy_perform(child->curl), CURLE_OK);
	child->status = 0;
	curl_easy_getinfo(child->curl, CURLINFO_RESPONSE_CODE, &child->status);
	curl_slist_free_all(headers);
	if (jsonx_parse(&child->doc, buf_text(&child->answer), child->answer.length, NULL) != ERR_OK)
		return NULL;
	return child->doc.root;
}

static void fault(struct child *child, const char *value)
{
	char body[80];

	snprintf(body, sizeof(body), "{\"density\":{\"ws\":\"%s\"}}", value);
	ask(child, "PUT", "control", "/faults", body);
	assert_int_equal(child->status, 200);
}

static void start(struct child *child)
{
	char line[4096], body[400];
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
	buf_init(&child->message, BUF_CEILING_BODY);
	child->curl = curl_easy_init();
	snprintf(body, sizeof(body),
		 "{\"grant_type\":\"client_credentials\",\"client_id\":\"%s\",\"client_secret\":\"%s\"}",
		 ready(child, "density_client_id"), ready(child, "density_client_secret"));
	snprintf(child->auth, sizeof(child->auth), "Authorization: Bearer %s",
		 jsonx_str(jsonx_get(ask(child, "POST", "density", "/v3/oauth/token", body), "access_token")));
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
	buf_fini(&child->message);
}

/* --- a small client ------------------------------------------------------------------------------------------ */

/* Exactly so many bytes. 1, or 0 when the other side ended first, or -1 when nothing came for `wait_ms`. */
static int read_all(int fd, void *out, size_t length, int wait_ms)
{
	for (size_t done = 0; done < length;) {
		struct pollfd waiting = {.fd = fd, .events = POLLIN};

		if (poll(&waiting, 1, wait_ms) <= 0)
			return -1;

		ssize_t n = read(fd, (char *)out + done, length - done);

		if (n <= 0)
			return 0;
		done += (size_t)n;
	}
	return 1;
}

/* A connection after its handshake; -1 when it was refused. */
static int connect_to(const char *url)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const char *path = strstr(url, "/density-ws/");
	char request[600], head[2048] = "";
	size_t length = 0;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_non_null(path);
	address.sin_port = htons((uint16_t)strtol(strrchr(url, ':') + 1, NULL, 10));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	snprintf(request, sizeof(request),
		 "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
		 path);
	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	while (!strstr(head, "\r\n\r\n") && length + 1 < sizeof(head)) {
		if (read_all(fd, head + length, 1, WAIT_MS) != 1)
			break;
		head[++length] = '\0';
	}
	if (strncmp(head, "HTTP/1.1 101", 12) != 0) {
		close(fd);
		return -1;
	}
	assert_non_null(strstr(head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")); /* RFC 6455 §1.3 */
	return fd;
}

struct frame {
	unsigned opcode, fin;
	size_t length; /* its bytes were added to the message */
};

/* As read_all. */
static int read_frame(struct child *child, int fd, struct frame *frame, int wait_ms)
{
	uint8_t head[2], more[8];
	int result = read_all(fd, head, 2, wait_ms), n = 0;

	if (result != 1)
		return result;
	frame->fin = head[0] >> 7;
	frame->opcode = head[0] & 15;
	frame->length = head[1] & 127;
	assert_int_equal(head[1] >> 7, 0); /* a server does not mask */
	if (frame->length >= 126)
		n = frame->length == 126 ? 2 : 8;
	if (n && read_all(fd, more, (size_t)n, wait_ms) != 1)
		return 0;
	frame->length = n ? 0 : frame->length;
	for (int i = 0; i < n; i++)
		frame->length = frame->length << 8 | more[i];

	char *bytes = malloc(frame->length + 1);

	result = read_all(fd, bytes, frame->length, wait_ms);
	if (result == 1)
		buf_add(&child->message, bytes, frame->length);
	free(bytes);
	return result;
}

/* One message of however many frames; *frames may be NULL. As read_all. */
static int read_message(struct child *child, int fd, int wait_ms, unsigned *frames)
{
	struct frame frame = {0};
	unsigned count = 0;

	buf_reset(&child->message);
	while (!frame.fin) {
		int result = read_frame(child, fd, &frame, wait_ms);

		if (result != 1)
			return result;
		assert_int_equal(frame.opcode, count ? 0 : 1);
		count++;
	}
	if (frames)
		*frames = count;
	return 1;
}

static const cJSON *parsed(struct child *child)
{
	if (jsonx_parse(&child->doc, buf_text(&child->message), child->message.length, NULL) != ERR_OK)
		return NULL;
	return child->doc.root;
}

/* A masked control frame. */
static void send_frame(int fd, uint8_t opcode, const char *text)
{
	static const uint8_t mask[4] = {1, 2, 3, 4};
	uint8_t bytes[64] = {(uint8_t)(0x80 | opcode), (uint8_t)(0x80 | strlen(text))};
	size_t length = strlen(text);

	memcpy(bytes + 2, mask, 4);
	for (size_t i = 0; i < length; i++)
		bytes[6 + i] = (uint8_t)text[i] ^ mask[i % 4];
	assert_int_equal(send(fd, bytes, 6 + length, MSG_NOSIGNAL), 6 + length);
}

/* A fresh address for the counts of the first building. */
static void address(struct child *child, char out[200])
{
	const cJSON *space, *list = ask(child, "GET", "density", "/v3/spaces", NULL);
	char path[120] = "";

	cJSON_ArrayForEach(space, list)
	{
		if (!*path && strcmp(jsonx_str(jsonx_get(space, "space_type")), "building") == 0)
			snprintf(path, sizeof(path), "/v3/analytics/ws/space/%s/occupancy",
				 jsonx_str(jsonx_get(space, "id")));
	}
	snprintf(out, 200, "%s", jsonx_str(jsonx_get(ask(child, "POST", "density", path, NULL), "ws_url")));
	assert_int_equal(child->status, 200);
}

static int open_socket(struct child *child)
{
	char url[200];

	address(child, url);
	return connect_to(url);
}

static bool is_type(struct child *child, const char *type)
{
	const char *text = jsonx_str(jsonx_get(parsed(child), "update_type"));

	return text && strcmp(text, type) == 0;
}

/* --- tests --------------------------------------------------------------------------------------------------- */

static void messages_come_and_pings_are_answered(void **state)
{
	struct child child;
	struct frame frame;
	char url[200];
	unsigned live = 0, refreshes = 0;
	int fd;

	(void)state;
	start(&child);
	address(&child, url);
	assert_int_equal(strncmp(url, "ws://127.0.0.1:", 15), 0);
	fd = connect_to(url);
	assert_true(fd >= 0);
	assert_int_equal(read_message(&child, fd, WAIT_MS, NULL), 1);
	assert_true(is_type(&child, "refresh"));
	while (live < 3 || refreshes < 2) {
		assert_int_equal(read_message(&child, fd, WAIT_MS, NULL), 1);
		live += is_type(&child, "live");
		refreshes += is_type(&child, "refresh");
	}
	send_frame(fd, 9, "here?");
	do {
		buf_reset(&child.message);
		assert_int_equal(read_frame(&child, fd, &frame, WAIT_MS), 1);
	} while (frame.opcode != 10);
	assert_string_equal(buf_text(&child.message), "here?");
	assert_int_equal(connect_to(url), -1); /* good once */
	close(fd);
	stop(&child);
}

static void a_socket_ends_in_the_middle(void **state)
{
	struct child child;
	int fd, result;

	(void)state;
	start(&child);
	fault(&child, "drop");
	fd = open_socket(&child);
	assert_int_equal(read_message(&child, fd, WAIT_MS, NULL), 1);
	result = read_message(&child, fd, WAIT_MS, NULL);
	assert_int_equal(result, 0);
	assert_true(child.message.length > 0);
	assert_null(parsed(&child));
	close(fd);
	stop(&child);
}

static void messages_come_in_fragments(void **state)
{
	struct child child;
	unsigned frames;
	int fd;

	(void)state;
	start(&child);
	fault(&child, "fragments");
	fd = open_socket(&child);
	assert_int_equal(read_message(&child, fd, WAIT_MS, &frames), 1);
	assert_true(is_type(&child, "refresh"));
	assert_true(frames == (child.message.length + 6) / 7);
	assert_int_equal(read_message(&child, fd, WAIT_MS, &frames), 1);
	assert_non_null(parsed(&child));
	close(fd);
	stop(&child);
}

static void a_socket_is_refused_or_silent(void **state)
{
	struct child child;
	struct frame frame;
	int fd;

	(void)state;
	start(&child);
	fault(&child, "refuse");
	assert_int_equal(open_socket(&child), -1);
	fault(&child, "stall");
	fd = open_socket(&child);
	assert_true(fd >= 0);
	assert_int_equal(read_message(&child, fd, 400, NULL), -1);
	send_frame(fd, 9, "x"); /* connected all the same */
	assert_int_equal(read_frame(&child, fd, &frame, WAIT_MS), 1);
	assert_int_equal(frame.opcode, 10);
	close(fd);
	fault(&child, "half_open");
	fd = open_socket(&child);
	assert_int_equal(read_message(&child, fd, WAIT_MS, NULL), 1);
	assert_int_equal(read_message(&child, fd, 500, NULL), -1);
	send_frame(fd, 9, "x");
	assert_int_equal(read_frame(&child, fd, &frame, 1000), -1);
	close(fd);
	ask(&child, "PUT", "control", "/faults", "{\"density\":{\"ws\":\"good\",\"outage\":true}}");
	stop(&child);
}

static void a_flood_is_ten_thousand_a_second(void **state)
{
	struct child child;
	struct timespec from, to;
	double passed_s;
	int fd;

	(void)state;
	start(&child);
	fault(&child, "flood");
	fd = open_socket(&child);
	assert_int_equal(read_message(&child, fd, WAIT_MS, NULL), 1);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(read_message(&child, fd, WAIT_MS, NULL), 1);
	clock_gettime(CLOCK_MONOTONIC, &to);
	passed_s = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	assert_true(passed_s > 0.5 && passed_s < 30); /* slower machines than this one are allowed for */
	assert_true(is_type(&child, "live") || is_type(&child, "refresh"));
	close(fd);
	stop(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_come_and_pings_are_answered),
		cmocka_unit_test(a_socket_ends_in_the_middle),
		cmocka_unit_test(messages_come_in_fragments),
		cmocka_unit_test(a_socket_is_refused_or_silent),
		cmocka_unit_test(a_flood_is_ten_thousand_a_second),
	};

	jsonx_setup();
	curl_global_init(CURL_GLOBAL_ALL);

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	curl_global_cleanup();
	return failed;
}
