/* The dashboard beside bench_floor, a program that shows the very same screens with curses and does nothing else, on two pseudo-terminals of 160x48, key by
 * key in turns: start to first paint, key to paint, CPU, memory; and what the dashboard costs when nothing happens. First with the simulator's usual
 * buildings, then with 10,000 sensors. Needs ./lodge; LODGE and BENCH_FLOOR name others. BENCH_KEYS is the number of keys (200). */
#include "tests/bench/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define WIDTH 160
#define HEIGHT 48
#define STARTS 9
#define IDLE_S 20
#define KEYS_MOST 5000

static double now_us(void) { return (double)g_get_monotonic_time(); }

static const char *from_environment(const char *name, const char *usual)
{
	return getenv(name) == NULL ? usual : getenv(name);
}

/* --- a program on a pseudo-terminal --- */

struct side {
	pid_t pid;
	int fd;
	VTerm *vterm; /* NULL: nobody looks at the screen */
	size_t bytes;
	double began_us, painted_us; /* painted: the first character to be seen; 0: not yet */
};

static void be_child(int slave, const char *const *argv)
{
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	putenv("TERM=xterm-256color");
	putenv("LC_ALL=C.UTF-8");
	unsetenv("COLORTERM");
	unsetenv("NO_COLOR");
	unsetenv("TMUX");
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

static struct side start(const char *const *argv, bool watched)
{
	struct winsize size = {.ws_col = WIDTH, .ws_row = HEIGHT};
	struct side side = {.fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
	int slave;

	if (side.fd < 0 || grantpt(side.fd) != 0 || unlockpt(side.fd) != 0)
		exit(1);
	slave = open(ptsname(side.fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	ioctl(slave, TIOCSWINSZ, &size);
	if (watched) {
		side.vterm = vterm_new(HEIGHT, WIDTH);
		vterm_set_utf8(side.vterm, 1);
		vterm_screen_enable_altscreen(vterm_obtain_screen(side.vterm), 1);
		vterm_screen_reset(vterm_obtain_screen(side.vterm), 1);
	}
	side.began_us = now_us();
	side.pid = fork();
	if (side.pid == 0)
		be_child(slave, argv);
	close(slave);
	return side;
}

/* The first character that is neither a control, nor a blank, nor within a sequence; sequences are not cut by the reads that we see. */
static bool has_text(const char *bytes, ssize_t n)
{
	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] == '\033' && i + 1 < n && strchr("[]P", bytes[i + 1]) != NULL) {
			bool csi = bytes[i + 1] == '[';

			for (i += 2;
			     i < n && !(csi ? bytes[i] >= 0x40 : bytes[i] == '\a' || bytes[i] == '\\'); i++)
				;
		} else if (bytes[i] == '\033') {
			i += i + 1 < n && strchr("()", bytes[i + 1]) != NULL ? 2 : 1;
		} else if ((unsigned char)bytes[i] > ' ') {
			return true;
		}
	}
	return false;
}

/* A terminal confirms what it has shown. */
static void answer(const struct side *side, const char *bytes, ssize_t n)
{
	const char *at = bytes;

	while ((at = memmem(at, (size_t)(bytes + n - at), "\033[5n", 4)) != NULL) {
		if (write(side->fd, "\033[0n", 4) != 4)
			return;
		at += 4;
	}
}

/* Takes what comes within the time; false when nothing does. */
static bool pump(struct side *side, int timeout_ms)
{
	struct pollfd ready = {.fd = side->fd, .events = POLLIN};
	char bytes[65536];
	ssize_t n;

	if (poll(&ready, 1, timeout_ms) <= 0 || (n = read(side->fd, bytes, sizeof(bytes))) <= 0)
		return false;
	if (side->painted_us == 0 && has_text(bytes, n))
		side->painted_us = now_us();
	side->bytes += (size_t)n;
	if (side->vterm != NULL)
		vterm_input_write(side->vterm, bytes, (size_t)n);
	answer(side, bytes, n);
	return true;
}

/* Until nothing comes for quiet_ms, but not longer than most_ms. */
static void settle(struct side *side, int quiet_ms, int most_ms)
{
	double end_us = now_us() + most_ms * 1000.0;

	while (now_us() < end_us && pump(side, quiet_ms))
		;
}

static void stay(struct side *side, int ms)
{
	double end_us = now_us() + ms * 1000.0, left_us;

	while ((left_us = end_us - now_us()) > 0)
		pump(side, (int)(left_us / 1000) + 1);
}

static void type(const struct side *side, const char *key)
{
	if (write(side->fd, key, strlen(key)) < 0)
		fprintf(stderr, "a program ended early\n");
}

static void stop(struct side *side)
{
	kill(side->pid, SIGTERM);
	settle(side, 100, 1000);
	close(side->fd);
	waitpid(side->pid, NULL, 0);
	if (side->vterm != NULL)
		vterm_free(side->vterm);
}

static double cpu_us(pid_t pid)
{
	struct timespec at;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &at) != 0)
		return 0;
	return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

