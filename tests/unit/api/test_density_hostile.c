/* Every sample, cut at every byte and with a wrong type at every member, through every query: no crash, no hang, and never a room that is called free for it. */
#include "density_play.h"

#include "base/jsonx.h"
#include "base/moment.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const files[] = {
	"samples/get-v3-doorways.collapsed.json",
	"samples/get-v3-labels-groups.collapsed.json",
	"samples/get-v3-labels.collapsed.json",
	"samples/get-v3-spaces.collapsed.json",
	"samples/get-v3-user.placeholder.json",
	"samples/patch-v3-label.collapsed.json",
	"samples/patch-v3-space.placeholder.json",
	"samples/post-v3-analytics-metrics.collapsed.json",
	"samples/post-v3-analytics-occupancy-current.collapsed.json",
	"samples/post-v3-analytics-presence-health.collapsed.json",
	"samples/post-v3-analytics-presence.json",
	"samples/post-v3-analytics-sessions-raw.collapsed.json",
	"samples/post-v3-analytics-short-term.collapsed.json",
	"samples/post-v3-sensors-health-current.collapsed.json",
	"samples/post-v3-sensors-health.collapsed.json",
	"samples/post-v3-sensors.collapsed.json",
	"samples/ws-occupancy-refresh.json",
	"samples/ws-presence-live.json",
	"inferred/error.json",
	"inferred/get-v3-doorways.json",
	"inferred/get-v3-spaces.json",
	"inferred/post-v3-analytics-data-status.json",
	"inferred/post-v3-analytics-metrics-hour.json",
	"inferred/post-v3-analytics-metrics-total.json",
	"inferred/post-v3-analytics-occupancy-current-enveloped.json",
	"inferred/post-v3-analytics-occupancy-current.json",
	"inferred/post-v3-analytics-presence-health.json",
	"inferred/post-v3-analytics-sessions-raw-by-space.json",
	"inferred/post-v3-analytics-short-term.json",
	"inferred/post-v3-sensors-health-current.json",
	"inferred/post-v3-sensors-health.json",
	"inferred/post-v3-sensors.json",
};

static const enum kind kinds[] = {KIND_FLOORS,   KIND_ROOMS,    KIND_SENSORS, KIND_OCCUPANCY,
				  KIND_SESSIONS, KIND_DOORWAYS, KIND_LABELS,  KIND_USERS};

/* Spaces are told as they are, so that what follows has something to be about; all else answers the bytes. */
struct answers {
	const char *bytes;
	bool spaces_too;
};

#define ESTATE                                                                                               \
	"[{\"id\":\"spc_10987654321\",\"space_type\":\"space\"},{\"id\":\"spc_12345678901\",\"space_type\":\"space\"}]"

static char *serve(void *ctx, const struct work_request *request, int *status)
{
	const struct answers *answers = ctx;

	*status = 200;
	return strdup(strcmp(request->path, "/v3/spaces") == 0 && !answers->spaces_too ? ESTATE
										       : answers->bytes);
}

static void check_rooms(const struct dens_play *play)
{
	const struct rows *rows = play->rows[KIND_ROOMS];

	for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
		const struct room *room = rows_at(rows, i);

		if (room->occupied == 0)
			assert_true(strcmp(room->health, STATUS_ONLINE) == 0 ||
				    strcmp(room->health, STATUS_DEGRADED) == 0);
	}
}

static void answer_all(struct dens_play *play, const char *bytes)
{
	struct answers answers = {.bytes = bytes};
	bool changed;

	play->serve = serve;
	play->ctx = &answers;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		answers.spaces_too = kinds[i] == KIND_FLOORS;
		dens_query(play, kinds[i], NULL, NULL);
		check_rooms(play);
	}
	(void)density_ops.push->message(play->state, "presence spc_1", bytes, strlen(bytes), play->now_ms,
					&changed);
	rows_unref(density_ops.push->rows(play->state, "east", play->now_ms));
}

