/* The answers of /api/v3/reporting: rows, and the four shapes they are told in (butlr.md §7.1). */
#ifndef LODGE_SIM_BUTLR_REPORT_H
#define LODGE_SIM_BUTLR_REPORT_H

#include "sim/butlr_series.h"

struct sim_report_row {
	const struct sim_series *series;
	int64_t start_ms, end_ms; /* the window */
	double value;
};

struct sim_report {
	struct sim_butlr *butlr;
	const GArray *rows; /* struct sim_report_row */
	const cJSON *order; /* group_by.order; NULL = none */
	bool raw;           /* group_by.raw */
	bool zoned;         /* the request named a time zone */
	bool bare;          /* no measurement was named: statistics without first and last */
	bool csv;
	int64_t start_ms, stop_ms; /* the query's range */
	int page, limit;           /* paginate; limit 0 = not asked for */
};

/* Writes the whole answer; sets the content type for CSV. */
void sim_report_write(struct sim_call *call, const struct sim_report *report);

/* True for a word that group_by.order may hold. */
bool sim_report_is_key(const char *word);

#endif
