/* Sustained frames from the simulator to `lodge watch`: 10,000 sensors polled every second. Prints frames a second, how many came twice, and what
 * it cost in CPU and memory. Needs ./lodge. */
#include <glib.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS 20
#define WARM_UP 3

static const char *program(void)
{
	const char *path = getenv("LODGE");

	return path == NULL ? "./lodge" : path;
}

static pid_t start(const char *const *argv, FILE **out)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0 || (pid = fork()) < 0)
		exit(1);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execv(program(), (char *const *)argv);
		_exit(127);
	}
	close(ends[1]);
	*out = fdopen(ends[0], "r");
	return pid;
}

/* CPU seconds and resident MiB of a running process, from /proc. */
static void usage_of(pid_t pid, double *cpu_s, double *rss_mib)
{
	char path[64], *text = NULL, **words;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	*cpu_s = *rss_mib = 0;
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	words = g_strsplit(strrchr(text, ')') + 2, " ", 0);
	*cpu_s = (double)(g_ascii_strtoull(words[11], NULL, 10) + g_ascii_strtoull(words[12], NULL, 10)) /
		 (double)sysconf(_SC_CLK_TCK);
	*rss_mib = (double)g_ascii_strtoull(words[21], NULL, 10) * (double)sysconf(_SC_PAGESIZE) / 1048576;
	g_strfreev(words);
	g_free(text);
}

/* The value of "name":"…" in a line of JSON that we wrote ourselves. g_free it. */
static char *member(const char *line, const char *name)
{
	char *mark = g_strdup_printf("\"%s\":\"", name);
	const char *at = strstr(line, mark);
	char *value = NULL;

	if (at != NULL) {
		at += strlen(mark);
		value = g_strndup(at, strcspn(at, "\""));
	}
	g_free(mark);
	return value;
}

static void write_conf(const char *folder, const char *ready)
{
	char *url = member(ready, "butlr"), *id = member(ready, "client_id"),
	     *secret = member(ready, "client_secret");
	char *path = g_build_filename(folder, "lodge.conf", NULL);
	char *text = g_strdup_printf(
		"[account sim]\nvendor=butlr\nbase_url=%s\nclient_id=%s\nclient_secret=%s\npoll.frames=1s\n",
		url, id, secret);

	g_file_set_contents(path, text, -1, NULL);
	chmod(path, 0600);
	g_free(text);
	g_free(path);
	g_free(url);
	g_free(id);
	g_free(secret);
}

struct figures {
	uint64_t frames, twice, bytes;
	double seconds;
};

static struct figures read_frames(FILE *out)
{
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct figures figures = {0};
	size_t room = 0;
	char *line = NULL;
	int64_t began = 0, now;

	while (getline(&line, &room, out) > 0) {
		now = g_get_monotonic_time();
		began = began == 0 ? now : began;
		if (now - began > (WARM_UP + SECONDS) * G_USEC_PER_SEC)
			break;
		if (now - began < WARM_UP * G_USEC_PER_SEC)
			continue;
		figures.frames++;
		figures.bytes += strlen(line);
		figures.twice += !g_hash_table_add(seen, member(line, "id"));
		figures.seconds = (double)(now - began) / G_USEC_PER_SEC - WARM_UP;
	}
	free(line);
	g_hash_table_unref(seen);
	return figures;
}

int main(void)
{
	char folder[] = "/tmp/lodge-bench-XXXXXX", conf[64], *line = NULL;
	const char *sim_words[] = {"lodge", "sim", "--sensors", "10000", "--seed", "1", NULL};
	const char *watch_words[] = {"lodge", "--config", conf, "watch", "frames", NULL};
	double cpu_s, rss_mib, sim_cpu_s, sim_rss_mib;
	struct figures figures;
	FILE *sim_out, *out;
	size_t room = 0;
	pid_t sim, watch;

	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(conf, sizeof(conf), "%s/lodge.conf", folder);
	setenv("XDG_STATE_HOME", folder, 1);
	sim = start(sim_words, &sim_out);
	if (getline(&line, &room, sim_out) <= 0)
		return 1;
	write_conf(folder, line);
	watch = start(watch_words, &out);
	figures = read_frames(out);
	usage_of(watch, &cpu_s, &rss_mib);
	usage_of(sim, &sim_cpu_s, &sim_rss_mib);
	kill(watch, SIGKILL);
	kill(sim, SIGTERM);
	waitpid(watch, NULL, 0);
	waitpid(sim, NULL, 0);
	printf("10,000 sensors, polled every second, %.0f s\n", figures.seconds);
	printf("frames to watch   %10.0f a second, %llu twice, %.1f MB/s of NDJSON\n",
	       (double)figures.frames / figures.seconds, (unsigned long long)figures.twice,
	       (double)figures.bytes / figures.seconds / 1e6);
	printf("lodge watch       %10.1f %% of a core, %.1f MiB\n", 100 * cpu_s / (figures.seconds + WARM_UP),
	       rss_mib);
	printf("lodge sim         %10.1f %% of a core, %.1f MiB\n",
	       100 * sim_cpu_s / (figures.seconds + WARM_UP), sim_rss_mib);
	free(line);
	return 0;
}
