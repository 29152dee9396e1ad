#include "api/butlr/plain.h"

#include <string.h>

static bool plain_line(struct jsonx_scan *scan, double *celsius, int n)
{
	for (int i = 0; i < n; i++) {
		if (butlr_walk_peek(scan) == 0 || !butlr_walk_number(scan, &celsius[i]))
			return false;
		if (i + 1 < n && butlr_walk_peek(scan) != ',')
			return false;
		scan->at += i + 1 < n;
	}
	if (butlr_walk_peek(scan) != ']')
		return false;
	scan->at++;
	return true;
}

static bool plain_grid(struct jsonx_scan *scan, double *celsius)
{
	if (butlr_walk_peek(scan) != '[')
		return false;
	scan->at++;
	if (butlr_walk_peek(scan) != '[')
		return plain_line(scan, celsius, 64);
	for (int row = 0; row < 8; row++) {
		if (butlr_walk_peek(scan) != '[')
			return false;
		scan->at++;
		if (!plain_line(scan, celsius + 8 * row, 8) || butlr_walk_peek(scan) != (row < 7 ? ',' : ']'))
			return false;
		scan->at++;
	}
	return true;
}

static bool plain_address(struct jsonx_scan *scan, char *address, size_t size)
{
	struct jsonx_extent extent;

	if (butlr_walk_peek(scan) != '"' || jsonx_scan_value(scan, &extent) != ERR_OK ||
	    extent.length - 2 >= size || extent.length <= 2)
		return false;
	for (size_t i = 1; i + 1 < extent.length; i++) {
		if (extent.start[i] < 0x21 || extent.start[i] > 0x7E || extent.start[i] == '\\')
			return false;
		address[i - 1] = (char)extent.start[i];
	}
	address[extent.length - 2] = '\0';
	return true;
}

bool butlr_plain_frame(struct jsonx_scan *scan, struct butlr_plain_frame *frame)
{
	struct butlr_walk walk;
	int more;

	frame->address[0] = '\0';
	frame->has_time = frame->has_value = false;
	if (butlr_walk_peek(scan) != '{')
		return false;
	butlr_walk_open(&walk, scan);
	while ((more = butlr_walk_next(&walk)) == 1) {
		bool good = false;
		if (strcmp(walk.key, "value") == 0 && !frame->has_value)
			good = frame->has_value = plain_grid(&walk.scan, frame->celsius);
		else if (strcmp(walk.key, "sample_time") == 0 && !frame->has_time)
			good = frame->has_time = butlr_walk_number(&walk.scan, &frame->sample);
		else if (strcmp(walk.key, "start_time") == 0)
			good = butlr_walk_number(&walk.scan, &frame->start);
		else if (strcmp(walk.key, "mac_address") == 0 && frame->address[0] == '\0')
			good = plain_address(&walk.scan, frame->address, sizeof(frame->address));
		if (!good)
			return false;
	}
	*scan = walk.scan;
	return more == 0 && frame->has_time && frame->has_value && frame->address[0] != '\0';
}
