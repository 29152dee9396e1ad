/* Tokens that change at each use, shared by several processes of one person: renewed once, never lost, never a storm. */
#include "net/session.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "base/secret.h"
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDENTITY "rotating"

static void use(struct rig *rig, const struct auth_ops *auth)
{
	rig_close(rig);
	rig->options.auth = auth;
	rig->options.identity = IDENTITY;
	rig->options.state_folder = rig->folder;
	rig->plan.strict = true;
	rig_open(rig);
}

/* What a person pasted, or an earlier run left. */
static void put_pair(struct rig *rig, unsigned number, double life_s, int64_t obtained_ms)
{
	struct token token = {.expires_ms = MOMENT_NONE};
	char access[32], refresh[32];

	g_snprintf(access, sizeof(access), "token-%u", number);
	g_snprintf(refresh, sizeof(refresh), "refresh-%u", number);
	token_set(&token, secret_new(access, strlen(access)), secret_new(refresh, strlen(refresh)), life_s,
		  obtained_ms);
	assert_int_equal(token_save(&token, rig->folder, IDENTITY, NULL), ERR_OK);
	token_fini(&token);
}

static void assert_kept(struct rig *rig, const char *refresh)
{
	struct token token = {.expires_ms = MOMENT_NONE};

	assert_int_equal(token_load(&token, rig->folder, IDENTITY, NULL), ERR_OK);
	assert_string_equal(token.refresh, refresh);
	token_fini(&token);
}

/* --- other processes --- */

struct child {
	bool done;
	int status;
};

static void on_child_reply(void *ctx, const struct session_answer *answer)
{
	struct child *child = ctx;

	child->done = true;
	child->status = answer->status;
}

/* Fetches /thing as a process of its own; the server stays here. It ends with 0 when it was let in. */
static pid_t spawn(struct rig *rig, const struct auth_ops *auth)
{
	struct session_options options = rig->options;
	struct session_request request = {.method = "GET", .path = "/thing", .repeatable = true};
	struct problem problem = {.code = ERR_OK};
	struct child child = {.done = false};
	pid_t pid = fork();
	uv_loop_t loop;
	struct session *session;

	if (pid != 0)
		return pid;
	alarm(15);
	options.auth = auth;
	options.limiters = NULL;
	if (uv_loop_init(&loop) != 0 || (session = session_new(&loop, &options, &problem)) == NULL ||
	    session_send(session, &request, on_child_reply, &child) < 0)
		_exit(2);
	while (!child.done)
		uv_run(&loop, UV_RUN_ONCE);
	_exit(child.status == 200 ? 0 : 1);
}

/* Serves until it ends; its wait status. */
static int serve(struct rig *rig, pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0)
		uv_run(&rig->loop, UV_RUN_ONCE);
	return status;
}

static void run_children(struct rig *rig, const struct auth_ops *auth, unsigned count)
{
	pid_t pids[8];

	assert_true(count <= G_N_ELEMENTS(pids));
	for (unsigned i = 0; i < count; i++)
		pids[i] = spawn(rig, auth);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(serve(rig, pids[i]), 0);
}

/* Ends this process at once when the server has answered, before anything can be stored. */
static int deadly_answer(void *state, const char *bytes, size_t length, int64_t now_ms, struct token *token,
			 struct problem *problem)
{
	(void)state, (void)bytes, (void)length, (void)now_ms, (void)token, (void)problem;
	raise(SIGKILL);
	return ERR_OK;
}

static void test_processes_share_one_renewal(void **state)
{
	struct rig *rig = *state;

	use(rig, &rig_auth_rotating);
	rig_fetch(rig, "/thing", rig_read);
	rig->plan.valid = 1;
	rig->plan.check_stored = true;
	/* one in each process: whoever comes second finds the new pair */
	run_children(rig, &rig_auth_rotating, 5);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 1);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 1);
	assert_kept(rig, "refresh-2");
	/* and so does the one that was here before them */
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 1);
}

static void test_processes_share_one_sign_in(void **state)
{
	struct rig *rig = *state;

	use(rig, &rig_auth);
	run_children(rig, &rig_auth, 6);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 1);
	assert_int_equal(loopback_count_of(rig->server, "/thing"), 6);
}

