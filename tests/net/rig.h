/* What the session's tests share: a vendor, its server with a plan of misbehaviour, and requests whose
 * answers are kept. */
#ifndef LODGE_TESTS_NET_RIG_H
#define LODGE_TESTS_NET_RIG_H

#include "loopback.h"
#include "net/session.h"

#define REPLIES 64

struct reply {
	bool done;
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
};

struct rig {
	uv_loop_t loop;
	struct loopback *server, *other;
	struct session *session;
	struct limiter_pool *limiters;
	struct session_options options;
	struct plan plan;
	struct reply replies[REPLIES];
	unsigned n_replies, tokens;
	bool closed;
	char *folder;
};

/* A login by password at /login, a refresh at /refresh; the second kind under the lock. */
extern const struct auth_ops rig_auth, rig_auth_rotating;

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
