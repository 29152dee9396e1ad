/* The few header fields of an answer that matter here. */
#include "net/http_private.h"

#include "base/moment.h"

#include <string.h>

#define AGE_MOST_S (INT64_C(366) * 86400)

/* The value of "Name: value\r\n" when the line has this name (case does not matter): its start, and its
 * length without blanks. */
static const char *value_of(const char *line, size_t length, const char *name, size_t *value_length)
{
	size_t skip = strlen(name);

	if (length <= skip || g_ascii_strncasecmp(line, name, skip) != 0 || line[skip] != ':')
		return NULL;
	line += skip + 1;
	length -= skip + 1;
	while (length > 0 && g_ascii_isspace(*line)) {
		line++;
		length--;
	}
	while (length > 0 && g_ascii_isspace(line[length - 1]))
		length--;
	*value_length = length;
	return line;
}

/* Copies a value of printable ASCII; anything else, or what does not fit, counts as not sent. */
static void take_text(char *out, size_t size, const char *value, size_t length)
{
	out[0] = '\0';
	if (length >= size)
		return;
	for (size_t i = 0; i < length; i++) {
		if (value[i] < 0x20 || value[i] > 0x7e)
			return;
	}
	memcpy(out, value, length);
	out[length] = '\0';
}

/* Digits alone, capped; -1 for anything else. */
static int64_t seconds_of(const char *text, size_t length)
{
	int64_t seconds = 0;

	if (length == 0)
		return -1;
	for (size_t i = 0; i < length; i++) {
		if (!g_ascii_isdigit(text[i]))
			return -1;
		seconds = seconds * 10 + (text[i] - '0');
		if (seconds > AGE_MOST_S)
			seconds = AGE_MOST_S;
	}
	return seconds;
}

static void cache_directive(struct http_head *head, const char *text, size_t length)
{
	while (length > 0 && g_ascii_isspace(*text)) {
		text++;
		length--;
	}
	while (length > 0 && g_ascii_isspace(text[length - 1]))
		length--;
	if ((length == 8 && (g_ascii_strncasecmp(text, "no-store", 8) == 0 ||
			     g_ascii_strncasecmp(text, "no-cache", 8) == 0))) {
		head->no_store = true;
	} else if (length > 8 && g_ascii_strncasecmp(text, "max-age=", 8) == 0) {
		text += 8;
		length -= 8;
		if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
			text++;
			length -= 2;
		}
		head->max_age_s = seconds_of(text, length);
	}
}

static void cache_control(struct http_head *head, const char *value, size_t length)
{
	while (length > 0) {
		const char *comma = memchr(value, ',', length);
		size_t part = comma != NULL ? (size_t)(comma - value) : length;

		cache_directive(head, value, part);
		value += part;
		length -= part;
		if (length > 0) {
			value++;
			length--;
		}
	}
}

void http_head_line(struct http_head *head, const char *line, size_t length)
{
	size_t bytes = head->bytes + length, value_length;
	const char *value;

	/* A status line begins a new head: that of the answer proper after an interim one, or after a
	 * redirect. */
	if (length >= 5 && strncmp(line, "HTTP/", 5) == 0)
		*head = (struct http_head){.max_age_s = -1};
	head->bytes = bytes;
	if ((value = value_of(line, length, "Content-Type", &value_length)) != NULL)
		take_text(head->content_type, sizeof(head->content_type), value, value_length);
	else if ((value = value_of(line, length, "ETag", &value_length)) != NULL)
		take_text(head->etag, sizeof(head->etag), value, value_length);
	else if ((value = value_of(line, length, "Retry-After", &value_length)) != NULL)
		take_text(head->retry_after, sizeof(head->retry_after), value, value_length);
	else if ((value = value_of(line, length, "Date", &value_length)) != NULL)
		take_text(head->date, sizeof(head->date), value, value_length);
	else if ((value = value_of(line, length, "Age", &value_length)) != NULL)
		head->age_s = MAX(seconds_of(value, value_length), 0);
	else if ((value = value_of(line, length, "Cache-Control", &value_length)) != NULL)
		cache_control(head, value, value_length);
}

/* An HTTP date; MOMENT_NONE when it is none. */
static int64_t date_ms(const char *text)
{
	time_t seconds = text[0] != '\0' ? curl_getdate(text, NULL) : -1;

	return seconds > 0 ? (int64_t)seconds * 1000 : MOMENT_NONE;
}

void http_head_values(const struct http_head *head, int64_t wall_ms, struct http_answer *answer)
{
	int64_t retry_s = seconds_of(head->retry_after, strlen(head->retry_after));
	int64_t retry_date_ms = retry_s < 0 ? date_ms(head->retry_after) : MOMENT_NONE;

	g_strlcpy(answer->content_type, head->content_type, sizeof(answer->content_type));
	g_strlcpy(answer->etag, head->etag, sizeof(answer->etag));
	answer->server_date_ms = date_ms(head->date);
	answer->retry_after_ms = retry_s >= 0 ? retry_s * 1000 : -1;
	/* Both times by the server's clock, where it tells it: ours may be wrong. */
	if (retry_date_ms != MOMENT_NONE) {
		int64_t now_ms = answer->server_date_ms != MOMENT_NONE ? answer->server_date_ms : wall_ms;

		answer->retry_after_ms = MIN(MAX(retry_date_ms - now_ms, 0), AGE_MOST_S * 1000);
	}
	answer->max_age_ms = -1;
	if (head->no_store)
		answer->max_age_ms = 0;
	else if (head->max_age_s >= 0)
		answer->max_age_ms = MAX(head->max_age_s - head->age_s, 0) * 1000;
}
