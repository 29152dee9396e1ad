/* lodge-scan-qr: a PNG on stdin, the content of its QR code on stdout. A program of its own, so that whatever a strange picture does to the libraries that
 * read it happens where there is nothing to gain: no keys, no files, no network, little memory and time. */
#include "scan/code.h"
#include "scan/limits.h"
#include "scan/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MOST ((size_t)1 << 20)

enum { EXIT_FOUND = 0, EXIT_NO_CODE = 1, EXIT_NO_PICTURE = 2, EXIT_TROUBLE = 3 };

/* Returns the length; FILE_MOST + 1 when there is more than may be. */
static size_t read_all(unsigned char *bytes)
{
	size_t length = 0;
	while (length <= FILE_MOST) {
		ssize_t got = read(STDIN_FILENO, bytes + length, FILE_MOST + 1 - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	return length;
}

static int write_all(const struct code *code)
{
	for (size_t at = 0; at < code->length;) {
		ssize_t put = write(STDOUT_FILENO, code->bytes + at, code->length - at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return EXIT_TROUBLE;
		at += (size_t)put;
	}
	return EXIT_FOUND;
}

int main(void)
{
	struct picture picture = {0};
	struct code code = {.length = 0};
	int status = EXIT_NO_PICTURE;
	if (!limits_apply())
		return EXIT_TROUBLE;
	unsigned char *bytes = malloc(FILE_MOST + 1);
	if (!bytes)
		return EXIT_TROUBLE;
	size_t length = read_all(bytes);
	if (length <= FILE_MOST && picture_read(bytes, length, &picture))
		status = code_find(&picture, &code) ? write_all(&code) : EXIT_NO_CODE;
	picture_fini(&picture);
	free(bytes);
	return status;
}
