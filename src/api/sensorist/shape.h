/* How Sensorist's answers look (sensorist.md §2, §6, §8): the envelope, ids, and collections that are lists one time and maps the next. Private to this
 * folder, pure. */
#ifndef LODGE_API_SENSORIST_SHAPE_H
#define LODGE_API_SENSORIST_SHAPE_H

#include "api/work.h"
#include "base/jsonx.h"

#define SENS_ID_SIZE 24

/* An id is a positive whole number, or its digits. NULL when it is none: such a text never gets into a path. */
const char *sens_id(const cJSON *item, char out[SENS_ID_SIZE]);
/* The same of a text: digits, the first not 0. */
bool sens_id_ok(const char *id);
/* An id that may also be wrapped: 7, "7" or {"id":7}. */
const char *sens_ref(const cJSON *item, char out[SENS_ID_SIZE]);

/* Whether the server did what was asked: its status, and the `code` of the envelope, which may say otherwise. As work_usable besides. */
bool sens_usable(struct work *work, const struct work_request *request, const struct work_answer *answer);
/* True where status and envelope's code are 2xx; no notice, no failure. */
bool sens_went_well(const struct work_answer *answer);

/* What the envelope holds under one of the names (the second may be NULL), or the whole where there is no envelope. NULL: nothing. */
const cJSON *sens_payload(const cJSON *root, const char *name, const char *other);

/* Calls `each` for every element: of a list, of a map (key = its name), or once for the object itself when it has an id. */
typedef void (*sens_each_fn)(void *ctx, const char *key, const cJSON *item);
void sens_each(const cJSON *payload, sens_each_fn each, void *ctx);

/* For how long an answer is good: what the head says, else the envelope's max_age, else a quarter of an hour; nothing for an answer that tells of a failure. At
 * least a minute, but of a workflow, which is asked for while somebody waits. */
int64_t sens_lifetime_ms(const char *url, const char *bytes, size_t length, int64_t told_ms);

#endif
