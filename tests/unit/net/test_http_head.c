/* Parts of the http module that need no connection: header lines, the trace's shapes, the list of
 * authorities. */
#include "net/http_private.h"

#include "base/moment.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WALL_MS INT64_C(1788264000000) /* 2026-09-01T12:00:00Z */

static struct http_answer read_head(const char *const *lines)
{
	struct http_head head = {.max_age_s = -1};
	struct http_answer answer = {.status = 200};

	for (; *lines != NULL; lines++)
		http_head_line(&head, *lines, strlen(*lines));
	http_head_values(&head, WALL_MS, &answer);
	return answer;
}

static struct http_answer read_line(const char *line)
{
	return read_head((const char *const[]){"HTTP/1.1 200 OK\r\n", line, "\r\n", NULL});
}

static void test_max_age(void **state)
{
	static const struct {
		const char *line;
		int64_t max_age_ms;
	} rows[] = {
		{"Cache-Control: max-age=900, private\r\n", 900000},
		{"cache-control:private ,MAX-AGE=60\r\n", 60000},
		{"Cache-Control: max-age=\"5\"\r\n", 5000},
		{"Cache-Control: no-store, max-age=900\r\n", 0},
		{"Cache-Control: no-cache\r\n", 0},
		{"Cache-Control: max-age=-5\r\n", -1},
		{"Cache-Control: s-max-age=5\r\n", -1},
		{"Cache-Control: max-age=99999999999999999999999\r\n", INT64_C(366) * 86400000},
		{"Cache-Control: \r\n", -1},
		{"X-Cache-Control: max-age=5\r\n", -1},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_int_equal(read_line(rows[i].line).max_age_ms, rows[i].max_age_ms);
}

static void test_age_is_taken_off(void **state)
{
	(void)state;
	assert_int_equal(read_head((const char *const[]){"HTTP/2 200\r\n", "age: 100\r\n",
							 "cache-control: max-age=900\r\n", NULL})
				 .max_age_ms,
			 800000);
	assert_int_equal(read_head((const char *const[]){"HTTP/2 200\r\n", "age: 1000\r\n",
							 "cache-control: max-age=900\r\n", NULL})
				 .max_age_ms,
			 0);
}

static void test_retry_after(void **state)
{
	(void)state;
	assert_int_equal(read_line("Retry-After: 120\r\n").retry_after_ms, 120000);
	assert_int_equal(read_line("Retry-After: 0\r\n").retry_after_ms, 0);
	assert_int_equal(read_line("Retry-After: soon\r\n").retry_after_ms, -1);
	assert_int_equal(read_line("Retry-After: Tue, 01 Sep 2026 12:01:00 GMT\r\n").retry_after_ms, 60000);
	assert_int_equal(read_line("Retry-After: Tue, 01 Sep 2026 11:00:00 GMT\r\n").retry_after_ms, 0);
	/* The server's clock is an hour ahead of ours. */
	assert_int_equal(read_head((const char *const[]){"HTTP/1.1 429 No\r\n",
							 "Date: Tue, 01 Sep 2026 13:00:00 GMT\r\n",
							 "Retry-After: Tue, 01 Sep 2026 13:00:10 GMT\r\n",
							 NULL})
				 .retry_after_ms,
			 10000);
}

static void test_hostile_values(void **state)
{
	char *long_line = g_strdup_printf("ETag: \"%0*d\"\r\n", 500, 0);

	(void)state;
	assert_string_equal(read_line(long_line).etag, "");
	assert_string_equal(read_line("ETag: \"\x1b[31m\"\r\n").etag, "");
	assert_string_equal(read_line("Content-Type: text/\xff\r\n").content_type, "");
	assert_string_equal(read_line("Content-Type:  text/plain; charset=utf-8  \r\n").content_type,
			    "text/plain; charset=utf-8");
	assert_int_equal(read_line("Date: no date\r\n").server_date_ms, MOMENT_NONE);
	g_free(long_line);
}

static void test_the_last_head_counts(void **state)
{
	struct http_answer answer = read_head(
		(const char *const[]){"HTTP/1.1 103 Early Hints\r\n", "ETag: \"early\"\r\n",
				      "Retry-After: 5\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n", NULL});

	(void)state;
	assert_string_equal(answer.etag, "");
	assert_int_equal(answer.retry_after_ms, -1);
}

static void test_shapes(void **state)
{
	static const char *const rows[][3] = {
		{"https://h/api/v2/spaces", NULL, "/api/v2/spaces"},
		{"https://h/api/v2/spaces/space_8f/rooms?details=true&limit=5", NULL,
		 "/api/v2/spaces/:id/rooms?details=…&limit=…"},
		{"https://h/users/anna%40example.org", NULL, "/users/:id"},
		{"https://h/users/abcdefghijklmnopqrstuvwxyz", NULL, "/users/:id"},
		{"https://h/users?list", NULL, "/users?list"},
		{"https://h/users?x81", NULL, "/users?…"},
		{"https://h/a/41?b=c", "/a/:n", "/a/:n?b=…"},
		{"https://h?b=c", NULL, "?b=…"},
		{"https://h", NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *shape = http_url_shape(rows[i][0], rows[i][1]);

		assert_string_equal(shape, rows[i][2]);
		g_free(shape);
	}
}

static void test_authorities_are_added(void **state)
{
	static const char pem[] = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";
	const curl_version_info_data *version = curl_version_info(CURLVERSION_NOW);
	char path[] = "/tmp/lodge-ca-XXXXXX", *bundle = NULL;
	int fd = mkstemp(path);
	struct buf trusted;

	(void)state;
	assert_int_equal(write(fd, pem, strlen(pem)), (ssize_t)strlen(pem));
	close(fd);
	assert_int_equal(http_ca_load(&trusted, path, NULL), ERR_OK);
	assert_true(g_str_has_prefix(buf_text(&trusted), pem));
	if (version->cainfo != NULL && g_file_get_contents(version->cainfo, &bundle, NULL, NULL))
		assert_non_null(strstr(buf_text(&trusted), bundle));
	g_free(bundle);
	buf_fini(&trusted);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_max_age),
		cmocka_unit_test(test_age_is_taken_off),
		cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_hostile_values),
		cmocka_unit_test(test_the_last_head_counts),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_authorities_are_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
