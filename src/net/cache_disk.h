/* Answers that outlive the process: one file each in the state folder, 0600, put in place whole, so that no process of this person asks again for what the
 * server has said to be good. Beside cache.h, which is asked first. The name of a file is a hash of who asks and of the URL. A file that is damaged, was
 * meant for something else, or tells of a time that has not come is removed and never used. Pure but for the files: the (wall) time is passed in. */
#ifndef LODGE_NET_CACHE_DISK_H
#define LODGE_NET_CACHE_DISK_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

#define CACHE_DISK_FILES 400                          /* of all accounts together; the oldest go first */
#define CACHE_DISK_BYTES (UINT64_C(64) << 20)         /* likewise */
#define CACHE_DISK_LONGEST_MS (INT64_C(24) * 3600000) /* an answer is never kept longer */

struct cache_disk;

/* `identity`: who asks, and where; answers are never shared between two of them. Both texts are copied. */
struct cache_disk *cache_disk_new(const char *folder, const char *identity);
void cache_disk_free(struct cache_disk *disk);

/* Reads the answer to the URL into `body` (emptied before). Returns for how many ms it is still good; 0: there is none. */
int64_t cache_disk_read(const struct cache_disk *disk, const char *url, int64_t now_ms, struct buf *body);

/* Keeps an answer; with max_age_ms <= 0, or when it is too large, what was kept goes. That it cannot be written is no failure. */
void cache_disk_write(const struct cache_disk *disk, const char *url, const char *bytes, size_t length,
		      int64_t max_age_ms, int64_t now_ms);

#endif
