/* Users, callbacks, and lists of things. */
#include "api/sensorist/job.h"

#include "model/access.h"

#include <string.h>

static const char *const event_names[] = {"button", "alarm", "system"}; /* 1, 2, 4 */
static const char *const event_sums[] = {NULL,     "button",        "alarm",        "button,alarm",
					 "system", "button,system", "alarm,system", "button,alarm,system"};

const char *sens_events(unsigned sum) { return sum < G_N_ELEMENTS(event_sums) ? event_sums[sum] : NULL; }

unsigned sens_events_sum(const char *words)
{
	char **list = g_strsplit_set(words == NULL ? "" : words, ", ", -1);
	unsigned sum = 0;

	for (char **word = list; *word != NULL; word++)
		for (unsigned i = 0; i < G_N_ELEMENTS(event_names); i++)
			if (strcmp(*word, event_names[i]) == 0)
				sum |= 1u << i;
	g_strfreev(list);
	return sum;
}

bool sens_take_callback(struct rows *rows, const cJSON *item)
{
	char number[SENS_ID_SIZE];
	const char *id = sens_id(jsonx_get(item, "id"), number);
	double sum = jsonx_num(jsonx_get(item, "type"));
	struct entry *row = id == NULL ? NULL : rows_add(rows);

	if (row == NULL)
		return false;
	row->id = rows_text(rows, id);
	row->name = rows_text(rows, jsonx_str(jsonx_get(item, "url")));
	row->type = sum >= 1 && sum <= 7 ? sens_events((unsigned)sum) : NULL;
	return true;
}

bool sens_take_user(struct rows *rows, const cJSON *item)
{
	char number[SENS_ID_SIZE];
	const char *id = sens_id(jsonx_get(item, "id"), number);
	const char *first = jsonx_str(jsonx_get(item, "fname")), *last = jsonx_str(jsonx_get(item, "lname"));
	const cJSON *accounts = jsonx_get(item, "accounts");
	struct user *row = id == NULL ? NULL : rows_add(rows);
	char *name;

	if (row == NULL)
		return false;
	row->id = rows_text(rows, id);
	row->first_name = rows_text(rows, first);
	row->last_name = rows_text(rows, last);
	row->email = rows_text(rows, jsonx_str(jsonx_get(item, "email")));
	name = g_strjoin(first != NULL && last != NULL ? " " : "", first != NULL ? first : "",
			 last != NULL ? last : "", NULL);
	row->name = rows_text(rows, name);
	g_free(name);
	row->type = rows_text(rows, jsonx_str(jsonx_get(accounts == NULL ? NULL : accounts->child, "role")));
	return true;
}

struct list {
	struct rows *rows;
	enum kind kind;
	const struct sens_tree *tree;
};

static void take(void *ctx, const char *key, const cJSON *item)
{
	struct list *list = ctx;
	bool taken = list->kind == KIND_USERS       ? sens_take_user(list->rows, item)
		     : list->kind == KIND_CALLBACKS ? sens_take_callback(list->rows, item)
						    : sens_take_alarm(list->rows, list->tree, item);

	(void)key;
	if (!taken)
		rows_count_bad(list->rows, 1);
}

int sens_list_take(struct rows *rows, enum kind kind, const struct sens_tree *tree, const char *bytes,
		   size_t length, struct problem *problem)
{
	struct list list = {rows, kind, tree};
	struct jsonx doc;
	int err;

	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	if (err == ERR_OK)
		sens_each(kind == KIND_USERS       ? sens_payload(doc.root, "users", "user")
			  : kind == KIND_CALLBACKS ? sens_payload(doc.root, "callbacks", "callback")
						   : sens_payload(doc.root, "alarms", "alarm"),
			  take, &list);
	jsonx_fini(&doc);
	return err;
}
