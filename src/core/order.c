#include "core/order.h"

#include "base/jsonw.h"

#include <glib.h>
#include <string.h>

static const char *const verb_names[VERB_COUNT] = {
	[VERB_CREATE] = "create",
	[VERB_CHANGE] = "change",
	[VERB_DELETE] = "delete",
};

const char *verb_name(enum verb verb) { return verb_names[verb]; }

int verb_parse(const char *name)
{
	for (int i = 0; name && i < VERB_COUNT; i++)
		if (strcmp(name, verb_names[i]) == 0)
			return i;
	return -1;
}

struct order *order_new(enum kind kind, enum verb verb, const char *id)
{
	struct order *order = g_new0(struct order, 1);
	order->kind = kind;
	order->verb = verb;
	order->id = g_strdup(id);
	return order;
}

static struct order_field *field_of(const struct order *order, const char *name)
{
	for (size_t i = 0; i < order->n_fields; i++)
		if (strcmp(order->fields[i].name, name) == 0)
			return &order->fields[i];
	return NULL;
}

void order_set(struct order *order, const char *name, const char *value)
{
	struct order_field *field = field_of(order, name);
	char *copy = g_strdup(value); /* it may be the text that is replaced */
	if (!field) {
		order->fields = g_renew(struct order_field, order->fields, order->n_fields + 1);
		field = &order->fields[order->n_fields++];
		*field = (struct order_field){.name = g_strdup(name)};
	}
	g_free(field->value);
	field->value = copy;
}

struct order *order_copy(const struct order *order)
{
	struct order *copy = order_new(order->kind, order->verb, order->id);
	for (size_t i = 0; i < order->n_fields; i++)
		order_set(copy, order->fields[i].name, order->fields[i].value);
	copy->first_id_field = g_strdup(order->first_id_field);
	copy->resume = order->resume;
	return copy;
}

void order_free(struct order *order)
{
	if (!order)
		return;
	for (size_t i = 0; i < order->n_fields; i++) {
		g_free(order->fields[i].name);
		g_free(order->fields[i].value);
	}
	g_free(order->fields);
	g_free(order->id);
	g_free(order->first_id_field);
	g_free(order);
}

const char *order_get(const struct order *order, const char *name)
{
	const struct order_field *field = field_of(order, name);
	return field ? field->value : NULL;
}

bool order_has(const struct order *order, const char *name) { return field_of(order, name) != NULL; }

const struct write_info *write_find(const struct write_info *table, enum kind kind, enum verb verb)
{
	for (; table && table->verbs; table++)
		if (table->kind == kind && (table->verbs & VERB_BIT(verb)))
			return table;
	return NULL;
}

const struct write_field *write_field_find(const struct write_info *info, const char *name)
{
	for (size_t i = 0; i < info->n_fields; i++)
		if (strcmp(info->fields[i].name, name) == 0)
			return &info->fields[i];
	return NULL;
}

void order_json(const struct order *order, const struct write_info *info, struct buf *out)
{
	struct jsonw w;
	jsonw_init(&w, out, false);
	jsonw_open(&w, '{');
	for (size_t i = 0; i < order->n_fields; i++) {
		const struct order_field *field = &order->fields[i];
		const struct write_field *form = info ? write_field_find(info, field->name) : NULL;
		bool hidden = form && (form->flags & WRITE_PRIVATE) && field->value;
		jsonw_kstr(&w, field->name, hidden ? "…" : field->value);
	}
	jsonw_close(&w, '}');
}

bool order_same(const struct order *a, const struct order *b)
{
	if (a->kind != b->kind || a->verb != b->verb || a->n_fields != b->n_fields ||
	    g_strcmp0(a->id, b->id) != 0 || g_strcmp0(a->first_id_field, b->first_id_field) != 0)
		return false;
	/* Names are unique within an order, so one direction is enough. */
	for (size_t i = 0; i < a->n_fields; i++) {
		const struct order_field *other = field_of(b, a->fields[i].name);
		if (!other || g_strcmp0(a->fields[i].value, other->value) != 0)
			return false;
	}
	return true;
}
