/* The simulator: an HTTP server on a loopback port that answers as the vendors do, from one simulated world.
 *
 * The command line is a table, so that help, man page and completions are made from it.
 */
#ifndef LODGE_SIM_SIM_H
#define LODGE_SIM_SIM_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define SIM_FAULTS_MAX 64

struct sim_options {
	unsigned port; /* 0 = any free one */
	uint64_t seed;
	unsigned sensors;                   /* 0 = those of the two buildings, about 120 */
	unsigned doors;                     /* 0 = those of the two buildings */
	double speed;                       /* simulated seconds in a real one */
	int64_t start_ms;                   /* simulated time at the start; MOMENT_NONE = real time */
	unsigned spaces;                    /* so many empty spaces more at Density */
	unsigned fps;                       /* frames of a sensor in a second, 1 to 8; 0 = 1 */
	unsigned page_size;                 /* rows in one page of a list; 0 = all in one */
	const char *faults[SIM_FAULTS_MAX]; /* VENDOR.NAME=VALUE; borrowed */
	unsigned n_faults;
	bool quiet;        /* do not print what is listened to */
	bool parent_watch; /* end when the parent process ends */
	FILE *ready;       /* where the line of addresses goes; NULL = stdout */
};

struct sim_option_row {
	const char *name;     /* without the dashes */
	const char *argument; /* as help shows it; NULL = takes none */
	const char *help;
	bool many; /* may be given more than once */
};

extern const struct sim_option_row sim_option_rows[];
extern const unsigned sim_n_option_rows;

/* One line of help for each fault: name, form and meaning. NULL past the end. */
const char *sim_fault_help(unsigned index, const char **meaning);

void sim_options_init(struct sim_options *options);

/* Sets one option by name; `value` is NULL for one that takes none. The text must outlive the options. ERR_USAGE. */
int sim_options_set(struct sim_options *options, const char *name, const char *value,
		    struct problem *problem) LODGE_MUST_USE;

/* Runs in the foreground until SIGINT or SIGTERM. Once the port listens, one JSON line of addresses and sign-in data is
 * written to `ready`. ERR_IO when the port cannot be had, ERR_UNSUPPORTED when the event loop's plugin is missing. */
int sim_run(const struct sim_options *options, struct problem *problem) LODGE_MUST_USE;

#endif
