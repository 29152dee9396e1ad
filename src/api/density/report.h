/* Windows of metrics, raw sessions and how complete they are (density.md §4): answers to rows. Pure. */
#ifndef LODGE_API_DENSITY_REPORT_H
#define LODGE_API_DENSITY_REPORT_H

#include "api/density/range.h"
#include "api/density/space.h"
#include "model/live.h"
#include "model/rows.h"

/* Where rows of a query go. */
struct dens_report {
	struct rows *rows; /* of occupancy, or of sessions */
	const struct dens_tree *tree;
	const uint8_t *wanted; /* as dens_tree_select; spaces that are not in the tree pass when `strangers` */
	bool strangers;
	struct dens_every every;
	const char **ids, **names; /* by index: texts of the rows' arena, made when first needed */
	GHashTable *zones;         /* name → struct moment_zone * */
	GArray *slices;            /* struct dens_slice */
};

/* How complete a floor's data are. */
struct dens_slice {
	const struct dens_space *floor;
	int64_t from_ms, to_ms;
	double complete;
};

void dens_report_init(struct dens_report *report, struct rows *rows, const struct dens_tree *tree,
		      const uint8_t *wanted, bool strangers);
void dens_report_fini(struct dens_report *report);

/* The zone of that name, kept; UTC for NULL and for names that are not known. */
const struct moment_zone *dens_zone(struct dens_report *report, const char *name);

/* An answer of the metrics for one piece. Rows are added as they come: dens_metrics_finish puts them in order. */
int dens_metrics_read(struct dens_report *report, const char *bytes, size_t length,
		      const struct dens_piece *piece, struct problem *problem) LODGE_MUST_USE;
/* An answer of data-status for one slice of time. */
int dens_status_read(struct dens_report *report, const char *bytes, size_t length, int64_t from_ms,
		     int64_t to_ms, struct problem *problem) LODGE_MUST_USE;
/* Each window once, windows put together where the server has none of that length, completeness filled in. By start, `newest_first`: backward. */
void dens_metrics_finish(struct dens_report *report, bool newest_first);

int dens_sessions_read(struct dens_report *report, const char *bytes, size_t length,
		       struct problem *problem) LODGE_MUST_USE;
void dens_sessions_finish(struct dens_report *report, bool newest_first);

#endif
