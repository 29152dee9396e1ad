/* Answers kept for as long as the server said (max-age) or to be asked for again by ETag. Memory only;
 * bounded: the entry used longest ago goes first. Pure: the time is passed in (monotonic). */
#ifndef LODGE_NET_CACHE_H
#define LODGE_NET_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct cache;

/* ceiling_bytes bounds bodies, URLs and tags together. A single answer may take a quarter of it at most. */
struct cache *cache_new(size_t ceiling_bytes);
void cache_free(struct cache *cache);

/* A fresh copy for the URL: its bytes (NUL-terminated, valid until the next cache call), or NULL. Only 200s
 * are ever kept. */
const char *cache_fresh(struct cache *cache, const char *url, int64_t now_ms, size_t *length);

/* The ETag to send as If-None-Match, or NULL. */
const char *cache_etag(struct cache *cache, const char *url);

/* After a 200: keeps a copy of the body when max_age_ms > 0 or an etag (not NULL, not "") came; otherwise
 * forgets what it kept. */
void cache_store(struct cache *cache, const char *url, const char *bytes, size_t length, const char *etag,
		 int64_t max_age_ms, int64_t now_ms);

/* After a 304: makes it fresh again and returns it. NULL when it is not kept (any more). */
const char *cache_renew(struct cache *cache, const char *url, int64_t max_age_ms, int64_t now_ms,
			size_t *length);

#endif
