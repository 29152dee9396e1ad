/* The first half of reading the configuration: bytes to entries, each with its place. For core/config*.c alone. */
#ifndef LODGE_CORE_CONFIG_FILE_H
#define LODGE_CORE_CONFIG_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "core/option.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* A line that opens a group (key NULL) or sets a key. */
struct config_entry {
	enum option_group group;
	char *label; /* the account's or building's name; NULL for [ui] */
	char *key;   /* as written */
	char *value; /* a secret (base/secret.h), whatever it is */
	int option;  /* index into option_table */
	enum option_way way;
	int kind;      /* of poll.KIND; -1: none */
	unsigned file; /* number of the file */
	unsigned line;
};

struct config_entries {
	struct config_entry *at;
	size_t n, room;
	char **files; /* names, by number; NULL: in memory */
	unsigned n_files;
};

void config_entries_fini(struct config_entries *entries);

/* A file to which entries are added from now on. Returns its number. */
unsigned config_entries_file(struct config_entries *entries, const char *name);

/* Takes ownership of nothing; `key` NULL for a group. */
void config_entries_add(struct config_entries *entries, const struct config_entry *entry, const char *value,
			size_t length);

/* Splits the last file's text into entries. ERR_CONFIG. */
int config_entries_parse(struct config_entries *entries, const char *bytes, size_t length,
			 struct problem *problem) LODGE_MUST_USE;

/* Reads a file whole. ERR_ABSENT when there is none; ERR_CONFIG with the problem set for anything else. `out` is to be wiped. */
int config_slurp(const char *path, size_t ceiling, struct buf *out, struct stat *st,
		 struct problem *problem) LODGE_MUST_USE;

/* True when group or others may read what the mode describes. */
bool config_readable_by_others(const struct stat *st);

/* "chmod 600 FILE", quoted for a shell where that is needed. Returns out. */
char *config_chmod(const char *path, char *out, size_t size);

/* ERR_CONFIG "FILE:LINE: why (todo)"; line 0: "FILE: …". Values must not be part of it where they may be secret. The text is made fit
 * to be shown. */
int config_problem(struct problem *problem, const char *file, unsigned line, const char *todo,
		   const char *why, ...) LODGE_PRINTF(5, 6);
int config_entry_problem(struct problem *problem, const struct config_entries *entries,
			 const struct config_entry *entry, const char *todo, const char *why, ...)
	LODGE_PRINTF(5, 6);

/* "did you mean X?" or "". Returns out. */
char *config_did_you_mean(const char *word, const char *const *names, char *out, size_t size);

#endif
