/* What the session's tests share: a vendor, its server with a plan of misbehaviour, and requests whose
 * answers are kept. */
#ifndef LODGE_TESTS_NET_RIG_H
#define LODGE_TESTS_NET_RIG_H

#include "loopback.h"
#include "net/session.h"

#define REPLIES 64

struct reply {
	bool done;
	char content_type[96];
	unsigned calls, tries;
	int error, status;
	bool request_sent, cached;
	struct problem problem;
	char *body;
	int64_t number;
	struct session *close_then;
};

/* How the server behaves; counts run down. */
struct plan {
	unsigned refuse_logins; /* answers 401 so often */
	int login_status;       /* instead of 401 */
	unsigned fail_logins;   /* 503 */
	bool login_stuck, login_garbage;
	unsigned valid; /* tokens up to this number are no longer accepted */
	bool never_valid;
	unsigned failures; /* of /flaky */
	int failure_status;
	const char *failure_headers;
	bool failure_resets;
	double life_s;
	bool refresh_refused;
	/* a refresh token is good once; with `lenient` the one before is good, too, until the newest access token
	 * was used */
	bool strict, lenient;
	unsigned fail_refreshes; /* 503, nothing done */
	unsigned lose_refreshes; /* done, and then reset */
	bool check_stored;       /* the newest access token is in the file before it is used */
};

struct rig {
	uv_loop_t loop;
	struct loopback *server, *other;
	struct session *session;
	struct limiter_pool *limiters;
	struct session_options options;
	struct plan plan;
	struct reply replies[REPLIES];
	unsigned n_replies, tokens,
		used;         /* numbers of the newest pair, and of the newest access token seen */
	unsigned other_count; /* requests that came to `other` */
	bool closed;
	char *folder;
};

/* A login by password at /login, a refresh at /refresh; the second kind under the lock. */
extern const struct auth_ops rig_auth, rig_auth_rotating;
/* As the second, but without a password: only the refresh token helps. */
extern const struct auth_ops rig_auth_pasted;

extern const struct session_request rig_read, rig_write;

int rig_set_up(void **state);
int rig_tear_down(void **state);
void rig_open(struct rig *rig); /* a session with rig->options */
void rig_close(struct rig *rig);
void rig_on_closed(void *ctx); /* sets a bool */

/* Keeps what came in a struct reply. */
void rig_on_reply(void *ctx, const struct session_answer *answer);

/* Sends a request (rig_read: a repeatable GET; rig_write: a POST); fetch waits for its answer. */
struct reply *rig_start(struct rig *rig, const char *path, struct session_request request);
struct reply *rig_fetch(struct rig *rig, const char *path, struct session_request request);
void rig_run_all(struct rig *rig);
void rig_wait_for_requests(struct rig *rig, unsigned count);

#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

#endif
