/* Requests. */
#include "api/sensorist/job.h"

#include "base/moment.h"
#include "base/text.h"

#include <string.h>

int sens_path(struct buf *path, const char *folder, const char *id, const char *tail)
{
	buf_adds(path, folder);
	if (!sens_id_ok(id))
		return ERR_INVALID;
	buf_addc(path, '/');
	buf_adds(path, id);
	if (tail != NULL)
		buf_adds(path, tail);
	return path->error;
}

void sens_param(struct buf *path, const char *name, const char *value)
{
	buf_addc(path, strchr(buf_text(path), '?') == NULL ? '?' : '&');
	buf_adds(path, name);
	buf_addc(path, '=');
	text_add_percent(path, value);
}

void sens_param_impersonate(struct buf *path, const struct sens_job *job)
{
	if (job->state->impersonate != NULL)
		sens_param(path, "impersonate", job->state->impersonate);
}

int sens_request(struct work *work, const struct sens_job *job, const struct work_request *request)
{
	struct work_request whole = *request;
	char *path = g_strconcat(job->state->prefix, request->path, NULL);
	int err;

	whole.path = path;
	err = work_request(work, &whole);
	g_free(path);
	return err;
}

int sens_ask(struct work *work, const struct sens_job *job, int step, const char *path, const char *name,
	     const char *value, bool optional)
{
	struct work_request request = {
		.step = step,
		.optional = optional,
		.cacheable = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf text;
	int err;

	buf_init(&text, BUF_CEILING_REQUEST);
	buf_adds(&text, path);
	sens_param_impersonate(&text, job);
	if (name != NULL)
		sens_param(&text, name, value);
	request.path = buf_text(&text);
	err = text.error != ERR_OK ? text.error : sens_request(work, job, &request);
	buf_fini(&text);
	return err;
}

int sens_ask_tree(struct work *work, const struct sens_job *job, int step, bool optional)
{
	return sens_ask(work, job, step, "/gateways", "with_slaves", "1", optional);
}
