#include "net/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void test_fresh_until_its_age(void **state)
{
	struct cache *cache = cache_new(10000);
	size_t length = 0;

	(void)state;
	cache_store(cache, "u", "body", 4, NULL, 900, 1000);
	assert_string_equal(cache_fresh(cache, "u", 1899, &length), "body");
	assert_int_equal(length, 4);
	assert_null(cache_fresh(cache, "u", 1900, &length));
	assert_null(cache_fresh(cache, "other", 1000, &length));
	assert_null(cache_etag(cache, "u"));
	cache_free(cache);
}

static void test_not_kept(void **state)
{
	struct cache *cache = cache_new(10000);
	size_t length;

	(void)state;
	cache_store(cache, "u", "body", 4, NULL, 0, 0);
	cache_store(cache, "v", "body", 4, "", -1, 0);
	assert_null(cache_renew(cache, "u", 100, 0, &length));
	assert_null(cache_renew(cache, "v", 100, 0, &length));
	/* An answer that may not be kept also ends what was kept before it. */
	cache_store(cache, "u", "old", 3, NULL, 1000, 0);
	cache_store(cache, "u", "new", 3, NULL, 0, 0);
	assert_null(cache_fresh(cache, "u", 0, &length));
	cache_free(cache);
}

static void test_renewed_by_tag(void **state)
{
	struct cache *cache = cache_new(10000);
	size_t length;

	(void)state;
	cache_store(cache, "u", "body", 4, "\"t\"", -1, 0);
	assert_null(cache_fresh(cache, "u", 0, &length));
	assert_string_equal(cache_etag(cache, "u"), "\"t\"");
	assert_string_equal(cache_renew(cache, "u", 500, 1000, &length), "body");
	assert_string_equal(cache_fresh(cache, "u", 1499, &length), "body");
	assert_null(cache_fresh(cache, "u", 1500, &length));
	cache_free(cache);
}

static void test_replaced(void **state)
{
	struct cache *cache = cache_new(10000);
	size_t length;

	(void)state;
	cache_store(cache, "u", "one", 3, "\"1\"", 100, 0);
	cache_store(cache, "u", "second", 6, NULL, 100, 0);
	assert_string_equal(cache_fresh(cache, "u", 0, &length), "second");
	assert_int_equal(length, 6);
	assert_null(cache_etag(cache, "u"));
	cache_free(cache);
}

static void test_used_longest_ago_goes_first(void **state)
{
	struct cache *cache = cache_new(8000);
	char body[1500] = {0};
	size_t length;

	(void)state;
	for (char url[] = "a"; url[0] <= 'd'; url[0]++)
		cache_store(cache, url, body, sizeof(body), NULL, 1000, 0);
	assert_non_null(cache_fresh(cache, "a", 0, &length));
	cache_store(cache, "e", body, sizeof(body), NULL, 1000, 0);
	cache_store(cache, "f", body, sizeof(body), NULL, 1000, 0);
	assert_non_null(cache_fresh(cache, "a", 0, &length));
	assert_null(cache_fresh(cache, "b", 0, &length));
	assert_non_null(cache_fresh(cache, "f", 0, &length));
	cache_free(cache);
}

static void test_too_large(void **state)
{
	struct cache *cache = cache_new(4000);
	char body[1001] = {0};
	size_t length;

	(void)state;
	cache_store(cache, "u", body, 1001, NULL, 1000, 0);
	assert_null(cache_fresh(cache, "u", 0, &length));
	cache_store(cache, "u", body, 1000, NULL, 1000, 0);
	assert_non_null(cache_fresh(cache, "u", 0, &length));
	cache_free(cache);
}

static void test_many_stay_bounded(void **state)
{
	struct cache *cache = cache_new(20000);
	unsigned kept = 0;
	char url[32];
	size_t length;

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(url, sizeof(url), "url-%u", i);
		cache_store(cache, url, "0123456789", 10, NULL, INT64_MAX, 5);
	}
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(url, sizeof(url), "url-%u", i);
		kept += cache_fresh(cache, url, INT64_MAX - 1, &length) != NULL;
	}
	assert_in_range(kept, 50, 20000 / 20);
	assert_non_null(cache_fresh(cache, "url-4999", 5, &length));
	cache_free(cache);
}

static void test_empty_body(void **state)
{
	struct cache *cache = cache_new(10000);
	size_t length = 7;

	(void)state;
	cache_store(cache, "u", NULL, 0, NULL, 10, 0);
	assert_string_equal(cache_fresh(cache, "u", 0, &length), "");
	assert_int_equal(length, 0);
	cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fresh_until_its_age),
		cmocka_unit_test(test_not_kept),
		cmocka_unit_test(test_renewed_by_tag),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_used_longest_ago_goes_first),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_many_stay_bounded),
		cmocka_unit_test(test_empty_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
