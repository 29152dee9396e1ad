/* Lists of REST v2: {data, next, prev} in pages, with a cursor that is passed back as ?next= (butlr.md §4.2). */
#ifndef LODGE_SIM_BUTLR_PAGE_H
#define LODGE_SIM_BUTLR_PAGE_H

#include "sim/call.h"

struct sim_page {
	const char *kind; /* a cursor of one kind is refused by another */
	unsigned count;   /* rows in all */
	void (*write)(struct sim_call *call, void *context, unsigned index);
	void *context;
	bool data_first; /* the samples differ in the order of the members */
	bool bare;       /* no next and prev while all rows fit one page, as the sensor list's sample */
};

/* Writes the page that the request asks for; 400 for a cursor it did not make. */
void sim_butlr_page(struct sim_call *call, const struct sim_page *page);

#endif
