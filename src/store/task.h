/* What the store is asked to do, on its way to the thread. */
#ifndef LODGE_STORE_TASK_H
#define LODGE_STORE_TASK_H

#include "store/private.h"

struct task *task_new(enum task_type type, uint64_t request);
void task_free(struct task *task);
void task_set_sources(struct task *task, const char *const *sources);
void task_set_audit(struct task *task, const struct audit_entry *entry);

/* An empty reply to the task. */
struct store_reply *task_reply(const struct task *task);

#endif
