#include "sim/gql.h"

#include <stdarg.h>
#include <string.h>

#define PATH_INDEX_LIMIT (1u << 20)
#define ERRORS_MAX 20000

/* Checks a document against the types while it makes slots of it. */
struct compiler {
	const struct gql_document *document;
	const cJSON *variables;
	const struct gql_operation *operation;
	unsigned depth, slots;
	char *fault; /* what a server would say; NULL = none */
};

static void refuse(struct compiler *c, const char *format, ...) LODGE_PRINTF(2, 3);

static void refuse(struct compiler *c, const char *format, ...)
{
	va_list args;

	if (c->fault)
		return;
	va_start(args, format);
	c->fault = g_strdup_vprintf(format, args);
	va_end(args);
}

static void slot_free(void *data)
{
	struct gql_slot *slot = data;

	g_free(slot->key);
	cJSON_Delete(slot->arguments);
	if (slot->below)
		g_ptr_array_free(slot->below, TRUE);
	g_free(slot);
}

static const struct gql_field *find_field(const struct gql_type *type, const char *name)
{
	for (unsigned i = 0; i < type->n_fields; i++)
		if (strcmp(type->fields[i].name, name) == 0)
			return &type->fields[i];
	return NULL;
}

static const struct gql_variable *find_variable(const struct compiler *c, const char *name)
{
	for (unsigned i = 0; i < c->operation->variables->len; i++) {
		const struct gql_variable *variable = g_ptr_array_index(c->operation->variables, i);

		if (strcmp(variable->name, name) == 0)
			return variable;
	}
	return NULL;
}

static cJSON *fill(struct compiler *c, const cJSON *value)
{
	const cJSON *element;
	cJSON *out;

	if (cJSON_IsRaw(value)) {
		const struct gql_variable *variable = find_variable(c, value->valuestring);
		const cJSON *given = cJSON_GetObjectItemCaseSensitive(c->variables, value->valuestring);

		if (!variable)
			refuse(c, "Variable \"$%s\" is not defined.", value->valuestring);
		else if (!given)
			given = variable->otherwise;
		return given ? cJSON_Duplicate(given, true) : cJSON_CreateNull();
	}
	if (!cJSON_IsArray(value) && !cJSON_IsObject(value))
		return cJSON_Duplicate(value, true);
	out = cJSON_IsArray(value) ? cJSON_CreateArray() : cJSON_CreateObject();
	cJSON_ArrayForEach(element, value)
	{
		if (cJSON_IsArray(value))
			cJSON_AddItemToArray(out, fill(c, element));
		else
			cJSON_AddItemToObject(out, element->string, fill(c, element));
	}
	return out;
}

static bool takes_argument(const struct gql_field *field, const char *name)
{
	size_t length = strlen(name);

	for (const char *p = field->arguments; p && *p;) {
		size_t n = strcspn(p, " ");

		if (n == length && strncmp(p, name, n) == 0)
			return true;
		p += n + (p[n] == ' ');
	}
	return false;
}

static void fill_arguments(struct compiler *c, const struct gql_selection *selection, struct gql_slot *slot)
{
	slot->arguments = cJSON_CreateObject();
	for (unsigned i = 0; i < selection->arguments->len && !c->fault; i++) {
		const struct gql_argument *argument = g_ptr_array_index(selection->arguments, i);

		if (!takes_argument(slot->field, argument->name))
			refuse(c, "Unknown argument \"%s\" on field \"%s\".", argument->name,
			       slot->field->name);
		cJSON_AddItemToObject(slot->arguments, argument->name, fill(c, argument->value));
	}
}

/* @skip(if:) and @include(if:). */
static bool wanted(struct compiler *c, const struct gql_selection *selection)
{
	bool want = true;

	for (unsigned i = 0; i < selection->directives->len; i++) {
		const struct gql_directive *directive = g_ptr_array_index(selection->directives, i);
		bool skip = strcmp(directive->name, "skip") == 0;
		const struct gql_argument *argument = directive->arguments->len == 1
							      ? g_ptr_array_index(directive->arguments, 0)
							      : NULL;
		cJSON *value;

		if ((!skip && strcmp(directive->name, "include") != 0) || !argument ||
		    strcmp(argument->name, "if") != 0) {
			refuse(c, "Unknown directive \"@%s\".", directive->name);
			return false;
		}
		value = fill(c, argument->value);
		if (cJSON_IsTrue(value) == (skip ? 1 : 0))
			want = false;
		cJSON_Delete(value);
	}
	return want;
}

static void compile(struct compiler *c, const struct gql_type *type, const GPtrArray *selections,
		    GPtrArray *out);

static struct gql_slot *slot_of(GPtrArray *out, const char *key)
{
	struct gql_slot *slot;

