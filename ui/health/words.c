#include "ui/health/words.h"

#include "base/moment.h"

#include <math.h>

static const struct {
	const char *word, *sign, *ascii, *counted;
	enum role role;
} states[HEALTH_STATES] = {
	[HEALTH_OFFLINE] = {"offline", "✕", "x", "offline", ROLE_BAD},
	[HEALTH_BATTERY] = {"battery", "▲", "!", "battery low", ROLE_WARN},
	[HEALTH_DEGRADED] = {"degraded", "◐", "~", "degraded", ROLE_WARN},
	[HEALTH_BEHIND] = {"hive offline", "✕", "x", "behind an offline hive", ROLE_DIM},
	[HEALTH_UNKNOWN] = {"unknown", "?", "?", "unknown", ROLE_UNKNOWN},
	[HEALTH_OK] = {"ok", "●", "o", "ok", ROLE_OK},
};

const char *health_word(enum health_state state) { return states[state].word; }

const char *health_sign(enum health_state state, bool ascii)
{
	return ascii ? states[state].ascii : states[state].sign;
}

enum role health_role(enum health_state state) { return states[state].role; }

void health_add_span(struct buf *out, int64_t span_ms)
{
	int64_t seconds = span_ms / 1000;
	if (seconds < 60)
		buf_adds(out, "<1 min");
	else if (seconds < 3600)
		buf_addf(out, "%d min", (int)(seconds / 60));
	else if (seconds < 48 * 3600)
		buf_addf(out, "%d h", (int)(seconds / 3600));
	else
		buf_addf(out, "%lld d", (long long)(seconds / 86400));
}

static void add_days(struct buf *out, double days)
{
	if (fabs(days) > 99999)
		return;
	if (days < 0)
		buf_addf(out, "%d d late", (int)ceil(-days));
	else
		buf_addf(out, "%d d", (int)days);
}

void health_add_battery(struct buf *out, const struct health_item *item)
{
	if (item->mains == 1) {
		buf_adds(out, "mains");
		return;
	}
	bool percent = item->battery_percent >= 0 && item->battery_percent <= 1000;
	if (percent)
		buf_addf(out, "%d %%", (int)item->battery_percent);
	if (percent && !isnan(item->battery_days))
		buf_adds(out, ", ");
	if (!isnan(item->battery_days))
		add_days(out, item->battery_days);
	else if (!percent && item->due)
		buf_adds(out, "low");
}

void health_add_measure(struct buf *out, const struct health_item *item, int64_t now_ms)
{
	if (item->state == HEALTH_BATTERY)
		health_add_battery(out, item);
	else if (item->since_ms != MOMENT_NONE)
		health_add_span(out, now_ms - item->since_ms);
}

void health_add_figure(struct buf *out, const struct health_counts *counts)
{
	size_t need = health_needing(counts), unknown = counts->state[HEALTH_UNKNOWN];
	if (counts->devices == 0)
		return;
	if (need > 0)
		buf_addf(out, "%zu of %zu need%s you", need, counts->devices, need == 1 ? "s" : "");
	else if (unknown > 0)
		buf_addf(out, "%zu of %zu unknown", unknown, counts->devices);
	else
		buf_addf(out, "all %zu well", counts->devices);
}

void health_add_summary(struct buf *out, const struct health_counts *counts)
{
	if (counts->devices == 0) {
		buf_adds(out, "no sensors or hives told yet");
		return;
	}
	health_add_figure(out, counts);
	const char *between = ": ";
	for (int s = 0; s < HEALTH_OK; s++) {
		size_t n = counts->state[s];
		if (n == 0 || (s == HEALTH_UNKNOWN && health_needing(counts) == 0))
			continue;
		if (s == HEALTH_OFFLINE && counts->hives_offline == n)
			buf_addf(out, "%s%zu hive%s offline", between, n, n == 1 ? "" : "s");
		else if (s == HEALTH_OFFLINE && counts->hives_offline > 0)
			buf_addf(out, "%s%zu offline (%zu hive%s)", between, n, counts->hives_offline,
				 counts->hives_offline == 1 ? "" : "s");
		else
			buf_addf(out, "%s%zu %s", between, n, states[s].counted);
		between = ", ";
	}
}

void health_add_batteries(struct buf *out, const struct health_counts *counts)
{
	if (counts->due > 0)
		buf_addf(out, "%zu batter%s to replace within %d days", counts->due,
			 counts->due == 1 ? "y" : "ies", HEALTH_WALK_DAYS);
}
