#include "ui/widget/chart_parts.h"

#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define START_MS INT64_C(1784008800000) /* 2026-07-14T06:00:00Z */

static void shows(struct canvas *canvas, bool roles, const char *expected)
{
	struct buf dump;
	buf_init(&dump, BUF_CEILING_FILE);
	canvas_dump(canvas, roles, &dump);
	assert_string_equal(buf_text(&dump), expected);
	buf_fini(&dump);
	canvas_free(canvas);
}

/* A morning of counts, one every half hour from six: rising, a gap, falling to nothing, and the rest of
 * the day to come. */
static const double morning[] = {0, 0, 3, 8, 21, 34, 52, 58, 41, NAN, NAN, NAN, NAN, NAN, 30, 12, 1, 0, 0, 0};
#define MORNING (sizeof morning / sizeof *morning)

static struct chart_series series_of(int64_t *times, const double *values, size_t n, int64_t step_ms,
				     uint16_t role)
{
	for (size_t i = 0; i < n; i++)
		times[i] = START_MS + (int64_t)i * step_ms;
	return (struct chart_series){times, values, n, role};
}

static struct chart day_chart(const struct chart_series *series, int n)
{
	return (struct chart){
		.series = series,
		.n_series = n,
		.from_ms = START_MS,
		.to_ms = START_MS + 12 * HOUR_MS,
		.now_ms = START_MS + 10 * HOUR_MS,
		.least = NAN,
		.most = NAN,
		.limit = NAN,
	};
}

static struct canvas *drawn(const struct chart *chart, int width, int height, bool ascii)
{
	struct canvas *canvas = canvas_new(width, height, ascii);
	chart_draw(chart, canvas);
	return canvas;
}

static void area_shows_gap_zero_limit_and_future(void **state)
{
	(void)state;
	int64_t times[MORNING];
	struct chart_series series = series_of(times, morning, MORNING, HOUR_MS / 2, ROLE_CHART);
	struct chart chart = day_chart(&series, 1);
	chart.limit = 50;
	shows(drawn(&chart, 60, 10, false), true,
	      "|60 ┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈▆▆▆┈┈            ┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈|\n"
	      "|50 ╌╌╌╌╌╌╌╌╌╌╌╌╌╌▆▆╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌|\n"
	      "|                 █████▁▁                                    |\n"
	      "|40 ┈┈┈┈┈┈┈┈┈┈┈▁▁▁███████            ┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈|\n"
	      "|              ██████████  no data   ▄▄                      |\n"
	      "|            ▁▁██████████            ██                      |\n"
	      "|20 ┈┈┈┈┈┈┈┈┈████████████            ██┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈|\n"
	      "|          ▂▂████████████            ██▆▆▆                   |\n"
	      "| 0 ▁▁▁▁▄▄▄██████████████            █████▂▂▁▁▁▁▁▁▁▁┈┈┈┈┈┈┈┈┈|\n"
	      "| 06:00    08:00     10:00    12:00     14:00    16:00  18:00|\n"
	      "0: dim:2 text:1 axis:16 chart:3 axis:2 text:12 axis:24\n"
	      "1: warn:2 text:1 warn:14 chart:2 warn/chart:3 warn:38\n"
	      "2: text:17 chart:7 text:36\n"
	      "3: dim:2 text:1 axis:11 chart:10 text:12 axis:24\n"
	      "4: text:14 chart:10 text:2 unknown+i:7 text:3 chart:2 text:22\n"
	      "5: text:12 chart:12 text:12 chart:2 text:22\n"
	      "6: dim:2 text:1 axis:9 chart:12 text:12 chart:2 axis:22\n"
	      "7: text:10 chart:14 text:12 chart:5 text:19\n"
	      "8: text:1 dim:1 text:1 chart:21 text:12 chart:15 axis:9\n"
	      "9: text:1 dim:5 text:4 dim:5 text:5 dim:5 text:4 dim:5 text:5 dim:5 text:4 dim:5 text:2 dim:5\n");
	shows(drawn(&chart, 60, 10, true), false,
	      "|60 . . . . . . . . ::: .             . . . . . . . . . . . .|\n"
	      "|50 - - - - - - - -#-#- - - - - - - - - - - - - - - - - - - -|\n"
	      "|                 #####                                      |\n"
	      "|40 . . . . . . . #######             . . . . . . . . . . . .|\n"
	      "|              ##########  no data   ::                      |\n"
	      "|              ##########            ##                      |\n"
	      "|20 . . . . .############            ## . . . . . . . . . . .|\n"
	      "|            ############            #####                   |\n"
	      "| 0 ____:::##############            #####::________. . . . .|\n"
	      "| 06:00    08:00     10:00    12:00     14:00    16:00  18:00|\n");
	shows(drawn(&chart, 24, 5, false), false,
	      "|50 ╌╌╌╌╌▄▇╌╌╌╌╌╌╌╌╌╌╌╌╌╌|\n"
	      "|       ▂██▆             |\n"
	      "|      ▃████    █        |\n"
	      "| 0 ▁▂▄█████    █▆▂▁▁▁┈┈┈|\n"
	      "| 06:00     12:00   18:00|\n");
}

