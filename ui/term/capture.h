/* While the screen is in use, what anything writes to stderr waits in a pipe of bounded size; at the end it is shown. */
#ifndef LODGE_UI_TERM_CAPTURE_H
#define LODGE_UI_TERM_CAPTURE_H

#include <stdbool.h>

struct capture {
	int saved; /* the real stderr; -1: not capturing */
	int from;  /* the pipe's reading end */
};

/* Starts only when stderr is a terminal: a file or a pipe of the user's choice is left alone. */
void capture_start(struct capture *capture);
/* Gives stderr back and prints what came meanwhile, controls as '?'. Async-signal-safe. */
void capture_stop(struct capture *capture);

#endif
