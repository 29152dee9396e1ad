/* The file that keeps a token between runs: lines of "name value", the first one names the format. */
#include "net/token.h"

#include "base/buf.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/statefile.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FORMAT_LINE "lodge-token 1"

/* The file holds a digest instead of the identity itself, which may hold any character. */
static char *identity_digest(const char *identity)
{
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, identity, -1);
}

/* False for what would break the line format; no real token holds a control character. */
static bool writable(const char *text)
{
	if (text == NULL)
		return true;
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	}
	return true;
}

static void add_line(struct buf *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_adds(out, name);
	buf_addc(out, ' ');
	buf_adds(out, value);
	buf_addc(out, '\n');
}

int token_save(const struct token *token, const char *folder, const char *identity, struct problem *problem)
{
	char *digest, *name;
	struct buf out;
	int status;

	if (!writable(token->access) || !writable(token->refresh) || !writable(token->client_id))
		return problem_set(problem, ERR_INVALID, "keeping the token", NULL,
				   "it holds control characters");
	/* Room for all of it at once, so that no copy stays behind in memory when the buffer grows. */
	buf_init(&out, BUF_CEILING_FILE);
	status = buf_reserve(&out, 512 + (token->access != NULL ? strlen(token->access) : 0) +
					   (token->refresh != NULL ? strlen(token->refresh) : 0) +
					   (token->client_id != NULL ? strlen(token->client_id) : 0));
	if (status != ERR_OK) {
		buf_fini(&out);
		return problem_set(problem, status, "keeping the token", NULL, "%s", err_text(status));
	}
	digest = identity_digest(identity);
	name = statefile_name("token", identity);
	buf_adds(&out, FORMAT_LINE "\n");
	add_line(&out, "identity", digest);
	add_line(&out, "access", token->access);
	add_line(&out, "refresh", token->refresh);
	add_line(&out, "client", token->client_id);
	buf_addf(&out, "obtained %" PRId64 "\n", token->obtained_ms);
	if (token->expires_ms != MOMENT_NONE)
		buf_addf(&out, "expires %" PRId64 "\n", token->expires_ms);
	add_line(&out, "end", "1");
	status = out.error;
	if (status == ERR_OK)
		status = statefile_write(folder, name, out.data, out.length, problem);
	buf_wipe(&out);
	g_free(name);
	g_free(digest);
	return status;
}

/* The value of a line "name value", or NULL when the line has another name. */
static const char *value_of(const char *line, const char *name)
{
	size_t length = strlen(name);

	return strncmp(line, name, length) == 0 && line[length] == ' ' ? line + length + 1 : NULL;
}

static bool read_moment(const char *value, int64_t *moment_ms)
{
	char *end;

	errno = 0;
	*moment_ms = g_ascii_strtoll(value, &end, 10);
	return errno == 0 && end != value && *end == '\0';
}

struct fields {
	struct token token;
	const char *identity;
	bool broken, ended;
};

static void read_line(struct fields *fields, const char *line)
{
	const char *value;

	if ((value = value_of(line, "identity")) != NULL) {
		fields->identity = value;
	} else if ((value = value_of(line, "access")) != NULL) {
		secret_free(fields->token.access);
		fields->token.access = secret_new(value, strlen(value));
	} else if ((value = value_of(line, "refresh")) != NULL) {
		secret_free(fields->token.refresh);
		fields->token.refresh = secret_new(value, strlen(value));
	} else if ((value = value_of(line, "client")) != NULL) {
		secret_free(fields->token.client_id);
		fields->token.client_id = secret_new(value, strlen(value));
	} else if ((value = value_of(line, "obtained")) != NULL) {
		fields->broken |= !read_moment(value, &fields->token.obtained_ms);
	} else if ((value = value_of(line, "expires")) != NULL) {
		fields->broken |= !read_moment(value, &fields->token.expires_ms);
	} else if (value_of(line, "end") != NULL) {
		fields->ended = true;
	}
	/* Any other line is from a later version. */
}

/* Cuts `text` into lines in place. ERR_PARSE when it is not a token file. */
static int read_fields(struct fields *fields, char *text, size_t length)
{
	char *line = text, *end;
	bool first = true;

	if (memchr(text, '\0', length) != NULL)
		return ERR_PARSE;
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if (first && strcmp(line, FORMAT_LINE) != 0)
			return ERR_PARSE;
		if (!first)
			read_line(fields, line);
		first = false;
	}
	/* What lacks its end was cut off, and may lack the token's end of life too. */
	if (*line != '\0' || !fields->ended || fields->broken || fields->identity == NULL)
		return ERR_PARSE;
	return fields->token.access != NULL || fields->token.refresh != NULL ? ERR_OK : ERR_PARSE;
}

int token_load(struct token *token, const char *folder, const char *identity, struct problem *problem)
{
	struct fields fields = {.token.expires_ms = MOMENT_NONE};
	char *name = statefile_name("token", identity);
	char *digest = identity_digest(identity);
	uint64_t generation = token->generation;
	struct buf text;
	int status;

	buf_init(&text, BUF_CEILING_FILE);
	status = statefile_read(folder, name, &text, problem);
	if (status != ERR_OK)
		goto out;
	status = text.data != NULL ? read_fields(&fields, text.data, text.length) : ERR_PARSE;
	if (status != ERR_OK) {
		problem_set(problem, status, "the kept token", NULL, "the file %s is damaged", name);
	} else if (strcmp(fields.identity, digest) != 0) {
		status = problem_set(problem, ERR_ABSENT, "the kept token", NULL,
				     "it belongs to another account");
	} else {
		token_fini(token);
		*token = fields.token;
		token->generation = generation + 1;
		fields.token = (struct token){.access = NULL};
	}
out:
	token_fini(&fields.token);
	buf_wipe(&text);
	g_free(digest);
	g_free(name);
	return status;
}

void token_forget(const char *folder, const char *identity)
{
	char *name = statefile_name("token", identity);

	/* That it is gone already is as good. */
	(void)!statefile_remove(folder, name);
	g_free(name);
}

int token_lock(const char *folder, const char *identity, int *lock, struct problem *problem)
{
	char *name = statefile_name("token", identity);
	char *path = g_strdup_printf("%s/%s.lock", folder, name);
	int status = ERR_OK, fd = -1;

	if (g_mkdir_with_parents(folder, 0700) == 0)
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0) {
		status = fd >= 0 && errno == EWOULDBLOCK ? ERR_BUSY : ERR_IO;
		problem_set(problem, status, "locking the token", NULL, "%s", g_strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	*lock = fd;
	g_free(path);
	g_free(name);
	return status;
}

void token_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}
