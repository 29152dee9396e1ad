/* The demo: the simulator as a child process, an account on it, and a clock that shows a working day. */
#ifndef LODGE_APP_DEMO_H
#define LODGE_APP_DEMO_H

#include "app/app.h"

#include <sys/types.h>

struct demo {
	struct clock clock; /* the app's while the demo runs */
	const struct clock *real;
	int64_t shift_ms;
	pid_t child;
	char *folder; /* tokens and history while it runs, removed at its end; NULL: none */
};

/* Starts the child, waits for its line (at most ten seconds), fills app->config and app->clock. Nothing is written into the user's folders. */
int demo_start(struct demo *demo, struct app *app, struct problem *problem) LODGE_MUST_USE;
/* Ends the child and waits for it. */
void demo_stop(struct demo *demo);

#endif
