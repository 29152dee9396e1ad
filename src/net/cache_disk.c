/* The file: lines of "name value" that end with an empty line, then the answer's bytes as they came. */
#include "net/cache_disk.h"

#include "base/statefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT_LINE "lodge-cache 1\n"
#define PREFIX "cache-"
#define DIGEST 64         /* hexadecimal digits of SHA-256 */
#define HEAD_BYTES 512    /* more than all lines together */
#define AHEAD_MS 60000    /* clocks of two processes may differ so much */
#define OLD_S (24 * 3600) /* of a file that nobody can use any more */

struct cache_disk {
	char *folder, *identity;
};

struct cache_disk *cache_disk_new(const char *folder, const char *identity)
{
	struct cache_disk *disk = g_new0(struct cache_disk, 1);

	disk->folder = g_strdup(folder);
	disk->identity = g_strdup(identity);
	return disk;
}

void cache_disk_free(struct cache_disk *disk)
{
	if (disk == NULL)
		return;
	g_free(disk->folder);
	g_free(disk->identity);
	g_free(disk);
}

/* Of who asks and what for; the length keeps the two apart. */
static char *digest_of(const struct cache_disk *disk, const char *url)
{
	char *text = g_strdup_printf("%zu %s %s", strlen(disk->identity), disk->identity, url);
	char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

	g_free(text);
	return digest;
}

static char *name_of(const char *digest) { return g_strconcat(PREFIX, digest, NULL); }

/* --- reading --- */

struct head {
	char key[DIGEST + 1], sum[DIGEST + 1];
	int64_t received_ms, until_ms;
	uint64_t length;
};

/* The value of the line "name value" at *at, which moves on; NULL when it is another line. *size gets the value's length. */
static const char *take_line(const char **at, const char *end, const char *name, size_t *size)
{
	size_t length = strlen(name);
	const char *value = *at + length + 1, *stop;

	if ((size_t)(end - *at) <= length || strncmp(*at, name, length) != 0 || (*at)[length] != ' ')
		return NULL;
	stop = memchr(value, '\n', (size_t)(end - value));
	if (stop == NULL)
		return NULL;
	*size = (size_t)(stop - value);
	*at = stop + 1;
	return value;
}

static bool take_digest(const char **at, const char *end, const char *name, char out[DIGEST + 1])
{
	size_t size;
	const char *value = take_line(at, end, name, &size);

	if (value == NULL || size != DIGEST)
		return false;
	memcpy(out, value, DIGEST);
	out[DIGEST] = '\0';
	return true;
}

static bool take_number(const char **at, const char *end, const char *name, int64_t *out)
{
	size_t size;
	const char *value = take_line(at, end, name, &size);

	*out = 0;
	if (value == NULL || size == 0 || size > 16)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!g_ascii_isdigit(value[i]))
			return false;
		*out = *out * 10 + (value[i] - '0');
	}
	return true;
}

/* Where the body begins; NULL when it is no such file. */
static const char *read_head(const char *bytes, size_t length, struct head *head)
{
	const char *at = bytes, *end = bytes + length;
	int64_t size;

	if (length < strlen(FORMAT_LINE) || memcmp(bytes, FORMAT_LINE, strlen(FORMAT_LINE)) != 0)
		return NULL;
	at += strlen(FORMAT_LINE);
	if (!take_digest(&at, end, "key", head->key) ||
	    !take_number(&at, end, "received", &head->received_ms) ||
	    !take_number(&at, end, "until", &head->until_ms) || !take_number(&at, end, "length", &size) ||
	    !take_digest(&at, end, "sum", head->sum) || at == end || *at != '\n')
		return NULL;
	head->length = (uint64_t)size;
	return at + 1;
}

/* For how long the file's answer is good, 0: not at all; *from is where it begins. */
static int64_t judge(const struct buf *file, const char *digest, int64_t now_ms, size_t *from)
{
	struct head head;
	const char *body = file->data == NULL ? NULL : read_head(file->data, file->length, &head);
	size_t length;
	char *sum;
	bool whole;

	if (body == NULL)
		return 0;
	*from = (size_t)(body - file->data);
	length = file->length - *from;
	if (strcmp(head.key, digest) != 0 || head.length != length || head.received_ms > now_ms + AHEAD_MS ||
	    head.until_ms <= now_ms || head.until_ms < head.received_ms ||
	    head.until_ms - head.received_ms > CACHE_DISK_LONGEST_MS)
		return 0;
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)body, length);
	whole = strcmp(sum, head.sum) == 0;
	g_free(sum);
	return whole ? head.until_ms - now_ms : 0;
}

