#include "sim/gql_parse.h"

#include "base/text.h"

#include <string.h>

enum token_kind { T_END, T_PUNCT, T_NAME, T_NUMBER, T_STRING, T_BAD };

struct token {
	enum token_kind kind;
	const char *start;
	size_t length;
};

struct parser {
	const char *text, *at;
	struct token token;
	unsigned depth, nodes;
	struct problem *problem;
	bool failed;
};

static void fail(struct parser *p)
{
	if (p->failed)
		return;
	p->failed = true;
	if (p->token.kind == T_END)
		problem_set(p->problem, ERR_PARSE, "GraphQL", NULL, "Syntax Error: Unexpected <EOF>.");
	else
		problem_set(p->problem, ERR_PARSE, "GraphQL", NULL,
			    "Syntax Error: Unexpected text at character %zu.",
			    (size_t)(p->token.start - p->text) + 1);
}

static void skip_blank(struct parser *p)
{
	for (;;) {
		p->at += strspn(p->at, " \t\r\n,");
		if (strncmp(p->at, "\xEF\xBB\xBF", 3) == 0)
			p->at += 3;
		else if (*p->at == '#')
			p->at += strcspn(p->at, "\r\n");
		else
			return;
	}
}

static size_t string_length(const char *s)
{
	size_t n = 1;

	while (s[n] && s[n] != '"' && s[n] != '\n')
		n += s[n] == '\\' && s[n + 1] ? 2 : 1;
	return s[n] == '"' ? n + 1 : 0;
}

static size_t name_length(const char *s)
{
	size_t n = 0;

	while (g_ascii_isalnum(s[n]) || s[n] == '_')
		n++;
	return n;
}

static void next(struct parser *p)
{
	struct token *t = &p->token;

	skip_blank(p);
	t->start = p->at;
	if (*p->at == '\0') {
		t->kind = T_END;
		t->length = 0;
	} else if (g_ascii_isalpha(*p->at) || *p->at == '_') {
		t->kind = T_NAME;
		t->length = name_length(p->at);
	} else if (g_ascii_isdigit(*p->at) || *p->at == '-') {
		t->kind = T_NUMBER;
		t->length = 1 + strspn(p->at + 1, "0123456789.eE+-");
	} else if (*p->at == '"') {
		t->length = string_length(p->at);
		t->kind = t->length ? T_STRING : T_BAD;
	} else if (strncmp(p->at, "...", 3) == 0) {
		t->kind = T_PUNCT;
		t->length = 3;
	} else {
		t->kind = strchr("{}()[]:!$=@|&", *p->at) ? T_PUNCT : T_BAD;
		t->length = 1;
	}
	p->at += t->length;
	if (t->kind == T_BAD)
		fail(p);
}

static bool is(const struct parser *p, const char *text)
{
	return (p->token.kind == T_PUNCT || p->token.kind == T_NAME) && p->token.length == strlen(text) &&
	       strncmp(p->token.start, text, p->token.length) == 0;
}

static bool accept(struct parser *p, const char *text)
{
	if (p->failed || !is(p, text))
		return false;
	next(p);
	return true;
}

static void expect(struct parser *p, const char *text)
{
	if (!accept(p, text))
		fail(p);
}

static char *take_name(struct parser *p)
{
	char *name;

	if (p->failed || p->token.kind != T_NAME) {
		fail(p);
		return NULL;
	}
	name = g_strndup(p->token.start, p->token.length);
	next(p);
	return name;
}

/* Counts what grows with the text; a document beyond the ceilings is refused. */
static bool enter(struct parser *p)
{
	p->depth++;
	if (++p->nodes > GQL_NODES || p->depth > GQL_DEPTH)
		fail(p);
	return !p->failed;
}

static cJSON *string_value(struct parser *p)
{
	GString *out = g_string_new(NULL);
	const char *s = p->token.start + 1, *end = p->token.start + p->token.length - 1;
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	cJSON *value;

	while (s < end) {
		const char *found = *s == '\\' ? strchr(from, s[1]) : NULL;

		if (found && s[1]) {
			g_string_append_c(out, to[found - from]);
			s += 2;
		} else if (s[0] == '\\' && s[1] == 'u' && end - s >= 6) {
			char hex[5] = {s[2], s[3], s[4], s[5], '\0'};

			g_string_append_unichar(out, (gunichar)g_ascii_strtoull(hex, NULL, 16));
			s += 6;
		} else {
			g_string_append_c(out, *s++);
		}
	}
	value = cJSON_CreateString(out->str);
	g_string_free(out, TRUE);
	next(p);
	return value;
}

