#include "app/command.h"

#include "app/cmds.h"

#include <string.h>

const struct command_option common_options[] = {
	{"config", "FILE", "read this configuration instead of the usual places"},
	{"log", "FILE", "append what happens to FILE (\"-\": stderr)"},
	{"log-level", "LEVEL", "error, warn, info or debug"},
	{"ascii", NULL, "write nothing but ASCII"},
	{"color", "DEPTH", "auto, direct, 256, 16, 8 or mono"},
	{"theme", "NAME", "colours of the dashboard: a name or a path"},
	{NULL, NULL, NULL},
};

const struct command command_table[] = {
	{
		.name = "get",
		.usage = "KIND [filters] [--json | --csv]",
		.summary = "ask every account once and print what there is",
		.details =
			"Prints a table. Accounts that do not have the kind yield nothing. Without --since\n"
			"and --limit, frames and detections are those of the last minute, occupancy is that\n"
			"of the last day by hour, doors are the newest 100, and of every other kind all there is.",
		.options = get_options,
		.takes_kind = true,
		.takes_filters = true,
		.run = cmd_get,
	},
	{
		.name = "watch",
		.usage = "KIND [filters]",
		.summary = "stay, and print one JSON object a line for each new or changed item",
		.details = "Frames and detections are read as a stream: none is missed, none comes twice.\n"
			   "How often the accounts are asked is the configuration's (poll, poll.KIND).",
		.options = watch_options,
		.takes_kind = true,
		.takes_filters = true,
		.run = cmd_watch,
	},
	{
		.name = "check",
		.usage = "[--account NAME]",
		.summary = "read the configuration, sign in everywhere, say what works",
		.options = check_options,
		.run = cmd_check,
	},
	{
		.name = "api",
		.usage = "ACCOUNT METHOD PATH [-d BODY | -d @FILE] [-H HEADER]... [-v]",
		.summary = "send one signed-in request to any path of the vendor",
		.details = "The body is printed as it came (on a terminal: with control characters made\n"
			   "visible). Every endpoint of the vendor can be reached so. Nothing is repeated.",
		.options = api_options,
		.run = cmd_api,
	},
	{
		.name = "key",
		.usage = "issue --unit ID --name TEXT (--email A | --sms N)... [when] | show ID | revoke ID",
		.summary = "visitor keys with their QR codes",
		.details =
			"issue makes a key and prints it with its code. When it opens: --from T --until T, or\n"
			"--keychain ID, or --weekdays --date-from --date-to --time-from --time-to. Several\n"
			"recipients get one key each; an address and a number together are one visitor's.\n"
			"A request whose answer was lost is looked up, never sent again; the same command\n"
			"given again takes up what was left open and makes no second key. Everything that\n"
			"is changed is written into the audit: lodge get audit.",
		.options = key_options,
		.run = cmd_key,
	},
	{
		.name = "create",
		.usage = "KIND NAME=VALUE... [--account NAME] [--json]",
		.summary = "make a new thing: a unit, a tenant, a keychain ...",
		.details =
			"lodge create KIND --help lists the names that a kind takes. An empty value takes away.",
		.options = write_options,
		.run = cmd_create,
	},
	{
		.name = "change",
		.usage = "KIND ID NAME=VALUE... [--account NAME] [--json]",
		.summary = "change a thing; what is not named stays as it is",
		.options = write_options,
		.run = cmd_change,
	},
	{
		.name = "delete",
		.usage = "KIND ID [NAME=VALUE...] [--account NAME]",
		.summary = "delete one thing",
		.options = write_options,
		.run = cmd_delete,
	},
	{
		.name = "password",
		.usage = "ACCOUNT",
		.summary = "change the password of an account at its vendor (butterflymx)",
		.details = "Asks for the present and the new password without showing them. The configuration\n"
			   "is not changed: put the new password where it takes it from.",
		.options = password_options,
		.run = cmd_password,
	},
#ifdef LODGE_WITH_SIM
	{
		.name = "sim",
		.usage = "[--port N] [--seed N] [--sensors N] [--speed X] [--fault VENDOR.NAME=VALUE]...",
		.summary = "simulated buildings to practise on, on a loopback port",
		.details = "Prints its base addresses and the credentials it takes as one line of JSON, then\n"
			   "serves until it is interrupted.",
		.options = NULL, /* from the simulator's own table: see cmd_sim.c */
		.run = cmd_sim,
	},
#endif
};

const size_t command_count = sizeof(command_table) / sizeof(command_table[0]);

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(command_table[i].name, name) == 0)
			return &command_table[i];
	return NULL;
}
