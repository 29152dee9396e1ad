#include "core/config_value.h"

#include "base/moment.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

char *config_path(const char *file, const char *value)
{
	if (strncmp(value, "~/", 2) == 0) {
		const char *home = getenv("HOME");
		return g_build_filename(home && *home ? home : g_get_home_dir(), value + 2, NULL);
	}
	if (value[0] == '/' || !file)
		return g_strdup(value);
	g_autofree char *folder = g_path_get_dirname(file);
	return g_build_filename(folder, value, NULL);
}

static bool loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;
	if (strcasecmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static bool port_ok(const char *port)
{
	size_t digits = strspn(port, "0123456789");
	return digits >= 1 && digits <= 5 && port[digits] == '\0' && strtoul(port, NULL, 10) >= 1 &&
	       strtoul(port, NULL, 10) <= 65535;
}

/* Splits "host:port" or "[v6]:port"; the host is copied without its brackets. False when it is neither. */
static bool split_host(const char *authority, size_t length, char host[256])
{
	char text[256];
	if (length == 0 || length >= sizeof(text))
		return false;
	memcpy(text, authority, length);
	text[length] = '\0';
	char *end = text[0] == '[' ? strchr(text, ']') : text + strcspn(text, ":");
	if (!end)
		return false;
	bool v6 = *end == ']';
	if (v6)
		*end++ = '\0';
	if (*end != '\0' && (*end != ':' || !port_ok(end + 1)))
		return false;
	*end = '\0';
	const char *bare = v6 ? text + 1 : text;
	memcpy(host, bare, strlen(bare) + 1);
	struct in6_addr address;
	if (v6)
		return inet_pton(AF_INET6, host, &address) == 1;
	return host[0] != '\0' && host[0] != '.' && host[0] != '-' &&
	       host[strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_")] ==
		       '\0';
}

const char *config_url_fault(const char *url)
{
	bool https = strncasecmp(url, "https://", 8) == 0, http = strncasecmp(url, "http://", 7) == 0;
	if (!https && !http)
		return "it must begin with https://";
	for (const char *p = url; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7F || strchr("\\\"<>^`{|}", *p))
			return "it holds a character that an address cannot hold";
	if (strchr(url, '#'))
		return "it must not hold a # part";
	if (strchr(url, '?'))
		return "it must not hold a ? part";
	const char *authority = url + (https ? 8 : 7);
	size_t length = strcspn(authority, "/");
	if (memchr(authority, '@', length))
		return "it must not hold a name or password";
	char host[256];
	if (!split_host(authority, length, host))
		return "its host or port is not valid";
	if (http && !loopback(host))
		return "http:// is allowed for this machine only, elsewhere it must be https://";
	return NULL;
}

static int check_choice(const struct config_entries *entries, const struct config_entry *entry,
			const char *const *choices, const char *value, struct problem *problem)
{
	char list[160] = "", todo[120];
	for (size_t i = 0; choices[i]; i++) {
		if (strcmp(choices[i], value) == 0)
			return ERR_OK;
		size_t at = strlen(list);
		snprintf(list + at, sizeof(list) - at, "%s%s", i ? ", " : "", choices[i]);
	}
	config_did_you_mean(value, choices, todo, sizeof(todo));
	return config_entry_problem(problem, entries, entry, todo, "`%s` is `%.60s`, expected one of %s",
				    entry->key, value, list);
}

static int check_span(const struct config_entries *entries, const struct config_entry *entry,
		      const struct option *option, const char *value, struct problem *problem)
{
	int64_t span_ms = moment_span_ms(value);
	/* A bare number would be taken for seconds; here it is more likely a mistake. */
	if (span_ms < 0 || value[strspn(value, "0123456789.")] == '\0')
		return config_entry_problem(problem, entries, entry, NULL,
					    "`%s` is `%.60s`, expected a span such as 500ms, 30s, 5m or 1h",
					    entry->key, value);
	if ((double)span_ms < option->least * 1000 || (double)span_ms > option->most * 1000)
		return config_entry_problem(problem, entries, entry, NULL,
					    "`%s` is `%.60s`, expected a span from %dms to %ds", entry->key,
					    value, (int)(option->least * 1000), (int)option->most);
	return ERR_OK;
}

static int check_number(const struct config_entries *entries, const struct config_entry *entry,
			const struct option *option, const char *value, struct problem *problem)
{
	double number;
	if (text_number(value, &number) && number >= option->least && number <= option->most)
		return ERR_OK;
	return config_entry_problem(problem, entries, entry, NULL,
				    "`%s` is `%.60s`, expected a number from %d to %d", entry->key, value,
				    (int)option->least, (int)option->most);
}

int config_value_check(const struct config_entries *entries, const struct config_entry *entry,
		       const char *value, struct problem *problem)
{
	static const char *const yes_no[] = {"yes", "no", NULL};
	const struct option *option = &option_table[entry->option];
	if (entry->way != OPTION_PLAIN)
		return ERR_OK;
	switch (option->form) {
	case OPTION_SPAN:
		return check_span(entries, entry, option, value, problem);
	case OPTION_NUMBER:
		return check_number(entries, entry, option, value, problem);
	case OPTION_CHOICE:
		return check_choice(entries, entry, option->choices, value, problem);
	case OPTION_YESNO:
		return check_choice(entries, entry, yes_no, value, problem);
	case OPTION_URL: {
		const char *fault = config_url_fault(value);
		/* The address is not repeated: a password may be what is wrong with it. */
		return fault ? config_entry_problem(problem, entries, entry, NULL, "`%s`: %s", entry->key,
						    fault)
			     : ERR_OK;
	}
	case OPTION_PATH:
		if (access(value, R_OK) != 0)
			return config_entry_problem(problem, entries, entry, NULL,
						    "`%s`: %.120s cannot be read: %s", entry->key, value,
						    g_strerror(errno));
		return ERR_OK;
	case OPTION_TEXT:
	case OPTION_SECRET:
	case OPTION_NAME:
		return ERR_OK;
	}
	return ERR_OK;
}
