#include "api/butlr/report.h"

#include "base/jsonw.h"
#include "base/moment.h"

static void write_list(struct jsonw *w, const char *const *texts, size_t n)
{
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_str(w, texts[i]);
	jsonw_close(w, ']');
}

static size_t count(const char *const *texts)
{
	size_t n = 0;

	while (texts != NULL && texts[n] != NULL)
		n++;
	return n;
}

static void write_filter(struct jsonw *w, const struct butlr_report_ask *ask)
{
	jsonw_key(w, "filter");
	jsonw_open(w, '{');
	jsonw_key(w, "start");
	jsonw_moment(w, ask->from_ms);
	if (ask->to_ms != MOMENT_NONE) {
		jsonw_key(w, "stop");
		jsonw_moment(w, ask->to_ms);
	}
	jsonw_key(w, "measurements");
	write_list(w, &ask->measurement, 1);
	if (ask->filter != NULL && ask->n_ids > 0) {
		jsonw_key(w, ask->filter);
		jsonw_open(w, '{');
		jsonw_key(w, "eq");
		write_list(w, ask->ids, ask->n_ids);
		jsonw_close(w, '}');
	}
	if (ask->with_zero) {
		jsonw_key(w, "value");
		jsonw_open(w, '{');
		jsonw_kint(w, "gte", 0);
		jsonw_close(w, '}');
	}
	if (ask->calibrated) /* a text, as the vendor's own client sends it */
		jsonw_kstr(w, "calibrated", "true");
	jsonw_close(w, '}');
}

void butlr_report_body(struct buf *body, const struct butlr_report_ask *ask)
{
	struct jsonw w;

	jsonw_init(&w, body, false);
	jsonw_open(&w, '{');
	jsonw_key(&w, "window");
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "every", ask->every);
	jsonw_kstr(&w, "function", ask->function);
	if (ask->timezone != NULL)
		jsonw_kstr(&w, "timezone", ask->timezone);
	if (ask->create_empty)
		jsonw_kbool(&w, "create_empty", true);
	jsonw_close(&w, '}');
	write_filter(&w, ask);
	jsonw_key(&w, "group_by");
	jsonw_open(&w, '{');
	jsonw_key(&w, "order");
	write_list(&w, ask->order, count(ask->order));
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
}

void butlr_stats_body(struct buf *body, const char *const *measurements, const char *const *items,
		      size_t n_items, int64_t from_ms, int64_t to_ms, const char *const *without_days,
		      const char *daily_from, const char *daily_to)
{
	struct jsonw w;

	jsonw_init(&w, body, false);
	jsonw_open(&w, '{');
	jsonw_key(&w, "measurements");
	write_list(&w, measurements, count(measurements));
	jsonw_key(&w, "items");
	write_list(&w, items, n_items);
	jsonw_key(&w, "start");
	jsonw_moment(&w, from_ms);
	jsonw_key(&w, "stop");
	jsonw_moment(&w, to_ms);
	if (count(without_days) > 0 || daily_from != NULL) {
		jsonw_key(&w, "filters");
		jsonw_open(&w, '{');
		if (count(without_days) > 0) {
			jsonw_key(&w, "exclude_days_of_week");
			write_list(&w, without_days, count(without_days));
		}
		if (daily_from != NULL) {
			jsonw_key(&w, "time_ranges");
			jsonw_open(&w, '[');
			jsonw_open(&w, '{');
			jsonw_kstr(&w, "start", daily_from);
			jsonw_kstr(&w, "stop", daily_to);
			jsonw_close(&w, '}');
			jsonw_close(&w, ']');
		}
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, '}');
}

const char *butlr_window(int64_t every_ms, int64_t *ms)
{
	static const struct {
		const char *word;
		int64_t ms;
	} windows[] = {
		{"1m", 60000},    {"5m", 300000},    {"15m", 900000},  {"30m", 1800000},  {"1h", 3600000},
		{"6h", 21600000}, {"12h", 43200000}, {"1d", 86400000}, {"1w", 604800000},
	};
	size_t best = 0;

	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++)
		if (windows[i].ms <= every_ms)
			best = i;
	*ms = windows[best].ms;
	return windows[best].word;
}
