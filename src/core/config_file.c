#include "core/config_file.h"

#include "base/secret.h"
#include "base/text.h"
#include "core/config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BLANKS " \t"

void config_entries_fini(struct config_entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		g_free(entries->at[i].label);
		g_free(entries->at[i].key);
		secret_free(entries->at[i].value);
	}
	for (unsigned i = 0; i < entries->n_files; i++)
		g_free(entries->files[i]);
	g_free(entries->files);
	g_free(entries->at);
	*entries = (struct config_entries){0};
}

unsigned config_entries_file(struct config_entries *entries, const char *name)
{
	entries->files = g_renew(char *, entries->files, entries->n_files + 1);
	entries->files[entries->n_files] = g_strdup(name);
	return entries->n_files++;
}

void config_entries_add(struct config_entries *entries, const struct config_entry *entry, const char *value,
			size_t length)
{
	if (entries->n == entries->room) {
		entries->room = entries->room ? entries->room * 2 : 32;
		entries->at = g_renew(struct config_entry, entries->at, entries->room);
	}
	struct config_entry *added = &entries->at[entries->n++];
	*added = *entry;
	added->label = g_strdup(entry->label);
	added->key = g_strdup(entry->key);
	added->value = secret_new(value, length);
}

/* --- problems --- */

static void show(char *text, size_t size)
{
	struct buf buf;
	buf_init(&buf, BUF_CEILING_LINE);
	text_add_shown(&buf, text, strlen(text), false);
	snprintf(text, size, "%s", buf_text(&buf));
	buf_fini(&buf);
	/* A cut may have gone through a character. */
	const char *end;
	if (!g_utf8_validate(text, -1, &end))
		text[end - text] = '\0';
}

static int LODGE_PRINTF(5, 0) vproblem(struct problem *problem, const char *file, unsigned line,
				       const char *todo, const char *format, va_list args)
{
	char what[sizeof(problem->what)], number[16] = "", why[sizeof(problem->why)];
	if (!problem)
		return ERR_CONFIG;
	if (line)
		snprintf(number, sizeof(number), ":%u", line);
	/* The end of a long path says more than its beginning, and the line must not be lost. */
	size_t room = sizeof(what) - strlen(number) - 4, length = file ? strlen(file) : 0;
	snprintf(what, sizeof(what), "%s%s%s", length > room ? "..." : "",
		 !file           ? ""
		 : length > room ? file + length - room
				 : file,
		 number);
	show(what, sizeof(what));
	vsnprintf(why, sizeof(why), format, args);
	show(why, sizeof(why));
	return problem_set(problem, ERR_CONFIG, what, todo, "%s", why);
}

int config_problem(struct problem *problem, const char *file, unsigned line, const char *todo,
		   const char *why, ...)
{
	va_list args;
	va_start(args, why);
	vproblem(problem, file, line, todo, why, args);
	va_end(args);
	return ERR_CONFIG;
}

int config_entry_problem(struct problem *problem, const struct config_entries *entries,
			 const struct config_entry *entry, const char *todo, const char *why, ...)
{
	va_list args;
	va_start(args, why);
	vproblem(problem, entries->files[entry->file], entry->line, todo, why, args);
	va_end(args);
	return ERR_CONFIG;
}

char *config_did_you_mean(const char *word, const char *const *names, char *out, size_t size)
{
	const char *near = text_nearest(word, names);
	out[0] = '\0';
	if (near)
		snprintf(out, size, "did you mean %s?", near);
	return out;
}

