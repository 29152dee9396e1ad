/* Inside of the keys pane: its state, and its parts. */
#ifndef LODGE_UI_PANE_KEYS_VIEW_H
#define LODGE_UI_PANE_KEYS_VIEW_H

#include "base/moment.h"
#include "base/qr.h"
#include "core/visitor.h"
#include "model/access.h"
#include "ui/pane.h"
#include "ui/widget/dialog.h"
#include "ui/widget/table.h"

#include <glib.h>

#define KEYS_FRAME_LINES 4 /* of the window around the pane */

enum keys_what { KEYS_GROUP, KEYS_CHAIN, KEYS_KEY };
enum keys_order { KEYS_BY_TIME, KEYS_BY_NAME, KEYS_BY_UNIT, KEYS_ORDERS };

/* A line of the tree. Texts and rows are the snapshots', which the view holds. */
struct keys_item {
	enum keys_what what;
	unsigned account;
	const struct keychain *chain; /* of a CHAIN; of a KEY that belongs to one */
	const struct access_key *key;
	enum key_state state;
	char id[120];
	const char *unit; /* its label */
	const char *zone; /* the building's time zone */
	bool zone_told;   /* false: it is this computer's */
	bool child;       /* a key below its keychain */
	bool folded;
	size_t n; /* keys of a keychain, lines of a group */
	int64_t order_ms;
};

/* What the QR code of a key holds; one for each key that was looked at. */
enum keys_source { KEYS_PENDING, KEYS_VENDOR, KEYS_MADE, KEYS_NO_CODE };
struct keys_code {
	struct keys_view *view;
	unsigned account;
	char *key_code;
	enum keys_source source;
	char *url;       /* of the picture that is still to be asked for; NULL: none */
	bool waiting;    /* for the picture */
	char why[120];   /* there is no picture, or no code */
	struct buf text; /* as it is, byte for byte */
	struct qr qr;    /* size 0: none */
};

enum keys_page {
	KEYS_LIST,
	KEYS_WHOLE,  /* the code alone */
	KEYS_ISSUED, /* the codes that were just made, one after the other */
};

struct keys_issue;

struct keys_view {
	struct desk *desk;
	enum keys_page page;

	/* keys_rows.c */
	GArray *items;      /* struct keys_item, the lines of the tree */
	GPtrArray *held;    /* the snapshots they point into */
	GPtrArray *zones;   /* moment_zone of each in use: kept, so that naming one again costs nothing */
	GHashTable *turned; /* ids whose fold is not as it is by default */
	struct table *table;
	struct table_source source;
	size_t keys, active; /* for the figure */
	int64_t minute;
	enum keys_order order;
	bool reverse;
	char *typed, *filter, *typed_before;
	char local_zone[16];

	/* keys_code.c */
	GHashTable *codes;  /* "account:id" → struct keys_code */
	unsigned waiting;   /* pictures asked for: few at a time, however fast the choice moves */
	bool fresh;         /* something came since the last update */
	int64_t touched_ms; /* the last key: after qr_blank_ms the code is hidden */
	bool blank;

	/* keys_issue.c */
	struct keys_issue *issue;

	/* keys_revoke.c */
	struct dialog dialog; /* n 0: none */
	unsigned revoke_account;
	enum kind revoke_kind;
	char revoke_id[120];
	char *revoke_name;
	bool revoking;

	GPtrArray *issued; /* snapshots of keys that were made last */
	size_t issued_at;
	unsigned issued_account;

	uint64_t stale; /* accounts (the first 64) that are not heard of, as of this drawing */
	bool whole;
	struct rect table_at;
	struct hint hints[12];
	char why[200];
};

/* --- keys_rows.c --- */
void keys_rows_new(struct keys_view *view);
void keys_rows_free(struct keys_view *view);
/* Reads the world again. */
void keys_rows_refresh(struct keys_view *view);
/* True when the world holds other snapshots than those held. */
bool keys_rows_old(const struct keys_view *view);
const struct keys_item *keys_chosen(const struct keys_view *view);
/* Opens or closes a keychain or group; false for a key. */
bool keys_fold(struct keys_view *view, const struct keys_item *item);
void keys_set_filter(struct keys_view *view, const char *typed);
/* The zone of a unit's building, else the account's, else this computer's (then *told is false). */
const char *keys_zone(struct keys_view *view, unsigned account, const char *unit_id, bool *told);
/* Groups stand in the order of their numbers. */
#define KEYS_GROUP_ENDED 4
int keys_group_of(enum key_state state);
const char *keys_group_title(int group);

/* --- keys_table.c --- */
void keys_table_new(struct keys_view *view);
const char *keys_order_name(enum keys_order order);
const char *keys_sign(enum key_state state, bool ascii);
enum role keys_role(enum key_state state);
/* The visitor's or the keychain's name, or a word in its place. */
const char *keys_name_of(const struct keys_item *item);
/* "today until 18:00" */
void keys_item_words(const struct keys_view *view, const struct keys_item *item, struct buf *out);

/* --- keys_code.c --- */
struct keys_code *keys_code_of(struct keys_view *view, unsigned account, const struct access_key *key);
void keys_code_free(void *code);
/* The key whose code is to be seen now: the chosen one or one that was just made; false when there is none. */
bool keys_subject(struct keys_view *view, struct keys_item *subject);
/* "read from the vendor's picture" */
void keys_code_words(const struct keys_view *view, const struct keys_code *code, struct buf *out);
void keys_write(struct keys_view *view, const char *argument);
void keys_print(struct keys_view *view);
void keys_copy(struct keys_view *view);

/* --- keys_draw.c --- */
void keys_draw(struct keys_view *view, struct canvas *canvas, bool focus);
/* --- keys_draw_code.c --- */
/* Draws the code alone, or why there is none. `beside`, `above`: as qr_view_draw. */
void keys_draw_qr(struct keys_view *view, struct canvas *canvas, const struct keys_item *subject, int beside,
		  int above);
/* The code as large as it goes with its text. */
void keys_draw_whole(struct keys_view *view, struct canvas *canvas);
/* Name, recipient, unit, validity, code; returns the lines used. */
int keys_draw_details(struct keys_view *view, struct canvas *canvas, const struct keys_item *item, int x,
		      int y, int cells, int lines);

/* --- keys_may.c --- */
/* Whether something may be done; else view->why says why not. `account` of the thing; KIND_KEYS or KIND_KEYCHAINS. */
bool keys_may(struct keys_view *view, unsigned account, enum kind kind, enum verb verb);
/* The first account where keys may be made; false: none, view->why says why. */
bool keys_may_issue(struct keys_view *view, unsigned *account);
const struct hint *keys_hints(struct keys_view *view);

/* --- keys_issue.c, keys_issue_form.c, keys_issue_send.c --- */
void keys_issue_open(struct keys_view *view);
void keys_issue_free(struct keys_view *view);
bool keys_issue_input(struct keys_view *view, const struct input *input);
void keys_issue_draw(struct keys_view *view, struct canvas *canvas);
const struct raw_hint *keys_issue_hints(const struct keys_view *view);

/* --- keys_revoke.c --- */
/* What a report tells, or `otherwise`. */
const char *keys_said(const struct order_report *report, const char *otherwise);
void keys_revoke_ask(struct keys_view *view);
void keys_revoke_input(struct keys_view *view, const struct input *input);

#endif
