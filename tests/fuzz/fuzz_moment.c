/* Any text as a time, a span or a zone's name. */
#include "base/moment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define YEAR_2201_MS INT64_C(7289654400000)

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* What was read lies within the years, and is read the same when written. */
static void check(int64_t moment_ms)
{
	char text[MOMENT_TEXT_SIZE];
	if (moment_ms == MOMENT_NONE)
		return;
	require(moment_ms >= 0 && moment_ms < YEAR_2201_MS);
	require(moment_parse(moment_format(moment_ms, text)) == moment_ms);
}

static void check_in(const struct moment_zone *zone, const char *text, int64_t any_ms)
{
	char out[MOMENT_TEXT_SIZE];
	check(moment_parse_in(text, zone));
	moment_format_in(any_ms, zone, out);
	struct moment_parts parts = moment_split(any_ms, zone);
	require(parts.month >= 1 && parts.month <= 12 && parts.day >= 1 && parts.day <= 31 &&
		parts.weekday >= 0 && parts.weekday <= 6 && parts.hour >= 0 && parts.hour < 24);
	int64_t back_ms = moment_join(&parts, zone);
	/* Within the years that matter a joined time is the same one, or the earlier of two. */
	if (any_ms >= 0 && any_ms < YEAR_2201_MS)
		require(back_ms <= any_ms && any_ms - back_ms < 90000000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 512)
		return 0;
	char *text = malloc(size + 1);
	int64_t any_ms = 0;
	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	if (size)
		memcpy(&any_ms, data, size < sizeof(any_ms) ? size : sizeof(any_ms));
	check(moment_parse(text));
	check(moment_parse_user(text, INT64_C(1700000000000)));
	int64_t span_ms = moment_span_ms(text);
	require(span_ms >= -1 && span_ms <= INT64_C(3653) * 86400000);
	struct moment_zone *named = moment_zone_new(text), *zone = moment_zone_new("America/New_York");
	check_in(NULL, text, any_ms);
	check_in(named, text, any_ms);
	check_in(zone, text, any_ms);
	check_in(zone, text, (int64_t)((uint64_t)any_ms % (uint64_t)YEAR_2201_MS));
	if (size >= sizeof(struct moment_parts)) {
		struct moment_parts parts;
		memcpy(&parts, data, sizeof(parts));
		moment_join(&parts, zone);
	}
	moment_zone_free(zone);
	moment_zone_free(named);
	free(text);
	return 0;
}
