#include "app/scan.h"

#include "base/buf.h"

#include <glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MOST 1200

#ifndef LODGE_LIBEXECDIR
#define LODGE_LIBEXECDIR "/usr/local/libexec/lodge"
#endif

struct scan {
	uv_process_t child;
	uv_pipe_t in, out;
	uv_timer_t timer;
	uv_write_t write;
	scan_fn done;
	void *ctx;
	char *picture;
	char text[TEXT_MOST + 1];
	size_t length;
	char chunk[512];
	int open; /* handles that are not closed yet */
	bool exited, ended, killed;
	int64_t status;
};

/* Beside our own program (the build folder, or a folder that was copied), else where it is installed. */
static char *scanner_path(void)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *folder, *path;

	if (n > 0) {
		self[n] = '\0';
		folder = g_path_get_dirname(self);
		path = g_build_filename(folder, "lodge-scan-qr", NULL);
		g_free(folder);
		if (access(path, X_OK) == 0)
			return path;
		g_free(path);
	}
	return g_strdup(LODGE_LIBEXECDIR "/lodge-scan-qr");
}

static void on_closed(uv_handle_t *handle)
{
	struct scan *scan = handle->data;

	if (--scan->open > 0)
		return;
	g_free(scan->picture);
	g_free(scan);
}

static void close_handle(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, on_closed);
}

static void close_all(struct scan *scan)
{
	close_handle((uv_handle_t *)&scan->child);
	close_handle((uv_handle_t *)&scan->in);
	close_handle((uv_handle_t *)&scan->out);
	close_handle((uv_handle_t *)&scan->timer);
}

static void report(struct scan *scan, const char *why)
{
	scan_fn done = scan->done;

	scan->done = NULL;
	if (done != NULL)
		done(scan->ctx, why == NULL ? scan->text : NULL, why == NULL ? scan->length : 0, why);
	close_all(scan);
}

static void settle(struct scan *scan)
{
	if (!scan->exited || !scan->ended)
		return;
	if (scan->killed)
		report(scan, "the picture took too long to read");
	else if (scan->status == 0 && scan->length > 0)
		report(scan, NULL);
	else
		report(scan, scan->status == 2 ? "that is no picture" : "no code was found in the picture");
}

static void on_child_exit(uv_process_t *child, int64_t status, int signal)
{
	struct scan *scan = child->data;

	scan->exited = true;
	scan->status = signal != 0 ? 1 : status;
	settle(scan);
}

static void on_space(uv_handle_t *handle, size_t wanted, uv_buf_t *space)
{
	struct scan *scan = handle->data;

	(void)wanted;
	*space = uv_buf_init(scan->chunk, sizeof(scan->chunk));
}

static void on_text(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
	struct scan *scan = stream->data;

	if (n > 0) {
		size_t room = TEXT_MOST - scan->length;

		if ((size_t)n > room)
			n = (ssize_t)room;
		memcpy(scan->text + scan->length, bytes->base, (size_t)n);
		scan->length += (size_t)n;
	} else if (n < 0) {
		scan->ended = true;
		settle(scan);
	}
}

static void on_late(uv_timer_t *timer)
{
	struct scan *scan = timer->data;

	if (scan->exited && scan->ended)
		return;
	if (scan->child.pid == 0 || scan->exited) { /* it never began, or a child of its own holds the pipe */
		report(scan, "pictures cannot be read here");
		return;
	}
	scan->killed = true;
	uv_process_kill(&scan->child, SIGKILL);
}

static void on_written(uv_write_t *write, int status)
{
	struct scan *scan = write->data;

	(void)status; /* a reader that went away tells by its exit status */
	close_handle((uv_handle_t *)&scan->in);
}

static int spawn(struct scan *scan, uv_loop_t *loop, char *path)
{
	char *argv[] = {path, NULL}, *environment[] = {NULL};
	uv_stdio_container_t files[3] = {
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&scan->in},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&scan->out},
		{.flags = UV_IGNORE},
	};
	uv_process_options_t options = {
		.exit_cb = on_child_exit,
		.file = path,
		.args = argv,
		.env = environment,
		.cwd = "/",
		.stdio_count = 3,
		.stdio = files,
	};

	return uv_spawn(loop, &scan->child, &options);
}

struct scan *scan_start(uv_loop_t *loop, const char *bytes, size_t length, scan_fn done, void *ctx)
{
	struct scan *scan = g_new0(struct scan, 1);
	char *path = scanner_path();
	uv_buf_t all;
	int error;

	scan->done = done;
	scan->ctx = ctx;
	scan->picture = g_memdup2(bytes, length);
	scan->open = 4;
	scan->child.data = scan->in.data = scan->out.data = scan->timer.data = scan->write.data = scan;
	uv_pipe_init(loop, &scan->in, 0);
	uv_pipe_init(loop, &scan->out, 0);
	uv_timer_init(loop, &scan->timer);
	error = spawn(scan, loop, path); /* the handle is to be closed in any case */
	g_free(path);
	if (error != 0) {
		uv_timer_start(&scan->timer, on_late, 0, 0);
		return scan;
	}
	all = uv_buf_init(scan->picture, (unsigned)length);
	uv_write(&scan->write, (uv_stream_t *)&scan->in, &all, 1, on_written);
	uv_read_start((uv_stream_t *)&scan->out, on_space, on_text);
	uv_timer_start(&scan->timer, on_late, SCAN_TIMEOUT_MS, 0);
	return scan;
}

void scan_drop(struct scan *scan)
{
	if (scan == NULL)
		return;
	scan->done = NULL;
	if (scan->child.pid != 0 && !scan->exited)
		uv_process_kill(&scan->child, SIGKILL);
	close_all(scan);
}
