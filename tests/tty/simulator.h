/* A simulator of the program's own as a child, and a configuration that points to it: for tests that take the server away. */
#ifndef LODGE_TESTS_TTY_SIMULATOR_H
#define LODGE_TESTS_TTY_SIMULATOR_H

#include <sys/types.h>

struct simulator {
	pid_t child;
	int port;
	char folder[64];         /* of the test, removed by simulator_free */
	char environment[3][96]; /* XDG_CONFIG_HOME, XDG_STATE_HOME and HOME within it, as "NAME=value" */
	char line[1024];         /* what it printed when it was ready */
};

/* Starts it on a free port and writes a configuration with one account "hq" and these lines of [ui]; fails the test when it does not start. */
void simulator_start(struct simulator *simulator, const char *ui);
/* Again on the same port, after simulator_kill. `fault` may be NULL. */
void simulator_again(struct simulator *simulator, const char *fault);
void simulator_kill(struct simulator *simulator);
void simulator_free(struct simulator *simulator);

#endif