static void small_ones_are_the_picture_alone(void **state)
{
	(void)state;
	int64_t times[MORNING];
	struct chart_series series = series_of(times, morning, MORNING, HOUR_MS / 2, ROLE_CHART);
	struct chart chart = day_chart(&series, 1);
	shows(drawn(&chart, 11, 3, false), false,
	      "|  ▅▇       |\n"
	      "|  ██  ▄    |\n"
	      "|▂███  █▂▁▁ |\n");
	shows(drawn(&chart, 20, 1, false), false, "|▁▂▂▃▅█▅    ▄▂▂▁▁▁   |\n");
	shows(drawn(&chart, 11, 3, true), false,
	      "|  :#       |\n"
	      "|  ##  :    |\n"
	      "|:###  #:__ |\n");
	shows(drawn(&chart, 1, 1, true), false, "|#|\n");
}

static const double second[] = {5, 9, 12, 20, 20, 18, 18, 20, 25, 28, 30, 26, 24, 20, 18, 18, 12, 10, 8, 8};

static void lines_differ_without_colour(void **state)
{
	(void)state;
	int64_t times[MORNING], times_2[MORNING];
	struct chart_series series[] = {series_of(times, morning, MORNING, HOUR_MS / 2, ROLE_CHART),
					series_of(times_2, second, MORNING, HOUR_MS / 2, ROLE_CHART_2)};
	struct chart chart = day_chart(series, 2);
	chart.form = CHART_LINE;
	shows(drawn(&chart, 40, 9, false), true,
	      "|             ╭╮                         |\n"
	      "|50 ┈┈┈┈┈┈┈┈┈╭╯╰╮┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈|\n"
	      "|           ╭╯  ╰                        |\n"
	      "|          ╭╯      ┏┓    ─╮              |\n"
	      "|          │   ┏━━━┛┗━━┓  │              |\n"
	      "|       ┏━━━━━━┛       ┗━━━━┓            |\n"
	      "|   ━━━━┛╯                 ╰┗━━━━━       |\n"
	      "| 0 ────╯┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈╰─────┈┈┈┈┈┈┈|\n"
	      "| 06:00    09:00    12:00    15:00  18:00|\n"
	      "0: text:13 chart:2 text:25\n"
	      "1: dim:2 text:1 axis:9 chart:4 axis:24\n"
	      "2: text:11 chart:2 text:2 chart:1 text:24\n"
	      "3: text:10 chart:2 text:6 chart.2:2 text:4 chart:2 text:14\n"
	      "4: text:10 chart:1 text:3 chart.2:9 text:2 chart:1 text:14\n"
	      "5: text:7 chart.2:8 text:7 chart.2:6 text:12\n"
	      "6: text:3 chart.2:5 chart:1 text:17 chart:1 chart.2:6 text:7\n"
	      "7: text:1 dim:1 text:1 chart:5 axis:19 chart:6 axis:7\n"
	      "8: text:1 dim:5 text:4 dim:5 text:4 dim:5 text:4 dim:5 text:2 dim:5\n");
	shows(drawn(&chart, 40, 9, true), false,
	      "|             **                         |\n"
	      "|50 . . . . .**** . . . . . . . . . . . .|\n"
	      "|           **  *                        |\n"
	      "|          **      oo    **              |\n"
	      "|          *   ooooooooo  *              |\n"
	      "|       oooooooo       oooooo            |\n"
	      "|   ooooo*                 *oooooo       |\n"
	      "| 0 ***** . . . . . . . . . ******. . . .|\n"
	      "| 06:00    09:00    12:00    15:00  18:00|\n");
	chart.braille = true;
	shows(drawn(&chart, 40, 9, false), false,
	      "|            ⢀⠔⡄                         |\n"
	      "|50 ┈┈┈┈┈┈┈┈⢀⠇┈⠱⡀┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈|\n"
	      "|           ⡜   ⠇                        |\n"
	      "|          ⡰⠁      ⡀     ⢀               |\n"
	      "|         ⢠⠃    ⠄⠂⠁ ⠂⠄⠄   ⡇              |\n"
	      "|       ⠄⢢⠃⠂⠄⠄⠂⠁       ⠁⠂⠂⢵⠄             |\n"
	      "|    ⡀⠄⠂⣀⠇                 ⢣⠁⠂⠄⡀⡀⡀       |\n"
	      "| 0 ⣁⣀⠤⠊┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠣⣀⣀⣀⣀⡀┈┈┈┈┈┈┈|\n"
	      "| 06:00    09:00    12:00    15:00  18:00|\n");
	chart.form = CHART_AREA;
	chart.braille = false;
	shows(drawn(&chart, 40, 9, false), false,
	      "|             ▆▆                         |\n"
	      "|50 ┈┈┈┈┈┈┈┈┈▇██┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈|\n"
	      "|            ███▄                        |\n"
	      "|          ▄▄████                        |\n"
	      "|          █████┏━━━━━━┓ ██              |\n"
	      "|       ┏━━━━━━━┛      ┗━━━━┓            |\n"
	      "|    ┏━━┛▁███████        ██▅┗━━━━━       |\n"
	      "| 0 ━┛▁▃█████████┈┈┈┈┈┈┈┈███▂▂▁▁▁▁▁┈┈┈┈┈┈|\n"
	      "| 06:00    09:00    12:00    15:00  18:00|\n");
}

