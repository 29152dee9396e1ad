#include "core/option.h"

#include "core/kind.h"

#include <glib.h>
#include <string.h>

#define BUTLR (1u << VENDOR_BUTLR)
#define BUTTERFLYMX (1u << VENDOR_BUTTERFLYMX)
#define DENSITY (1u << VENDOR_DENSITY)
#define SENSORIST (1u << VENDOR_SENSORIST)

#define DAY_S 86400

static const char *const vendor_names[VENDOR_COUNT + 1] = {
#define VENDOR_NAME(constant, name, url) [VENDOR_##constant] = (name),
	VENDOR_MAP(VENDOR_NAME)
#undef VENDOR_NAME
};

static const char *const vendor_urls[VENDOR_COUNT] = {
#define VENDOR_URL(constant, name, url) [VENDOR_##constant] = (url),
	VENDOR_MAP(VENDOR_URL)
#undef VENDOR_URL
};

static const char *const roles[] = {"viewer", "desk", "manager", "admin", NULL};
static const char *const estates[] = {"auto", "rest", "graphql", NULL};
static const char *const languages[] = {"en-US", "pt-PT", "fr-FR", NULL};

const char *const option_way_ending[OPTION_WAYS] = {"", "_command", "_file", "_env"};

const struct option option_table[] = {
	{.group = OPTION_UI,
	 .name = "theme",
	 .form = OPTION_NAME,
	 .fallback = "dusk",
	 .help = "The theme of the dashboard: the name of one that is installed, or the path of a theme file."},
	{.group = OPTION_UI,
	 .name = "start",
	 .form = OPTION_TEXT,
	 .fallback = "overview",
	 .help = "The pane that is shown first."},
	{.group = OPTION_UI,
	 .name = "max_fps",
	 .form = OPTION_NUMBER,
	 .fallback = "30",
	 .least = 1,
	 .most = 240,
	 .help = "How many times a second the screen is drawn at most."},
	{.group = OPTION_UI,
	 .name = "role",
	 .form = OPTION_CHOICE,
	 .fallback = "admin",
	 .choices = roles,
	 .help = "What the person at this configuration may change. A viewer changes nothing, a desk issues and revokes visitor "
		 "keys, a manager edits tenants and units too, an admin does all. The rights that the vendor gives come on top."},

	{.group = OPTION_ACCOUNT,
	 .name = "vendor",
	 .form = OPTION_CHOICE,
	 .choices = vendor_names,
	 .vendors = OPTION_ALL_VENDORS,
	 .help = "Whose system the account is with. Every account needs this key."},
	{.group = OPTION_ACCOUNT,
	 .name = "base_url",
	 .form = OPTION_URL,
	 .vendors = OPTION_ALL_VENDORS,
	 .help = "The address of the vendor's server, a path prefix included; without it the vendor's public one. It must begin "
		 "with https://, or with http:// where the host is this machine."},
	{.group = OPTION_ACCOUNT,
	 .name = "client_id",
	 .form = OPTION_TEXT,
	 .vendors = BUTLR | DENSITY | BUTTERFLYMX,
	 .indirect = true,
	 .help = "The client's name for signing in by client credentials; with butterflymx, the OAuth application."},
	{.group = OPTION_ACCOUNT,
	 .name = "client_secret",
	 .form = OPTION_SECRET,
	 .vendors = BUTLR | DENSITY | BUTTERFLYMX,
	 .indirect = true,
	 .help = "The secret that belongs to client_id."},
	{.group = OPTION_ACCOUNT,
	 .name = "username",
	 .form = OPTION_TEXT,
	 .vendors = BUTLR | BUTTERFLYMX | SENSORIST,
	 .indirect = true,
	 .help = "The person's name or e-mail address for signing in; with butlr, instead of client credentials."},
	{.group = OPTION_ACCOUNT,
	 .name = "password",
	 .form = OPTION_SECRET,
	 .vendors = BUTLR | BUTTERFLYMX | SENSORIST,
	 .indirect = true,
	 .help = "The password that belongs to username."},
	{.group = OPTION_ACCOUNT,
	 .name = "token",
	 .form = OPTION_SECRET,
	 .vendors = DENSITY,
	 .indirect = true,
	 .help = "A token that does not expire, instead of client credentials. It begins with tok_."},
	{.group = OPTION_ACCOUNT,
	 .name = "accounts_url",
	 .form = OPTION_URL,
	 .vendors = BUTTERFLYMX,
	 .help = "The address of the server that signs people in, where it is not the one of base_url."},
	{.group = OPTION_ACCOUNT,
	 .name = "impersonate",
	 .form = OPTION_TEXT,
	 .vendors = SENSORIST,
	 .help = "The id of the user in whose name everything is asked. The vendor must have allowed it."},
	{.group = OPTION_ACCOUNT,
	 .name = "estate",
	 .form = OPTION_CHOICE,
	 .fallback = "auto",
	 .choices = estates,
	 .vendors = BUTLR,
	 .help = "How floors, rooms and sensors are read. With auto it is whatever the server offers."},
	{.group = OPTION_ACCOUNT,
	 .name = "language",
	 .form = OPTION_CHOICE,
	 .fallback = "en-US",
	 .choices = languages,
	 .vendors = BUTLR,
	 .help = "The language in which the types of rooms and fixtures are named."},
	{.group = OPTION_ACCOUNT,
	 .name = "placeholders",
	 .form = OPTION_YESNO,
	 .fallback = "no",
	 .vendors = BUTLR,
	 .help = "Whether devices that are planned but do not exist yet are shown."},
	{.group = OPTION_ACCOUNT,
	 .name = "refresh_path",
	 .form = OPTION_TEXT,
	 .vendors = BUTLR,
	 .help = "The path under base_url at which a sign-in is renewed, where the server has one of its own."},
	{.group = OPTION_ACCOUNT,
	 .name = "qr_payload",
	 .form = OPTION_TEXT,
	 .vendors = BUTTERFLYMX,
	 .help = "What the QR code of a visitor key holds; {key_code} stands for the key's code. Without it the content of the "
		 "vendor's own picture, or the code alone."},
	{.group = OPTION_ACCOUNT,
	 .name = "poll",
	 .form = OPTION_SPAN,
	 .least = 0.1,
	 .most = DAY_S,
	 .vendors = OPTION_ALL_VENDORS,
	 .by_kind = true,
	 .help = "How often the account is asked. poll.KIND sets the pace of one kind: poll.doors=5s. Without it each kind has a "
		 "pace that suits the vendor."},
	{.group = OPTION_ACCOUNT,
	 .name = "timeout",
	 .form = OPTION_SPAN,
	 .fallback = "15s",
	 .least = 0.1,
	 .most = 600,
	 .vendors = OPTION_ALL_VENDORS,
	 .help = "A request that makes no progress for so long has failed."},
	{.group = OPTION_ACCOUNT,
	 .name = "ca_file",
	 .form = OPTION_PATH,
	 .vendors = OPTION_ALL_VENDORS,
	 .help = "A file with certificates of authorities to trust, besides those of the system."},

	{.group = OPTION_BUILDING,
	 .name = "members",
	 .form = OPTION_TEXT,
	 .help = "What the building is called in the accounts that know it: ACCOUNT:ID, separated by commas."},
};
const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