int64_t cache_disk_read(const struct cache_disk *disk, const char *url, int64_t now_ms, struct buf *body)
{
	char *digest = digest_of(disk, url), *name = name_of(digest);
	int64_t left_ms = 0;
	struct buf file;
	size_t from = 0;
	int err;

	buf_reset(body);
	buf_init(&file, BUF_CEILING_FILE);
	err = statefile_read(disk->folder, name, &file, NULL);
	if (err == ERR_OK) {
		left_ms = judge(&file, digest, now_ms, &from);
		if (left_ms > 0)
			buf_add(body, file.data + from, file.length - from);
		if (body->error != ERR_OK)
			left_ms = 0;
	}
	if (err != ERR_ABSENT && left_ms == 0)
		(void)!statefile_remove(disk->folder, name);
	buf_fini(&file);
	g_free(name);
	g_free(digest);
	return left_ms;
}

/* --- keeping it small --- */

struct kept {
	char name[sizeof(PREFIX) + DIGEST];
	int64_t written_s;
	uint64_t bytes;
};

static bool is_ours(const char *name)
{
	size_t prefix = strlen(PREFIX);

	return strncmp(name, PREFIX, prefix) == 0 && strlen(name) == prefix + DIGEST &&
	       strspn(name + prefix, "0123456789abcdef") == DIGEST;
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
	const struct kept *x = a, *y = b;

	return (x->written_s < y->written_s) - (x->written_s > y->written_s);
}

static GArray *list_files(DIR *folder)
{
	GArray *files = g_array_new(FALSE, TRUE, sizeof(struct kept));
	const struct dirent *entry;
	struct stat st;

	while ((entry = readdir(folder)) != NULL) {
		struct kept kept = {.written_s = 0};

		if (!is_ours(entry->d_name) ||
		    fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		g_strlcpy(kept.name, entry->d_name, sizeof(kept.name));
		kept.written_s = (int64_t)st.st_mtime;
		kept.bytes = (uint64_t)st.st_size;
		g_array_append_val(files, kept);
	}
	return files;
}

/* Another process may be at it too: what is gone already is as good. */
static void tidy(const struct cache_disk *disk, int64_t now_ms)
{
	DIR *folder = opendir(disk->folder);
	uint64_t bytes = 0;
	GArray *files;

	if (folder == NULL)
		return;
	files = list_files(folder);
	g_array_sort(files, newest_first);
	for (guint i = 0; i < files->len; i++) {
		const struct kept *kept = &g_array_index(files, struct kept, i);

		bytes += kept->bytes;
		if (i >= CACHE_DISK_FILES || bytes > CACHE_DISK_BYTES ||
		    kept->written_s + OLD_S < now_ms / 1000)
			(void)unlinkat(dirfd(folder), kept->name, 0);
	}
	g_array_unref(files);
	closedir(folder);
}

void cache_disk_write(const struct cache_disk *disk, const char *url, const char *bytes, size_t length,
		      int64_t max_age_ms, int64_t now_ms)
{
	char *digest = digest_of(disk, url), *name = name_of(digest), *sum;
	struct buf file;

	if (max_age_ms <= 0 || length > BUF_CEILING_FILE - HEAD_BYTES || now_ms < 0) {
		(void)!statefile_remove(disk->folder, name);
		goto out;
	}
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
	buf_init(&file, BUF_CEILING_FILE);
	buf_addf(&file, FORMAT_LINE "key %s\nreceived %" PRId64 "\nuntil %" PRId64 "\nlength %zu\nsum %s\n\n",
		 digest, now_ms, now_ms + MIN(max_age_ms, CACHE_DISK_LONGEST_MS), length, sum);
	buf_add(&file, bytes, length);
	if (file.error != ERR_OK ||
	    statefile_write(disk->folder, name, file.data, file.length, NULL) != ERR_OK)
		(void)!statefile_remove(disk->folder, name);
	else
		tidy(disk, now_ms);
	buf_fini(&file);
	g_free(sum);
out:
	g_free(name);
	g_free(digest);
}