static void missing_is_not_nothing(void **state)
{
	(void)state;
	int64_t times[12];
	const double values[] = {0, 0, 0, NAN, NAN, NAN, 0, 5, 0.01, NAN, 0, 5};
	struct chart_series series = series_of(times, values, 12, HOUR_MS, ROLE_CHART);
	struct chart chart = day_chart(&series, 1);
	chart.now_ms = 0;
	struct canvas *canvas = canvas_new(12, 2, false);
	chart_draw(&chart, canvas);
	shows(canvas, false, "|       █   █|\n|▁▁▁   ▁█▂ ▁█|\n");
	canvas = canvas_new(12, 2, true);
	chart_draw(&chart, canvas);
	shows(canvas, false, "|       #   #|\n|___   _#: _#|\n");
}

static void holes_in_time_are_gaps(void **state)
{
	(void)state;
	const int64_t times[] = {START_MS, START_MS + HOUR_MS, START_MS + 2 * HOUR_MS, START_MS + 6 * HOUR_MS,
				 START_MS + 7 * HOUR_MS};
	const double values[] = {4, 4, 4, 4, 4};
	struct chart_series series = {times, values, 5, ROLE_CHART};
	struct chart chart = day_chart(&series, 1);
	shows(drawn(&chart, 12, 1, false), false, "|███   ██    |\n");
	chart.gap_ms = 5 * HOUR_MS;
	shows(drawn(&chart, 12, 1, false), false, "|████████    |\n");
	chart.gap_ms = 0;
	chart.form = CHART_LINE;
	shows(drawn(&chart, 12, 1, false), false, "|───   ──    |\n");
	/* A pair of points apart is joined; each alone is not. */
	const int64_t sparse[] = {START_MS, START_MS + 4 * HOUR_MS, START_MS + 8 * HOUR_MS};
	series = (struct chart_series){sparse, values, 3, ROLE_CHART};
	shows(drawn(&chart, 12, 1, false), false, "|─────────   |\n");
	chart.gap_ms = HOUR_MS;
	shows(drawn(&chart, 12, 1, false), false, "|─   ─   ─   |\n");
}

