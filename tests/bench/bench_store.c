/* Prints what a history of a million releases costs: keeping, the first page and any other, search while a name is typed, counts, memory. Ratios are to a floor
 * of the same run: the insert rate of a plain table with an index on time, and the first page.
 * usage: bench_store [ROWS [FOLDER]]; FOLDER has been filled already */
#include "store/store.h"

#include "core/kind.h"
#include "model/access.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOW INT64_C(1800000000000)
#define DAYS90 (INT64_C(90) * 86400000)
#define BATCH 1000
#define REPEAT 15
#define LIMIT 50

struct bench {
	uv_loop_t loop;
	struct mailbox *replies;
	struct store *store;
	struct store_reply *reply;
	char *folder, *path;
	uint64_t request;
	unsigned seed;
	size_t rows;
};

static const char *const sources[] = {"lobby", "sim", NULL};

static double now_s(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static unsigned next_number(struct bench *bench, unsigned below)
{
	bench->seed = bench->seed * 1664525u + 1013904223u;
	return (unsigned)(((uint64_t)(bench->seed >> 4) * below) >> 28);
}

/* Number i of many names that sound like some. */
static void name_part(char *out, size_t size, unsigned i)
{
	static const char *const first[] = {"Ka", "Char", "Mi", "Ro",  "Jen", "Lu",  "An", "Be",
					    "Pa", "Dor",  "Hu", "Val", "Ser", "Gwe", "Os", "Tam"};
	static const char *const middle[] = {"li", "ra", "no", "ke", "ti", "mu", "sha", "del", "vin", "ro"};
	static const char *const last[] = {"e", "son", "a", "ik", "mann", "ez", "ard", "ie", "us", "o"};

	g_snprintf(out, size, "%s%s%s", first[i % 16], middle[i / 16 % 10], last[i / 160 % 10]);
}

static const struct rows *make_rows(struct bench *bench, size_t from, size_t n)
{
	static const char *const methods[] = {"mobile", "panel",  "mobile", "nfc",   "mobile",
					      "qr_key", "mobile", "voip",   "panel", "virtual_key_pin"};
	struct rows *rows = kind_rows_new(KIND_DOORS, "lobby", "sim");
	char first[32], last[32];

	for (size_t i = from; i < from + n; i++) {
		struct door_release *row = rows_add(rows);
		unsigned person = next_number(bench, 1600 * 1600), unit = next_number(bench, 400);

		name_part(first, sizeof(first), person % 1600);
		name_part(last, sizeof(last), person / 1600);
		row->id = rows_textf(rows, "%zu", 90000000 - i);
		/* As a server tells them: the newest first. */
		row->time_ms = NOW - (int64_t)((double)i * (double)DAYS90 / (double)bench->rows) -
			       next_number(bench, 3000);
		row->method = methods[next_number(bench, 10)];
		row->type = next_number(bench, 5) == 0 ? "delivery" : "visitor";
		row->panel_user_type = "tenant";
		row->name = rows_textf(rows, "%s %s", first, last);
		row->unit_id = rows_textf(rows, "%u", 1000 + unit);
		row->unit = rows_textf(rows, "Apt %u%c", unit / 4 + 1, 'A' + (int)(unit % 4));
		row->user_id = rows_textf(rows, "%u", 500000 + person);
		row->user = row->name;
		row->call_guid = rows_textf(rows, "%08x-8a1c-4f7e-9d52-%012zx", bench->seed, i);
		row->picture_url = rows_textf(rows, "https://pictures.example.com/releases/%zu/%08x.jpg", i,
					      bench->seed);
	}
	return rows_seal(rows);
}

/* --- asking --- */

static void on_reply(void *ctx, struct mail *mail)
{
	struct bench *bench = ctx;

	store_reply_free(bench->reply);
	bench->reply = (struct store_reply *)mail;
}

static void wait_reply(struct bench *bench)
{
	while (bench->reply == NULL || bench->reply->request != bench->request)
		uv_run(&bench->loop, UV_RUN_ONCE);
	if (bench->reply->problem.code != ERR_OK)
		fprintf(stderr, "bench_store: %s\n", bench->reply->problem.why);
}

static double ask(struct bench *bench, const struct door_search *search)
{
	double start = now_s();

	store_find_doors(bench->store, ++bench->request, 1, sources, search);
	wait_reply(bench);
	return (now_s() - start) * 1e3;
}

static struct door_search blank(const char *text)
{
	struct door_search search = {.since_ms = INT64_MIN, .until_ms = INT64_MIN, .limit = LIMIT};

	g_strlcpy(search.text, text, sizeof(search.text));
	return search;
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Median over the repetitions; *worst gets the greatest. */
static double measure(struct bench *bench, const struct door_search *search, double *worst)
{
	double times[REPEAT];

	for (size_t i = 0; i < REPEAT; i++)
		times[i] = ask(bench, search);
	qsort(times, REPEAT, sizeof(*times), by_number);
	*worst = times[REPEAT - 1];
	return times[REPEAT / 2];
}

/* --- what is measured --- */

static void check(int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "bench_store: %s\n", sqlite3_errstr(rc));
	exit(1);
}

/* Rows a second into a plain table with an index on time, 100,000 of them. */
static double floor_rate(struct bench *bench)
{
	const struct rows *rows = make_rows(bench, 0, 100000);
	char *path = g_build_filename(bench->folder, "floor.db", NULL);
	sqlite3_stmt *statement;
	sqlite3 *sqlite;
	double start;

	check(sqlite3_open(path, &sqlite));
	check(sqlite3_exec(
		sqlite,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE t(id TEXT, at INTEGER, method TEXT, type TEXT, panel TEXT,"
		" name TEXT, unit_id TEXT, unit TEXT, user_id TEXT, user TEXT, guid TEXT, url TEXT);"
		"CREATE INDEX t_at ON t(at); BEGIN",
		NULL, NULL, NULL));
	check(sqlite3_prepare_v2(sqlite, "INSERT INTO t VALUES(?,?,?,?,?,?,?,?,?,?,?,?)", -1, &statement,
				 NULL));
	start = now_s();
	for (size_t i = 0; i < rows_count(rows); i++) {
		const struct door_release *row = rows_at(rows, i);
		const char *texts[] = {row->id,
				       NULL,
				       row->method,
				       row->type,
				       row->panel_user_type,
				       row->name,
				       row->unit_id,
				       row->unit,
				       row->user_id,
				       row->user,
				       row->call_guid,
				       row->picture_url};

		for (int k = 0; k < 12; k++)
			sqlite3_bind_text(statement, k + 1, texts[k], -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 2, row->time_ms);
		check(sqlite3_step(statement));
		sqlite3_reset(statement);
	}
	check(sqlite3_exec(sqlite, "COMMIT", NULL, NULL, NULL));
	double rate = (double)rows_count(rows) / (now_s() - start);

	sqlite3_finalize(statement);
	sqlite3_close(sqlite);
	rows_unref(rows);
	g_free(path);
	return rate;
}

static void keep_all(struct bench *bench, double floor)
{
	double spent = 0, first = 0, last = 0;

	for (size_t at = 0; at < bench->rows; at += BATCH) {
		const struct rows *rows = make_rows(bench, at, MIN(BATCH, bench->rows - at));
		struct door_search search = blank("");
		double start = now_s();

		store_keep_doors(bench->store, "lobby", "sim", rows);
		if (at / BATCH % 8 == 7 || at + BATCH >= bench->rows) {
			search.limit = 1;
			ask(bench, &search);
		}
		spent += now_s() - start;
		if (at + BATCH == 100000)
			first = spent;
		if (at + BATCH <= bench->rows - 100000)
			last = spent;
	}
	printf("keep %zu releases              %8.0f rows/s  (first 100,000: %.0f, last 100,000: %.0f)  plain table with an index %.0f  ratio %.2f\n",
	       bench->rows, (double)bench->rows / spent, 1e5 / first, 1e5 / (spent - last), floor,
	       (double)bench->rows / spent / floor);
}

static size_t file_size(const struct bench *bench, const char *suffix)
{
	char *path = g_strconcat(bench->path, suffix, NULL);
	GStatBuf info;
	size_t size = g_stat(path, &info) == 0 ? (size_t)info.st_size : 0;

	g_free(path);
	return size;
}

static double page_times(struct bench *bench)
{
	struct door_search search = blank("");
	double worst, first = measure(bench, &search, &worst), at_500 = 0;

	printf("first page of %d                %8.3f ms  worst %.3f\n", LIMIT, first, worst);
	for (unsigned page = 1; page <= 500; page++) {
		ask(bench, &search);
		if (!bench->reply->page.more)
			break;
		search.after = bench->reply->page.places[LIMIT - 1];
		at_500 = page == 499 ? measure(bench, &search, &worst) : at_500;
	}
	printf("page 500                        %8.3f ms  ratio to the first %.2f\n", at_500, at_500 / first);
	search.after = (struct history_place){.time_ms = NOW - DAYS90 / 2, .key = (NOW - DAYS90 / 2) << 20};
	at_500 = measure(bench, &search, &worst);
	printf("page in the middle              %8.3f ms  ratio to the first %.2f\n", at_500, at_500 / first);
	search.newer = true;
	at_500 = measure(bench, &search, &worst);
	printf("the same, upwards               %8.3f ms  ratio to the first %.2f\n", at_500, at_500 / first);
	return first;
}

static void one_search(struct bench *bench, const char *label, const struct door_search *search)
{
	double worst, median = measure(bench, search, &worst);
	const struct rows *rows = bench->reply->page.rows;

	printf("search %-24s %8.3f ms  worst %7.3f  %3zu rows%s%s\n", label, median, worst,
	       rows == NULL ? 0 : rows_count(rows), bench->reply->page.more ? " and more" : "",
	       median > 5 ? "  ABOVE 5 ms" : "");
}

static void searches(struct bench *bench)
{
	static const char *const typed = "charlie kanomann";
	static const char *const others[] = {"panel",
					     "PANEL",
					     "qr_key",
					     "visitor",
					     "delivery",
					     "apt 1",
					     "apt 100d",
					     "zz",
					     "q",
					     "x",
					     "7c",
					     "zzz",
					     "charlie charlie",
					     "sonson",
					     "nomanna",
					     "mannik",
					     "karakarakara",
					     "Müller",
					     "100%",
					     NULL};
	struct door_search search;
	char part[32];

	for (size_t n = 1; n <= strlen(typed); n++) {
		g_strlcpy(part, typed, n + 1);
		search = blank(part);
		one_search(bench, part, &search);
	}
	for (size_t i = 0; others[i] != NULL; i++) {
		search = blank(others[i]);
		one_search(bench, others[i], &search);
	}
	search = blank("");
	g_strlcpy(search.method, "virtual_key_pin", sizeof(search.method));
	g_strlcpy(search.unit_id, "1007", sizeof(search.unit_id));
	one_search(bench, "[method and unit]", &search);
	g_strlcpy(search.text, "son", sizeof(search.text));
	one_search(bench, "son [method and unit]", &search);
	search = blank("charlie");
	search.until_ms = NOW - DAYS90 / 2;
	one_search(bench, "charlie [older half]", &search);
}

static void one_count(struct bench *bench, const char *label, const char *text, int64_t since_ms)
{
	struct door_search search = blank(text);
	double start = now_s();
	unsigned long total = 0;

	search.since_ms = since_ms;
	store_count_doors(bench->store, ++bench->request, 2, sources, &search, 3600000);
	wait_reply(bench);
	for (size_t i = 0; i < bench->reply->counts.n; i++)
		total += bench->reply->counts.count[i];
	printf("count by hour, %-16s %8.3f ms  %lu releases in %zu hours\n", label, (now_s() - start) * 1e3,
	       total, bench->reply->counts.n);
}

static size_t rss_kib(void)
{
	char *text = NULL, *at;
	size_t kib = 0;

	if (g_file_get_contents("/proc/self/status", &text, NULL, NULL) &&
	    (at = strstr(text, "VmRSS:")) != NULL)
		kib = (size_t)g_ascii_strtoull(at + 6, NULL, 10);
	g_free(text);
	return kib;
}

static void open_store(struct bench *bench, const struct clock *clock, int64_t keep_ms)
{
	struct store_options options = {.folder = bench->folder,
					.clock = clock,
					.replies = bench->replies,
					.keep_ms = keep_ms};
	struct problem problem;

	bench->store = store_open(&options, &problem);
	if (bench->store == NULL)
		exit(1);
}

static void first_ask(struct bench *bench)
{
	struct door_search search = blank("");
	double start = now_s();

	open_store(bench, &clock_system, 0);
	ask(bench, &search);
	printf("open and first page             %8.3f ms\n", (now_s() - start) * 1e3);
}

/* What asks wait for while half of everything is too old. */
static void forget_half(struct bench *bench)
{
	struct door_search search = blank("");
	struct clock_fake clock;
	double times[400], start;

	clock_fake_init(&clock, NOW);
	open_store(bench, &clock.clock, DAYS90 / 2);
	ask(bench, &search);
	start = now_s();
	for (size_t i = 0; i < 400; i++)
		times[i] = ask(bench, &search);
	qsort(times, 400, sizeof(*times), by_number);
	printf("first page while old ones go    %8.3f ms  99 of 100 %.3f  worst %.3f\n", times[200],
	       times[396], times[399]);
	search = blank("");
	search.until_ms = NOW - DAYS90 / 2;
	for (unsigned long left = bench->rows; left > 0 && now_s() - start < 5;) {
		store_count_doors(bench->store, ++bench->request, 2, sources, &search, DAYS90);
		wait_reply(bench);
		left = bench->reply->counts.n > 0 ? bench->reply->counts.count[0] : 0;
		times[0] = (double)left;
	}
	printf("forgotten in the first seconds  %8.0f releases/s\n",
	       ((double)bench->rows / 2 - times[0]) / (now_s() - start));
	store_close(bench->store);
}

static void remove_folder(struct bench *bench)
{
	static const char *const names[] = {"history.db", "history.db-wal", "history.db-shm", "floor.db",
					    NULL};

	for (size_t i = 0; names[i] != NULL; i++) {
		char *path = g_build_filename(bench->folder, names[i], NULL);

		g_unlink(path);
		g_free(path);
	}
	g_rmdir(bench->folder);
}

static void fill(struct bench *bench)
{
	double floor = floor_rate(bench);

	open_store(bench, &clock_system, 0);
	keep_all(bench, floor);
	store_close(bench->store);
	printf("file                            %8.1f MB  %.0f bytes a release\n",
	       (double)file_size(bench, "") / 1e6, (double)file_size(bench, "") / (double)bench->rows);
}

/* In a process of its own, whose memory is that of a program that only reads. */
static void read_all(struct bench *bench)
{
	size_t empty_kib = rss_kib(), full_kib;

	first_ask(bench);
	page_times(bench);
	searches(bench);
	one_count(bench, "last day", "", NOW - 86400000);
	one_count(bench, "last 90 days", "", NOW - DAYS90);
	one_count(bench, "90 days, charlie", "charlie", NOW - DAYS90);
	full_kib = rss_kib();
	store_close(bench->store);
	printf("memory                          %8zu KiB  before the store was opened %zu KiB  more %zu KiB\n",
	       full_kib, empty_kib, full_kib - empty_kib);
	forget_half(bench);
}

static int run_reader(struct bench *bench, const char *program)
{
	char rows[24];
	int status = 1;
	pid_t child;

	g_snprintf(rows, sizeof(rows), "%zu", bench->rows);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		execl("/proc/self/exe", program, rows, bench->folder, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 1;
	return status != 0;
}

int main(int argc, char **argv)
{
	struct bench bench = {.seed = 7,
			      .rows = argc > 1 ? (size_t)g_ascii_strtoull(argv[1], NULL, 10) : 1000000};
	bool reads = argc > 2;
	int status = 0;

	bench.folder = reads ? g_strdup(argv[2]) : g_dir_make_tmp("lodge-bench-XXXXXX", NULL);
	bench.path = g_build_filename(bench.folder, "history.db", NULL);
	if (bench.folder == NULL || bench.rows == 0 || uv_loop_init(&bench.loop) != 0)
		return 1;
	bench.replies = mailbox_new(&bench.loop, 1000, on_reply, &bench);
	if (reads)
		read_all(&bench);
	else
		fill(&bench);
	mailbox_close(bench.replies);
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	uv_loop_close(&bench.loop);
	store_reply_free(bench.reply);
	if (!reads) {
		status = run_reader(&bench, argv[0]);
		remove_folder(&bench);
	}
	g_free(bench.path);
	g_free(bench.folder);
	return status;
}
