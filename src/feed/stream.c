#include "feed/stream.h"

#include "base/moment.h"

#include <glib.h>
#include <string.h>

#define LEARN_GAPS 4              /* gaps seen before a track's rhythm is trusted */
#define HOLE_FACTOR 1.6           /* a gap this many times the rhythm is a hole */
#define HOLE_SPAN_MS (10 * 60000) /* a longer gap is an outage: only its last part is asked for again */
#define SPAN_LEAST_MS 30000
#define SPAN_MOST_MS 3600000
#define KEEP_MS                                                                                              \
	90000 /* a track's times are remembered so long: a poll reaches back 60 s, a repair 30 s more */
#define CALM_MS 60000 /* without late samples for so long, the overlap shrinks */

/* One series of one sensor. `times` ascends; everything at or before floor_ms counts as handed on. */
struct track {
	int64_t *times;
	unsigned n, room;
	int64_t floor_ms;
	double step_ms; /* rhythm: a slow mean of the gaps */
	unsigned gaps;
};

struct hole {
	const char *track; /* key in `tracks` */
	int64_t from_ms, to_ms;
	int64_t seen_ms;  /* monotonic; MOMENT_NONE until stream_end stamps it */
	unsigned samples; /* that the rhythm would have put in between */
	unsigned tries;
};

struct stream {
	GHashTable *tracks; /* name → struct track */
	GArray *holes;      /* struct hole */
	int64_t cursor_ms;
	int64_t overlap_ms;
	double rows_per_ms;

	/* of the answer being handed in */
	struct stream_range range;
	bool repair;
	uint64_t new_rows;
	int64_t newest_ms;     /* of this answer, not beyond range.to */
	int64_t lateness_ms;   /* greatest of this answer */
	int64_t calm_since_ms; /* monotonic */

	uint64_t accepted, repeated, late;
};

static void track_free(void *memory)
{
	struct track *track = memory;

	g_free(track->times);
	g_free(track);
}

struct stream *stream_new(void)
{
	struct stream *stream = g_new0(struct stream, 1);

	stream->tracks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, track_free);
	stream->holes = g_array_new(FALSE, FALSE, sizeof(struct hole));
	stream->cursor_ms = MOMENT_NONE;
	stream->overlap_ms = STREAM_OVERLAP_MS;
	stream->calm_since_ms = MOMENT_NONE;
	return stream;
}

void stream_free(struct stream *stream)
{
	if (stream == NULL)
		return;
	g_hash_table_unref(stream->tracks);
	g_array_unref(stream->holes);
	g_free(stream);
}

struct stream_range stream_next(const struct stream *stream, int64_t start_ms, int64_t now_ms)
{
	struct stream_range range = {.to_ms = now_ms, .caught_up = true};
	int64_t span_ms = SPAN_MOST_MS;

	range.from_ms = stream->cursor_ms == MOMENT_NONE ? start_ms : stream->cursor_ms - stream->overlap_ms;
	if (stream->rows_per_ms > 0)
		span_ms = CLAMP((int64_t)(STREAM_POLL_ROWS / stream->rows_per_ms), SPAN_LEAST_MS,
				SPAN_MOST_MS);
	if (range.to_ms - range.from_ms > span_ms + stream->overlap_ms) {
		range.to_ms = range.from_ms + span_ms + stream->overlap_ms;
		range.caught_up = false;
	}
	if (range.to_ms <= range.from_ms) /* the clocks disagree: ask for what may have come since */
		range.to_ms = range.from_ms + stream->overlap_ms + 1000;
	return range;
}

void stream_begin(struct stream *stream, const struct stream_range *range, bool repair)
{
	stream->range = *range;
	stream->repair = repair;
	stream->new_rows = 0;
	stream->newest_ms = MOMENT_NONE;
	stream->lateness_ms = 0;
}

static struct track *track_of(struct stream *stream, const char *name, const char **key)
{
	void *found_key, *found;
	struct track *track;

