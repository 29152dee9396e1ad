/* Every key of the configuration: name, group, form, default, help. The parser, its "did you mean", lodge.conf(5) and the example file are made
 * from this table. */
#ifndef LODGE_CORE_OPTION_H
#define LODGE_CORE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VENDOR_MAP(X)                                                                                        \
	X(BUTLR, "butlr", "https://api.butlr.io")                                                            \
	X(BUTTERFLYMX, "butterflymx", "https://api.butterflymx.com")                                         \
	X(DENSITY, "density", "https://api.density.io")                                                      \
	X(SENSORIST, "sensorist", "https://api.sensorist.com")

enum vendor {
#define VENDOR_ENUM(constant, name, url) VENDOR_##constant,
	VENDOR_MAP(VENDOR_ENUM)
#undef VENDOR_ENUM
		VENDOR_COUNT
};

const char *vendor_name(enum vendor vendor);
const char *vendor_default_url(enum vendor vendor);
int vendor_parse(const char *name); /* -1: unknown */

/* OPTION_KEYS has no options: its keys are names of actions, which the dashboard knows (ui/action.h). */
enum option_group { OPTION_UI, OPTION_ACCOUNT, OPTION_BUILDING, OPTION_TEMPLATE, OPTION_KEYS };

enum option_form {
	OPTION_TEXT,
	OPTION_SECRET, /* wiped from memory; always `indirect` */
	OPTION_SPAN,   /* 30s, 5m */
	OPTION_NUMBER,
	OPTION_CHOICE, /* one of `choices` */
	OPTION_URL,
	OPTION_PATH, /* a file that must be readable; "~/" and relative to the configuration's folder are understood */
	OPTION_NAME, /* a name, or a path when it holds a '/' */
	OPTION_YESNO,
};

#define OPTION_ALL_VENDORS ((1u << VENDOR_COUNT) - 1)

struct option {
	enum option_group group;
	const char *name;
	enum option_form form;
	const char *fallback;       /* default as text; NULL: none */
	const char *const *choices; /* OPTION_CHOICE: NULL-terminated */
	double least, most;         /* OPTION_NUMBER, OPTION_SPAN (seconds) */
	unsigned vendors;           /* bit per enum vendor; accounts only */
	bool by_kind;               /* "poll.KIND" is allowed too */
	bool indirect;              /* also NAME_command, NAME_file, NAME_env */
	const char *help;
};

extern const struct option option_table[];
extern const size_t option_count;

/* The ways in which the value of an indirect option may be given; their endings follow the name in the key. */
enum option_way { OPTION_PLAIN, OPTION_COMMAND, OPTION_FILE, OPTION_ENV, OPTION_WAYS };
extern const char *const option_way_ending[OPTION_WAYS]; /* "", "_command", "_file", "_env" */

/* Index into the table, or -1. */
int option_find(enum option_group group, const char *name);

/* A key as it stands in the file, "password_env" or "poll.doors", taken apart. -1: unknown. `way` and `kind` (-1: none) are set when known. */
int option_find_key(enum option_group group, const char *key, enum option_way *way, int *kind);

/* "account" for OPTION_ACCOUNT and so on. */
const char *option_group_name(enum option_group group);

/* Every key that a group knows, in all its forms, ended by NULL: for suggestions and completions. g_strfreev it. */
char **option_keys(enum option_group group);

#endif
