/* Reports of every shape, and statistics. */
#include "api/butlr/report.h"
#include "base/jsonx.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take_sample(void *ctx, const struct butlr_sample *sample)
{
	size_t *n = ctx;

	*n += sample->room_id != NULL && sample->room_id[0] != '\0';
	return ERR_OK;
}

static int take_stat(void *ctx, const char *item, const char *measurement, double value)
{
	size_t *n = ctx;

	(void)measurement;
	(void)value;
	if (item == NULL)
		abort();
	*n += 1;
	return ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const orders[][3] = {
		{"room_id", "time", NULL},
		{"time", "field", NULL},
		{"room_id", "mac_address", NULL},
		{NULL},
	};
	struct problem problem;
	unsigned bad;
	size_t n = 0;

	jsonx_setup();
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		(void)!butlr_decode_report((const char *)data, size, orders[i], take_sample, &n, &bad,
					   &problem);
	(void)!butlr_decode_stats((const char *)data, size, take_stat, &n, &bad, &problem);
	return 0;
}
