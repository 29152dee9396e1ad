#include "sim/call.h"

#include <glib.h>
#include <string.h>

void sim_reply_init(struct sim_reply *reply)
{
	*reply = (struct sim_reply){.status = 200, .content_type = "application/json", .max_age_s = -1};
	buf_init(&reply->body, SIM_CALL_CEILING);
}

void sim_reply_fini(struct sim_reply *reply) { buf_fini(&reply->body); }

void sim_call_init(struct sim_call *call, const struct sim_request *request, struct sim_reply *reply)
{
	*call = (struct sim_call){.request = request, .reply = reply};
	jsonw_init(&call->json, &reply->body, false);
	jsonx_init(&call->doc);
}

static void forget_args(struct sim_call *call)
{
	for (unsigned i = 0; i < call->n_args; i++)
		g_free(call->args[i]);
	call->n_args = 0;
}

void sim_call_fini(struct sim_call *call)
{
	forget_args(call);
	sim_pairs_free(call->query, call->n_query);
	call->n_query = 0;
	jsonx_fini(&call->doc);
}

static const struct {
	const char *name;
	enum sim_method method;
} methods[] = {
	{"GET", SIM_GET}, {"POST", SIM_POST}, {"PUT", SIM_PUT}, {"DELETE", SIM_DELETE}, {"PATCH", SIM_PATCH},
};

enum sim_method sim_method_parse(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (strcmp(methods[i].name, word) == 0)
			return methods[i].method;
	return SIM_OTHER;
}

const char *sim_method_name(enum sim_method method)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (methods[i].method == method)
			return methods[i].name;
	return "OTHER";
}

static char *decode(const char *text, size_t length, bool plus)
{
	char *out = g_malloc(length + 1);
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '%' && i + 2 < length && g_ascii_isxdigit(text[i + 1]) &&
		    g_ascii_isxdigit(text[i + 2])) {
			out[n++] = (char)(g_ascii_xdigit_value(text[i + 1]) * 16 +
					  g_ascii_xdigit_value(text[i + 2]));
			i += 2;
		} else {
			out[n++] = plus && text[i] == '+' ? ' ' : text[i];
		}
	}
	out[n] = '\0';
	return out;
}

unsigned sim_pairs_split(const char *text, struct sim_pair *out, unsigned max)
{
	unsigned count = 0;

	for (const char *p = text; *p && count < max;) {
		size_t length = strcspn(p, "&");
		const char *equals = memchr(p, '=', length);
		size_t name_length = equals ? (size_t)(equals - p) : length;

		if (length) {
			out[count].name = decode(p, name_length, true);
			out[count++].value = equals ? decode(equals + 1, length - name_length - 1, true)
						    : g_strdup("");
		}
		p += length + (p[length] == '&');
	}
	return count;
}

void sim_pairs_free(struct sim_pair *pairs, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		g_free(pairs[i].name);
		g_free(pairs[i].value);
	}
}

void sim_call_split_query(struct sim_call *call)
{
	call->n_query = sim_pairs_split(call->request->query, call->query, SIM_CALL_QUERY);
}

const char *sim_call_query(const struct sim_call *call, const char *name)
{
	for (unsigned i = 0; i < call->n_query; i++)
		if (strcmp(call->query[i].name, name) == 0)
			return call->query[i].value;
	return NULL;
}

bool sim_call_match(struct sim_call *call, const char *pattern, const char *path)
{
	forget_args(call);
	while (*pattern == '/' && *path == '/') {
		size_t want = strcspn(++pattern, "/");
		size_t have = strcspn(++path, "/");

		if (want == 2 && strncmp(pattern, "{}", 2) == 0) {
			if (have == 0 || call->n_args == SIM_CALL_ARGS)
				return false;
			call->args[call->n_args++] = decode(path, have, false);
		} else if (want != have || strncmp(pattern, path, want) != 0) {
			return false;
		}
		pattern += want;
		path += have;
	}
	return *pattern == '\0' && *path == '\0';
}

const cJSON *sim_call_body(struct sim_call *call)
{
	if (call->doc.root)
		return call->doc.root;
	if (call->request->body_length == 0)
		return NULL;
	if (jsonx_parse(&call->doc, call->request->body, call->request->body_length, NULL) != ERR_OK)
		return NULL;
	return call->doc.root;
}

void sim_call_status(struct sim_call *call, int status)
{
	buf_reset(&call->reply->body);
	jsonw_init(&call->json, &call->reply->body, false);
	call->reply->status = status;
}

void sim_call_message(struct sim_call *call, int status, const char *text)
{
	sim_call_status(call, status);
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "message", text);
	jsonw_close(&call->json, '}');
}
