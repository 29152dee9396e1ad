/* Filters of any text: the first byte chooses the kind, then each line is "name value". Whatever is accepted can be copied, defaulted and matched. */
#include "core/query.h"

#include "core/kind.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NOW_MS INT64_C(1787148425000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set_line(struct query *query, char *line)
{
	struct problem problem = {0};
	char *value = strchr(line, ' ');
	if (value)
		*value++ = '\0';
	int err = query_set(query, line, value ? value : "", NOW_MS, &problem);
	if (err != ERR_OK && (err != ERR_USAGE || problem.code != ERR_USAGE || !problem.why[0]))
		abort();
}

static void use(struct query *query)
{
	union {
		max_align_t align;
		char bytes[2048];
	} row;
	struct problem problem = {0};
	if (query_check(query, &problem) != ERR_OK && !problem.why[0])
		abort();
	query_apply_defaults(query, NOW_MS);
	kind_blank(query->kind, &row);
	struct query *copy = query_copy(query);
	if (!copy || query_match(copy, &row) != query_match(query, &row))
		abort();
	query_free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct query query;
	if (size == 0)
		return 0;
	char *text = malloc(size);
	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	query_init(&query, (enum kind)(data[0] % KIND_COUNT));
	for (char *line = text; line;) {
		char *end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		set_line(&query, line);
		line = end;
	}
	use(&query);
	query_fini(&query);
	free(text);
	return 0;
}
