#include "base/buf.h"

#include "base/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_FIRST 64

void buf_init(struct buf *buf, size_t ceiling) { *buf = (struct buf){.ceiling = ceiling}; }

void buf_fini(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){.ceiling = buf->ceiling};
}

void buf_wipe(struct buf *buf)
{
	if (buf->data)
		secret_wipe(buf->data, buf->size);
	buf_fini(buf);
}

void buf_reset(struct buf *buf)
{
	buf->length = 0;
	buf->error = ERR_OK;
	if (buf->data)
		buf->data[0] = '\0';
}

/* The room for a length, one byte more for the NUL. Never beyond the ceiling. */
static size_t grown(const struct buf *buf, size_t length)
{
	size_t size = buf->size ? buf->size : BUF_FIRST;
	while (size <= length && size <= SIZE_MAX / 2)
		size *= 2;
	if (size > buf->ceiling)
		size = buf->ceiling + 1;
	return size;
}

int buf_reserve(struct buf *buf, size_t extra)
{
	/* The last byte of the address space stays free for the NUL. */
	if (buf->length > buf->ceiling || extra > buf->ceiling - buf->length ||
	    buf->length + extra == SIZE_MAX)
		return buf->error = ERR_TOO_BIG;
	size_t length = buf->length + extra;
	if (length < buf->size)
		return ERR_OK;
	size_t size = grown(buf, length);
	char *data = realloc(buf->data, size);
	if (!data)
		return buf->error = ERR_NOMEM;
	data[buf->length] = '\0';
	buf->data = data;
	buf->size = size;
	return ERR_OK;
}

void buf_add(struct buf *buf, const void *bytes, size_t length)
{
	if (buf->error)
		return;
	/* One byte is always kept for the NUL, so `length < size` is the test. */
	if (buf->size - buf->length <= length && buf_reserve(buf, length) != ERR_OK)
		return;
	if (length > buf->ceiling - buf->length) {
		buf->error = ERR_TOO_BIG;
		return;
	}
	if (length)
		memcpy(buf->data + buf->length, bytes, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void buf_adds(struct buf *buf, const char *text)
{
	if (text)
		buf_add(buf, text, strlen(text));
}

void buf_addc(struct buf *buf, char c)
{
	if (!buf->error && buf->size - buf->length > 1 && buf->length < buf->ceiling) {
		buf->data[buf->length++] = c;
		buf->data[buf->length] = '\0';
		return;
	}
	buf_add(buf, &c, 1);
}

void buf_addf(struct buf *buf, const char *format, ...)
{
	if (buf->error)
		return;
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	char small[256];
	int n = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (n < 0) {
		buf->error = ERR_NOMEM;
	} else if ((size_t)n < sizeof(small)) {
		buf_add(buf, small, (size_t)n);
	} else if (buf_reserve(buf, (size_t)n) == ERR_OK) {
		vsnprintf(buf->data + buf->length, (size_t)n + 1, format, again);
		buf->length += (size_t)n;
	}
	va_end(again);
	secret_wipe(small, n > 0 && (size_t)n < sizeof(small) ? (size_t)n : sizeof(small));
}

const char *buf_text(const struct buf *buf) { return buf->data ? buf->data : ""; }

char *buf_take(struct buf *buf, size_t *length)
{
	char *data = buf->length ? buf->data : NULL;
	if (length)
		*length = data ? buf->length : 0;
	if (!data)
		free(buf->data);
	*buf = (struct buf){.ceiling = buf->ceiling};
	return data;
}