static void cut_anywhere(void **state)
{
	(void)state;
	for (size_t f = 0; f < G_N_ELEMENTS(files); f++) {
		struct dens_play play;
		struct buf bytes;

		dens_open(&play, NULL);
		dens_read_file(files[f], &bytes);
		assert_true(bytes.length > 0);
		for (size_t cut = 0; cut <= bytes.length; cut++) {
			char *text = g_strndup(buf_text(&bytes), cut);

			answer_all(&play, text);
			g_free(text);
		}
		buf_fini(&bytes);
		dens_close(&play);
	}
}

/* The n-th value of the tree, counted depth first; NULL beyond the last. */
static cJSON *nth(cJSON *item, unsigned *n)
{
	for (cJSON *child = item->child; child != NULL; child = child->next) {
		cJSON *found;

		if ((*n)-- == 0)
			return child;
		found = nth(child, n);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static void wrong_types(void **state)
{
	static const char *const wrong[] = {
		"null",   "true", "-1", "1e999", "12345678901234567890",          "\"\"", "\"x\"",
		"\"  \"", "[]",   "{}", "[[]]",  "[null,5,\"spc_1\",{\"id\":{}}]"};

	(void)state;
	for (size_t f = 0; f < G_N_ELEMENTS(files); f++) {
		struct dens_play play;
		struct buf bytes;

		dens_open(&play, NULL);
		dens_read_file(files[f], &bytes);
		for (unsigned n = 0;; n++) {
			bool any = false;

			for (size_t w = 0; w < G_N_ELEMENTS(wrong); w++) {
				cJSON *root = cJSON_Parse(buf_text(&bytes)), *with = cJSON_Parse(wrong[w]);
				unsigned left = n;
				cJSON *item = root == NULL ? NULL : nth(root, &left);
				char *text;

				if (item != NULL) {
					any = true;
					cJSON_Delete(item->child);
					item->child = with->child;
					item->type = with->type;
					item->valuedouble = with->valuedouble;
					free(item->valuestring);
					item->valuestring = with->valuestring;
					with->child = NULL;
					with->valuestring = NULL;
					text = cJSON_PrintUnformatted(root);
					answer_all(&play, text);
					free(text);
				}
				cJSON_Delete(root);
				cJSON_Delete(with);
			}
			if (!any)
				break;
		}
		buf_fini(&bytes);
		dens_close(&play);
	}
}

static void too_much_is_refused(void **state)
{
	struct dens_play play;
	size_t length = ((size_t)64 << 20) + 100;
	char *text = g_malloc(length + 1);
	struct answers answers = {.bytes = text, .spaces_too = true};

	(void)state;
	memset(text, ' ', length);
	text[length] = '\0';
	text[0] = '[';
	text[length - 1] = ']';
	dens_open(&play, NULL);
	play.serve = serve;
	play.ctx = &answers;
	dens_query(&play, KIND_FLOORS, NULL, NULL);
	assert_int_equal(play.error, ERR_TOO_BIG);
	dens_close(&play);
	g_free(text);
}

/* Controls in ids and names stay harmless, and an id finds its way back. */
static void text_is_inert(void **state)
{
	static const struct dens_answer answers[] = {
		{"GET", "/v3/spaces", NULL, 200, NULL,
		 "[{\"id\":\"spc_\\u001b[2J\",\"name\":\"a\\u202eb\\u0000c\",\"space_type\":\"space\"},{\"id\":\"  \"},{\"id\":7,\"space_type\":\"space\"}]",
		 0, DENS_ANSWERED},
		{"POST", "/v3/analytics/occupancy/current", "\"spc_\\u001b[2J\"", 200, NULL, "{}", 0,
		 DENS_ANSWERED},
		{"POST", "/v3/analytics/presence-health", NULL, 200, NULL, "{\"7\":{\"presence\":true}}", 0,
		 DENS_ANSWERED},
		{.method = NULL},
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	dens_query(&play, KIND_ROOMS, NULL, answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_ROOMS)), 2);
	assert_null(strchr(((const struct room *)rows_at(play.rows[KIND_ROOMS], 0))->id, 0x1b));
	assert_int_equal(((const struct room *)dens_row(&play, KIND_ROOMS, "7"))->occupied, 1);
	dens_close(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(wrong_types),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(text_is_inert),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
