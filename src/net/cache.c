#include "net/cache.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	GList link; /* in cache->by_use; data points back here */
	char *url;
	char *etag; /* NULL: none */
	char *bytes;
	size_t length;
	size_t cost;
	int64_t fresh_until_ms;
};

struct cache {
	GHashTable *by_url; /* the entries belong to it */
	GQueue by_use;      /* head: used last */
	size_t ceiling, used;
};

static void entry_free(void *memory)
{
	struct entry *entry = memory;

	g_free(entry->url);
	g_free(entry->etag);
	free(entry->bytes);
	g_free(entry);
}

struct cache *cache_new(size_t ceiling_bytes)
{
	struct cache *cache = g_new0(struct cache, 1);

	cache->by_url = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
	cache->ceiling = ceiling_bytes;
	g_queue_init(&cache->by_use);
	return cache;
}

void cache_free(struct cache *cache)
{
	if (cache == NULL)
		return;
	g_hash_table_destroy(cache->by_url);
	g_free(cache);
}

static void forget(struct cache *cache, struct entry *entry)
{
	if (entry == NULL)
		return;
	cache->used -= entry->cost;
	g_queue_unlink(&cache->by_use, &entry->link);
	g_hash_table_remove(cache->by_url, entry->url);
}

static void mark_used(struct cache *cache, struct entry *entry)
{
	g_queue_unlink(&cache->by_use, &entry->link);
	g_queue_push_head_link(&cache->by_use, &entry->link);
}

const char *cache_fresh(struct cache *cache, const char *url, int64_t now_ms, size_t *length)
{
	struct entry *entry = g_hash_table_lookup(cache->by_url, url);

	if (entry == NULL || now_ms >= entry->fresh_until_ms)
		return NULL;
	mark_used(cache, entry);
	*length = entry->length;
	return entry->bytes;
}

const char *cache_etag(struct cache *cache, const char *url)
{
	struct entry *entry = g_hash_table_lookup(cache->by_url, url);

	return entry != NULL ? entry->etag : NULL;
}

static int64_t fresh_until(int64_t now_ms, int64_t max_age_ms)
{
	if (max_age_ms <= 0)
		return now_ms;
	return max_age_ms > INT64_MAX - now_ms ? INT64_MAX : now_ms + max_age_ms;
}

void cache_store(struct cache *cache, const char *url, const char *bytes, size_t length, const char *etag,
		 int64_t max_age_ms, int64_t now_ms)
{
	bool tagged = etag != NULL && etag[0] != '\0';
	size_t overhead = sizeof(struct entry) + strlen(url) + 1 + (tagged ? strlen(etag) + 1 : 0) + 1;
	struct entry *entry;
	char *copy;

	forget(cache, g_hash_table_lookup(cache->by_url, url));
	if ((max_age_ms <= 0 && !tagged) || length > cache->ceiling / 4 || overhead > cache->ceiling / 4)
		return;
	copy = malloc(length + 1);
	if (copy == NULL)
		return;
	if (length > 0)
		memcpy(copy, bytes, length);
	copy[length] = '\0';

	entry = g_new0(struct entry, 1);
	*entry = (struct entry){
		.url = g_strdup(url),
		.etag = tagged ? g_strdup(etag) : NULL,
		.bytes = copy,
		.length = length,
		.cost = length + overhead,
		.fresh_until_ms = fresh_until(now_ms, max_age_ms),
	};
	entry->link.data = entry;
	while (cache->used + entry->cost > cache->ceiling && cache->by_use.tail != NULL)
		forget(cache, cache->by_use.tail->data);
	g_queue_push_head_link(&cache->by_use, &entry->link);
	g_hash_table_insert(cache->by_url, entry->url, entry);
	cache->used += entry->cost;
}

const char *cache_renew(struct cache *cache, const char *url, int64_t max_age_ms, int64_t now_ms,
			size_t *length)
{
	struct entry *entry = g_hash_table_lookup(cache->by_url, url);

	if (entry == NULL)
		return NULL;
	entry->fresh_until_ms = fresh_until(now_ms, max_age_ms);
	mark_used(cache, entry);
	*length = entry->length;
	return entry->bytes;
}
