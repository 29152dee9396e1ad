/* One transfer's easy handle: its options, and what curl calls while it runs. None of these callbacks calls
 * out of this module. */
#include "net/http_private.h"

#include "base/secret.h"

#include <string.h>

#define LEAST_BYTES_PER_S 50L
#define LEAST_SPEED_TIME_S 60

static int64_t now_ms(const struct transfer *transfer) { return clock_mono_ms(transfer->http->clock); }

static size_t on_head(char *line, size_t size, size_t count, void *ctx)
{
	struct transfer *transfer = ctx;
	size_t length = size * count;

	transfer->progress_ms = now_ms(transfer);
	transfer->phase = PHASE_BODY;
	http_head_line(&transfer->head, line, length);
	if (transfer->head.bytes > HTTP_HEAD_CEILING) {
		transfer->too_big = true;
		return 0;
	}
	return length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct transfer *transfer = ctx;
	size_t length = size * count;

	transfer->progress_ms = now_ms(transfer);
	buf_add(&transfer->answer, bytes, length);
	if (transfer->answer.error != ERR_OK) {
		transfer->too_big = transfer->answer.error == ERR_TOO_BIG;
		return 0;
	}
	return length;
}

/* The connection stands (a new or a kept one) and the request goes out next. */
static int on_connected(void *ctx, char *remote, char *local, int remote_port, int local_port)
{
	struct transfer *transfer = ctx;

	(void)remote, (void)local, (void)remote_port, (void)local_port;
	/* curl sends a request again by itself when a kept connection turns out dead. Whether the server saw
	 * it is unknown. */
	if (transfer->sends > 0 && !transfer->repeatable)
		return CURL_PREREQFUNC_ABORT;
	transfer->sends++;
	transfer->request_sent = true;
	transfer->phase = PHASE_ANSWER;
	transfer->progress_ms = now_ms(transfer);
	return CURL_PREREQFUNC_OK;
}

static int on_progress(void *ctx, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	struct transfer *transfer = ctx;

	(void)down_total, (void)down, (void)up_total;
	if (up != transfer->uploaded) {
		transfer->uploaded = up;
		transfer->progress_ms = now_ms(transfer);
	}
	return 0;
}

void http_slist_wipe(struct curl_slist *list)
{
	for (struct curl_slist *item = list; item != NULL; item = item->next)
		secret_wipe(item->data, strlen(item->data));
	curl_slist_free_all(list);
}

static bool name_valid(const char *name)
{
	if (name[0] == '\0')
		return false;
	for (; *name != '\0'; name++) {
		if (!g_ascii_isalnum(*name) && strchr("!#$%&'*+-.^_`|~", *name) == NULL)
			return false;
	}
	return true;
}

static bool value_valid(const char *value)
{
	for (; *value != '\0'; value++) {
		if (((unsigned char)*value < 0x20 && *value != '\t') || *value == 0x7f)
			return false;
	}
	return true;
}

/* curl's own form for a field without a value is "Name;". */
static int add_header(struct curl_slist **list, const char *name, const char *value)
{
	size_t length = strlen(name) + strlen(value) + 3;
	struct curl_slist *longer;
	char *line;

	if (!name_valid(name) || !value_valid(value))
		return ERR_INVALID;
	line = g_malloc(length);
	g_snprintf(line, length, value[0] != '\0' ? "%s: %s" : "%s;%s", name, value);
	longer = curl_slist_append(*list, line);
	secret_wipe(line, length);
	g_free(line);
	if (longer == NULL)
		return ERR_NOMEM;
	*list = longer;
	return ERR_OK;
}

static int add_bearer(struct curl_slist **list, const char *bearer)
{
	size_t length = strlen(bearer) + sizeof("Bearer ");
	char *value = g_malloc(length);
	int status;

	g_snprintf(value, length, "Bearer %s", bearer);
	status = add_header(list, "Authorization", value);
	secret_wipe(value, length);
	g_free(value);
	return status;
}

static int add_basic(struct curl_slist **list, const char *user, const char *password)
{
	size_t length = strlen(user) + strlen(password) + 2;
	char *pair, *encoded, *value;
	int status;

	/* A colon ends the user's name there. */
	if (strchr(user, ':') != NULL)
		return ERR_INVALID;
	pair = g_malloc(length);
	g_snprintf(pair, length, "%s:%s", user, password);
	encoded = g_base64_encode((const unsigned char *)pair, length - 1);
	value = g_strconcat("Basic ", encoded, NULL);
	status = add_header(list, "Authorization", value);
	secret_wipe(pair, length);
	secret_wipe(encoded, strlen(encoded));
	secret_wipe(value, strlen(value));
	g_free(pair);
	g_free(encoded);
	g_free(value);
	return status;
}

