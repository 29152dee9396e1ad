/* Files that the dashboard writes: on uv's pool of threads, since the disk may be slow; how far they are is looked at from the loop. */
#include "app/dash_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE ((size_t)256 << 10) /* between two looks at whether it is still wanted */
#define LOOK_MS 100

struct save {
	uv_work_t work;
	uv_timer_t look;
	struct dash *dash;
	char *path, *bytes;
	size_t length;
	bool replace;
	atomic_size_t written;
	atomic_bool cancelled;
	int number; /* errno; 0: written */
};

/* Half a file under the person's name is worse than none; what was there before is not ours to remove. */
static void give_up(const struct save *save, int fd)
{
	if (fd >= 0 && !save->replace)
		unlink(save->path);
}

static void save_now(uv_work_t *work)
{
	struct save *save = work->data;
	int fd = open(save->path, O_WRONLY | O_CREAT | O_CLOEXEC | (save->replace ? O_TRUNC : O_EXCL), 0600);
	size_t done = 0;

	save->number = fd < 0 ? errno : 0;
	while (save->number == 0 && done < save->length) {
		ssize_t n = write(fd, save->bytes + done, MIN(save->length - done, PIECE));

		if (n < 0 && errno != EINTR)
			save->number = errno;
		done += n > 0 ? (size_t)n : 0;
		atomic_store(&save->written, done);
		if (atomic_load(&save->cancelled))
			save->number = ECANCELED;
	}
	if (fd >= 0 && close(fd) != 0 && save->number == 0)
		save->number = errno;
	if (save->number != 0)
		give_up(save, fd);
}

static void cancel(void *ctx) { atomic_store(&((struct save *)ctx)->cancelled, true); }

static void tell(struct save *save)
{
	char text[120];

	if (save->dash->ending || atomic_load(&save->cancelled))
		return;
	g_snprintf(text, sizeof(text), "writing %.100s", save->path);
	shell_progress(save->dash->shell, text, (double)atomic_load(&save->written), (double)save->length,
		       cancel, save);
}

static void on_look(uv_timer_t *timer)
{
	struct save *save = timer->data;

	tell(save);
	if (!save->dash->ending)
		dash_paint_soon(save->dash, false);
}

static void on_closed(uv_handle_t *handle)
{
	struct save *save = handle->data;

	g_free(save->path);
	free(save->bytes);
	g_free(save);
}

static void save_done(uv_work_t *work, int status)
{
	struct save *save = work->data;
	char text[200];

	(void)status;
	if (save->number == 0)
		g_snprintf(text, sizeof(text), "written: %.150s", save->path);
	else if (save->number == ECANCELED)
		g_snprintf(text, sizeof(text), "cancelled, nothing is written: %.150s", save->path);
	else
		g_snprintf(text, sizeof(text), "%.120s: %s", save->path,
			   save->number == EEXIST ? "there is such a file already; name another"
						  : g_strerror(save->number));
	if (!save->dash->ending) {
		shell_progress(save->dash->shell, NULL, 0, 0, NULL, NULL);
		shell_toast(save->dash->shell, save->number == 0, text);
		dash_paint_soon(save->dash, false);
	}
	uv_close((uv_handle_t *)&save->look, on_closed);
}

void dash_save(void *ctx, const char *path, char *bytes, size_t length, bool replace)
{
	struct save *save = g_new0(struct save, 1);

	*save = (struct save){
		.dash = ctx, .path = g_strdup(path), .bytes = bytes, .length = length, .replace = replace};
	save->work.data = save;
	uv_timer_init(&save->dash->loop, &save->look);
	save->look.data = save;
	tell(save);
	uv_timer_start(&save->look, on_look, LOOK_MS, LOOK_MS);
	uv_queue_work(&save->dash->loop, &save->work, save_now, save_done);
}
