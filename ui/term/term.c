#include "ui/term/term.h"
#include "ui/term/crash.h"
#include "ui/term/term_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SIZE_MOST 1000
/* What the leaving may wait for the terminal's last confirmation, so that it does not become input of the shell. */
#define LAST_ANSWER_MS 150

/* --- the tty -------------------------------------------------------------------------------------------- */

/* A description of our own lets us read and write without waiting while the shell's stays as it is. After su the device may not be ours to open: then
 * the shared one changes its mode and gets it back at the end. */
static int open_tty(struct term *term)
{
	char name[128];
	int fd = -1;

	term->shared_flags = -1;
	if (ttyname_r(STDOUT_FILENO, name, sizeof name) == 0)
		fd = open(name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return -1;
	term->shared_flags = fcntl(fd, F_GETFL);
	if ((term->shared_flags & O_ACCMODE) == O_RDWR &&
	    fcntl(fd, F_SETFL, term->shared_flags | O_NONBLOCK) == 0)
		return fd;
	close(fd);
	return -1;
}

static void read_size(const struct term *term, int *width, int *height)
{
	struct winsize size = {.ws_col = 0};

	if (ioctl(term->fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
		size = (struct winsize){.ws_col = 80, .ws_row = 24};
	*width = MIN(size.ws_col, SIZE_MOST);
	*height = MIN(size.ws_row, SIZE_MOST);
}

static void set_raw(const struct term *term)
{
	struct termios modes = term->before;

	cfmakeraw(&modes);
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	tcsetattr(term->fd, TCSANOW, &modes);
}

/* --- entering and leaving ------------------------------------------------------------------------------- */

static void build_strings(struct term *term)
{
	const struct term_traits *traits = &term->traits;
	const char *clear = curses_string(term->screen, "clear");
	bool titles = term->caps.titles;
	bool paste = term->caps.paste;

	snprintf(term->enter, sizeof term->enter, "%s%s%s%s", titles ? "\033[22;2t" : "", traits->enter,
		 traits->plain, paste ? "\033[?2004h" : "");
	/* The cursor last: leaving the alternate screen may bring back how it was. */
	snprintf(term->leave, sizeof term->leave, "%s%s%s%s%s%s%s",
		 term->caps.synchronized ? "\033[?2026l" : "", term->caps.mouse ? TERM_MOUSE_OFF : "",
		 paste ? "\033[?2004l" : "", traits->plain,
		 traits->leave[0] == '\0' && clear != NULL ? clear : traits->leave, traits->show,
		 titles ? "\033[23;2t" : "");
}

/* Nothing more can be told when this fails: the next painting finds the tty lost. */
static void send(struct term *term, const char *text)
{
	if (line_send(&term->line, text, strlen(text)) != ERR_OK)
		term->behind = true;
}

static void enter(struct term *term)
{
	set_raw(term);
	capture_start(&term->capture);
	crash_arm(term->fd, &term->before, term->leave, &term->capture);
	term->entered = true;
	send(term, term->enter);
	if (term->mouse)
		send(term, TERM_MOUSE_ON);
	/* The first answer shows that there will be answers. */
	if (term->caps.standard)
		line_mark(&term->line);
}

static void take_answers(struct term *term)
{
	while (term->decoder.confirmations > 0) {
		term->decoder.confirmations--;
		line_confirmed(&term->line);
	}
}

static bool feed(struct term *term)
{
	size_t room;
	unsigned char *to = decoder_room(&term->decoder, &room);
	ssize_t n;

	if (room == 0 || term->line.lost)
		return false;
	do {
		n = read(term->fd, to, room);
	} while (n < 0 && errno == EINTR);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK))
		term->line.lost = true;
	if (n <= 0)
		return false;
	decoder_fed(&term->decoder, (size_t)n);
	term->fed_ms = clock_mono_ms(term->line.clock);
	return true;
}

static void await_answers(struct term *term)
{
	int64_t end_ms = clock_mono_ms(term->line.clock) + LAST_ANSWER_MS;
	struct input input;

	while (term->line.n_marks > 0 && !term->line.lost) {
		struct pollfd ready = {.fd = term->fd, .events = POLLIN};
		int64_t left_ms = end_ms - clock_mono_ms(term->line.clock);

		if (left_ms <= 0 || poll(&ready, 1, (int)left_ms) <= 0)
			break;
		feed(term);
		while (decoder_next(&term->decoder, false, &input))
			;
		take_answers(term);
	}
	if (term->line.n_marks > 0)
		tcflush(term->fd, TCIFLUSH);
	term->line.n_marks = 0;
	term->line.unmarked = 0;
}

static void leave(struct term *term)
{
	if (!term->entered)
		return;
	term->entered = false;
	if (line_drop(&term->line)) {
		/* The tty is full with what nobody needs any more, and the last frame is cut: CAN ends its last sequence. */
		tcflush(term->fd, TCOFLUSH);
		send(term, "\030");
	}
	send(term, term->leave);
	await_answers(term);
	if (line_flush(&term->line) == ERR_BUSY) {
		tcflush(term->fd, TCOFLUSH);
		line_drop(&term->line);
		send(term, term->leave);
	}
	tcsetattr(term->fd, TCSANOW, &term->before);
	crash_disarm();
	capture_stop(&term->capture);
}

/* --- opening -------------------------------------------------------------------------------------------- */

static void learn_keys(struct term *term)
{
	static const struct {
		const char *name;
		uint32_t key;
	} keys[] = {
		{"kcuu1", KEY_UP_},     {"kcud1", KEY_DOWN_},   {"kcub1", KEY_LEFT_},
		{"kcuf1", KEY_RIGHT_},  {"khome", KEY_HOME_},   {"kend", KEY_END_},
		{"kpp", KEY_PAGE_UP},   {"knp", KEY_PAGE_DOWN}, {"kich1", KEY_INSERT_},
		{"kdch1", KEY_DELETE_}, {"kent", KEY_ENTER_},   {"kcbt", KEY_SHIFT_ | KEY_TAB_},
		{"kf1", KEY_F1_},       {"kf2", KEY_F1_ + 1},   {"kf3", KEY_F1_ + 2},
		{"kf4", KEY_F1_ + 3},   {"kf5", KEY_F1_ + 4},   {"kf6", KEY_F1_ + 5},
		{"kf7", KEY_F1_ + 6},   {"kf8", KEY_F1_ + 7},   {"kf9", KEY_F1_ + 8},
		{"kf10", KEY_F1_ + 9},  {"kf11", KEY_F1_ + 10}, {"kf12", KEY_F12_},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *bytes = curses_string(term->screen, keys[i].name);

		if (bytes != NULL)
			decoder_learn(&term->decoder, bytes, keys[i].key);
	}
}

static int open_screen(struct term *term, struct problem *problem)
{
	struct term_environment environment = {
		.term = getenv("TERM"),
		.colorterm = getenv("COLORTERM"),
		.no_color = getenv("NO_COLOR"),
		.tmux = getenv("TMUX"),
		.term_program = getenv("TERM_PROGRAM"),
	};
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	const char *other;

	if (environment.term == NULL || environment.term[0] == '\0')
		return problem_set(problem, ERR_UNSUPPORTED, "terminal",
				   "set TERM, for instance to xterm-256color", "TERM is not set");
	term->screen = curses_screen_open(environment.term, term->width, term->height);
	other = caps_stand_in(environment.term);
	if (term->screen == NULL && other != NULL)
		term->screen = curses_screen_open(other, term->width, term->height);
	if (term->screen == NULL)
		return problem_set(problem, ERR_UNSUPPORTED, "terminal",
				   "set TERM to one that is known here, for instance xterm or vt100",
				   "this machine does not know TERM=%.60s", environment.term);
	return caps_read(term->screen, &term->options, &environment, utf8, &term->caps, &term->traits,
			 problem);
}

static void start_painter(struct term *term)
{
	looks_init(&term->looks, term->caps.depth, term->traits.attrs, term->traits.no_color);
	if (term->traits.curses) {
		paint_curses_init(&term->curses, term->screen, &term->traits, &term->caps);
		paint_curses_resize(&term->curses, term->width, term->height);
	} else {
		paint_sgr_init(&term->sgr, &term->traits, &term->caps);
		paint_sgr_resize(&term->sgr, term->width, term->height);
	}
}

static void free_term(struct term *term)
{
	if (term->traits.curses)
		paint_curses_fini(&term->curses);
	else
		paint_sgr_fini(&term->sgr);
	looks_fini(&term->looks);
	decoder_fini(&term->decoder);
	line_fini(&term->line);
	curses_screen_close(term->screen);
	if (term->fd >= 0) {
		if (term->shared_flags >= 0)
			fcntl(term->fd, F_SETFL, term->shared_flags);
		close(term->fd);
	}
	g_free(term);
}

int term_open(const struct term_options *options, struct term **out, struct problem *problem)
{
	struct term *term = g_new0(struct term, 1);
	int err;

	*out = NULL;
	term->options = *options;
	term->fd = -1;
	term->capture = (struct capture){-1, -1};
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err = problem_set(problem, ERR_UNSUPPORTED, "terminal",
				  "start it in a terminal; scripts use lodge get and lodge watch",
				  "input and output must be a terminal");
		goto fail;
	}
	term->fd = open_tty(term);
	if (term->fd < 0 || tcgetattr(term->fd, &term->before) != 0) {
		err = problem_set(problem, ERR_UNSUPPORTED, "terminal", NULL, "it cannot be opened: %s",
				  g_strerror(errno));
		goto fail;
	}
	line_init(&term->line, term->fd, &clock_system);
	decoder_init(&term->decoder);
	read_size(term, &term->width, &term->height);
	err = open_screen(term, problem);
	if (err != ERR_OK)
		goto fail;
	learn_keys(term);
	start_painter(term);
	build_strings(term);
	term->mouse = options->mouse && term->caps.mouse;
	enter(term);
	*out = term;
	return ERR_OK;
fail:
	free_term(term);
	return err;
}