static void kill_between(struct rig *rig)
{
	struct auth_ops deadly = rig_auth_rotating;
	int status;

	use(rig, &rig_auth_rotating);
	rig_fetch(rig, "/thing", rig_read);
	rig->plan.valid = 1;
	deadly.answer = deadly_answer;
	status = serve(rig, spawn(rig, &deadly));
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(rig->tokens, 2);
	assert_kept(rig, "refresh-1");
}

/* The lost pair was never used, so the old one still counts. */
static void test_killed_between_answer_and_storage(void **state)
{
	struct rig *rig = *state;

	rig->plan.lenient = true;
	kill_between(rig);
	rig->plan.valid = 2;
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 2);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 1);
	assert_kept(rig, "refresh-3");
}

/* A server that ends the old one at once: the password is what is left. */
static void test_killed_and_the_old_pair_is_dead(void **state)
{
	struct rig *rig = *state;

	kill_between(rig);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 2);
	assert_kept(rig, "refresh-3");
}

/* --- refused, failed, lost --- */

static void test_signed_out_is_said_and_not_repeated(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->tokens = 5;
	put_pair(rig, 1, 3600, 1);
	use(rig, &rig_auth_pasted);
	for (unsigned i = 0; i < 5; i++) {
		reply = rig_fetch(rig, "/thing", rig_read);
		assert_int_equal(reply->error, ERR_AUTH);
		assert_string_equal(reply->problem.what, "sign-in");
		assert_string_equal(reply->problem.why,
				    "signed out: the server answered 401 to the renewal: invalid_grant");
		assert_string_equal(reply->problem.todo, "paste a new pair");
	}
	assert_int_equal(loopback_count(rig->server), 1);
	/* The person does so, in another process. */
	put_pair(rig, 5, 3600, clock_wall_ms(&clock_system));
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count(rig->server), 2);
}

/* A refused login is not repeated for a minute; what another process has got ends that. */
static void test_another_process_ends_a_refusal(void **state)
{
	struct rig *rig = *state;

	use(rig, &rig_auth_rotating);
	rig->plan.refuse_logins = 1000;
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->error, ERR_AUTH);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->error, ERR_AUTH);
	put_pair(rig, 1, 3600, clock_wall_ms(&clock_system));
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 1);
}

static void test_a_server_that_fails_signs_nobody_out(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->tokens = 1;
	put_pair(rig, 1, 3600, 1);
	rig->plan.fail_refreshes = 3;
	use(rig, &rig_auth_pasted);
	reply = rig_fetch(rig, "/thing", rig_read);
	assert_int_equal(reply->error, ERR_SERVER);
	assert_string_equal(reply->problem.why, "the server answered 503, 3 tries");
	assert_kept(rig, "refresh-1");
	rig_close(rig); /* a next run */
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 4);
	assert_kept(rig, "refresh-2");
}

/* Within the margin before its end a token is renewed; when that fails, it has not ended for that. */
static void test_the_old_token_serves_while_the_server_fails(void **state)
{
	struct rig *rig = *state;

	rig->tokens = 1;
	put_pair(rig, 1, 1000, clock_wall_ms(&clock_system) - 900000);
	rig->plan.fail_refreshes = 3;
	use(rig, &rig_auth_pasted);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 3);
	assert_string_equal(loopback_header(rig->server, 3, "Authorization"), "Bearer token-1");
	assert_kept(rig, "refresh-1");
}

static void test_a_lost_answer_is_asked_for_once_more(void **state)
{
	struct rig *rig = *state;

	rig->tokens = 1;
	put_pair(rig, 1, 3600, 1);
	rig->plan.lose_refreshes = 1;
	rig->plan.lenient = true;
	use(rig, &rig_auth_pasted);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 2);
	assert_non_null(strstr(loopback_at(rig->server, 1)->body, "\"refresh-1\""));
	assert_kept(rig, "refresh-3");
}

static void test_lost_answers_are_not_asked_for_again_and_again(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->tokens = 1;
	put_pair(rig, 1, 3600, 1);
	rig->plan.lose_refreshes = 1000;
	use(rig, &rig_auth_pasted);
	rig->plan.strict = false;
	rig_close(rig);
	rig->options.attempts = 6;
	rig_open(rig);
	reply = rig_fetch(rig, "/thing", rig_read);
	assert_int_equal(reply->error, ERR_UNREACHED);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 2);
	assert_kept(rig, "refresh-1");
}

