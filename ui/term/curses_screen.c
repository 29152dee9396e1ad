#define NCURSES_NOMACROS
#include "ui/term/curses_screen.h"

#include <curses.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct curses_screen {
	SCREEN *screen;
	FILE *in, *out;
};

/* curses catches these when nobody does; here the program decides. */
static const int caught[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
#define N_CAUGHT (sizeof caught / sizeof *caught)

static FILE *open_file(void)
{
#ifdef MFD_CLOEXEC
	int fd = memfd_create("lodge-screen", MFD_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

	if (file != NULL)
		return file;
	if (fd >= 0)
		close(fd);
#endif
	return tmpfile();
}

static SCREEN *start(const char *term, FILE *out, FILE *in)
{
	struct sigaction before[N_CAUGHT];
	SCREEN *screen;

	for (size_t i = 0; i < N_CAUGHT; i++)
		sigaction(caught[i], NULL, &before[i]);
	screen = newterm(term, out, in);
	for (size_t i = 0; i < N_CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	return screen;
}

static void set_modes(int width, int height)
{
	raw();
	noecho();
	nonl();
	typeahead(-1);
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	if (has_colors() && start_color() == OK)
		use_default_colors();
	/* Whatever the environment says of it. */
	if (width > 0 && height > 0)
		resizeterm(height, width);
}

/* curses begins by entering the alternate screen; struct term has done that. */
static void discard(struct curses_screen *screen)
{
	int fd = fileno(screen->out);

	wrefresh(stdscr);
	if (ftruncate(fd, 0) == 0)
		lseek(fd, 0, SEEK_SET);
}

struct curses_screen *curses_screen_open(const char *term, int width, int height)
{
	struct curses_screen *screen = calloc(1, sizeof *screen);

	if (screen == NULL)
		return NULL;
	screen->out = open_file();
	screen->in = fopen("/dev/null", "re");
	if (screen->out != NULL && screen->in != NULL)
		screen->screen = start(term, screen->out, screen->in);
	if (screen->screen == NULL) {
		curses_screen_close(screen);
		return NULL;
	}
	set_modes(width, height);
	discard(screen);
	return screen;
}

void curses_screen_close(struct curses_screen *screen)
{
	if (screen == NULL)
		return;
	if (screen->screen != NULL) {
		endwin();
		delscreen(screen->screen);
	}
	if (screen->out != NULL)
		fclose(screen->out);
	if (screen->in != NULL)
		fclose(screen->in);
	free(screen);
}

int curses_screen_collect(struct curses_screen *screen, struct buf *out)
{
	int fd = fileno(screen->out);
	off_t length = lseek(fd, 0, SEEK_END);
	int err = ERR_OK;

	if (length <= 0)
		return ERR_OK;
	err = buf_reserve(out, (size_t)length);
	if (err == ERR_OK) {
		ssize_t n = pread(fd, out->data + out->length, (size_t)length, 0);

		err = n == length ? ERR_OK : ERR_IO;
		out->length += n > 0 ? (size_t)n : 0;
		out->data[out->length] = '\0';
	}
	if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		return ERR_IO;
	return err;
}

const char *curses_string(const struct curses_screen *screen, const char *name)
{
	const char *text = tigetstr(name);

	(void)screen;
	return text == (const char *)-1 || text == NULL || text[0] == '\0' ? NULL : text;
}

bool curses_flag(const struct curses_screen *screen, const char *name)
{
	(void)screen;
	return tigetflag(name) == 1;
}

int curses_number(const struct curses_screen *screen, const char *name)
{
	int number = tigetnum(name);

	(void)screen;
	return number < 0 ? -1 : number;
}

void curses_expand(const struct curses_screen *screen, const char *name, int a, int b, char *out, size_t size)
{
	const char *text = curses_string(screen, name);
	const char *expanded = text == NULL ? NULL
					    : tparm(text, (long)a, (long)b, 0L, 0L, 0L, 0L, 0L, 0L, 0L);

	snprintf(out, size, "%s", expanded != NULL ? expanded : "");
}

/* What ncurses sets up for a terminal it does not know it never gives back; a run that looks for leaks is told so. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_ARE_LOOKED_FOR 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define LEAKS_ARE_LOOKED_FOR 1
#endif
#ifdef LEAKS_ARE_LOOKED_FOR
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:new_prescr\n"; }
#endif
