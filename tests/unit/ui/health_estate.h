/* A small estate for the tests of health and overview: two accounts, two buildings, three floors, devices in
 * every state; a fake clock; a desk that notes
 * what a pane asks of it; and goldens. */
#ifndef TESTS_UNIT_UI_HEALTH_ESTATE_H
#define TESTS_UNIT_UI_HEALTH_ESTATE_H

#include "core/kind.h"
#include "ui/pane.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

struct estate {
	struct desk desk; /* first */
	struct clock_fake clock;
	struct world *world;
	/* what was asked for last */
	char toast[200], copied[100], saved_path[100], *saved, prompt[60], initial[60];
	bool toast_good, saved_replace;
	enum action shown;
	void (*done)(void *ctx, const char *text);
	void (*changed)(void *ctx, const char *text);
	void *ctx;
};

/* At 2026-08-19 14:07 in New York. */
struct estate *estate_new(bool ascii);
/* The same clock, no accounts' rows. */
struct estate *estate_new_empty(void);
void estate_free(struct estate *estate);

/* Sets a light; why may be "". */
void estate_light(struct estate *estate, unsigned account, enum light light, int64_t age_ms, const char *why);
/* Seals and puts. */
void estate_put(struct estate *estate, unsigned account, struct rows *rows);
/* Sensors of the first account anew; `offline`: the first of them too. */
void estate_put_sensors(struct estate *estate, bool offline);

/* Compares what a canvas holds with $srcdir/tests/screen/NAME; with GENERATE=1 in the environment it writes
 * it instead. */
void golden(const char *name, const struct canvas *canvas);
/* A row of the canvas as text without the blanks at its end; g_free. */
char *row_text(const struct canvas *canvas, int y);

#endif
