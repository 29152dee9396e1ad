#include "core/option.h"

#include "core/kind.h"

#include <glib.h>
#include <string.h>

#define BUTLR (1u << VENDOR_BUTLR)
#define BUTTERFLYMX (1u << VENDOR_BUTTERFLYMX)
#define DENSITY (1u << VENDOR_DENSITY)
#define SENSORIST (1u << VENDOR_SENSORIST)

#define DAY_S 86400.0

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
static const char *const palettes[] = {"cividis", "viridis", "inferno", "greys", NULL};
static const char *const glyph_sets[] = {"blocks", "braille", "ascii", NULL};
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
	 .name = "palette",
	 .form = OPTION_CHOICE,
	 .choices = palettes,
	 .help = "The colours of heat, cold to hot. Without it those of the theme. All of them can be read without telling red from "
		 "green."},
	{.group = OPTION_UI,
	 .name = "glyphs",
	 .form = OPTION_CHOICE,
	 .fallback = "blocks",
	 .choices = glyph_sets,
	 .help = "What pictures are made of: blocks, finer braille dots where the font has them, or ASCII alone, as by --ascii."},
	{.group = OPTION_UI,
	 .name = "keep_ground",
	 .form = OPTION_YESNO,
	 .fallback = "no",
	 .help = "Whether the terminal's own background is kept, whatever the theme says: for a picture or transparency behind it."},
	{.group = OPTION_UI,
	 .name = "mouse",
	 .form = OPTION_YESNO,
	 .fallback = "yes",
	 .help = "Whether the mouse is for lodge. Text is then selected with Shift held; without it the terminal has the mouse."},
	{.group = OPTION_UI,
	 .name = "clipboard",
	 .form = OPTION_YESNO,
	 .fallback = "yes",
	 .help = "Whether what is copied is handed to the terminal's clipboard (OSC 52), also through ssh, tmux and screen."},
	{.group = OPTION_UI,
	 .name = "role",
	 .form = OPTION_CHOICE,
	 .fallback = "admin",
	 .choices = roles,
	 .help = "What the person at this configuration may change. A viewer changes nothing, a desk issues and revokes visitor "
		 "keys, a manager edits tenants and units too, an admin does all. The rights that the vendor gives come on top."},
	{.group = OPTION_UI,
	 .name = "keep_history",
	 .form = OPTION_SPAN,
	 .fallback = "90d",
	 .least = DAY_S,
	 .most = 3650.0 * DAY_S,
	 .help = "How long door releases are kept on this machine. The audit of changes is kept for ever."},
	{.group = OPTION_UI,
	 .name = "print_command",
	 .form = OPTION_TEXT,
	 .help = "A command that prints what it reads, such as lpr. Without it, printing goes to the printer of the terminal."},
	{.group = OPTION_UI,
	 .name = "hours",
	 .form = OPTION_TEXT,
	 .fallback = "mon-fri 7-19",
	 .help = "When people are expected in the buildings: days and hours, several parts with commas between them, such as "
		 "mon-fri 7-19, sat 9-13:30. The week of the occupancy pane marks them."},
	{.group = OPTION_UI,
	 .name = "qr_blank",
	 .form = OPTION_SPAN,
	 .fallback = "60s",
	 .least = 0,
	 .most = DAY_S,
	 .help = "How long after the last key a visitor key's QR code and code stay on the screen; any key shows them again. With "
		 "0 they stay."},

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
	 .name = "audience",
	 .form = OPTION_TEXT,
	 .vendors = DENSITY,
	 .help = "The audience that a token is asked for, where the vendor gave one together with the client credentials."},
	{.group = OPTION_ACCOUNT,
	 .name = "token_duration",
	 .form = OPTION_SPAN,
	 .least = 60,
	 .most = 30 * DAY_S,
	 .vendors = DENSITY,
	 .help = "How long a token is asked to be good for. Without it the vendor decides."},
	{.group = OPTION_ACCOUNT,
	 .name = "live_floors",
	 .form = OPTION_NUMBER,
	 .fallback = "20",
	 .least = 0,
	 .most = 200,
	 .vendors = DENSITY,
	 .help = "How many floors are followed live at most, those with most rooms first. Each takes up to two connections; with 0 "
		 "rooms are only polled."},
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
	 .name = "access_token",
	 .form = OPTION_SECRET,
	 .vendors = BUTTERFLYMX,
	 .indirect = true,
	 .help = "A token that was obtained elsewhere, where the vendor allows no signing in by password. Alone it is used until it "
		 "ends; with refresh_token, both are renewed."},
	{.group = OPTION_ACCOUNT,
	 .name = "refresh_token",
	 .form = OPTION_SECRET,
	 .vendors = BUTTERFLYMX,
	 .indirect = true,
	 .help = "The refresh token that belongs to access_token. It is used for the first sign-in; the one that the server gives "
		 "for it is kept with the state and used from then on."},
	{.group = OPTION_ACCOUNT,
	 .name = "path_prefix",
	 .form = OPTION_TEXT,
	 .fallback = "/v3",
	 .vendors = BUTTERFLYMX,
	 .help = "What every path under base_url begins with: /v3, or /mobile/v3."},
	{.group = OPTION_ACCOUNT,
	 .name = "timezone",
	 .form = OPTION_TEXT,
	 .vendors = BUTTERFLYMX,
	 .help = "The time zone of the building, by its IANA or Rails name, where the account may not read the building itself."},
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

	{.group = OPTION_TEMPLATE,
	 .name = "weekdays",
	 .form = OPTION_TEXT,
	 .help = "The days on which the key opens: mon,tue,wed,thu,fri,sat,sun. Without it every day."},
	{.group = OPTION_TEMPLATE,
	 .name = "time_from",
	 .form = OPTION_TEXT,
	 .help = "The time of day from which the key opens, as 8:00."},
	{.group = OPTION_TEMPLATE,
	 .name = "time_to",
	 .form = OPTION_TEXT,
	 .help = "The time of day until which the key opens, as 17:00."},
	{.group = OPTION_TEMPLATE,
	 .name = "days",
	 .form = OPTION_NUMBER,
	 .least = 1,
	 .most = 366,
	 .help = "For how many days, the first counted."},
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
	static const char *const names[] = {"ui", "account", "building", "template", "keys"};

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