	for (unsigned i = 0; i < out->len; i++) {
		slot = g_ptr_array_index(out, i);
		if (strcmp(slot->key, key) == 0)
			return slot;
	}
	slot = g_new0(struct gql_slot, 1);
	slot->key = g_strdup(key);
	slot->below = g_ptr_array_new_with_free_func(slot_free);
	g_ptr_array_add(out, slot);
	return slot;
}

static void compile_field(struct compiler *c, const struct gql_type *type,
			  const struct gql_selection *selection, GPtrArray *out)
{
	bool typename = strcmp(selection->name, "__typename") == 0;
	const struct gql_field *field = typename ? NULL : find_field(type, selection->name);
	struct gql_slot *slot;

	if (++c->slots > GQL_NODES)
		refuse(c, "The query is too large.");
	if (!typename && !field)
		refuse(c, "Cannot query field \"%s\" on type \"%s\".", selection->name, type->name);
	else if (field && field->type && !selection->selections)
		refuse(c, "Field \"%s\" of type \"%s\" must have a selection of subfields.", field->name,
		       field->type->name);
	else if ((typename || !field->type) && selection->selections)
		refuse(c, "Field \"%s\" must not have a selection since it has no subfields.",
		       selection->name);
	if (c->fault)
		return;
	slot = slot_of(out, selection->alias ? selection->alias : selection->name);
	if (slot->arguments && slot->field != field)
		refuse(c, "Fields \"%s\" conflict; use different aliases.", slot->key);
	slot->field = field;
	if (!slot->arguments && field)
		fill_arguments(c, selection, slot);
	else if (!slot->arguments)
		slot->arguments = cJSON_CreateObject();
	if (field && field->type)
		compile(c, field->type, selection->selections, slot->below);
}

static void compile_spread(struct compiler *c, const struct gql_type *type,
			   const struct gql_selection *selection, GPtrArray *out)
{
	for (unsigned i = 0; i < c->document->fragments->len; i++) {
		const struct gql_operation *fragment = g_ptr_array_index(c->document->fragments, i);

		if (g_strcmp0(fragment->name, selection->name) != 0)
			continue;
		if (strcmp(fragment->condition, type->name) != 0)
			refuse(c,
			       "Fragment \"%s\" cannot be spread here as objects of type \"%s\" can never be of type \"%s\".",
			       fragment->name, type->name, fragment->condition);
		else
			compile(c, type, fragment->selections, out);
		return;
	}
	refuse(c, "Unknown fragment \"%s\".", selection->name);
}

static void compile(struct compiler *c, const struct gql_type *type, const GPtrArray *selections,
		    GPtrArray *out)
{
	if (++c->depth > GQL_DEPTH)
		refuse(c, "The query is nested too deeply, or a fragment uses itself.");
	for (unsigned i = 0; i < selections->len && !c->fault; i++) {
		const struct gql_selection *selection = g_ptr_array_index(selections, i);

		if (!wanted(c, selection))
			continue;
		if (selection->kind == GQL_FIELD)
			compile_field(c, type, selection, out);
		else if (selection->kind == GQL_SPREAD)
			compile_spread(c, type, selection, out);
		else if (selection->condition && strcmp(selection->condition, type->name) != 0)
			refuse(c, "Objects of type \"%s\" can never be of type \"%s\".", type->name,
			       selection->condition);
		else
			compile(c, type, selection->selections, out);
	}
	c->depth--;
}

const cJSON *gql_argument(const struct gql_slot *slot, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(slot->arguments, name);

	return cJSON_IsNull(value) ? NULL : value;
}

bool gql_listed(const struct gql_slot *slot, const char *name, const char *text)
{
	const cJSON *list = gql_argument(slot, name), *element;

	if (!list)
		return true;
	if (cJSON_IsString(list)) /* one value stands for a list of one */
		return strcmp(list->valuestring, text) == 0;
	cJSON_ArrayForEach(element, list)
	{
		if (cJSON_IsString(element) && strcmp(element->valuestring, text) == 0)
			return true;
	}
	return false;
}

static void write_path(struct gql_run *run)
{
	jsonw_key(&run->errors, "path");
	jsonw_open(&run->errors, '[');
	for (unsigned i = 0; i < run->path->len; i++) {
		const void *step = g_ptr_array_index(run->path, i);

		if (GPOINTER_TO_SIZE(step) < PATH_INDEX_LIMIT)
			jsonw_int(&run->errors, (int64_t)GPOINTER_TO_SIZE(step));
		else
			jsonw_str(&run->errors, step);
	}
	jsonw_close(&run->errors, ']');
}

