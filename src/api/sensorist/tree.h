/* Gateways, their sensors, and the sensors' data sources (sensorist.md §6.2). Private to this folder, pure. */
#ifndef LODGE_API_SENSORIST_TREE_H
#define LODGE_API_SENSORIST_TREE_H

#include "api/sensorist/shape.h"

#include <glib.h>

enum sens_use { SENS_OTHER, SENS_BATTERY, SENS_SIGNAL };

/* One thing that a sensor measures. Texts are inert and the tree's. */
struct sens_source {
	const char *id, *quantity, *unit;
	double interval_s; /* NAN: not told */
	enum sens_use use;
	bool fahrenheit; /* the vendor tells °F; `unit` says °C, and so do rows */
	bool gone;       /* disconnected */
	unsigned sensor; /* index */
	/* the newest reading, where it was asked for */
	int64_t time_ms;
	double value;
};

struct sens_sensor {
	const char *id, *serial, *name, *model;
	const char *gateway_id; /* through which it reports */
	bool gone;
	unsigned gateway; /* index of the one under which it is listed */
	guint first, n;   /* its sources, which follow each other */
};

struct sens_gateway {
	const char *id, *serial, *name;
	bool gone;
	int64_t gone_ms; /* MOMENT_NONE: not told */
};

struct sens_tree {
	struct arena arena;
	GArray *gateways, *sensors, *sources;
	GHashTable *by_id; /* "g4101", "s50211", "d301003": index + 1 */
	unsigned bad;      /* things without an id */
};

struct sens_tree *sens_tree_new(void);
void sens_tree_free(struct sens_tree *tree);
/* Reads an answer of GET /gateways, or one with a gateway or a sensor alone. ERR_PARSE when it is no JSON. */
int sens_tree_read(struct sens_tree *tree, const char *bytes, size_t length,
		   struct problem *problem) LODGE_MUST_USE;

/* NULL when there is none of that id. */
struct sens_source *sens_tree_source(const struct sens_tree *tree, const char *id);
const struct sens_sensor *sens_tree_sensor(const struct sens_tree *tree, const char *id);
const struct sens_gateway *sens_tree_gateway(const struct sens_tree *tree, const char *id);

/* A reading of the source in the unit that rows have. */
double sens_value(const struct sens_source *source, double value);
/* And back, for an alarm's threshold. */
double sens_threshold(const struct sens_source *source, double value);

/* Rows. `now_ms` is for judging the age of readings; without `sources` having any, it does not matter. False at the ceiling. */
bool sens_add_gateway(struct rows *rows, const struct sens_tree *tree, const struct sens_gateway *gateway);
bool sens_add_sensor(struct rows *rows, const struct sens_tree *tree, const struct sens_sensor *sensor,
		     int64_t now_ms);

#endif
