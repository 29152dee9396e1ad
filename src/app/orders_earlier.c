#include "app/orders_private.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "model/access.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

void earlier_init(struct earlier *earlier, size_t n)
{
	*earlier = (struct earlier){.parts = g_new0(struct part, n), .n = n};
}

void earlier_fini(struct earlier *earlier)
{
	for (size_t i = 0; i < earlier->n; i++) {
		g_free(earlier->parts[i].id);
		g_free(earlier->parts[i].what);
	}
	g_free(earlier->parts);
}

static bool is_private(const struct write_info *info, const char *name)
{
	const struct write_field *field = info == NULL ? NULL : write_field_find(info, name);

	return field != NULL && (field->flags & WRITE_PRIVATE) != 0;
}

void earlier_wish(const struct account *account, struct order *const *list, size_t n, const char *wish,
		  char out[40])
{
	const struct source_ops *ops = source_find(account->vendor);
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	struct buf text;

	buf_init(&text, BUF_CEILING_BODY);
	buf_addf(&text, "%s\n", account->name);
	for (size_t i = 0; i < n; i++) {
		buf_addf(&text, "%d %d %s ", (int)list[i]->kind, (int)list[i]->verb,
			 list[i]->id == NULL ? "" : list[i]->id);
		const struct write_info *info = ops == NULL ? NULL
							    : write_find(ops->writes, list[i]->kind,
									 list[i]->verb);

		/* "Now" is another moment each time it is said; a PIN could be guessed from its hash. */
		for (size_t f = 0; wish == NULL && f < list[i]->n_fields; f++)
			if (strcmp(list[i]->fields[f].name, "activated_at") != 0 &&
			    !is_private(info, list[i]->fields[f].name))
				buf_addf(&text, "%s=%s\n", list[i]->fields[f].name,
					 list[i]->fields[f].value == NULL ? "" : list[i]->fields[f].value);
		buf_addc(&text, '\n');
	}
	buf_adds(&text, wish == NULL ? "" : wish);
	g_checksum_update(sum, (const guchar *)buf_text(&text), (gssize)text.length);
	g_strlcpy(out, g_checksum_get_string(sum), 33);
	buf_wipe(&text);
	g_checksum_free(sum);
}

void earlier_mark(const char *wish, const char *list, size_t part, char out[80])
{
	g_snprintf(out, 80, "%s %s %zu", wish, list, part);
}

static struct part *part_of(struct earlier *earlier, const struct audit_row *row, const char *wish)
{
	char **words = g_strsplit(row->wish == NULL ? "" : row->wish, " ", 3);
	struct part *part = NULL;

	if (g_strv_length(words) == 3 && strcmp(words[0], wish) == 0) {
		guint64 at = g_ascii_strtoull(words[2], NULL, 10);

		if (earlier->list[0] == '\0')
			g_strlcpy(earlier->list, words[1], sizeof(earlier->list));
		if (strcmp(earlier->list, words[1]) == 0 && at < earlier->n)
			part = &earlier->parts[at];
	}
	g_strfreev(words);
	return part;
}

void earlier_read(struct earlier *earlier, const struct rows *lines, const char *wish)
{
	for (size_t i = 0; lines != NULL && i < rows_count(lines); i++) {
		const struct audit_row *row = rows_at(lines, i);
		struct part *part = part_of(earlier, row, wish);

		if (part == NULL || part->what != NULL) /* the newest line of each counts */
			continue;
		part->what = g_strdup(row->what == NULL ? "{}" : row->what);
		if (g_strcmp0(row->result, "done") == 0 && row->subject_id != NULL) {
			part->state = PART_DONE;
			part->id = g_strdup(row->subject_id);
			part->clean = g_strcmp0(row->detail, ORDERS_FOUND) != 0;
		} else if (g_strcmp0(row->result, "failed") != 0) {
			part->state = PART_OPEN;
			if (g_strcmp0(row->result, "started") == 0)
				part->line = g_ascii_strtoll(row->id, NULL, 10);
		}
	}
}

static int64_t end_of(const struct part *part)
{
	int64_t end_ms = MOMENT_NONE;
	struct jsonx doc;

	if (part->what == NULL)
		return MOMENT_NONE;
	jsonx_init(&doc);
	if (jsonx_parse(&doc, part->what, strlen(part->what), NULL) == ERR_OK)
		end_ms = jsonx_moment(jsonx_get(doc.root, "expired_at"));
	jsonx_fini(&doc);
	return end_ms;
}

bool earlier_settle(struct earlier *earlier, int64_t now_ms)
{
	bool clear = earlier->list[0] != '\0', any = false, over = false;

	for (size_t i = 0; i < earlier->n; i++) {
		int64_t end_ms = end_of(&earlier->parts[i]);

		clear &= earlier->parts[i].state == PART_DONE && earlier->parts[i].clean;
		any |= earlier->parts[i].state != PART_NEW;
		over |= end_ms != MOMENT_NONE && end_ms <= now_ms;
	}
	if (any && !clear && !over)
		return true;
	for (size_t i = 0; i < earlier->n; i++)
		earlier->parts[i].state = PART_NEW;
	earlier->list[0] = '\0';
	return false;
}

void earlier_restore(const struct part *part, struct order *order)
{
	const cJSON *member;
	struct jsonx doc;

	jsonx_init(&doc);
	if (jsonx_parse(&doc, part->what, strlen(part->what), NULL) == ERR_OK) {
		cJSON_ArrayForEach(member, doc.root)
		{
			/* Only what this order has too: the file does not tell us what to send. */
			if (cJSON_IsString(member) && order_has(order, member->string) &&
			    strcmp(member->valuestring, "\xE2\x80\xA6") != 0)
				order_set(order, member->string, member->valuestring);
		}
	}
	jsonx_fini(&doc);
}
