/* The way to the terminal: bytes go out without waiting, what the tty does not take is kept, and how much may be on its way follows from how fast
 * the terminal confirms. */
#ifndef LODGE_UI_TERM_LINE_H
#define LODGE_UI_TERM_LINE_H

#include "base/buf.h"
#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_MARKS 16
#define LINE_UNLIMITED SIZE_MAX

/* A status report that was asked for and what was sent up to it. */
struct line_mark {
	size_t bytes; /* since the mark before */
	int64_t sent_ms;
};

struct line {
	int fd;
	const struct clock *clock;
	struct buf rest; /* not yet taken by the tty; begins at `taken` */
	size_t taken;
	struct line_mark marks[LINE_MARKS];
	size_t first_mark, n_marks;
	size_t unmarked;       /* bytes sent since the last mark */
	size_t window;         /* bytes that may be unconfirmed */
	int64_t round_trip_ms; /* the shortest seen */
	bool answers;          /* the terminal confirms */
	bool lost;
};

/* `fd` is in non-blocking mode and stays the caller's. */
void line_init(struct line *line, int fd, const struct clock *clock);
void line_fini(struct line *line);

/* Sends after what waits. Bytes beyond the ceiling of 4 MiB are refused: ERR_TOO_BIG. ERR_CLOSED when the tty is gone. */
int line_send(struct line *line, const void *bytes, size_t length) LODGE_MUST_USE;
/* Tries to send what waits. 0 when nothing is left, ERR_BUSY when something is, ERR_CLOSED. */
int line_flush(struct line *line) LODGE_MUST_USE;
/* Forgets what waits. True when there was something: the terminal may be left within a sequence. */
bool line_drop(struct line *line);

/* Asks the terminal to confirm what was sent so far. */
void line_mark(struct line *line);
/* Sends a frame, with the question behind it when it is time for one. */
int line_send_frame(struct line *line, struct buf *frame) LODGE_MUST_USE;
/* The terminal confirmed the oldest mark. */
void line_confirmed(struct line *line);

/* How many bytes a frame may have now; 0: none, something waits. */
size_t line_budget(struct line *line);
/* Bytes that wait here, in the tty, or for confirmation. */
size_t line_backlog(const struct line *line);

#endif