/* The file counts although it is older by the clock: a clock that was set back must not make us use up a token that is spent. */
static void test_the_file_counts_more_than_the_clock(void **state)
{
	struct rig *rig = *state;

	use(rig, &rig_auth_rotating);
	rig_fetch(rig, "/thing", rig_read);
	rig->plan.valid = 1;
	rig->tokens = 2; /* another process has renewed it, an hour "ago" */
	put_pair(rig, 2, 36000, clock_wall_ms(&clock_system) - 3600000);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 0);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 1);
}

/* The file still holds the access token that the server has just refused. */
static void test_a_dead_token_is_not_taken_from_the_file(void **state)
{
	struct rig *rig = *state;

	use(rig, &rig_auth_rotating);
	rig_fetch(rig, "/thing", rig_read);
	put_pair(rig, 1, 36000, clock_wall_ms(&clock_system));
	rig->plan.valid = 1;
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 1);
	assert_int_equal(loopback_count_of(rig->server, "/thing"), 3);
}

static void test_a_lock_that_is_held_is_waited_for(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;
	int lock;

	use(rig, &rig_auth_rotating);
	assert_int_equal(token_lock(rig->folder, IDENTITY, &lock, NULL), ERR_OK);
	reply = rig_start(rig, "/thing", rig_read);
	for (unsigned i = 0; i < 20; i++) /* each turn is 5 ms at most */
		uv_run(&rig->loop, UV_RUN_ONCE);
	assert_int_equal(loopback_count(rig->server), 0);
	put_pair(rig, 1, 3600, clock_wall_ms(&clock_system));
	token_unlock(lock);
	loopback_run(&rig->loop, &reply->done);
	assert_int_equal(reply->status, 200);
	assert_int_equal(loopback_count(rig->server), 1);
}

/* A full disk must not lose the pair for good. */
static void test_what_could_not_be_stored_is_stored_at_the_end(void **state)
{
	struct token token = {.expires_ms = MOMENT_NONE};
	struct rig *rig = *state;
	char *folder = g_build_filename(rig->folder, "sub", NULL), *path;
	const char *name;
	GDir *dir;

	assert_true(g_file_set_contents(folder, "", 0, NULL)); /* a file where the folder should be */
	use(rig, &rig_auth_rotating);
	rig_close(rig);
	rig->options.state_folder = folder;
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(g_remove(folder), 0);
	rig_close(rig);
	assert_int_equal(token_load(&token, folder, IDENTITY, NULL), ERR_OK);
	assert_string_equal(token.refresh, "refresh-1");
	token_fini(&token);
	dir = g_dir_open(folder, 0, NULL);
	while ((name = g_dir_read_name(dir)) != NULL) {
		path = g_build_filename(folder, name, NULL);
		g_remove(path);
		g_free(path);
	}
	g_dir_close(dir);
	g_free(folder); /* empty; the folder itself goes at the end of the test */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(test_processes_share_one_renewal),
		RIG_TEST(test_processes_share_one_sign_in),
		RIG_TEST(test_killed_between_answer_and_storage),
		RIG_TEST(test_killed_and_the_old_pair_is_dead),
		RIG_TEST(test_signed_out_is_said_and_not_repeated),
		RIG_TEST(test_another_process_ends_a_refusal),
		RIG_TEST(test_a_server_that_fails_signs_nobody_out),
		RIG_TEST(test_the_old_token_serves_while_the_server_fails),
		RIG_TEST(test_a_lost_answer_is_asked_for_once_more),
		RIG_TEST(test_lost_answers_are_not_asked_for_again_and_again),
		RIG_TEST(test_the_file_counts_more_than_the_clock),
		RIG_TEST(test_a_dead_token_is_not_taken_from_the_file),
		RIG_TEST(test_a_lock_that_is_held_is_waited_for),
		RIG_TEST(test_what_could_not_be_stored_is_stored_at_the_end),
	};
	int failed;

	loopback_forget_proxies();
	if (http_setup() != ERR_OK)
		return 1;
	jsonx_setup();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	http_teardown();
	return failed;
}