static cJSON *name_value(struct parser *p)
{
	char *name = take_name(p);
	cJSON *value;

	if (g_strcmp0(name, "true") == 0 || g_strcmp0(name, "false") == 0)
		value = cJSON_CreateBool(name[0] == 't');
	else if (g_strcmp0(name, "null") == 0)
		value = cJSON_CreateNull();
	else
		value = cJSON_CreateString(name ? name : "");
	g_free(name);
	return value;
}

static cJSON *number_value(struct parser *p)
{
	char *text = g_strndup(p->token.start, p->token.length);
	double number = 0;

	if (!text_number(text, &number))
		fail(p);
	g_free(text);
	next(p);
	return cJSON_CreateNumber(number);
}

static cJSON *value(struct parser *p);

static cJSON *list_value(struct parser *p)
{
	cJSON *list = cJSON_CreateArray();

	while (!p->failed && !accept(p, "]"))
		cJSON_AddItemToArray(list, value(p));
	return list;
}

static cJSON *object_value(struct parser *p)
{
	cJSON *object = cJSON_CreateObject();

	while (!p->failed && !accept(p, "}")) {
		char *name = take_name(p);

		expect(p, ":");
		if (!p->failed)
			cJSON_AddItemToObject(object, name, value(p));
		g_free(name);
	}
	return object;
}

static cJSON *value(struct parser *p)
{
	cJSON *out = NULL;

	if (enter(p)) {
		if (accept(p, "[")) {
			out = list_value(p);
		} else if (accept(p, "{")) {
			out = object_value(p);
		} else if (accept(p, "$")) {
			char *name = take_name(p);

			out = cJSON_CreateRaw(name ? name : "");
			g_free(name);
		} else if (p->token.kind == T_STRING) {
			out = string_value(p);
		} else if (p->token.kind == T_NUMBER) {
			out = number_value(p);
		} else {
			out = name_value(p);
		}
	}
	p->depth--;
	return out ? out : cJSON_CreateNull();
}

static void argument_free(void *data)
{
	struct gql_argument *argument = data;

	g_free(argument->name);
	cJSON_Delete(argument->value);
	g_free(argument);
}

static GPtrArray *arguments(struct parser *p)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(argument_free);

	if (!accept(p, "("))
		return out;
	do {
		struct gql_argument *argument = g_new0(struct gql_argument, 1);

		g_ptr_array_add(out, argument);
		argument->name = take_name(p);
		expect(p, ":");
		argument->value = value(p);
	} while (!p->failed && !accept(p, ")"));
	return out;
}

static void directive_free(void *data)
{
	struct gql_directive *directive = data;

	g_free(directive->name);
	g_ptr_array_free(directive->arguments, TRUE);
	g_free(directive);
}

static GPtrArray *directives(struct parser *p)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(directive_free);

	while (accept(p, "@")) {
		struct gql_directive *directive = g_new0(struct gql_directive, 1);

		directive->name = take_name(p);
		directive->arguments = arguments(p);
		g_ptr_array_add(out, directive);
	}
	return out;
}

static void selection_free(void *data)
{
	struct gql_selection *selection = data;

	g_free(selection->alias);
	g_free(selection->name);
	g_free(selection->condition);
	if (selection->arguments)
		g_ptr_array_free(selection->arguments, TRUE);
	if (selection->directives)
		g_ptr_array_free(selection->directives, TRUE);
	if (selection->selections)
		g_ptr_array_free(selection->selections, TRUE);
	g_free(selection);
}

static GPtrArray *selection_set(struct parser *p);

static void fragment_use(struct parser *p, struct gql_selection *selection)
{
	selection->kind = GQL_INLINE;
	if (accept(p, "on"))
		selection->condition = take_name(p);
	else if (p->token.kind == T_NAME) {
		selection->kind = GQL_SPREAD;
		selection->name = take_name(p);
	}
	selection->arguments = g_ptr_array_new_with_free_func(argument_free);
	selection->directives = directives(p);
	if (selection->kind == GQL_INLINE)
		selection->selections = selection_set(p);
}

