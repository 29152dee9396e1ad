#include "net/http_private.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define SHAPE_CEILING 1024

/* One part of a parsed URL; curl_free it. NULL when it has none. */
static char *part_of(CURLU *parsed, CURLUPart part, unsigned flags)
{
	char *text = NULL;

	return curl_url_get(parsed, part, &text, flags) == CURLUE_OK ? text : NULL;
}

static CURLU *parse(const char *url)
{
	CURLU *parsed = curl_url();

	if (parsed != NULL && curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK)
		return parsed;
	curl_url_cleanup(parsed);
	return NULL;
}

/* curl's parser has made "127.1" and the like into four numbers already. */
static bool host_is_loopback(const char *host)
{
	struct in_addr address;

	if (g_ascii_strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

static const char *bytes_refused(const char *url)
{
	for (const char *c = url; *c != '\0'; c++) {
		if ((unsigned char)*c <= 0x20 || *c == 0x7f || *c == '\\')
			return "it holds a blank, a backslash or a control character";
		if (*c == '#')
			return "it holds a '#'";
	}
	return NULL;
}

static const char *parts_refused(CURLU *parsed)
{
	char *scheme = part_of(parsed, CURLUPART_SCHEME, 0);
	char *host = part_of(parsed, CURLUPART_HOST, 0);
	char *user = part_of(parsed, CURLUPART_USER, 0);
	const char *why = NULL;

	if (scheme == NULL || host == NULL || host[0] == '\0')
		why = "it has no host";
	else if (user != NULL)
		why = "it holds a user name";
	else if (strcmp(scheme, "http") == 0 && !host_is_loopback(host))
		why = "http:// is allowed for a loopback address only; use https://";
	curl_free(user);
	curl_free(host);
	curl_free(scheme);
	return why;
}

bool http_url_allowed(const char *url, char *why, size_t why_size)
{
	const char *reason = bytes_refused(url);
	CURLU *parsed = NULL;

	if (reason == NULL && g_ascii_strncasecmp(url, "https://", 8) != 0 &&
	    g_ascii_strncasecmp(url, "http://", 7) != 0)
		reason = "it must begin with https://";
	/* curl would forgive further slashes and take the path's start for the host. */
	if (reason == NULL && strstr(url, ":///") != NULL)
		reason = "it has no host";
	if (reason == NULL) {
		parsed = parse(url);
		reason = parsed != NULL ? parts_refused(parsed)
					: "it cannot be read as an address, or holds a user name";
	}
	curl_url_cleanup(parsed);
	if (why != NULL && why_size > 0)
		snprintf(why, why_size, "%s", reason != NULL ? reason : "");
	return reason == NULL;
}

bool http_url_loopback(const char *url)
{
	CURLU *parsed = parse(url);
	char *host = parsed != NULL ? part_of(parsed, CURLUPART_HOST, 0) : NULL;
	bool loopback = host != NULL && host_is_loopback(host);

	curl_free(host);
	curl_url_cleanup(parsed);
	return loopback;
}

char *http_url_whole_host(const char *url)
{
	CURLU *parsed = parse(url);
	char *host = parsed != NULL ? part_of(parsed, CURLUPART_HOST, 0) : NULL;
	char *lower = host != NULL && host[0] != '\0' ? g_ascii_strdown(host, -1) : NULL;

	curl_free(host);
	curl_url_cleanup(parsed);
	return lower;
}

bool http_same_host(const char *url, const char *other)
{
	char *a = http_url_whole_host(url), *b = http_url_whole_host(other);
	bool same = a != NULL && b != NULL && strcmp(a, b) == 0;

	g_free(a);
	g_free(b);
	return same;
}

void http_url_host(const char *url, char *out, size_t size)
{
	CURLU *parsed = parse(url);
	char *host = parsed != NULL ? part_of(parsed, CURLUPART_HOST, 0) : NULL;

	snprintf(out, size, "%.100s", host != NULL ? host : "the server");
	curl_free(host);
	curl_url_cleanup(parsed);
}

bool http_origin(const char *url, char *out, size_t size)
{
	CURLU *parsed = parse(url);
	char *scheme = NULL, *host = NULL, *port = NULL, *lower = NULL;
	bool ok = false;
	int length;

	if (parsed == NULL)
		return false;
	scheme = part_of(parsed, CURLUPART_SCHEME, 0);
	host = part_of(parsed, CURLUPART_HOST, 0);
	port = part_of(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	if (scheme != NULL && host != NULL && port != NULL) {
		lower = g_ascii_strdown(host, -1);
		length = snprintf(out, size, "%s://%s:%s", scheme, lower, port);
		ok = length > 0 && (size_t)length < size;
	}
	g_free(lower);
	curl_free(port);
	curl_free(host);
	curl_free(scheme);
	curl_url_cleanup(parsed);
	return ok;
}

bool http_same_origin(const char *url, const char *other)
{
	char a[512], b[512];

	return http_origin(url, a, sizeof(a)) && http_origin(other, b, sizeof(b)) && strcmp(a, b) == 0;
}

void http_join(struct buf *out, const char *base, const char *path)
{
	size_t length = strlen(base);

	if (g_ascii_strncasecmp(path, "https://", 8) == 0 || g_ascii_strncasecmp(path, "http://", 7) == 0) {
		buf_adds(out, path);
		return;
	}
	while (length > 0 && base[length - 1] == '/')
		length--;
	buf_add(out, base, length);
	if (path[0] != '/' && path[0] != '?' && path[0] != '\0')
		buf_addc(out, '/');
	buf_adds(out, path);
}

/* "v2" is part of a path's shape; "space_8fk3", "41", "anna%40example.org" are not. */
static bool looks_like_id(const char *segment, size_t length)
{
	bool version = length >= 2 && length <= 3 && segment[0] == 'v';

	if (length > 24)
		return true;
	for (size_t i = 0; i < length; i++) {
		if (version && i > 0 && !isdigit((unsigned char)segment[i]))
			version = false;
	}
	for (size_t i = 0; i < length; i++) {
		if (!isalpha((unsigned char)segment[i]) && strchr("-_.", segment[i]) == NULL && !version)
			return true;
	}
	return false;
}

static void add_path_shape(struct buf *out, const char *path, size_t length)
{
	for (size_t start = 0; start < length;) {
		size_t end = start;

		while (end < length && path[end] != '/')
			end++;
		if (looks_like_id(path + start, end - start))
			buf_adds(out, ":id");
		else
			buf_add(out, path + start, end - start);
		if (end < length)
			buf_addc(out, '/');
		start = end + 1;
	}
}

static void add_query_shape(struct buf *out, const char *query)
{
	for (const char *item = query; *item != '\0';) {
		size_t length = strcspn(item, "&");
		size_t name = strcspn(item, "=&");

		buf_addc(out, item == query ? '?' : '&');
		if (name < length) {
			buf_add(out, item, name);
			buf_adds(out, "=…");
		} else if (looks_like_id(item, length)) {
			buf_adds(out, "…");
		} else {
			buf_add(out, item, length);
		}
		item += length;
		item += *item == '&';
	}
}

char *http_url_shape(const char *url, const char *shape)
{
	const char *host = strstr(url, "://");
	const char *path = host != NULL ? host + 3 + strcspn(host + 3, "/?") : url;
	size_t path_length = strcspn(path, "?");
	struct buf out;
	char *text;

	buf_init(&out, SHAPE_CEILING);
	if (shape != NULL)
		buf_adds(&out, shape);
	else
		add_path_shape(&out, path, path_length);
	if (path[path_length] == '?' && (shape == NULL || strchr(shape, '?') == NULL))
		add_query_shape(&out, path + path_length + 1);
	text = g_strdup(buf_text(&out));
	buf_fini(&out);
	return text;
}
