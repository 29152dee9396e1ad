/* What a server's error body says. */
#include "net/session.h"

#include "base/buf.h"
#include "base/jsonx.h"
#include "base/text.h"

#include <string.h>

#define BODY_CEILING 65536
#define SHOWN_CEILING 4096

/* The first text among the forms that the vendors use (butlr.md §7.3, butterflymx.md §13, density.md §3). */
static const char *find_message(const cJSON *root)
{
	static const char *const members[] = {"message", "error_description", "error", "detail",
					      "details", "messages",          "title"};
	const cJSON *errors = jsonx_get(root, "errors");
	const char *text = NULL;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]) && text == NULL; i++) {
		const cJSON *member = jsonx_get(root, members[i]);

		text = jsonx_str(cJSON_IsArray(member) ? member->child : member);
		if (text == NULL && cJSON_IsObject(member))
			text = jsonx_str(jsonx_get(member, "message"));
	}
	if (text == NULL && cJSON_IsArray(errors) && errors->child != NULL) {
		text = jsonx_str(errors->child);
		if (text == NULL && cJSON_IsObject(errors->child))
			text = find_message(errors->child);
	}
	return text != NULL ? text : jsonx_str(errors);
}

/* Cleaned, in one line, cut between characters. */
static void show(const char *text, size_t length, char *out, size_t size)
{
	struct buf shown;
	size_t used = 0, bytes;
	uint32_t codepoint;

	buf_init(&shown, SHOWN_CEILING);
	text_add_shown(&shown, text, length < size * 2 ? length : size * 2, false);
	while (used < shown.length) {
		bytes = text_decode(shown.data + used, shown.length - used, &codepoint);
		if (used + bytes >= size)
			break;
		used += bytes;
	}
	if (used > 0)
		memcpy(out, shown.data, used);
	out[used] = '\0';
	buf_fini(&shown);
}

char *session_message(const char *bytes, size_t length, char *out, size_t size)
{
	const char *text = NULL;
	struct jsonx doc;

	out[0] = '\0';
	if (length == 0 || length > BODY_CEILING)
		return out;
	jsonx_init(&doc);
	if (jsonx_parse(&doc, bytes, length, NULL) == ERR_OK)
		text = cJSON_IsString(doc.root) ? jsonx_str(doc.root) : find_message(doc.root);
	else if (length < 400 && memchr(bytes, '<', length) == NULL && memchr(bytes, '{', length) == NULL)
		text = bytes; /* plain text; HTML and broken JSON help nobody */
	if (text != NULL)
		show(text, text == bytes ? length : strlen(text), out, size);
	jsonx_fini(&doc);
	return out;
}