/* The most memory that it ever had. */
static double peak_mib(pid_t pid)
{
	char path[64], *text = NULL, *at;
	double mib = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (g_file_get_contents(path, &text, NULL, NULL) && (at = strstr(text, "VmHWM:")) != NULL)
		mib = g_ascii_strtod(at + 6, NULL) / 1024;
	g_free(text);
	return mib;
}

/* --- the screens that both show --- */

static int16_t color_of(VTermColor color, bool fg)
{
	if (fg ? VTERM_COLOR_IS_DEFAULT_FG(&color) : VTERM_COLOR_IS_DEFAULT_BG(&color))
		return -1;
	return VTERM_COLOR_IS_INDEXED(&color) ? (int16_t)color.indexed.idx : -1;
}

static void add_screen(const struct side *side, FILE *file)
{
	VTermScreen *screen = vterm_obtain_screen(side->vterm);

	for (VTermPos at = {0, 0}; at.row < HEIGHT; at.row++)
		for (at.col = 0; at.col < WIDTH; at.col++) {
			VTermScreenCell seen = {.width = 1};
			struct bench_cell cell;

			vterm_screen_get_cell(screen, at, &seen);
			cell.glyph = seen.chars[0] == 0 || seen.chars[0] == UINT32_MAX ? ' ' : seen.chars[0];
			cell.fg = color_of(seen.fg, true);
			cell.bg = color_of(seen.bg, false);
			cell.attrs = (seen.attrs.bold ? 1u : 0) | (seen.attrs.underline ? 2u : 0) |
				     (seen.attrs.reverse ? 4u : 0);
			fwrite(&cell, sizeof(cell), 1, file);
		}
}

struct pane {
	const char *name, *open, *keys[2];
};

static const struct pane panes[] = {{"Health", "7", {"\033[B", "\033[A"}},
				    {"Floor", "2", {"n", "N"}},
				    {"Heat", "3", {"n", "N"}}};

static void record(const char *const *lodge, const struct pane *pane, const char *path)
{
	const int head[] = {WIDTH, HEIGHT, 2};
	struct side side = start(lodge, true);
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		exit(1);
	fwrite(head, sizeof(head), 1, file);
	stay(&side, 2500);
	type(&side, pane->open);
	stay(&side, 2500);
	for (int i = 0; i < 2; i++) {
		type(&side, pane->keys[i]);
		stay(&side, 200);
		add_screen(&side, file);
	}
	fclose(file);
	stop(&side);
}

/* --- measuring --- */

struct series {
	double us[KEYS_MOST];
	int n, silent;
	double cpu_us, bytes;
};

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double part(struct series *series, double share)
{
	if (series->n == 0)
		return 0;
	qsort(series->us, (size_t)series->n, sizeof(*series->us), by_size);
	return series->us[(int)(share * (series->n - 1))];
}

/* From the key to the first byte of what it changes. */
static void press(struct side *side, const char *key, struct series *series)
{
	double cpu, began_us;
	size_t bytes;

	settle(side, 0, 100);
	cpu = cpu_us(side->pid);
	bytes = side->bytes;
	began_us = now_us();
	type(side, key);
	if (pump(side, 1000))
		series->us[series->n++] = now_us() - began_us;
	else
		series->silent++;
	settle(side, 8, 100);
	series->cpu_us += cpu_us(side->pid) - cpu;
	series->bytes += (double)(side->bytes - bytes);
}

static void line(const char *what, double lodge, double floor)
{
	printf("    %-22s %10.2f %10.2f %8.2f\n", what, lodge, floor, floor > 0 ? lodge / floor : 0);
}

static void measure_keys(const char *const *lodge, const char *const *floor, const struct pane *pane,
			 int keys)
{
	struct side a = start(lodge, false), b = start(floor, false);
	struct series *of_a = g_new0(struct series, 1), *of_b = g_new0(struct series, 1);

	stay(&a, 2500);
	type(&a, pane->open);
	stay(&a, 2500);
	settle(&b, 300, 1000);
	for (int i = 0; i < keys; i++) {
		press(&a, pane->keys[i % 2], of_a);
		press(&b, "n", of_b);
		stay(&a, 10);
	}
	printf("  %s%s\n", pane->name, of_a->silent + of_b->silent > 0 ? " (some keys changed nothing)" : "");
	line("key to paint p50, us", part(of_a, 0.5), part(of_b, 0.5));
	line("key to paint p99, us", part(of_a, 0.99), part(of_b, 0.99));
	line("CPU a key, us", of_a->cpu_us / keys, of_b->cpu_us / keys);
	line("bytes a key", of_a->bytes / keys, of_b->bytes / keys);
	line("memory, MiB", peak_mib(a.pid), peak_mib(b.pid));
	g_free(of_a);
	g_free(of_b);
	stop(&a);
	stop(&b);
}

