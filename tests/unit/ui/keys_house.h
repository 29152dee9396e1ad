/* A house for the tests of the keys pane: two buildings with units, tenants, keychains and keys in every state; a fake clock; a desk that notes what is asked of
 * it and answers when the test says so; and goldens. */
#ifndef TESTS_UNIT_UI_KEYS_HOUSE_H
#define TESTS_UNIT_UI_KEYS_HOUSE_H

#include "core/kind.h"
#include "model/access.h"
#include "ui/pane.h"

#include <glib.h>

#define HOUSE_MINUTE_MS INT64_C(60000)

struct house {
	struct desk desk; /* first */
	struct clock_fake clock;
	struct world *world;
	struct canvas *canvas;
	void *pane;
	/* what was asked for last */
	char toast[320], copied[300], saved_path[100], prompt[60], initial[60], progress[200], *printed,
		*saved;
	size_t saved_length;
	bool toast_good;
	void (*done)(void *ctx, const char *text);
	void (*changed)(void *ctx, const char *text);
	void *ctx;
	/* orders */
	GPtrArray *orders; /* of the last carry_out */
	unsigned account, carried, forgotten;
	void (*report)(void *ctx, const struct order_report *report);
	void *report_ctx;
	const char *denied; /* what `can` says; NULL: all is possible */
	/* pictures */
	char url[120];
	unsigned pictures;
	void (*read)(void *ctx, const char *text, const char *why);
	void *read_ctx;
};

/* At 2026-08-19 14:07 in New York; the pane is open and drawn. */
struct house *house_new(int width, int height, bool ascii);
struct house *house_new_empty(int width, int height);
void house_free(struct house *house);
void house_draw(struct house *house);
/* Keys and keychains anew. */
void house_put_keys(struct house *house);
void house_light(struct house *house, enum light light, int64_t age_ms, const char *why);
void house_pass(struct house *house, int64_t ms);
void house_act(struct house *house, enum action action);
/* A key as the shell gives it: to the pane's input while it wants all. Returns how many keys. */
unsigned house_key(struct house *house, uint32_t key);
unsigned house_type(struct house *house, const char *text);
/* The picture that was asked for last holds this. */
void house_picture(struct house *house, const char *text, const char *why);
/* A key as the server answers it. */
const struct rows *house_key_rows(const char *id, const char *name, const char *code);
void house_report(struct house *house, enum order_stage stage, unsigned done, const char *text,
		  const struct rows *rows, const struct order_fault *faults, size_t n);
void house_golden(const struct house *house, const char *name);
/* All of the canvas as text; g_free. */
char *house_text(const struct house *house);
bool house_shows(const struct house *house, const char *part);

#endif
