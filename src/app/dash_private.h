/* Inside of the dashboard: dash.c (life and loop), dash_feeds.c (what is asked of whom), dash_save.c (files that are written). */
#ifndef LODGE_APP_DASH_PRIVATE_H
#define LODGE_APP_DASH_PRIVATE_H

#include "app/app.h"
#include "app/dash_desk.h"
#include "feed/feed.h"
#include "ui/shell.h"
#include "ui/term/term.h"

#include <uv.h>

struct dash_feed {
	struct feed *feed;           /* NULL when it could not be started */
	int64_t live_ms[KIND_COUNT]; /* of the live kinds followed now; 0: not followed */
	int64_t fastest_ms;          /* for its light */
	int64_t down_since_ms;
	int64_t skew_ms; /* of its server's clock */
	bool hours;      /* the day by hour is followed */
	bool heard;      /* it has answered: skew_ms is known */
};

struct dash {
	struct app *app;
	uv_loop_t loop;
	struct mailbox *events;
	uv_poll_t keys;
	int watched; /* events of the tty that are waited for */
	uv_timer_t tick, frame, escape;
	uv_signal_t signals[6];
	struct term *term;
	struct world *world;
	struct shell *shell;
	struct dash_desk *desk; /* orders, history, pictures */
	struct dash_feed *feeds;
	unsigned n_feeds;
	char *title;                  /* of the window, as last written */
	int64_t frame_ms, painted_ms; /* monotonic */
	int status;
	bool ending, demo_wanted;
};

/* Starts a feed for each account and follows what the panes need always. */
void dash_start_feeds(struct dash *dash);
void dash_stop_feeds(struct dash *dash);
/* Follows frames and detections as fast as the seen panes want them. */
void dash_follow_live(struct dash *dash);
void dash_on_event(void *ctx, struct mail *mail);

/* Writes a file on a thread of its own and says in the shell how far it is and what became of it; the bytes are taken over. Never over an existing file unless
 * `replace`; one that was not written whole is removed. `ctx`: the dash. */
void dash_save(void *ctx, const char *path, char *bytes, size_t length, bool replace);

/* All that a search finds in the history, to a file (struct desk, ui/pane.h). */
void dash_export_doors(struct dash *dash, const struct door_search *search, const char *path);

/* Paints soon: at once after a key, else not more often than max_fps. */
void dash_paint_soon(struct dash *dash, bool at_once);

#endif
