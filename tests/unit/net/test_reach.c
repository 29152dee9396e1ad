/* Which addresses are of the public internet. */
#include "net/http_private.h"

#include <setjmp.h>
#include <stdarg.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>

static bool reaches(enum http_reach reach, const char *text)
{
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return http_reach_allows(reach, (const struct sockaddr *)&four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return http_reach_allows(reach, (const struct sockaddr *)&six);
}

static void test_addresses(void **state)
{
	static const char *const public[] = {
		"1.1.1.1",         "9.255.255.255", "11.0.0.0",     "100.63.255.255", "100.128.0.0",
		"126.255.255.255", "128.0.0.0",     "169.253.0.1",  "169.255.0.1",    "172.15.255.255",
		"172.32.0.0",      "192.167.1.1",   "192.169.0.0",  "198.17.255.255", "198.20.0.0",
		"223.255.255.255", "2606:4700::1",  "2a00:1450::8", "::ffff:1.1.1.1", "64:ff9b::101:101",
		"2002:101:101::1",
	};
	static const char *const private[] = {
		"0.0.0.0",
		"0.1.2.3",
		"10.0.0.0",
		"10.255.255.255",
		"100.64.0.0",
		"100.127.255.255",
		"169.254.0.1",
		"169.254.169.254",
		"172.16.0.0",
		"172.31.255.255",
		"192.0.0.1",
		"192.168.0.0",
		"192.168.255.255",
		"198.18.0.0",
		"198.19.255.255",
		"224.0.0.1",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"fe80::1",
		"febf::1",
		"fec0::1",
		"fc00::1",
		"fdff::1",
		"ff02::1",
		"::ffff:10.0.0.1",
		"::10.0.0.1",
		"64:ff9b::a00:1",
		"64:ff9b:1::1",
		"2002:a00:1::1",
		"2001:0:1::1",
		"4000::1",
	};
	static const char *const loopback[] = {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(public); i++)
		if (!reaches(HTTP_REACH_PUBLIC, public[i]) || !reaches(HTTP_REACH_LOOPBACK, public[i]))
			fail_msg("%s is public", public[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(private); i++)
		if (reaches(HTTP_REACH_PUBLIC, private[i]) || reaches(HTTP_REACH_LOOPBACK, private[i]))
			fail_msg("%s is private", private[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(loopback); i++)
		if (reaches(HTTP_REACH_PUBLIC, loopback[i]) || !reaches(HTTP_REACH_LOOPBACK, loopback[i]))
			fail_msg("%s is loopback", loopback[i]);
	assert_true(reaches(HTTP_REACH_ANY, "10.0.0.1"));
}

static void test_urls(void **state)
{
	(void)state;
	assert_true(http_url_reach(HTTP_REACH_PUBLIC, "https://example.org/a"));
	assert_true(http_url_reach(HTTP_REACH_PUBLIC, "https://1.1.1.1/"));
	assert_true(http_url_reach(HTTP_REACH_PUBLIC, "https://localhost.example.org/"));
	assert_true(http_url_reach(HTTP_REACH_PUBLIC, "https://mylocalhost/"));
	assert_false(http_url_reach(HTTP_REACH_PUBLIC, "https://LOCALHOST/"));
	assert_false(http_url_reach(HTTP_REACH_PUBLIC, "https://x.localhost./"));
	assert_false(http_url_reach(HTTP_REACH_PUBLIC, "https://2130706433/"));
	assert_false(http_url_reach(HTTP_REACH_PUBLIC, "https://[fe80::1%25eth0]/"));
	assert_true(http_url_reach(HTTP_REACH_LOOPBACK, "https://localhost/"));
	assert_false(http_url_reach(HTTP_REACH_LOOPBACK, "https://10.0.0.1/"));
	assert_true(http_same_host("https://A.example.org/x", "http://a.example.org:8080"));
	assert_false(http_same_host("https://a.example.org", "https://b.example.org"));
	assert_false(http_same_host("nonsense://", "nonsense://"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_addresses), cmocka_unit_test(test_urls)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