static void write_error(struct jsonw *w, const char *code, const char *message, struct gql_run *run)
{
	jsonw_open(w, '{');
	jsonw_kstr(w, "message", message);
	if (run)
		write_path(run);
	jsonw_key(w, "extensions");
	jsonw_open(w, '{');
	jsonw_kstr(w, "code", code);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

void gql_error(struct gql_run *run, const char *code, const char *format, ...)
{
	va_list args;
	char *message;

	if (++run->n_errors > ERRORS_MAX)
		return;
	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	write_error(&run->errors, code, message, run);
	g_free(message);
}

static void run_slots(struct gql_run *run, const GPtrArray *slots, const struct gql_type *type, void *object)
{
	jsonw_open(run->json, '{');
	for (unsigned i = 0; i < slots->len; i++) {
		const struct gql_slot *slot = g_ptr_array_index(slots, i);

		jsonw_key(run->json, slot->key);
		g_ptr_array_add(run->path, slot->key);
		if (slot->field)
			slot->field->resolve(run, slot, object);
		else
			jsonw_str(run->json, type->name);
		g_ptr_array_set_size(run->path, (int)run->path->len - 1);
	}
	jsonw_close(run->json, '}');
}

void gql_object(struct gql_run *run, const struct gql_slot *slot, void *object, int index)
{
	if (!object) {
		jsonw_null(run->json);
		return;
	}
	if (index >= 0)
		g_ptr_array_add(run->path, GSIZE_TO_POINTER((gsize)index));
	run_slots(run, slot->below, slot->field->type, object);
	if (index >= 0)
		g_ptr_array_set_size(run->path, (int)run->path->len - 1);
}

void gql_refuse(struct jsonw *out, const char *code, const char *message)
{
	jsonw_open(out, '{');
	jsonw_key(out, "data");
	jsonw_null(out);
	jsonw_key(out, "errors");
	jsonw_open(out, '[');
	write_error(out, code, message, NULL);
	jsonw_close(out, ']');
	jsonw_close(out, '}');
}

static const struct gql_operation *choose(const struct gql_document *document, const char *name, char **fault)
{
	for (unsigned i = 0; name && i < document->operations->len; i++) {
		const struct gql_operation *operation = g_ptr_array_index(document->operations, i);

		if (g_strcmp0(operation->name, name) == 0)
			return operation;
	}
	if (name)
		*fault = g_strdup_printf("Unknown operation named \"%s\".", name);
	else if (document->operations->len != 1)
		*fault = g_strdup("Must provide operation name if query contains multiple operations.");
	return name || document->operations->len != 1 ? NULL : g_ptr_array_index(document->operations, 0);
}

static void check_variables(struct compiler *c)
{
	for (unsigned i = 0; i < c->operation->variables->len; i++) {
		const struct gql_variable *variable = g_ptr_array_index(c->operation->variables, i);
		const cJSON *given = cJSON_GetObjectItemCaseSensitive(c->variables, variable->name);

		if (g_str_has_suffix(variable->type, "!") && !variable->otherwise &&
		    (!given || cJSON_IsNull(given)))
			refuse(c, "Variable \"$%s\" of required type \"%s\" was not provided.",
			       variable->name, variable->type);
	}
}

static void run_query(const struct gql_type *type, const GPtrArray *slots, void *context, struct jsonw *out)
{
	struct gql_run run = {.json = out, .context = context, .path = g_ptr_array_new()};

	buf_init(&run.errors_text, 16u << 20);
	jsonw_init(&run.errors, &run.errors_text, false);
	jsonw_open(&run.errors, '[');
	jsonw_open(out, '{');
	jsonw_key(out, "data");
	run_slots(&run, slots, type, context);
	jsonw_close(&run.errors, ']');
	if (run.n_errors) {
		jsonw_key(out, "errors");
		jsonw_raw(out, buf_text(&run.errors_text));
	}
	jsonw_close(out, '}');
	buf_fini(&run.errors_text);
	g_ptr_array_free(run.path, TRUE);
}

bool gql_answer(const struct gql_type *query_type, const cJSON *request, void *context, struct jsonw *out)
{
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(request, "query");
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(request, "operationName");
	struct compiler c = {.variables = cJSON_GetObjectItemCaseSensitive(request, "variables")};
	struct problem problem = {0};
	struct gql_document *document = gql_parse(cJSON_IsString(text) ? text->valuestring : "", &problem);
	GPtrArray *slots = g_ptr_array_new_with_free_func(slot_free);

	if (!document) {
		gql_refuse(out, "GRAPHQL_PARSE_FAILED", problem.why);
		goto out;
	}
	c.document = document;
	c.operation = choose(document, cJSON_IsString(name) ? name->valuestring : NULL, &c.fault);
	if (c.operation && strcmp(c.operation->kind, "query") != 0)
		refuse(&c, "This server answers queries only; a %s was sent.", c.operation->kind);
	if (c.operation && !c.fault)
		check_variables(&c);
	if (c.operation && !c.fault)
		compile(&c, query_type, c.operation->selections, slots);
	if (c.fault)
		gql_refuse(out, "GRAPHQL_VALIDATION_FAILED", c.fault);
	else
		run_query(query_type, slots, context, out);
out:;
	bool good = document && !c.fault;

	g_free(c.fault);
	g_ptr_array_free(slots, TRUE);
	gql_document_free(document);
	return good;
}
