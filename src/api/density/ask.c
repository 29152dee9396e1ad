/* Requests. */
#include "api/density/job.h"

#include "base/jsonw.h"

#include <string.h>

int dens_ask(struct work *work, int step, const char *path, const struct buf *body, bool optional)
{
	struct work_request request = {
		.method = body != NULL ? "POST" : "GET",
		.path = path,
		.body = body != NULL ? buf_text(body) : NULL,
		.step = step,
		.optional = optional,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};

	return body != NULL && body->error != ERR_OK ? body->error : work_request(work, &request);
}

int dens_ask_spaces(struct work *work, int step)
{
	struct work_request request = {
		.path = "/v3/spaces",
		.step = step,
		.cacheable = step == DENS_STEP_SPACES,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};

	return work_request(work, &request);
}

char *dens_next_path(struct work *work, const struct dens_state *state, int step, const char *next)
{
	size_t base = state->base_url == NULL ? 0 : strlen(state->base_url);

	if (next == NULL)
		return NULL;
	if (base > 0 && strncmp(next, state->base_url, base) == 0)
		next += base;
	/* A path of the same server: no host, and nothing that acts as one. */
	if (next[0] != '/' || next[1] == '/' || strlen(next) > 2048 || strpbrk(next, " \t\r\n\\#") != NULL)
		return NULL;
	return work_first_time(work, step, next) ? g_strdup(next) : NULL;
}

void dens_body_begin(struct jsonw *w, struct buf *body, const char *list,
		     const struct dens_space *const *spaces, size_t n)
{
	jsonw_init(w, body, false);
	jsonw_open(w, '{');
	if (list == NULL)
		return;
	jsonw_key(w, list);
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_str(w, spaces[i]->id);
	jsonw_close(w, ']');
}
