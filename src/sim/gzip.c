#include "sim/gzip.h"

#include <glib.h>
#include <string.h>

#define BLOCK_MOST 65535u /* bytes in one stored block, RFC 1951 §3.2.4 */

static uint32_t crc32_of(const char *bytes, size_t length)
{
	uint32_t table[256], crc = UINT32_MAX;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] & 1 ? table[i] >> 1 ^ UINT32_C(0xedb88320) : table[i] >> 1;
	}
	for (size_t i = 0; i < length; i++)
		crc = table[(crc ^ (unsigned char)bytes[i]) & 255] ^ crc >> 8;
	return ~crc;
}

/* The lowest byte first. */
static void add_number(struct buf *out, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_addc(out, (char)(value >> (8 * i) & 255));
}

void sim_gzip_wrap(const char *bytes, size_t length, struct buf *out)
{
	static const char head[] = {0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, (char)255};
	size_t done = 0;

	buf_add(out, head, sizeof(head));
	do {
		size_t n = MIN(length - done, BLOCK_MOST);

		buf_addc(out, done + n == length);
		add_number(out, (uint32_t)n, 2);
		add_number(out, ~(uint32_t)n, 2);
		buf_add(out, bytes + done, n);
		done += n;
	} while (done < length);
	add_number(out, crc32_of(bytes, length), 4);
	add_number(out, (uint32_t)length, 4);
}

bool sim_gzip_accepted(const char *header)
{
	char **entries = g_strsplit(header ? header : "", ",", -1);
	bool found = false;

	for (unsigned i = 0; entries[i]; i++) {
		const char *name = g_strstrip(entries[i]);
		size_t length = strcspn(name, "; ");

		if ((length == 4 && g_ascii_strncasecmp(name, "gzip", 4) == 0) ||
		    (length == 1 && *name == '*'))
			found |= !strstr(name, "q=0") || strstr(name, "q=0.");
	}
	g_strfreev(entries);
	return found;
}
