/* Frames, detections and density. The same answer twice must bring nothing new; numbers read in place must be those of the C library. */
#include "api/butlr/detections.h"
#include "api/butlr/walk.h"
#include "base/jsonx.h"
#include "core/kind.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_number(const char *bytes, size_t size)
{
	struct jsonx_scan scan = butlr_walk_bytes(bytes, size);
	double number, again;
	char *text;

	if (size > 40 || !butlr_walk_number(&scan, &number))
		return;
	text = g_strndup((const char *)scan.start, (gsize)(scan.at - scan.start));
	again = g_ascii_strtod(text, NULL);
	if (again != number && !(isnan(again) && isnan(number)))
		abort();
	g_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GArray *cells = g_array_new(FALSE, FALSE, sizeof(struct butlr_cell));
	struct butlr_detect detect;
	struct problem problem;
	size_t rows;

	jsonx_setup();
	butlr_detect_init(&detect);
	detect.frames = kind_rows_new(KIND_FRAMES, "fuzz", "butlr");
	detect.detections = kind_rows_new(KIND_DETECTIONS, "fuzz", "butlr");
	detect.placeholders = size % 2 == 0;
	(void)!butlr_decode_detections((const char *)data, size, &detect, &problem);
	rows = rows_count(detect.frames) + rows_count(detect.detections);
	(void)!butlr_decode_detections((const char *)data, size, &detect, &problem);
	if (rows_count(detect.frames) + rows_count(detect.detections) != rows)
		abort(); /* the same answer again brings nothing new */
	butlr_detections_sort(detect.frames);
	butlr_detections_sort(detect.detections);
	(void)!butlr_decode_density((const char *)data, size, cells, &problem);
	read_number((const char *)data, size);
	rows_unref(detect.frames);
	rows_unref(detect.detections);
	butlr_detect_fini(&detect);
	g_array_unref(cells);
	return 0;
}
