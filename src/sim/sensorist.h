/* The simulated Sensorist: what its parts share. Section numbers are those of sensorist.md. */
#ifndef LODGE_SIM_SENSORIST_H
#define LODGE_SIM_SENSORIST_H

#include "sim/app.h"
#include "sim/sensorist_data.h"

extern const struct sim_vendor sim_sens_vendor;

#define SIM_SENS_MAX_AGE_S 900 /* of everything but running workflows (§3) */
#define SIM_SENS_FORM 16
#define SIM_SENS_TIME 32

struct sim_sens {
	struct sim_app *app;
	struct sim_vendor_state *state;
	struct sim_sens_data *data;
	struct world_view *view; /* its own: history asks for many days */
	GHashTable *fresh; /* text of a GET → int64_t *, until when (mono) it must not be asked again */
	/* Of the call that is answered now. */
	const struct sim_sens_user *user; /* as whom it runs */
	struct sim_pair form[SIM_SENS_FORM];
	unsigned n_form;
	char *fresh_key; /* NULL: no GET */
};

static inline struct sim_sens *sim_sens_of(const struct sim_call *call) { return call->vendor; }

/* Opens the envelope (§2), and closes it; between them the payload is written. */
void sim_sens_open(struct sim_call *call, int max_age_s);
void sim_sens_close(struct sim_call *call);

/* {"code":status,"time":…,"error":text} (§6.9). */
void sim_sens_refuse(struct sim_call *call, int status, const char *error);

/* 400 for a request that the document forbids; also counted and listed. */
void sim_sens_invalid(struct sim_call *call, const char *why);

void sim_sens_absent(struct sim_call *call);

/* A field of a POST's form; NULL when it is missing or empty. */
const char *sim_sens_field(const struct sim_sens *sens, const char *name);

/* The number in a path or a list; -1 when it is none. */
int64_t sim_sens_number(const char *text);

/* The date of a query or MOMENT_NONE: missing, or none, which is noted. */
int64_t sim_sens_date(struct sim_call *call, const char *name);

/* "2026-03-02T09:59:04+0000" (§4); MOMENT_NONE is null. */
void sim_sens_write_date(struct jsonw *w, const char *key, int64_t t_ms);

/* May the user of the call see it? A helper sees the first building. */
bool sim_sens_sees(const struct sim_sens *sens, const struct sim_sens_gateway *gateway);

#endif