const char *vendor_name(enum vendor vendor) { return vendor_names[vendor]; }
const char *vendor_default_url(enum vendor vendor) { return vendor_urls[vendor]; }

int vendor_parse(const char *name)
{
	for (int vendor = 0; vendor < VENDOR_COUNT; vendor++)
		if (strcmp(vendor_names[vendor], name) == 0)
			return vendor;
	return -1;
}

const char *option_group_name(enum option_group group)
{
	static const char *const names[] = {"ui", "account", "building", "keys"};

	return names[group];
}

int option_find(enum option_group group, const char *name)
{
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].group == group && strcmp(option_table[i].name, name) == 0)
			return (int)i;
	return -1;
}

int option_find_key(enum option_group group, const char *key, enum option_way *way, int *kind)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *option = &option_table[i];
		size_t length = strlen(option->name);
		if (option->group != group || strncmp(key, option->name, length) != 0)
			continue;
		const char *ending = key + length;
		*way = OPTION_PLAIN;
		*kind = -1;
		if (*ending == '\0')
			return (int)i;
		for (int w = OPTION_COMMAND; option->indirect && w < OPTION_WAYS; w++) {
			if (strcmp(ending, option_way_ending[w]) != 0)
				continue;
			*way = (enum option_way)w;
			return (int)i;
		}
		if (option->by_kind && *ending == '.') {
			*kind = kind_parse(ending + 1);
			if (*kind >= 0)
				return (int)i;
		}
	}
	return -1;
}

char **option_keys(enum option_group group)
{
	GPtrArray *keys = g_ptr_array_new();
	for (size_t i = 0; i < option_count; i++) {
		const struct option *option = &option_table[i];
		if (option->group != group)
			continue;
		for (int way = 0; way < (option->indirect ? OPTION_WAYS : 1); way++)
			g_ptr_array_add(keys, g_strconcat(option->name, option_way_ending[way], NULL));
		for (int kind = 0; option->by_kind && kind < KIND_COUNT; kind++)
			g_ptr_array_add(keys, g_strconcat(option->name, ".", kind_names()[kind], NULL));
	}
	g_ptr_array_add(keys, NULL);
	return (char **)g_ptr_array_free(keys, FALSE);
}