void term_close(struct term *term)
{
	if (term == NULL)
		return;
	leave(term);
	free_term(term);
}

void term_suspend(struct term *term) { leave(term); }

void term_resume(struct term *term)
{
	if (term->entered)
		return;
	enter(term);
	term_resized(term);
	term_touch(term);
}

/* --- size ----------------------------------------------------------------------------------------------- */

const struct term_caps *term_caps(const struct term *term) { return &term->caps; }

int term_fd(const struct term *term) { return term->fd; }

void term_size(struct term *term, int *width, int *height)
{
	*width = term->width;
	*height = term->height;
}

bool term_resized(struct term *term)
{
	int width, height;
	bool changed;

	read_size(term, &width, &height);
	changed = width != term->width || height != term->height;
	term->width = width;
	term->height = height;
	/* A terminal may have moved its lines even when it has the same size again. */
	if (term->traits.curses)
		paint_curses_resize(&term->curses, width, height);
	else
		paint_sgr_resize(&term->sgr, width, height);
	return changed;
}

/* --- painting ------------------------------------------------------------------------------------------- */

size_t term_backlog(const struct term *term) { return line_backlog(&term->line); }

bool term_unsent(const struct term *term) { return term->line.taken < term->line.rest.length; }

bool term_behind(const struct term *term) { return term->behind || term_unsent(term); }

