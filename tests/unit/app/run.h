/* Running the built program as its users do: with a configuration of its own, an empty home, and a simulator beside it. */
#ifndef LODGE_TESTS_UNIT_APP_RUN_H
#define LODGE_TESTS_UNIT_APP_RUN_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A folder under /tmp with conf, state and home; the program sees nothing else of the user's. */
struct bench {
	char folder[64];
	char conf[96];
	pid_t sim;
	int sim_out;
	cJSON *ready; /* the simulator's line */
};

void bench_open(struct bench *bench);
/* Ends the simulator (and asserts that it ended well) and removes the folder. */
void bench_close(struct bench *bench);

/* Starts `lodge sim` with more arguments (NULL-terminated) and waits for its line. */
void bench_start_sim(struct bench *bench, const char *const *arguments);
void bench_stop_sim(struct bench *bench);

/* Writes conf: one account "hq" on the simulator plus more lines of that group. */
void bench_account(struct bench *bench, const char *more);
/* Writes conf as it is, mode 0600. */
void bench_conf(struct bench *bench, const char *text);

struct result {
	int status;      /* exit status; 128 + n for a signal */
	char *out, *err; /* freed by result_free */
	size_t out_length;
};

/* Runs `lodge --config CONF …`; arguments end with NULL. Waits for the end (a test's time-out is the harness's). */
struct result bench_run(struct bench *bench, ...) __attribute__((sentinel));
void result_free(struct result *result);

/* out parsed; asserts that it is one JSON document. cJSON_Delete it. */
cJSON *result_json(const struct result *result);

/* Starts it and leaves it running; *out is the reading end of its stdout. */
pid_t bench_spawn(struct bench *bench, int *out, const char *const *arguments);

/* Reads a line (without its end) from fd, waiting at most seconds; NULL at the end. free it. */
char *read_line(int fd, int seconds);

/* Waits for the process to end; its status as in struct result. */
int wait_for(pid_t pid);

/* Asserts that no byte could act on a terminal: only printable text and line ends. */
void assert_inert(const char *text, size_t length);

#endif
