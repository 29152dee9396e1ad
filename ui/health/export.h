/* Devices as a file: what is shown, in the order in which it is shown. */
#ifndef LODGE_UI_HEALTH_EXPORT_H
#define LODGE_UI_HEALTH_EXPORT_H

#include "ui/health/health.h"

enum health_format { HEALTH_NO_FORMAT, HEALTH_CSV, HEALTH_JSON };

/* By the ending of the file's name, letters large or small. */
enum health_format health_format_of(const char *path);

/* CSV: header and rows by RFC 4180, texts that a spreadsheet would take for a formula led by an apostrophe.
 * JSON: one array of objects, null for what is not
 * told, names of members as in the program's other JSON. Times are ISO 8601 UTC. */
void health_export(const struct health_item *const *items, size_t n, const struct world *world,
		   enum health_format format, struct buf *out);

#endif