bool term_lost(const struct term *term) { return term->line.lost; }

void term_touch(struct term *term)
{
	if (term->traits.curses)
		paint_curses_touch(&term->curses);
	else
		paint_sgr_touch(&term->sgr);
}

long term_paint(struct term *term, const struct canvas *canvas, const struct theme *theme, int cursor_x,
		int cursor_y)
{
	size_t budget;
	struct buf *frame;
	bool changed, cut;
	int err;

	if (!term->entered)
		return term->line.lost ? ERR_CLOSED : 0;
	budget = line_budget(&term->line);
	if (term->line.lost)
		return ERR_CLOSED;
	term->behind = budget == 0;
	if (budget == 0)
		return 0;
	changed = looks_begin(&term->looks, theme);
	if (term->traits.curses)
		frame = paint_curses_frame(&term->curses, &term->looks, changed, canvas, cursor_x, cursor_y,
					   budget, &cut);
	else
		frame = paint_sgr_frame(&term->sgr, &term->looks, changed, canvas, cursor_x, cursor_y, budget,
					&cut);
	term->behind = cut;
	if (frame->length == 0)
		return frame->error;
	err = line_send_frame(&term->line, frame);
	if (err != ERR_OK) {
		/* What the screen shows is not what the painter believes. */
		term_touch(term);
		return err;
	}
	return (long)frame->length;
}

/* --- input ---------------------------------------------------------------------------------------------- */

/* An Esc is not the beginning of a sequence when nothing follows for so long; the rest of a paste may have a slow line before it. */
#define LATE_MS 25
#define LATE_PASTE_MS 1000

static bool is_late(const struct term *term)
{
	int64_t silence_ms = clock_mono_ms(term->line.clock) - term->fed_ms;

	return silence_ms >= (term->decoder.pasting ? LATE_PASTE_MS : LATE_MS);
}

bool term_read(struct term *term, struct input *input)
{
	bool some = decoder_next(&term->decoder, false, input);

	while (!some && term->entered && feed(term))
		some = decoder_next(&term->decoder, false, input);
	if (!some && decoder_waiting(&term->decoder) && is_late(term))
		some = decoder_next(&term->decoder, true, input);
	take_answers(term);
	return some;
}

bool term_waiting(const struct term *term) { return decoder_waiting(&term->decoder); }
