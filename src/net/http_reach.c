/* Which addresses a request may lead to, when its URL was chosen by somebody else. */
#include "net/http_private.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum place {
	PLACE_PUBLIC,
	PLACE_LOOPBACK,
	PLACE_PRIVATE, /* a network that only this machine can see, or none at all */
};

/* The IANA registries of special-purpose addresses (RFC 6890), as prefixes. */
static enum place place_of_v4(uint32_t address)
{
	static const struct {
		uint32_t prefix;
		unsigned bits;
	} private[] = {
		{0x00000000, 8},  /* 0.0.0.0 */
		{0x0a000000, 8},  /* 10 */
		{0x64400000, 10}, /* 100.64: carriers */
		{0xa9fe0000, 16}, /* 169.254: link-local, where clouds answer for machines */
		{0xac100000, 12}, /* 172.16 */
		{0xc0000000, 24}, /* 192.0.0 */
		{0xc0a80000, 16}, /* 192.168 */
		{0xc6120000, 15}, /* 198.18: benchmarks */
		{0xe0000000, 3},  /* multicast and above */
	};

	if (address >> 24 == 127)
		return PLACE_LOOPBACK;
	for (size_t i = 0; i < G_N_ELEMENTS(private); i++)
		if (address >> (32 - private[i].bits) == private[i].prefix >> (32 - private[i].bits))
			return PLACE_PRIVATE;
	return PLACE_PUBLIC;
}

static uint32_t word(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Global unicast is 2000::/3 alone; some of its prefixes, and a few others, carry an address of the older kind. */
static enum place place_of_v6(const unsigned char bytes[16])
{
	static const unsigned char zeros[16] = {0};
	static const unsigned char translated[12] = {0, 0x64, 0xff, 0x9b};

	if (memcmp(bytes, zeros, 15) == 0 && bytes[15] == 1)
		return PLACE_LOOPBACK;
	if (memcmp(bytes, zeros, 10) == 0 && bytes[10] == 0xff && bytes[11] == 0xff)
		return place_of_v4(word(bytes + 12));
	if (memcmp(bytes, translated, 12) == 0)
		return place_of_v4(word(bytes + 12));
	if (bytes[0] == 0x20 && bytes[1] == 0x02) /* 6to4 */
		return place_of_v4(word(bytes + 2));
	if (word(bytes) == 0x20010000) /* Teredo */
		return PLACE_PRIVATE;
	return bytes[0] >> 5 == 1 ? PLACE_PUBLIC : PLACE_PRIVATE;
}

static bool allows(enum http_reach reach, enum place place)
{
	return reach == HTTP_REACH_ANY || place == PLACE_PUBLIC ||
	       (reach == HTTP_REACH_LOOPBACK && place == PLACE_LOOPBACK);
}

bool http_reach_allows(enum http_reach reach, const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return allows(reach,
			      place_of_v4(ntohl(
				      ((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr)));
	if (address->sa_family == AF_INET6)
		return allows(
			reach,
			place_of_v6(((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr));
	return reach == HTTP_REACH_ANY;
}

/* "[::1]" and "[fe80::1%25eth0]" as well. */
static bool host_allowed(enum http_reach reach, const char *host)
{
	size_t length = strlen(host);
	char text[INET6_ADDRSTRLEN];
	struct in6_addr six;
	struct in_addr four;

	while (length > 0 && host[length - 1] == '.')
		length--;
	if (length == 9 && g_ascii_strncasecmp(host, "localhost", 9) == 0)
		return allows(reach, PLACE_LOOPBACK);
	if (length > 10 && g_ascii_strncasecmp(host + length - 10, ".localhost", 10) == 0)
		return allows(reach, PLACE_LOOPBACK);
	if (host[0] == '[') {
		g_strlcpy(text, host + 1, MIN(sizeof(text), strcspn(host + 1, "]%") + 1));
		return inet_pton(AF_INET6, text, &six) == 1 && allows(reach, place_of_v6(six.s6_addr));
	}
	return inet_pton(AF_INET, host, &four) != 1 || allows(reach, place_of_v4(ntohl(four.s_addr)));
}

bool http_url_reach(enum http_reach reach, const char *url)
{
	char *host;
	bool allowed;

	if (reach == HTTP_REACH_ANY)
		return true;
	host = http_url_whole_host(url);
	allowed = host != NULL && host_allowed(reach, host);
	g_free(host);
	return allowed;
}

static curl_socket_t on_socket_wanted(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = ctx;

	(void)purpose;
	if (!http_reach_allows(transfer->reach, &address->addr)) {
		transfer->out_of_reach = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool proxied(void)
{
	static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return true;
	}
	return false;
}

/* The name may lead anywhere, so the address itself is looked at before it is connected to. Behind a proxy it is the proxy that looks names up: then
 * everything has to go through it, exceptions of the environment included. */
int http_reach_set(struct transfer *transfer)
{
	CURL *easy = transfer->easy;
	unsigned failed = 0;

	if (transfer->reach == HTTP_REACH_ANY)
		return ERR_OK;
	if (proxied() && !http_url_loopback(transfer->url)) {
		failed |= curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	} else {
		failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket_wanted);
		failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, (void *)transfer);
	}
	return failed != 0 ? ERR_NOMEM : ERR_OK;
}