/* A line that takes away a field that curl would add by itself. */
static int remove_header(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer == NULL)
		return ERR_NOMEM;
	*list = longer;
	return ERR_OK;
}

static int make_headers(struct transfer *transfer, const struct http_request *request)
{
	struct curl_slist **list = &transfer->headers;
	bool typed = false;
	int status = remove_header(list, "Expect:");

	for (size_t i = 0; i < request->n_headers && status == ERR_OK; i++) {
		typed |= g_ascii_strcasecmp(request->headers[i].name, "Content-Type") == 0;
		status = add_header(list, request->headers[i].name, request->headers[i].value);
	}
	if (status == ERR_OK && !typed)
		status = remove_header(list, "Content-Type:");
	if (status == ERR_OK && request->bearer != NULL)
		status = add_bearer(list, request->bearer);
	else if (status == ERR_OK && request->basic_user != NULL)
		status = add_basic(list, request->basic_user,
				   request->basic_password != NULL ? request->basic_password : "");
	return status;
}

static int set_method(struct transfer *transfer)
{
	const char *method = transfer->method;
	bool sends_body = transfer->body != NULL || strcmp(method, "POST") == 0 ||
			  strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;
	CURL *easy = transfer->easy;
	unsigned failed = 0;

	for (const char *c = method; *c != '\0'; c++) {
		if (!g_ascii_isupper(*c))
			return ERR_INVALID;
	}
	if (method[0] == '\0')
		return ERR_INVALID;
	if (sends_body) {
		failed |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
					   (curl_off_t)transfer->body_length);
		failed |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
					   transfer->body != NULL ? transfer->body : "");
	}
	if (strcmp(method, "HEAD") == 0)
		failed |= curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	else if (strcmp(method, sends_body ? "POST" : "GET") != 0)
		failed |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	return failed != 0 ? ERR_NOMEM : ERR_OK;
}

static int set_callbacks(struct transfer *transfer)
{
	CURL *easy = transfer->easy;
	unsigned failed = 0;

	failed |= curl_easy_setopt(easy, CURLOPT_PRIVATE, (void *)transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_text);
	failed |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
	failed |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, (void *)transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	failed |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, (void *)transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
	failed |= curl_easy_setopt(easy, CURLOPT_PREREQDATA, (void *)transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	failed |= curl_easy_setopt(easy, CURLOPT_XFERINFODATA, (void *)transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	return failed != 0 ? ERR_NOMEM : ERR_OK;
}

static int set_connection(struct transfer *transfer)
{
	struct http *http = transfer->http;
	CURL *easy = transfer->easy;
	unsigned failed = 0;

	failed |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	failed |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	failed |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	failed |= curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	failed |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	failed |= curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	/* The watch ends what takes too long; this one makes curl try a host's next address in good time. */
	failed |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)MIN(http->timeout_ms, 3600000));
	failed |= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, transfer->repeatable ? 0L : 1L);
	failed |= curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 131072L);
	/* A byte now and then is no progress either. */
	failed |= curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, LEAST_BYTES_PER_S);
	failed |= curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
				   (long)MAX(LEAST_SPEED_TIME_S, 4 * http->timeout_ms / 1000));
	if (http->trusted.length > 0) {
		struct curl_blob blob = {
			.data = http->trusted.data,
			.len = http->trusted.length,
			.flags = CURL_BLOB_NOCOPY,
		};

		failed |= curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
	}
	/* An empty proxy overrides the environment's. */
	if (http_url_loopback(transfer->url))
		failed |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
	/* Not in every build of curl, and not needed; without them it is HTTP/1.1, and plain. */
	(void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	(void)curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	(void)curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Else ending a transfer would wait for its name look-up, and the loop with it. */
	(void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	return failed != 0 ? ERR_NOMEM : ERR_OK;
}

int http_easy_make(struct transfer *transfer, const struct http_request *request)
{
	unsigned failed = 0;
	int status;

	transfer->easy = curl_easy_init();
	if (transfer->easy == NULL)
		return ERR_NOMEM;
	status = make_headers(transfer, request);
	if (status == ERR_OK)
		status = set_method(transfer);
	if (status == ERR_OK)
		status = set_callbacks(transfer);
	if (status == ERR_OK)
		status = set_connection(transfer);
	if (status != ERR_OK)
		return status;
	status = http_reach_set(transfer);
	if (status != ERR_OK)
		return status;
	failed |= curl_easy_setopt(transfer->easy, CURLOPT_URL, transfer->url);
	failed |= curl_easy_setopt(transfer->easy, CURLOPT_USERAGENT, transfer->http->user_agent);
	failed |= curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
	failed |= curl_easy_setopt(transfer->easy, CURLOPT_MAXFILESIZE_LARGE,
				   (curl_off_t)transfer->answer.ceiling);
	return failed != 0 ? ERR_NOMEM : ERR_OK;
}
