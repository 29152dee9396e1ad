/* The simulator without its socket: vendors, their routes, faults and counters, and the control path.
 *
 * A vendor joins by one row in `vendors[]` of app.c: its prefix, its routes, and how it begins and ends.
 */
#ifndef LODGE_SIM_APP_H
#define LODGE_SIM_APP_H

#include "base/clock.h"
#include "sim/call.h"
#include "sim/faults.h"
#include "sim/sim.h"

#include <glib.h>

#define SIM_APP_VIOLATIONS 100 /* kept; later ones are only counted */

struct world;
struct world_view;
struct sim_vendor_state;

struct sim_vendor {
	const char *name;     /* also the prefix of its paths, without the slash */
	const char *optional; /* a first part that every path may also have, such as "/mobile"; NULL = none */
	const struct sim_route *routes;
	unsigned n_routes;
	void *(*begin)(struct sim_app *app, struct sim_vendor_state *state);
	void (*end)(void *vendor);
	/* Before the route: false when it answered itself (not signed in). May be NULL. */
	bool (*admit)(struct sim_call *call, const struct sim_route *route);
	bool own_form; /* `admit` looks at the query and the media types itself */
	/* Path or method unknown; the status is 404 or 405. */
	void (*unknown)(struct sim_call *call, int status);
};

/* What the app keeps for each vendor. */
struct sim_vendor_state {
	const struct sim_vendor *vendor;
	void *data; /* the vendor's own */
	struct sim_faults faults;
	uint64_t requests, logins, bytes, violations, faulted;
	uint64_t *by_route; /* n_routes */
	GPtrArray *listed;  /* char *, the first violations */
};

struct sim_app {
	struct sim_options options;
	const struct clock *clock;
	int64_t start_wall_ms, start_mono_ms;
	struct world *world;
	struct world_view *view;
	struct sim_vendor_state *vendors;
	unsigned n_vendors;
};

/* The options are copied but for the texts of `faults`, which must outlive the app. */
struct sim_app *sim_app_new(const struct sim_options *options, const struct clock *clock,
			    struct problem *problem);
void sim_app_free(struct sim_app *app);

/* Simulated wall clock: start + real time passed × speed. */
int64_t sim_app_now_ms(const struct sim_app *app);

/* Answers one request. */
void sim_app_handle(struct sim_app *app, const struct sim_request *request, struct sim_reply *reply);

/* Counts a request that does not follow the vendor's document, and lists it. */
void sim_app_violation(struct sim_call *call, const char *format, ...) LODGE_PRINTF(2, 3);

/* The same apart from a request. */
void sim_app_note(struct sim_vendor_state *state, const char *text);

struct sim_vendor_state *sim_app_vendor(struct sim_app *app, const char *name);

/* The vendor's state that a call belongs to. */
struct sim_vendor_state *sim_app_of(const struct sim_call *call);

#endif