	if (g_hash_table_lookup_extended(stream->tracks, name, &found_key, &found)) {
		*key = found_key;
		return found;
	}
	track = g_new0(struct track, 1);
	track->floor_ms = MOMENT_NONE;
	found_key = g_strdup(name);
	g_hash_table_insert(stream->tracks, found_key, track);
	*key = found_key;
	return track;
}

/* Where time_ms is or belongs in track->times. */
static unsigned track_position(const struct track *track, int64_t time_ms)
{
	unsigned low = 0, high = track->n;

	if (track->n > 0 && time_ms > track->times[track->n - 1])
		return track->n;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (track->times[middle] < time_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Forgets the first n times: they lie at or below the new floor, so they can never count as new again. */
static void track_forget(struct track *track, unsigned n)
{
	track->floor_ms = track->times[n - 1];
	track->n -= n;
	memmove(track->times, track->times + n, track->n * sizeof(*track->times));
}

/* Room for one more: by forgetting what no poll and no repair can bring again, else by growing, at last by forgetting the older half. */
static void track_make_room(struct track *track)
{
	unsigned old;

	if (track->n < track->room)
		return;
	old = track->n == 0 ? 0 : track_position(track, track->times[track->n - 1] - KEEP_MS);
	if (old > track->room / 4) {
		track_forget(track, old);
	} else if (track->room < STREAM_TRACK_TIMES) {
		track->room = track->room == 0 ? 16 : track->room * 2;
		track->times = g_renew(int64_t, track->times, track->room);
	} else {
		track_forget(track, track->n / 2);
	}
}

static void note_hole(struct stream *stream, const char *key, int64_t from_ms, int64_t to_ms, double step_ms)
{
	struct hole hole = {.track = key, .to_ms = to_ms, .seen_ms = MOMENT_NONE};

	hole.from_ms = MAX(from_ms, to_ms - HOLE_SPAN_MS);
	hole.samples = (unsigned)((double)(to_ms - hole.from_ms) / MAX(step_ms, 1) + 0.5) - 1;
	if (stream->holes->len < STREAM_HOLES)
		g_array_append_val(stream->holes, hole);
}

/* A sample newer than all of its track: learns the rhythm, notices a hole. */
static void track_extend(struct stream *stream, struct track *track, const char *key, int64_t time_ms)
{
	int64_t last_ms, gap_ms;

	if (track->n == 0)
		return;
	last_ms = track->times[track->n - 1];
	gap_ms = time_ms - last_ms;
	if (track->gaps >= LEARN_GAPS && (double)gap_ms > HOLE_FACTOR * track->step_ms) {
		note_hole(stream, key, last_ms, time_ms, track->step_ms);
		return; /* a hole teaches nothing about the rhythm */
	}
	track->step_ms = track->gaps == 0 ? (double)gap_ms : 0.8 * track->step_ms + 0.2 * (double)gap_ms;
	track->gaps++;
}

bool stream_accept(struct stream *stream, const char *name, int64_t time_ms)
{
	const char *key;
	struct track *track = track_of(stream, name, &key);
	unsigned at;

	if (track->floor_ms != MOMENT_NONE && time_ms <= track->floor_ms) {
		stream->repeated++;
		return false;
	}
	at = track_position(track, time_ms);
	if (at < track->n && track->times[at] == time_ms) {
		stream->repeated++;
		return false;
	}
	if (at == track->n) {
		track_extend(stream, track, key, time_ms);
	} else {
		stream->late++;
		stream->lateness_ms = MAX(stream->lateness_ms, track->times[track->n - 1] - time_ms);
	}
	track_make_room(track);
	at = track_position(track, time_ms); /* making room may have moved it */
	memmove(track->times + at + 1, track->times + at, (track->n - at) * sizeof(*track->times));
	track->times[at] = time_ms;
	track->n++;
	stream->accepted++;
	stream->new_rows++;
	if (time_ms < stream->range.to_ms) /* a clock that runs ahead must not drag the cursor along */
		stream->newest_ms = MAX(stream->newest_ms, time_ms);
	return true;
}

/* True when as many samples lie strictly between its ends as the rhythm promised. */
static bool hole_filled(const struct stream *stream, const struct hole *hole)
{
	const struct track *track = g_hash_table_lookup(stream->tracks, hole->track);
	unsigned first = track_position(track, hole->from_ms + 1);

	return track_position(track, hole->to_ms) - first >= hole->samples;
}

static void settle_holes(struct stream *stream, int64_t mono_ms)
{
	for (guint i = stream->holes->len; i-- > 0;) {
		struct hole *hole = &g_array_index(stream->holes, struct hole, i);

		if (hole->seen_ms == MOMENT_NONE)
			hole->seen_ms = mono_ms;
		if (hole->tries >= STREAM_HOLE_TRIES || hole_filled(stream, hole))
			g_array_remove_index_fast(stream->holes, i);
	}
}

static void adapt_overlap(struct stream *stream, int64_t mono_ms)
{
	int64_t most_ms = STREAM_OVERLAP_MOST_MS;

	if (stream->rows_per_ms > 0)
		most_ms = MIN(most_ms, (int64_t)(STREAM_REREAD_ROWS / stream->rows_per_ms));
	if (stream->lateness_ms > 0) {
		stream->calm_since_ms = mono_ms;
		stream->overlap_ms = MAX(stream->overlap_ms,
					 stream->lateness_ms + stream->lateness_ms / 2 + 1000);
	} else if (stream->calm_since_ms == MOMENT_NONE || mono_ms - stream->calm_since_ms >= CALM_MS) {
		stream->calm_since_ms = mono_ms;
		stream->overlap_ms = MAX((int64_t)STREAM_OVERLAP_MS, stream->overlap_ms * 9 / 10);
	}
	stream->overlap_ms = MAX((int64_t)STREAM_OVERLAP_LEAST_MS, MIN(stream->overlap_ms, most_ms));
}

void stream_end(struct stream *stream, int64_t mono_ms)
{
	int64_t moved_ms;

	if (!stream->repair) {
		int64_t cursor_ms = stream->range.caught_up ? stream->newest_ms : stream->range.to_ms;

		moved_ms = cursor_ms == MOMENT_NONE
				   ? 0
				   : cursor_ms - MAX(stream->cursor_ms, stream->range.from_ms);
		if (moved_ms > 0) {
			double rate = (double)stream->new_rows / (double)moved_ms;

			stream->rows_per_ms = stream->rows_per_ms == 0
						      ? rate
						      : 0.7 * stream->rows_per_ms + 0.3 * rate;
		}
		stream->cursor_ms = MAX(stream->cursor_ms, cursor_ms);
		adapt_overlap(stream, mono_ms);
	}
	settle_holes(stream, mono_ms);
}

size_t stream_repairs(struct stream *stream, int64_t mono_ms, const char **tracks, size_t most,
		      struct stream_range *range)
{
	static const int64_t wait_ms[STREAM_HOLE_TRIES] = {3000, 10000, 30000};
	int64_t reach_ms;
	size_t n = 0;

	range->caught_up = true;
	if (stream->cursor_ms == MOMENT_NONE)
		return 0;
	reach_ms = stream->cursor_ms - stream->overlap_ms;
	for (guint i = 0; i < stream->holes->len && n < most; i++) {
		struct hole *hole = &g_array_index(stream->holes, struct hole, i);

		if (hole->tries >= STREAM_HOLE_TRIES || mono_ms - hole->seen_ms < wait_ms[hole->tries])
			continue;
		hole->tries++;
		if (hole->from_ms >= reach_ms)
			continue; /* the next ordinary poll asks for it anyway */
		range->from_ms = n == 0 ? hole->from_ms + 1 : MIN(range->from_ms, hole->from_ms + 1);
		range->to_ms = n == 0 ? hole->to_ms : MAX(range->to_ms, hole->to_ms);
		tracks[n++] = hole->track;
	}
	return n;
}

struct stream_stats stream_stats(const struct stream *stream)
{
	return (struct stream_stats){
		.accepted = stream->accepted,
		.repeated = stream->repeated,
		.late = stream->late,
		.overlap_ms = stream->overlap_ms,
		.cursor_ms = stream->cursor_ms,
		.tracks = g_hash_table_size(stream->tracks),
		.holes = stream->holes->len,
	};
}
