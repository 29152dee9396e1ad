/* Secrets that are asked for only when they are needed: by command, file or environment. */
#include "core/config.h"

#include "base/secret.h"
#include "base/spawn.h"
#include "core/config_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_CEILING ((size_t)64 << 10) /* bytes of a NAME_file */

static int from_file(const char *path, char **secret, struct problem *problem)
{
	struct buf bytes;
	struct stat st;
	buf_init(&bytes, SECRET_CEILING);
	int err = config_slurp(path, SECRET_CEILING, &bytes, &st, problem);
	if (err == ERR_OK && config_readable_by_others(&st)) {
		char todo[200];
		err = config_problem(problem, path, 0, config_chmod(path, todo, sizeof(todo)),
				     "it holds a secret, and others can read it");
	}
	if (err == ERR_OK) {
		const char *text = buf_text(&bytes);
		size_t length = strcspn(text, "\r\n");
		if (length == 0)
			err = config_problem(problem, path, 0, NULL, "its first line is empty");
		else
			*secret = secret_new(text, length);
	}
	buf_wipe(&bytes);
	return err == ERR_OK ? ERR_OK : ERR_CONFIG;
}

static int from_env(const char *name, char **secret, struct problem *problem)
{
	const char *text = getenv(name);
	if (!text || !*text)
		return config_problem(problem, NULL, 0, "set and export it",
				      "the environment variable %.100s is %s", name,
				      text ? "empty" : "not set");
	*secret = secret_new(text, strlen(text));
	return ERR_OK;
}

/* What failed is the key, as it stands in the configuration. */
static int named(const char *key, enum option_way way, struct problem *problem)
{
	if (!problem)
		return ERR_CONFIG;
	const struct problem cause = *problem;
	char what[80];
	snprintf(what, sizeof(what), "%s%s", key, option_way_ending[way]);
	/* A file's name is worth keeping. */
	bool path = way == OPTION_FILE && cause.what[0];
	return problem_set(problem, ERR_CONFIG, what, cause.todo, "%s%s%s", path ? cause.what : "",
			   path ? ": " : "", cause.why);
}

int account_secret(const struct account *account, const char *key, char **secret, struct problem *problem)
{
	*secret = NULL;
	int option = option_find(OPTION_ACCOUNT, key);
	if (option < 0)
		return ERR_OK;
	char *const *values = account->values + (size_t)option * OPTION_WAYS;
	int err = ERR_OK;
	enum option_way way = OPTION_PLAIN;
	if (values[OPTION_PLAIN])
		*secret = secret_new(values[OPTION_PLAIN], strlen(values[OPTION_PLAIN]));
	else if (values[way = OPTION_COMMAND])
		err = spawn_first_line(values[OPTION_COMMAND], secret, problem);
	else if (values[way = OPTION_FILE])
		err = from_file(values[OPTION_FILE], secret, problem);
	else if (values[way = OPTION_ENV])
		err = from_env(values[OPTION_ENV], secret, problem);
	return err == ERR_OK ? ERR_OK : named(key, way, problem);
}
