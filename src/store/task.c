#include "store/task.h"

#include "base/moment.h"

struct task *task_new(enum task_type type, uint64_t request)
{
	struct task *task = g_new0(struct task, 1);

	task->type = type;
	task->request = request;
	return task;
}

static void audit_fini(struct audit_texts *audit)
{
	g_free(audit->who);
	g_free(audit->from);
	g_free(audit->role);
	g_free(audit->account);
	g_free(audit->vendor);
	g_free(audit->action);
	g_free(audit->subject_kind);
	g_free(audit->subject_id);
	g_free(audit->what);
	g_free(audit->wish);
}

void task_free(struct task *task)
{
	g_strfreev(task->sources);
	g_free(task->account);
	g_free(task->source);
	rows_unref(task->rows);
	audit_fini(&task->audit);
	g_free(task->result);
	g_free(task->detail);
	g_free(task->subject_id);
	g_free(task);
}

void task_set_sources(struct task *task, const char *const *sources)
{
	static const char *const none[] = {NULL};

	task->sources = g_strdupv((char **)(sources == NULL ? none : sources));
}

void task_set_audit(struct task *task, const struct audit_entry *entry)
{
	task->audit = (struct audit_texts){
		.who = g_strdup(entry->who),
		.from = g_strdup(entry->from),
		.role = g_strdup(entry->role),
		.account = g_strdup(entry->account == NULL ? "" : entry->account),
		.vendor = g_strdup(entry->vendor == NULL ? "" : entry->vendor),
		.action = g_strdup(entry->action),
		.subject_kind = g_strdup(entry->subject_kind),
		.subject_id = g_strdup(entry->subject_id),
		.what = g_strdup(entry->what),
		.wish = g_strdup(entry->wish),
	};
}

/* --- replies --- */

static void discard(struct mail *mail) { store_reply_free((struct store_reply *)mail); }

struct store_reply *task_reply(const struct task *task)
{
	static const enum store_reply_type types[] = {
		[TASK_KEEP] = STORE_LINE,        [TASK_FIND] = STORE_PAGE,
		[TASK_COUNT] = STORE_COUNTS,     [TASK_OLDEST] = STORE_LINE,
		[TASK_AUDIT_BEGIN] = STORE_LINE, [TASK_AUDIT_END] = STORE_LINE,
		[TASK_AUDIT_LIST] = STORE_AUDIT,
	};
	struct store_reply *reply = g_new0(struct store_reply, 1);

	reply->mail = (struct mail){.must_keep = true, .discard = discard};
	reply->type = types[task->type];
	reply->request = task->request;
	reply->line = task->type == TASK_OLDEST ? MOMENT_NONE : 0;
	reply->last = true;
	return reply;
}

void store_reply_free(struct store_reply *reply)
{
	if (reply == NULL)
		return;
	rows_unref(reply->page.rows);
	g_free(reply->page.places);
	g_free(reply->page.accounts);
	g_free(reply->counts.count);
	rows_unref(reply->rows);
	g_free(reply);
}
