/* Any bytes as a JSON document, whole and row by row; every value is read in every way. */
#include "base/jsonx.h"
#include "base/moment.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void read_value(const cJSON *item, unsigned depth)
{
	require(depth <= JSONX_DEPTH);
	const char *text = jsonx_str(item);
	require(!text || text[0]);
	jsonx_num(item);
	int truth = jsonx_truthy(item);
	require(truth >= -1 && truth <= 1);
	int64_t moment_ms = jsonx_moment(item);
	require(moment_ms == MOMENT_NONE || moment_ms >= 0);
	jsonx_path(item, "a.b.c");
	for (const cJSON *child = item->child; child; child = child->next) {
		if (cJSON_IsObject(item))
			require(child->string && jsonx_get(item, child->string));
		read_value(child, depth + 1);
	}
}

static int read_row(void *ctx, const char *member, bool in_array, const cJSON *element)
{
	unsigned *rows = ctx;
	(void)in_array;
	require(member && element);
	read_value(element, 0);
	/* Now and then the reader has had enough. */
	return ++*rows == 100 ? ERR_CANCELLED : ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jsonx doc;
	struct problem problem = {0};
	unsigned rows = 0, bad = 0;
	jsonx_setup();
	jsonx_init(&doc);
	int err = jsonx_parse(&doc, (const char *)data, size, &problem);
	require((err == ERR_OK) == (doc.root != NULL) && err == problem.code);
	if (doc.root)
		read_value(doc.root, 0);
	int walked = jsonx_each_row(&doc, (const char *)data, size, read_row, &rows, &bad, &problem);
	/* What is good row by row is good as a whole, but for the brackets around the rows. */
	require(walked != ERR_OK || bad || err == ERR_OK || err == ERR_TOO_DEEP);
	jsonx_fini(&doc);
	return 0;
}
