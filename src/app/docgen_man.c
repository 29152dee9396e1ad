/* Manual pages in man(7) macros, which every reader of manual pages knows. */
#include "app/docgen.h"

#include "ui/action.h"
#include "core/kind.h"
#include "core/option.h"
#ifdef LODGE_WITH_SIM
#include "sim/sim.h"
#endif

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Text as roff would show it: no escape, no macro, hyphens that can be copied. */
static void put_escaped(const char *text, size_t length)
{
	if (length && (*text == '.' || *text == '\''))
		printf("\\&");
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\\')
			printf("\\e");
		else if (text[i] == '-')
			printf("\\-");
		else
			putchar(text[i]);
	}
}

static void put(const char *text) { put_escaped(text, strlen(text)); }

static void put_line(const char *text)
{
	put(text);
	printf("\n");
}

/* Paragraphs. Lines that begin with a blank are examples and keep their shape. */
static void put_paragraphs(const char *text)
{
	bool literal = false;

	while (*text) {
		size_t length = strcspn(text, "\n");
		bool indented = *text == ' ' || *text == '\t';

		if (literal && !indented)
			printf(".fi\n.RE\n");
		else if (!literal && indented)
			printf(".RS 4\n.nf\n");
		literal = indented;
		if (length == 0) {
			printf(".PP\n");
		} else {
			size_t skip = strspn(text, " \t");
			put_escaped(text + skip, length - skip);
			printf("\n");
		}
		text += length + (text[length] == '\n');
	}
	if (literal)
		printf(".fi\n.RE\n");
}

static void put_option(void *ctx, const struct docgen_option *option)
{
	(void)ctx;
	printf(".TP\n\\fB");
	put(docgen_dashes(option->name));
	put(option->name);
	printf("\\fR");
	if (option->argument) {
		printf(" \\fI");
		put(option->argument);
		printf("\\fR");
	}
	printf("\n");
	put(option->help);
	printf("%s\n", option->repeatable ? "; may be given more than once" : "");
}

static void put_commands(void)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];

		printf(".SS \"lodge ");
		put(command->name);
		if (*command->usage) {
			printf(" ");
			/* A quote would end the macro's argument. */
			for (const char *c = command->usage; *c; c++)
				*c == '"' ? (void)printf("\\(dq") : put_escaped(c, 1);
		}
		printf("\"\n");
		put_line(command->summary);
		if (command->details) {
			printf(".PP\n");
			put_paragraphs(command->details);
		}
		docgen_own_options(command, put_option, NULL);
		if (command->takes_filters)
			printf(".PP\nIt takes the filters below.\n");
	}
}

static void put_common_options(void) { docgen_common_options(put_option, NULL); }

static void put_filters(void) { docgen_filters(put_option, NULL); }

static void put_kinds(void)
{
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_info *info = kind_info(kind);
		printf(".TP\n\\fB%s\\fR\n", info->name);
		put_line(info->help);
	}
}

/* How a field of the type looks in JSON. */
static const char *field_form(enum field_type type)
{
	static const char *const forms[] = {
		[FIELD_TEXT] = "text",
		[FIELD_NUMBER] = "number",
		[FIELD_MOMENT] = "time",
		[FIELD_TRUTH] = "true or false",
		[FIELD_POINT] = "[x, y]",
		[FIELD_POINTS] = "list of [x, y]",
		[FIELD_VECTOR3] = "[x, y, z]",
		[FIELD_COLOR] = "\"#rrggbbaa\"",
		[FIELD_GRID8] = "8 lists of 8 numbers",
		[FIELD_WORDS] = "list of texts",
	};
	return (size_t)type < sizeof(forms) / sizeof(forms[0]) && forms[type] ? forms[type] : "value";
}

static void put_fields(void)
{
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_info *info = kind_info(kind);

		printf(".SS \"%s\"\n", info->name);
		for (size_t i = 0; i < info->n_fields; i++) {
			const struct field *field = &info->fields[i];
			if (field->flags & FIELD_NOT_JSON)
				continue;
			printf(".TP\n\\fB%s\\fR (", field->name);
			put(field_form(field->type));
			if (field->unit) {
				printf(", ");
				put(field->unit);
			}
			printf(")\n");
			put_line(field->help ? field->help : "As the vendor tells it.");
		}
	}
}

