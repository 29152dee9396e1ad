/* Where a channel leads to: its address taken apart, its name looked up, and whether that may be connected to. */
#include "base/secret.h"
#include "net/ws_private.h"

#include <arpa/inet.h>
#include <string.h>

static void wipe(char *text)
{
	if (text != NULL)
		secret_wipe(text, strlen(text));
	g_free(text);
}

void ws_target_fini(struct ws_target *target)
{
	g_free(target->host);
	g_free(target->header);
	wipe(target->path);
	*target = (struct ws_target){.host = NULL};
}

/* The same address with the scheme that the rules for HTTP know; NULL when it is none of ours. */
static char *as_http(const char *url)
{
	if (g_ascii_strncasecmp(url, "wss://", 6) == 0)
		return g_strconcat("https://", url + 6, NULL);
	if (g_ascii_strncasecmp(url, "ws://", 5) == 0)
		return g_strconcat("http://", url + 5, NULL);
	return NULL;
}

static enum http_reach reach_of(const char *url, const char *base_url)
{
	if (http_same_host(url, base_url))
		return HTTP_REACH_ANY;
	if (!http_url_reach(HTTP_REACH_PUBLIC, base_url) && http_url_reach(HTTP_REACH_LOOPBACK, base_url))
		return HTTP_REACH_LOOPBACK;
	return HTTP_REACH_PUBLIC;
}

static char *part_of(CURLU *parsed, CURLUPart part, unsigned flags)
{
	char *text = NULL, *copy;

	if (curl_url_get(parsed, part, &text, flags) != CURLUE_OK)
		return NULL;
	copy = g_strdup(text);
	secret_wipe(text, strlen(text));
	curl_free(text);
	return copy;
}

static void fill_host(struct ws_target *target, CURLU *parsed)
{
	char *host = part_of(parsed, CURLUPART_HOST, 0);
	size_t length = host == NULL ? 0 : strlen(host);

	if (length > 2 && host[0] == '[')
		target->host = g_strndup(host + 1, length - 2);
	else
		target->host = g_strdup(host != NULL ? host : "");
	if (target->port == (target->tls ? 443u : 80u))
		target->header = g_strdup(host != NULL ? host : "");
	else
		target->header = g_strdup_printf("%s:%u", host != NULL ? host : "", target->port);
	g_free(host);
}

/* False where there is no host or port, or text that does not fit into a line of a request. */
static bool take_apart(struct ws_target *target, const char *url)
{
	CURLU *parsed = curl_url();
	char *port, *path, *query;

	if (parsed == NULL || curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) != CURLUE_OK) {
		curl_url_cleanup(parsed);
		return false;
	}
	port = part_of(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	path = part_of(parsed, CURLUPART_PATH, 0);
	query = part_of(parsed, CURLUPART_QUERY, 0);
	target->port = port == NULL ? 0 : (unsigned)g_ascii_strtoull(port, NULL, 10);
	fill_host(target, parsed);
	target->path = g_strconcat(path != NULL ? path : "/", query != NULL ? "?" : "",
				   query != NULL ? query : "", NULL);
	g_free(port);
	wipe(path);
	wipe(query);
	curl_url_cleanup(parsed);
	return target->port > 0 && target->port <= 65535 && target->host[0] != '\0' &&
	       strlen(target->host) <= 253;
}

int ws_target_read(struct ws_target *target, const char *url, const char *base_url, struct problem *problem)
{
	char *plain = strlen(url) <= WS_URL_MOST && g_str_is_ascii(url) ? as_http(url) : NULL;
	int error = ERR_OK;

	*target = (struct ws_target){.tls = g_ascii_strncasecmp(url, "wss:", 4) == 0};
	if (plain == NULL || !http_url_allowed(plain, NULL, 0) || !take_apart(target, plain)) {
		error = problem_set(problem, ERR_INVALID, "live channel", NULL,
				    "the server gave an address that is not a wss:// one");
	} else {
		target->reach = reach_of(plain, base_url);
		if (!http_url_reach(target->reach, plain))
			error = problem_set(problem, ERR_DENIED, "live channel", NULL,
					    "the server gave an address that is not on the public internet");
	}
	if (error != ERR_OK)
		ws_target_fini(target);
	wipe(plain);
	return error;
}

static bool reachable(const struct ws_channel *channel, const struct sockaddr *address)
{
	return (address->sa_family == AF_INET || address->sa_family == AF_INET6) &&
	       http_reach_allows(channel->target.reach, address);
}

static void keep(struct ws_channel *channel, const struct sockaddr *address)
{
	char *out = channel->addresses[channel->n_addresses];
	const void *bytes =
		address->sa_family == AF_INET
			? (const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr
			: &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;

	if (inet_ntop(address->sa_family, bytes, out, sizeof(channel->addresses[0])) != NULL)
		channel->n_addresses++;
}

static void on_looked_up(uv_getaddrinfo_t *lookup, int status, struct addrinfo *list)
{
	struct ws_channel *channel = lookup->data;
	bool any = false;

	channel->lookup = NULL;
	for (const struct addrinfo *at = list; status == 0 && at != NULL; at = at->ai_next) {
		any = true;
		if (reachable(channel, at->ai_addr) && channel->n_addresses < WS_ADDRESSES)
			keep(channel, at->ai_addr);
	}
	if (list != NULL)
		uv_freeaddrinfo(list);
	g_free(lookup);
	if (channel->phase == WS_RESOLVE)
		ws_looked_up(channel, channel->n_addresses > 0 ? ERR_OK : any ? ERR_DENIED : ERR_UNREACHED);
	ws_release(channel);
}

bool ws_look_up(struct ws_channel *channel)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};

	channel->lookup = g_new0(uv_getaddrinfo_t, 1);
	channel->lookup->data = channel;
	if (uv_getaddrinfo(channel->ws->loop, channel->lookup, on_looked_up, channel->target.host, NULL,
			   &hints) != 0) {
		g_free(channel->lookup);
		channel->lookup = NULL;
		return false;
	}
	channel->holders++;
	return true;
}
