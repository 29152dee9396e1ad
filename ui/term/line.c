#include "ui/term/line.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REST_CEILING (4u << 20)
#define MARK_EVERY 512u
#define WINDOW_FIRST (4u << 10)
#define WINDOW_LEAST 512u
#define WINDOW_MOST (1u << 20)
/* A frame smaller than this is not worth its cursor movements; wait for more room. */
#define BUDGET_LEAST 128u
/* A key pressed behind a full window should still show within half a second. */
#define DELAY_WANTED_MS 250
#define DELAY_LONG_MS 350
#define GIVE_UP_MS 10000

static const char question[] = "\033[5n";

void line_init(struct line *line, int fd, const struct clock *clock)
{
	*line = (struct line){.fd = fd, .clock = clock, .window = WINDOW_FIRST, .round_trip_ms = INT64_MAX};
	buf_init(&line->rest, REST_CEILING);
}

void line_fini(struct line *line) { buf_fini(&line->rest); }

/* Writes once; returns the bytes taken. */
static size_t write_some(struct line *line, const char *bytes, size_t length)
{
	ssize_t n;

	do {
		n = write(line->fd, bytes, length);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		line->lost = true;
	return n < 0 ? 0 : (size_t)n;
}

int line_flush(struct line *line)
{
	if (line->lost)
		return ERR_CLOSED;
	if (line->taken == line->rest.length)
		return ERR_OK;
	line->taken += write_some(line, line->rest.data + line->taken, line->rest.length - line->taken);
	if (line->lost)
		return ERR_CLOSED;
	if (line->taken < line->rest.length)
		return ERR_BUSY;
	buf_reset(&line->rest);
	line->taken = 0;
	return ERR_OK;
}

int line_send(struct line *line, const void *bytes, size_t length)
{
	size_t n = 0;
	int err = line_flush(line);

	if (err == ERR_CLOSED)
		return err;
	if (err == ERR_OK)
		n = write_some(line, bytes, length);
	if (line->lost)
		return ERR_CLOSED;
	buf_add(&line->rest, (const char *)bytes + n, length - n);
	if (line->rest.error != ERR_OK) {
		/* Nothing was appended; what waits stays good. */
		line->rest.error = ERR_OK;
		return ERR_TOO_BIG;
	}
	line->unmarked += length;
	return ERR_OK;
}

bool line_drop(struct line *line)
{
	bool some = line->taken < line->rest.length;

	buf_reset(&line->rest);
	line->taken = 0;
	return some;
}

static void push_mark(struct line *line)
{
	struct line_mark *mark = &line->marks[(line->first_mark + line->n_marks) % LINE_MARKS];

	*mark = (struct line_mark){.bytes = line->unmarked, .sent_ms = clock_mono_ms(line->clock)};
	line->n_marks++;
	line->unmarked = 0;
}

void line_mark(struct line *line)
{
	if (line->n_marks == LINE_MARKS)
		return;
	if (line_send(line, question, sizeof question - 1) == ERR_OK)
		push_mark(line);
}

int line_send_frame(struct line *line, struct buf *frame)
{
	bool ask = line->answers && line->n_marks < LINE_MARKS &&
		   line->unmarked + frame->length >= MARK_EVERY;
	int err;

	if (ask)
		buf_add(frame, question, sizeof question - 1);
	if (frame->error != ERR_OK)
		return frame->error;
	err = line_send(line, frame->data, frame->length);
	if (err == ERR_OK && ask)
		push_mark(line);
	return err;
}

static size_t unconfirmed(const struct line *line)
{
	size_t sum = 0;

	for (size_t i = 0; i < line->n_marks; i++)
		sum += line->marks[(line->first_mark + i) % LINE_MARKS].bytes;
	return sum;
}

void line_confirmed(struct line *line)
{
	int64_t delay_ms;
	size_t bytes = unconfirmed(line);

	if (line->n_marks == 0)
		return;
	delay_ms = clock_mono_ms(line->clock) - line->marks[line->first_mark].sent_ms;
	line->first_mark = (line->first_mark + 1) % LINE_MARKS;
	line->n_marks--;
	line->answers = true;
	if (delay_ms < line->round_trip_ms)
		line->round_trip_ms = delay_ms;
	delay_ms -= line->round_trip_ms;
	if (delay_ms > DELAY_LONG_MS) {
		line->window = bytes < line->window ? bytes : line->window;
		line->window = (size_t)((double)line->window * DELAY_WANTED_MS / (double)delay_ms);
	} else if (delay_ms < DELAY_WANTED_MS / 2 && bytes >= line->window / 2) {
		line->window *= 4;
	}
	line->window = line->window < WINDOW_LEAST ? WINDOW_LEAST : line->window;
	line->window = line->window > WINDOW_MOST ? WINDOW_MOST : line->window;
}

size_t line_budget(struct line *line)
{
	size_t sent;

	if (line_flush(line) != ERR_OK)
		return 0;
	if (line->n_marks > 0 &&
	    clock_mono_ms(line->clock) - line->marks[line->first_mark].sent_ms > GIVE_UP_MS) {
		line->n_marks = 0;
		line->answers = false;
	}
	if (!line->answers)
		return LINE_UNLIMITED;
	sent = unconfirmed(line) + line->unmarked;
	if (line->n_marks == 0 && line->window == WINDOW_MOST)
		return LINE_UNLIMITED;
	if (line->n_marks == 0)
		return line->window;
	return sent + BUDGET_LEAST > line->window ? 0 : line->window - sent;
}

size_t line_backlog(const struct line *line)
{
	int queued = 0;

	if (ioctl(line->fd, TIOCOUTQ, &queued) != 0 || queued < 0)
		queued = 0;
	return (size_t)queued + line->rest.length - line->taken + (line->answers ? unconfirmed(line) : 0);
}