static void measure_starts(const char *const *lodge, const char *const *floor)
{
	struct series *of[2] = {g_new0(struct series, 1), g_new0(struct series, 1)};

	for (int i = 0; i < 2 * STARTS; i++) {
		struct side side = start(i % 2 == 0 ? lodge : floor, false);

		while (side.painted_us == 0 && pump(&side, 3000))
			;
		if (side.painted_us > 0)
			of[i % 2]->us[of[i % 2]->n++] = side.painted_us - side.began_us;
		stop(&side);
	}
	line("start to paint, ms", part(of[0], 0.5) / 1000, part(of[1], 0.5) / 1000);
	g_free(of[0]);
	g_free(of[1]);
}

/* Nothing is polled meanwhile, so that what is left is the clock and the ages. */
static void measure_idle(const char *const *lodge)
{
	struct side side = start(lodge, false);
	size_t bytes;
	double cpu;

	stay(&side, 2500);
	type(&side, "7");
	stay(&side, 3000);
	bytes = side.bytes;
	cpu = cpu_us(side.pid);
	stay(&side, IDLE_S * 1000);
	printf("  idle, unchanged data: %.1f bytes/s, CPU %.3f %%\n", (double)(side.bytes - bytes) / IDLE_S,
	       (cpu_us(side.pid) - cpu) / (IDLE_S * 1e4));
	stop(&side);
}

/* --- the simulator --- */

static pid_t start_simulator(const char *program, const char *sensors, char *ready, size_t size)
{
	const char *argv[] = {program, "sim", "--port", "0", "--seed", "1", NULL, NULL, NULL};
	int ends[2];
	FILE *out;
	pid_t pid;

	if (sensors != NULL) {
		argv[6] = "--sensors";
		argv[7] = sensors;
	}
	if (pipe2(ends, O_CLOEXEC) != 0 || (pid = fork()) < 0)
		exit(1);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execv(program, (char *const *)argv);
		_exit(127);
	}
	close(ends[1]);
	out = fdopen(ends[0], "r");
	if (out == NULL || fgets(ready, (int)size, out) == NULL)
		exit(1);
	fclose(out);
	return pid;
}

/* The value of "name":"…" in a line of JSON that we wrote ourselves. g_free it. */
static char *member(const char *text, const char *name)
{
	char *mark = g_strdup_printf("\"%s\":\"", name);
	const char *at = strstr(text, mark);
	char *value = at == NULL ? g_strdup("")
				 : g_strndup(at + strlen(mark), strcspn(at + strlen(mark), "\""));

	g_free(mark);
	return value;
}

static void write_conf(const char *path, const char *ready, const char *pace)
{
	char *url = member(ready, "butlr"), *id = member(ready, "client_id"),
	     *secret = member(ready, "client_secret");
	char *text = g_strdup_printf(
		"[account sim]\nvendor=butlr\nbase_url=%s\nclient_id=%s\nclient_secret=%s\n%s", url, id,
		secret, pace);

	g_file_set_contents(path, text, -1, NULL);
	chmod(path, 0600);
	g_free(text);
	g_free(url);
	g_free(id);
	g_free(secret);
}

static void run(const char *folder, const char *sensors, const char *pace, int keys)
{
	char conf[160], screens[160], ready[4096];
	const char *lodge[] = {from_environment("LODGE", "./lodge"), "--config", conf, NULL};
	const char *floor[] = {from_environment("BENCH_FLOOR", "tests/bench/bench_floor"), screens, NULL};
	pid_t simulator = start_simulator(lodge[0], sensors, ready, sizeof(ready));

	snprintf(conf, sizeof(conf), "%s/lodge.conf", folder);
	snprintf(screens, sizeof(screens), "%s/screens", folder);
	write_conf(conf, ready, pace);
	printf("%s sensors, 160x48%17s %10s %8s\n", sensors == NULL ? "usual" : sensors, "lodge", "floor",
	       "ratio");
	for (size_t i = 0; i < G_N_ELEMENTS(panes); i++) {
		record(lodge, &panes[i], screens);
		if (i == 0)
			measure_starts(lodge, floor);
		measure_keys(lodge, floor, &panes[i], keys);
		fflush(stdout);
	}
	write_conf(conf, ready, "poll=1h\n");
	measure_idle(lodge);
	unlink(conf);
	unlink(screens);
	kill(simulator, SIGTERM);
	waitpid(simulator, NULL, 0);
}

int main(void)
{
	char folder[] = "/tmp/lodge-bench-XXXXXX";
	int keys = (int)g_ascii_strtoll(from_environment("BENCH_KEYS", "200"), NULL, 10);

	if (mkdtemp(folder) == NULL)
		return 1;
	setenv("XDG_STATE_HOME", folder, 1);
	keys = CLAMP(keys, 2, KEYS_MOST);
	run(folder, NULL, "", keys);
	run(folder, "10000", "poll.sensors=5s\n", keys);
	return 0;
}
