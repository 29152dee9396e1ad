/* Reading a vendor's time-stamped samples by polling, as if they were a stream: nothing missed, nothing twice.
 *
 * Each poll asks for a range that begins a little before the newest sample seen, because samples arrive late and out of order. What was handed
 * on already is recognised by (track, time) and dropped; a track is one sensor's one series. How far back a poll reaches follows the lateness
 * that is really seen, and is bounded by the volume it would read again. A hole in a track's rhythm is asked for again, for that track alone, a
 * few times later on. After an outage the range is walked in pieces, so that catching up needs no more memory than a poll.
 *
 * Pure: no clock, no network. One thread. A stream outlives the feed that fills it, so a feed can be restarted without a hole.
 */
#ifndef LODGE_FEED_STREAM_H
#define LODGE_FEED_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_OVERLAP_MS 5000 /* how far back a poll reaches at first */
#define STREAM_OVERLAP_LEAST_MS 500
#define STREAM_OVERLAP_MOST_MS 60000
#define STREAM_REREAD_ROWS 5000 /* rows a poll may read again for the overlap's sake */
#define STREAM_POLL_ROWS 200000 /* rows a poll should bring at most while catching up */
#define STREAM_TRACK_TIMES 512  /* sample times remembered a track */
#define STREAM_HOLES 4096
#define STREAM_HOLE_TRIES 3

struct stream;

struct stream *stream_new(void);
void stream_free(struct stream *stream);

struct stream_range {
	int64_t from_ms, to_ms; /* [from, to) of sample time */
	bool caught_up;         /* to is now: wait for the next poll; else ask again at once */
};

/* What the next poll should ask for. start_ms: where the stream begins (used until a poll came through); now_ms: the server's wall clock. */
struct stream_range stream_next(const struct stream *stream, int64_t start_ms, int64_t now_ms);

/* Brackets the rows of one answer. A repair's answer (stream_repairs) has repair = true: it does not move the cursor. */
void stream_begin(struct stream *stream, const struct stream_range *range, bool repair);
void stream_end(struct stream *stream, int64_t mono_ms);

/* True when the sample is new; it is then remembered. `track` names sensor and series. Between begin and end only. */
bool stream_accept(struct stream *stream, const char *track, int64_t time_ms);

/* Holes that are due to be asked for again. Fills up to `most` tracks (valid until the stream is freed) and a range that covers them; returns how
 * many. A hole is given out STREAM_HOLE_TRIES times, 3, 10 and 30 seconds after it was seen, unless it was filled meanwhile or an ordinary poll reaches that far back anyway. */
size_t stream_repairs(struct stream *stream, int64_t mono_ms, const char **tracks, size_t most,
		      struct stream_range *range);

struct stream_stats {
	uint64_t accepted, repeated, late; /* late: accepted, but older than what its track had */
	int64_t overlap_ms, cursor_ms;     /* cursor_ms: MOMENT_NONE before the first sample */
	size_t tracks, holes;
};
struct stream_stats stream_stats(const struct stream *stream);

#endif