static void field(struct parser *p, struct gql_selection *selection)
{
	selection->name = take_name(p);
	if (accept(p, ":")) {
		selection->alias = selection->name;
		selection->name = take_name(p);
	}
	selection->arguments = arguments(p);
	selection->directives = directives(p);
	if (is(p, "{"))
		selection->selections = selection_set(p);
}

static GPtrArray *selection_set(struct parser *p)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(selection_free);

	expect(p, "{");
	if (enter(p)) {
		do {
			struct gql_selection *selection = g_new0(struct gql_selection, 1);

			g_ptr_array_add(out, selection);
			if (accept(p, "..."))
				fragment_use(p, selection);
			else
				field(p, selection);
			if (++p->nodes > GQL_NODES)
				fail(p);
		} while (!p->failed && !accept(p, "}"));
	}
	p->depth--;
	return out;
}

static void variable_free(void *data)
{
	struct gql_variable *variable = data;

	g_free(variable->name);
	g_free(variable->type);
	cJSON_Delete(variable->otherwise);
	g_free(variable);
}

static char *variable_type(struct parser *p)
{
	GString *out = g_string_new(NULL);

	while (!p->failed && (p->token.kind == T_NAME || is(p, "[") || is(p, "]") || is(p, "!"))) {
		g_string_append_len(out, p->token.start, (gssize)p->token.length);
		next(p);
	}
	if (out->len == 0)
		fail(p);
	return g_string_free(out, FALSE);
}

static GPtrArray *variables(struct parser *p)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(variable_free);

	if (!accept(p, "("))
		return out;
	do {
		struct gql_variable *variable = g_new0(struct gql_variable, 1);

		g_ptr_array_add(out, variable);
		expect(p, "$");
		variable->name = take_name(p);
		expect(p, ":");
		variable->type = variable_type(p);
		if (accept(p, "="))
			variable->otherwise = value(p);
	} while (!p->failed && !accept(p, ")"));
	return out;
}

static void operation_free(void *data)
{
	struct gql_operation *operation = data;

	g_free(operation->kind);
	g_free(operation->name);
	g_free(operation->condition);
	if (operation->variables)
		g_ptr_array_free(operation->variables, TRUE);
	if (operation->selections)
		g_ptr_array_free(operation->selections, TRUE);
	g_free(operation);
}

static void definition(struct parser *p, struct gql_document *document)
{
	struct gql_operation *operation = g_new0(struct gql_operation, 1);
	GPtrArray *unused;

	if (is(p, "{")) {
		operation->kind = g_strdup("query");
	} else if (is(p, "query") || is(p, "mutation") || is(p, "subscription") || is(p, "fragment")) {
		operation->kind = take_name(p);
		if (p->token.kind == T_NAME)
			operation->name = take_name(p);
	} else {
		fail(p);
	}

	bool fragment = g_strcmp0(operation->kind, "fragment") == 0;

	g_ptr_array_add(fragment ? document->fragments : document->operations, operation);
	if (fragment) {
		expect(p, "on");
		operation->condition = take_name(p);
	}
	operation->variables = variables(p);
	unused = directives(p);
	g_ptr_array_free(unused, TRUE);
	operation->selections = selection_set(p);
}

struct gql_document *gql_parse(const char *text, struct problem *problem)
{
	struct gql_document *document = g_new0(struct gql_document, 1);
	struct parser p = {.text = text, .at = text, .problem = problem};

	document->operations = g_ptr_array_new_with_free_func(operation_free);
	document->fragments = g_ptr_array_new_with_free_func(operation_free);
	next(&p);
	do
		definition(&p, document);
	while (!p.failed && p.token.kind != T_END);
	if (!p.failed)
		return document;
	gql_document_free(document);
	return NULL;
}

void gql_document_free(struct gql_document *document)
{
	if (!document)
		return;
	g_ptr_array_free(document->operations, TRUE);
	g_ptr_array_free(document->fragments, TRUE);
	g_free(document);
}