static void says_when_there_is_nothing(void **state)
{
	(void)state;
	struct chart chart = day_chart(NULL, 0);
	shows(drawn(&chart, 30, 5, false), false,
	      "|                              |\n"
	      "|           no data            |\n"
	      "|                              |\n"
	      "|                              |\n"
	      "|             12:00       18:00|\n");
	int64_t times[2];
	const double values[] = {NAN, INFINITY};
	struct chart_series series = series_of(times, values, 2, HOUR_MS, ROLE_CHART);
	chart = day_chart(&series, 1);
	chart.most = 10;
	chart.empty = "no sensor here";
	shows(drawn(&chart, 30, 5, true), false,
	      "|10 . . . . . . . . . . . . . .|\n"
	      "|         no sensor here       |\n"
	      "|                              |\n"
	      "| 0 . . . . . . . . . . . . . .|\n"
	      "| 06:00        12:00      18:00|\n");
	shows(drawn(&chart, 5, 1, true), false, "|no s~|\n");
	chart.to_ms = chart.from_ms;
	shows(drawn(&chart, 20, 2, true), false, "|   no sensor here   |\n|                    |\n");
	chart.from_ms = MOMENT_NONE;
	chart.to_ms = INT64_MAX;
	shows(drawn(&chart, 20, 1, true), false, "|   no sensor here   |\n");
}

static void values_have_round_labels(void **state)
{
	(void)state;
	static const struct {
		double data[2], least, most, limit;
		int rows;
		double bottom, top, step;
	} cases[] = {
		{{0, 58}, NAN, NAN, NAN, 10, 0, 60, 20},
		{{0, 58}, NAN, NAN, 86, 10, 0, 90, 50},
		{{3, 3}, NAN, NAN, NAN, 20, 0, 3, 1}, /* no half people */
		{{0, 0}, NAN, NAN, NAN, 8, 0, 1, 1},
		{{0.1, 0.35}, NAN, NAN, NAN, 12, 0, 0.36, 0.1},
		{{-4, 7}, NAN, NAN, NAN, 12, -4, 7, 5},
		{{21.4, 23.9}, 20, 25, NAN, 10, 20, 25, 2},
		{{5, 12000}, NAN, NAN, NAN, 10, 0, 12000, 5000},
		{{5, 5}, NAN, 100, NAN, 30, 0, 100, 20},
		{{5, 1e15}, NAN, NAN, NAN, 8, 0, 1e15, 5e14},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t times[2];
		struct chart_series series = series_of(times, cases[i].data, 2, HOUR_MS, ROLE_CHART);
		struct chart chart = day_chart(&series, 1);
		chart.least = cases[i].least;
		chart.most = cases[i].most;
		chart.limit = cases[i].limit;
		struct chart_scale scale;
		assert_true(chart_scale_find(&chart, cases[i].rows, &scale));
		assert_true(fabs(scale.bottom - cases[i].bottom) < 1e-9);
		assert_true(fabs(scale.top - cases[i].top) < 1e-9 * fmax(1, cases[i].top));
		assert_true(fabs(scale.step - cases[i].step) < 1e-9 * fmax(1, cases[i].step));
	}
}

