/* Runs a fuzz target over files without libFuzzer, so that `make check` replays every input that ever mattered.
 *
 * usage: replay_NAME [FILE or FOLDER]…
 * Without arguments: $srcdir/tests/fuzz/corpus/NAME. Each file is also cut short at a few places, which costs nothing
 * and finds the reads past the end that an address sanitizer sees. That no file was found at all is a failure.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CUTS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory of exactly that size, so that one byte too far is seen. */
static void run_bytes(const char *bytes, size_t length)
{
	uint8_t *exact = malloc(length ? length : 1);

	if (!exact) {
		abort();
	}
	if (length) {
		memcpy(exact, bytes, length);
	}
	LLVMFuzzerTestOneInput(exact, length);
	free(exact);
}

static void run_cut(const char *bytes, size_t length)
{
	run_bytes(bytes, length);
	for (size_t cut = 0; cut < CUTS && cut < length; cut++) {
		run_bytes(bytes, length * cut / CUTS);
	}
	if (length > 1) {
		run_bytes(bytes, length - 1);
	}
}

/* The file's bytes, to be freed by the caller; NULL after a message. */
static char *read_whole(const char *path, size_t *length)
{
	char *bytes = NULL;
	size_t size = 0;
	FILE *file = fopen(path, "rb");

	*length = 0;
	if (!file) {
		goto fail;
	}
	for (;;) {
		if (*length == size) {
			size = size ? size * 2 : 65536;
			char *more = realloc(bytes, size);
			if (!more) {
				goto fail;
			}
			bytes = more;
		}
		size_t got = fread(bytes + *length, 1, size - *length, file);
		if (!got) {
			break;
		}
		*length += got;
	}
	if (ferror(file)) {
		goto fail;
	}
	fclose(file);
	return bytes;
fail:
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	if (file) {
		fclose(file);
	}
	free(bytes);
	return NULL;
}

static int run_path(const char *path, unsigned *files);

static int run_folder(const char *path, unsigned *files)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, NULL, alphasort);
	int failed = n < 0;

	if (failed) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	}
	for (int i = 0; i < n; i++) {
		char below[4096];
		int length = snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);

		if (entries[i]->d_name[0] != '.' && length > 0 && (size_t)length < sizeof below) {
			failed |= run_path(below, files);
		}
		free(entries[i]);
	}
	free(entries);
	return failed;
}

/* 0, or 1 when something could not be read. */
static int run_path(const char *path, unsigned *files)
{
	struct stat status;
	size_t length;
	char *bytes;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		return run_folder(path, files);
	}
	bytes = read_whole(path, &length);
	if (!bytes) {
		return 1;
	}
	printf("%s\n", path);
	fflush(stdout); /* so that the log names the file that ended the program */
	run_cut(bytes, length);
	free(bytes);
	(*files)++;
	return 0;
}

/* $srcdir/tests/fuzz/corpus/NAME of a program called …/replay_NAME. */
static int run_own_corpus(const char *program, unsigned *files)
{
	static const char prefix[] = "replay_";
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;
	const char *srcdir = getenv("srcdir");
	char path[4096];

	if (strncmp(name, prefix, strlen(prefix)) != 0) {
		fprintf(stderr, "%s: not called replay_NAME: give the corpus as an argument\n", name);
		return 1;
	}
	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".", name + strlen(prefix));
	return run_path(path, files);
}

int main(int argc, char **argv)
{
	unsigned files = 0;
	int failed = 0;

	run_bytes("", 0);
	if (argc < 2) {
		failed = run_own_corpus(argv[0], &files);
	}
	for (int i = 1; i < argc; i++) {
		failed |= run_path(argv[i], &files);
	}
	printf("%u files\n", files);
	return failed || files == 0;
}