char *config_chmod(const char *path, char *out, size_t size)
{
	g_autofree char *quoted = g_shell_quote(path);
	bool plain =
		path[strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+@%:,")] ==
		'\0';
	int n = snprintf(out, size, "chmod 600 %s", plain ? path : quoted);
	if (n < 0 || (size_t)n >= size)
		snprintf(out, size, "chmod 600 that file");
	return out;
}

/* --- files --- */

bool config_readable_by_others(const struct stat *st) { return (st->st_mode & (S_IRGRP | S_IROTH)) != 0; }

static int read_all(int fd, const char *path, size_t ceiling, struct buf *out, struct problem *problem)
{
	char bytes[8192];
	int err = ERR_OK;
	for (;;) {
		ssize_t n = read(fd, bytes, sizeof(bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err = config_problem(problem, path, 0, NULL, "it cannot be read: %s",
					     g_strerror(errno));
		if (n <= 0)
			break;
		if ((size_t)n > ceiling - out->length) {
			err = config_problem(problem, path, 0, NULL, "it is larger than %zu KiB",
					     ceiling / 1024);
			break;
		}
		/* The caller made the room: growing here would leave copies of secrets behind. */
		buf_add(out, bytes, (size_t)n);
	}
	secret_wipe(bytes, sizeof(bytes));
	return err;
}

int config_slurp(const char *path, size_t ceiling, struct buf *out, struct stat *st, struct problem *problem)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		bool absent = errno == ENOENT || errno == ENOTDIR;
		config_problem(problem, path, 0, NULL, "it cannot be opened: %s", g_strerror(errno));
		return absent ? ERR_ABSENT : ERR_CONFIG;
	}
	int err = ERR_OK;
	if (fstat(fd, st) != 0)
		err = config_problem(problem, path, 0, NULL, "it cannot be looked at: %s", g_strerror(errno));
	else if (S_ISDIR(st->st_mode))
		err = config_problem(problem, path, 0, NULL, "it is a folder");
	else if (buf_reserve(out, ceiling) != ERR_OK)
		err = config_problem(problem, path, 0, NULL, "%s", err_text(out->error));
	else
		err = read_all(fd, path, ceiling, out, problem);
	close(fd);
	return err;
}

/* --- lines --- */

struct reader {
	struct config_entries *entries;
	struct problem *problem;
	unsigned file, line;
	bool in_group;
	enum option_group group;
	char *label;
};

static int refuse(struct reader *reader, const char *todo, const char *why)
{
	return config_problem(reader->problem, reader->entries->files[reader->file], reader->line, todo, "%s",
			      why);
}

static int check_characters(struct reader *reader, const char *line, size_t length)
{
	for (size_t i = 0; i < length;) {
		uint32_t codepoint;
		size_t used = text_decode(line + i, length - i, &codepoint);
		if (codepoint == 0xFFFD && used == 1)
			return refuse(reader, NULL, "this line is not UTF-8");
		if (codepoint != '\t' && text_is_control(codepoint))
			return refuse(reader, NULL, "this line holds a control character");
		i += used;
	}
	return ERR_OK;
}

/* Ends the line where a comment begins and takes the backslash out of ` \#`. */
static void strip_comment(char *line)
{
	char *out = line;
	bool after_blank = true;
	for (const char *in = line; *in; in++) {
		if (after_blank && *in == '#')
			break;
		if (after_blank && in[0] == '\\' && in[1] == '#')
			in++;
		after_blank = *in == ' ' || *in == '\t';
		*out++ = *in;
	}
	*out = '\0';
}

static bool account_name_ok(const char *name)
{
	size_t length = strlen(name);
	return length >= 1 && length <= 64 &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

static int unknown_group(struct reader *reader, const char *text)
{
	static const char *const groups[] = {"ui", "account", "building", "template", "keys", NULL};
	char word[80],
		todo[120] = "[ui], [account NAME], [building NAME], [template NAME] and [keys] are known";
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(text, BLANKS), text);
	const char *near = text_nearest(word, groups);
	if (near)
		snprintf(todo, sizeof(todo), "did you mean [%s%s]?", near,
			 strcmp(near, "ui") == 0 || strcmp(near, "keys") == 0 ? "" : " NAME");
	return config_problem(reader->problem, reader->entries->files[reader->file], reader->line, todo,
			      "unknown group [%s]", text);
}

static int open_group(struct reader *reader, const char *text)
{
	size_t word = strcspn(text, BLANKS);
	const char *label = text + word + strspn(text + word, BLANKS);
	int group = -1;
	for (int g = OPTION_UI; g <= OPTION_KEYS; g++)
		if (strlen(option_group_name((enum option_group)g)) == word &&
		    strncmp(text, option_group_name((enum option_group)g), word) == 0)
			group = g;
	bool bare = group == OPTION_UI || group == OPTION_KEYS;
	if (group < 0 || (bare && *label))
		return unknown_group(reader, text);
	if (group == OPTION_ACCOUNT && !account_name_ok(label))
		return refuse(reader, "write [account NAME]",
			      "an account's name is 1 to 64 of A-Z a-z 0-9 . _ -");
	if (group == OPTION_BUILDING && (!*label || strlen(label) > 256))
		return refuse(reader, "write [building NAME]", "a building's name is 1 to 256 bytes");
	if (group == OPTION_TEMPLATE && (!*label || strlen(label) > 64))
		return refuse(reader, "write [template NAME]", "a template's name is 1 to 64 bytes");
	g_free(reader->label);
	reader->label = bare ? NULL : g_strdup(label);
	reader->group = (enum option_group)group;
	reader->in_group = true;
	const struct config_entry entry = {.group = reader->group,
					   .label = reader->label,
					   .option = -1,
					   .kind = -1,
					   .file = reader->file,
					   .line = reader->line};
	config_entries_add(reader->entries, &entry, NULL, 0);
	return ERR_OK;
}

static int read_group(struct reader *reader, char *line)
{
	char *end = strchr(line, ']');
	if (!end)
		return refuse(reader, NULL, "the group's name lacks its ]");
	const char *rest = end + 1 + strspn(end + 1, BLANKS);
	if (*rest && *rest != '#')
		return refuse(reader, NULL, "nothing but a comment may follow the ]");
	*end = '\0';
	return open_group(reader, g_strstrip(line + 1));
}

static int unknown_key(struct reader *reader, const char *key)
{
	char **known = option_keys(reader->group), todo[120];
	config_did_you_mean(key, (const char *const *)known, todo, sizeof(todo));
	g_strfreev(known);
	return config_problem(reader->problem, reader->entries->files[reader->file], reader->line, todo,
			      "unknown key `%s` in [%s%s%s]", key, option_group_name(reader->group),
			      reader->label ? " " : "", reader->label ? reader->label : "");
}

static int read_pair(struct reader *reader, char *line)
{
	strip_comment(line);
	char *equals = strchr(line, '=');
	if (!equals)
		return refuse(reader, NULL, "expected key=value, [group] or # comment");
	*equals = '\0';
	char *key = g_strstrip(line), *value = g_strstrip(equals + 1);
	if (!*key)
		return refuse(reader, NULL, "there is no key before the =");
	if (!reader->in_group)
		return refuse(reader, "begin with [ui] or [account NAME]", "this key stands in no group");
	struct config_entry entry = {.group = reader->group,
				     .label = reader->label,
				     .key = key,
				     .file = reader->file,
				     .line = reader->line};
	bool binding = reader->group == OPTION_KEYS; /* "action=" takes its keys away */
	entry.option = binding ? -1 : option_find_key(reader->group, key, &entry.way, &entry.kind);
	if (entry.option < 0 && !binding)
		return unknown_key(reader, key);
	if (!*value && !binding)
		return config_problem(reader->problem, reader->entries->files[reader->file], reader->line,
				      "leave the line out, or make it a comment", "`%s` has no value", key);
	config_entries_add(reader->entries, &entry, value, strlen(value));
	return ERR_OK;
}

static int read_line(struct reader *reader, const char *bytes, size_t length)
{
	if (length && bytes[length - 1] == '\r')
		length--;
	int err = check_characters(reader, bytes, length);
	if (err != ERR_OK)
		return err;
	char *copy = secret_new(bytes, length), *line = copy + strspn(copy, BLANKS);
	if (*line == '[')
		err = read_group(reader, line);
	else if (*line && *line != '#')
		err = read_pair(reader, line);
	secret_free(copy);
	return err;
}

int config_entries_parse(struct config_entries *entries, const char *bytes, size_t length,
			 struct problem *problem)
{
	struct reader reader = {.entries = entries, .problem = problem, .file = entries->n_files - 1};
	int err = ERR_OK;
	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		bytes += 3;
		length -= 3;
	}
	while (length && err == ERR_OK) {
		const char *end = memchr(bytes, '\n', length);
		size_t n = end ? (size_t)(end - bytes) : length;
		reader.line++;
		err = read_line(&reader, bytes, n);
		bytes += end ? n + 1 : n;
		length -= end ? n + 1 : n;
	}
	g_free(reader.label);
	return err;
}