static void put_vendors(unsigned vendors)
{
	const char *separator = "";

	if (!vendors || (vendors & OPTION_ALL_VENDORS) == OPTION_ALL_VENDORS)
		return;
	printf("For ");
	for (int vendor = 0; vendor < VENDOR_COUNT; vendor++)
		if (vendors & (1u << vendor)) {
			printf("%s%s", separator, vendor_name(vendor));
			separator = ", ";
		}
	printf(".\n");
}

static const char *option_argument(const struct option *option)
{
	switch (option->form) {
	case OPTION_SPAN:
		return "SPAN";
	case OPTION_NUMBER:
		return "N";
	case OPTION_URL:
		return "URL";
	case OPTION_PATH:
		return "FILE";
	case OPTION_NAME:
		return "NAME";
	case OPTION_YESNO:
		return "yes|no";
	case OPTION_TEXT:
	case OPTION_SECRET:
	case OPTION_CHOICE:
		break;
	}
	return "TEXT";
}

static void put_option_rows(enum option_group group)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *option = &option_table[i];

		if (option->group != group)
			continue;
		printf(".TP\n\\fB%s\\fR=", option->name);
		if (option->choices) {
			for (const char *const *choice = option->choices; *choice; choice++)
				printf("%s\\fB%s\\fR", choice == option->choices ? "" : "|", *choice);
		} else {
			printf("\\fI%s\\fR", option_argument(option));
		}
		printf("\n");
		put_line(option->help);
		if (option->fallback) {
			printf("Default: ");
			put(option->fallback);
			printf(".\n");
		}
		if (option->form == OPTION_NUMBER || option->form == OPTION_SPAN)
			printf("From %g%s to %g%s.\n", option->least, option->form == OPTION_SPAN ? "s" : "",
			       option->most, option->form == OPTION_SPAN ? "s" : "");
		put_vendors(option->vendors);
		if (option->indirect)
			printf("May be given indirectly: see \\fBSECRETS\\fR.\n");
	}
}

static void put_options_ui(void) { put_option_rows(OPTION_UI); }
static void put_options_account(void) { put_option_rows(OPTION_ACCOUNT); }
static void put_options_building(void) { put_option_rows(OPTION_BUILDING); }
static void put_options_template(void) { put_option_rows(OPTION_TEMPLATE); }

static void put_faults(void)
{
#ifdef LODGE_WITH_SIM
	const char *meaning, *form;

	for (unsigned i = 0; (form = sim_fault_help(i, &meaning)); i++) {
		printf(".TP\n\\fB");
		put(form);
		printf("\\fR\n");
		put_line(meaning);
	}
#else
	printf("This program was built without the simulator.\n");
#endif
}

static void put_keys(void)
{
	for (int action = 1; action < ACTION_COUNT; action++) {
		const struct action_info *info = action_info((enum action)action);

		printf(".TP\n\\fB");
		put(info->keys);
		printf("\\fR (%s)\n", info->name);
		put_line(info->help);
	}
}

static void put_version(void) { printf(".ds LV %s\n", PACKAGE_VERSION); }

int docgen_man(const char *path)
{
	static const struct {
		const char *name;
		void (*put)(void);
	} tables[] = {
		{"VERSION", put_version},
		{"COMMANDS", put_commands},
		{"COMMON_OPTIONS", put_common_options},
		{"FILTERS", put_filters},
		{"KINDS", put_kinds},
		{"FIELDS", put_fields},
		{"FAULTS", put_faults},
		{"KEYS", put_keys},
		{"OPTIONS_UI", put_options_ui},
		{"OPTIONS_ACCOUNT", put_options_account},
		{"OPTIONS_BUILDING", put_options_building},
		{"OPTIONS_TEMPLATE", put_options_template},
	};
	char line[1024];
	FILE *file = fopen(path, "r");

	if (!file) {
		fprintf(stderr, "docgen: %s: %s\n", path, strerror(errno));
		return ERR_IO;
	}
	while (fgets(line, sizeof(line), file)) {
		size_t length = strcspn(line, "\n"), i;

		if (length < 3 || line[0] != '@' || line[length - 1] != '@') {
			fputs(line, stdout);
			continue;
		}
		line[length - 1] = '\0';
		for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
			if (strcmp(tables[i].name, line + 1) == 0)
				break;
		if (i == sizeof(tables) / sizeof(tables[0])) {
			fprintf(stderr, "docgen: %s: no table is called %s\n", path, line + 1);
			fclose(file);
			return ERR_ABSENT;
		}
		tables[i].put();
	}
	fclose(file);
	return ERR_OK;
}