static void labels_are_short(void **state)
{
	(void)state;
	static const struct {
		struct chart_scale scale;
		double value;
		const char *label;
	} cases[] = {
		{{0, 60, 20}, 40, "40"},          {{0, 60, 20}, 0, "0"},
		{{0, 0.4, 0.1}, 0.3, "0.3"},      {{0, 0.4, 0.1}, 0, "0"},
		{{-5, 5, 0.5}, -0.5, "-0.5"},     {{-5, 5, 1}, -1e-12, "0"},
		{{0, 12000, 5000}, 5e3, "5k"},    {{0, 12000, 5000}, 0, "0"},
		{{0, 3e6, 5e5}, 1.5e6, "1.5M"},   {{0, 2e9, 1e9}, 1e9, "1G"},
		{{0, 1e15, 5e14}, 1e15, "1000T"}, {{0, 90, 50}, 86, "86"},
		{{0, 10, 5}, 8.5, "8.5"},         {{0, 0.05, 0.01}, 0.02, "0.02"},
		{{20, 25, 2}, 22, "22"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char label[CHART_LABEL_SIZE];
		chart_scale_label(&cases[i].scale, cases[i].value, label);
		assert_string_equal(label, cases[i].label);
	}
}

static void times_are_local_and_round(void **state)
{
	(void)state;
	static const struct {
		const char *zone, *from, *to;
		int columns;
		const char *line;
	} cases[] = {
		{"Europe/Berlin", "2026-07-14T06:00:00Z", "2026-07-14T06:01:00Z", 60,
		 "| 08:00:00       08:00:15       08:00:30       08:00:45  08:01:00|\n"},
		{"Europe/Berlin", "2026-07-14T06:07:00Z", "2026-07-14T06:37:00Z", 60,
		 "|        08:10     08:15     08:20     08:25     08:30     08:35 |\n"},
		{"Asia/Kathmandu", "2026-07-14T06:00:00Z", "2026-07-14T14:00:00Z", 60,
		 "|   12:00          14:00          16:00          18:00           |\n"},
		{"America/New_York", "2026-07-14T20:00:00Z", "2026-07-15T20:00:00Z", 60,
		 "|       18:00           Wed           06:00          12:00       |\n"},
		/* The clock goes on at 02:00 and back at 03:00. */
		{"Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z", 60,
		 "|          Sun                   04:00          06:00       08:00|\n"},
		{"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z", 60,
		 "|   Sun           02:00                 04:00          06:00     |\n"},
		{"Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z", 60,
		 "|  02:00     02:30     02:00     02:30     03:00     03:30  04:00|\n"},
		{"Europe/Berlin", "2026-10-23T22:00:00Z", "2026-10-28T22:00:00Z", 60,
		 "|   Sat         Sun         Mon         Tue         Wed          |\n"},
		{"Europe/Berlin", "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z", 60,
		 "|           6 Jul         13 Jul       20 Jul        27 Jul      |\n"},
		{"Europe/Berlin", "2026-03-01T00:00:00Z", "2027-03-01T00:00:00Z", 60,
		 "|        Apr            Jul            Oct            2027       |\n"},
		{"UTC", "2026-07-14T06:00:00Z", "2026-07-14T18:00:00Z", 8, "|      12:00 |\n"},
		{"UTC", "2026-07-14T06:00:00Z", "2026-07-14T18:00:00Z", 1, "|     |\n"},
		{"UTC", "1970-01-01T00:00:00Z", "2200-01-01T00:00:00Z", 40,
		 "|        2000    2050     2100     2150  2200|\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct moment_zone *zone = moment_zone_new(cases[i].zone);
		assert_non_null(zone);
		struct chart chart = {.from_ms = moment_parse(cases[i].from),
				      .to_ms = moment_parse(cases[i].to),
				      .zone = zone};
		struct canvas *canvas = canvas_new(cases[i].columns + 4, 1, true);
		chart_time_draw(&chart, canvas, 4, cases[i].columns, 0);
		shows(canvas, false, cases[i].line);
		moment_zone_free(zone);
	}
}

static void sparks_and_bars(void **state)
{
	(void)state;
	const double values[] = {0, 1, 2, 3, 4, 5, 6, 7, NAN, 0.01, 99};
	const double none[] = {0, 0, NAN};
	for (int ascii = 0; ascii < 2; ascii++) {
		struct canvas *canvas = canvas_new(12, 9, ascii);
		chart_spark(canvas, 0, 0, 12, values, 11, 7, STYLE(CHART));
		chart_spark(canvas, 0, 1, 8, values, 8, NAN, STYLE(CHART));
		chart_spark(canvas, 0, 2, 3, values, 8, NAN, STYLE(CHART)); /* the last three */
		chart_spark(canvas, 0, 3, 12, none, 3, NAN, STYLE(CHART));
		chart_bar(canvas, 0, 4, 10, 43, 80, STYLE(OK));
		chart_bar(canvas, 0, 5, 10, 0, 80, STYLE(OK));
		chart_bar(canvas, 0, 6, 10, NAN, 80, STYLE(OK));
		chart_bar(canvas, 0, 7, 10, 0.001, 80, STYLE(OK));
		chart_bar(canvas, 0, 8, 10, 90, 80, STYLE(OK));
		shows(canvas, !ascii,
		      ascii ? "|_..--==# .# |\n"
			      "|_..--==#    |\n"
			      "|==#         |\n"
			      "|__          |\n"
			      "|#####_____  |\n"
			      "|__________  |\n"
			      "|..........  |\n"
			      "|#_________  |\n"
			      "|##########  |\n"
			    : "|▁▂▃▄▅▆▇█ ▂█ |\n"
			      "|▁▂▃▄▅▆▇█    |\n"
			      "|▆▇█         |\n"
			      "|▁▁          |\n"
			      "|█████▍▁▁▁▁  |\n"
			      "|▁▁▁▁▁▁▁▁▁▁  |\n"
			      "|··········  |\n"
			      "|▏▁▁▁▁▁▁▁▁▁  |\n"
			      "|██████████  |\n"
			      "0: chart:11 text:1\n"
			      "1: chart:8 text:4\n"
			      "2: chart:3 text:9\n"
			      "3: chart:3 text:9\n"
			      "4: ok:6 axis:4 text:2\n"
			      "5: axis:10 text:2\n"
			      "6: axis:10 text:2\n"
			      "7: ok:1 axis:9 text:2\n"
			      "8: ok:10 text:2\n");
	}
	struct canvas *canvas = canvas_new(3, 1, true);
	chart_spark(canvas, 0, 0, 0, values, 11, 7, STYLE(CHART));
	chart_spark(canvas, 0, 0, -1, values, 11, 7, STYLE(CHART));
	chart_bar(canvas, 0, 0, 0, 1, 2, STYLE(OK));
	chart_bar(canvas, 0, 0, 3, 1, 0, STYLE(OK));
	shows(canvas, false, "|...|\n");
}

/* Random charts in a clip with a frame around it: nothing is written outside, nothing but ASCII in ASCII. */
static void stays_in_its_clip(void **state)
{
	(void)state;
	struct rng rng;
	rng_init(&rng, 7);
	for (int turn = 0; turn < 400; turn++) {
		size_t n = rng_below(&rng, 60);
		int64_t times[3][60];
		double values[3][60];
		struct chart_series series[3];
		for (int s = 0; s < 3; s++) {
			int64_t at = START_MS - (int64_t)rng_below(&rng, 10) * HOUR_MS;
			for (size_t i = 0; i < n; i++) {
				times[s][i] = at += (int64_t)rng_below(&rng, 3 * HOUR_MS);
				values[s][i] = rng_below(&rng, 5) ? (double)rng_below(&rng, 2000) / 7 - 50
								  : NAN;
			}
			series[s] = (struct chart_series){times[s], values[s], n, ROLE_CHART};
		}
		struct chart chart = day_chart(series, (int)rng_below(&rng, 4));
		chart.to_ms = START_MS + 1 + (int64_t)rng_below(&rng, 40 * DAY_MS);
		chart.limit = rng_below(&rng, 2) ? 400 : NAN;
		chart.least = rng_below(&rng, 3) ? NAN : 10;
		chart.most = rng_below(&rng, 3) ? NAN : 70;
		chart.form = rng_below(&rng, 2) ? CHART_LINE : CHART_AREA;
		chart.braille = rng_below(&rng, 2);
		int width = 3 + (int)rng_below(&rng, turn % 20 ? 70 : 310),
		    height = 3 + (int)rng_below(&rng, 40);
		struct canvas *canvas = canvas_new(width, height, turn % 2);
		canvas_fill(canvas, (struct rect){0, 0, width, height}, '@', STYLE(BAD));
		canvas_enter(canvas, (struct rect){1, 1, width - 2, height - 2});
		canvas_clear(canvas, STYLE(TEXT));
		chart_draw(&chart, canvas);
		canvas_leave(canvas);
		for (int y = 0; y < height; y++) {
			const struct cell *row = canvas_row(canvas, y);
			for (int x = 0; x < width; x++) {
				bool frame = x == 0 || y == 0 || x == width - 1 || y == height - 1;
				assert_int_equal(row[x].style.fg == ROLE_BAD && row[x].glyph == '@', frame);
				assert_true(turn % 2 == 0 || row[x].glyph <= 0x7E);
			}
		}
		canvas_free(canvas);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(area_shows_gap_zero_limit_and_future),
		cmocka_unit_test(small_ones_are_the_picture_alone),
		cmocka_unit_test(lines_differ_without_colour),
		cmocka_unit_test(missing_is_not_nothing),
		cmocka_unit_test(holes_in_time_are_gaps),
		cmocka_unit_test(says_when_there_is_nothing),
		cmocka_unit_test(values_have_round_labels),
		cmocka_unit_test(labels_are_short),
		cmocka_unit_test(times_are_local_and_round),
		cmocka_unit_test(sparks_and_bars),
		cmocka_unit_test(stays_in_its_clip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
