/* Both painters against libvterm: after every change the screen holds what the canvas and the theme say, cell by cell. */
#include "tests/tty/pty.h"
#include "base/text.h"
#include "ui/term/term.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define WIDTH 60
#define HEIGHT 16
#define STEPS 60

struct scene {
	const char *term, *color, *terminfo;
	bool curses, ascii;
	uint16_t without, without_on_color; /* attributes that the terminal lacks */
	bool cannot_hide;                   /* its cursor is always seen */
	enum depth depth;
	int commands[2], results[2]; /* pipes */
};

/* --- a changing picture, the same for every process with the same seed ------------------------------------ */

static unsigned number(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 10) % below;
}

static struct style any_style(unsigned *seed)
{
	static const uint16_t grounds[] = {ROLE_GROUND, ROLE_GROUND, ROLE_SELECT, ROLE_BAR};
	struct style style = {(uint16_t)number(seed, ROLE_COUNT), grounds[number(seed, 4)], 0};

	if (number(seed, 3) == 0)
		style.bg = (uint16_t)(ROLE_HEAT_0 + number(seed, 64));
	if (number(seed, 3) == 0)
		style.attrs = (uint16_t)number(seed, 32);
	return style;
}

static void change(struct canvas *canvas, unsigned *seed)
{
	static const char *const words[] = {"Kitchen",
					    "Hot desks 9/14",
					    "\u6f22\u5b57\u6f22",
					    "cafe\u0301 e\u0301e\u0301",
					    "\u2580\u2584\u2588\u2500\u2502",
					    "   ",
					    "\u00e9\u00fc\u00df",
					    "\u30ab\u30bfx\u30ab",
					    "\u28ff\u2801",
					    "a"};
	static const uint32_t glyphs[] = {' ', ' ', ' ', 'x', 0x2580, 0x2588};
	struct rect rect = {(int)number(seed, WIDTH), (int)number(seed, HEIGHT), 1 + (int)number(seed, WIDTH),
			    1 + (int)number(seed, 6)};
	struct style style = any_style(seed);

	switch (number(seed, 8)) {
	case 0:
		canvas_fill(canvas, rect, canvas_ascii(canvas) ? ' ' : glyphs[number(seed, 6)], style);
		break;
	case 1:
		canvas_restyle(canvas, rect, number(seed, 2) ? style.fg : -1, style.bg, style.attrs);
		break;
	case 2:
		if (number(seed, 8) == 0)
			canvas_clear(canvas, number(seed, 2) ? style : STYLE(TEXT));
		break;
	default:
		canvas_text(canvas, rect.x, rect.y, -1, words[number(seed, 10)], style);
		break;
	}
}

static void change_some(struct canvas *canvas, unsigned *seed)
{
	for (unsigned n = number(seed, 12); n > 0; n--)
		change(canvas, seed);
}

/* --- the painting process --------------------------------------------------------------------------------- */

static bool bring(struct term *term, const struct canvas *canvas, const struct theme *theme, int x, int y)
{
	struct input input;

	for (int round = 0; round < 2000; round++) {
		struct pollfd ready = {.fd = term_fd(term), .events = POLLIN};

		if (term_paint(term, canvas, theme, x, y) < 0)
			return false;
		if (!term_behind(term))
			return true;
		poll(&ready, 1, 5);
		while (term_read(term, &input))
			;
	}
	return false;
}

static int paint_process(void *arg)
{
	struct scene *scene = arg;
	struct term_options options = {.color = scene->color,
				       .ascii = scene->ascii,
				       .curses_painter = scene->curses};
	struct problem problem = {.code = 0};
	struct term *term;
	struct theme *theme;
	struct canvas *canvas = canvas_new(WIDTH, HEIGHT, scene->ascii);
	unsigned seed = 42;
	char step;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (theme_load("dusk", &theme, &problem) != ERR_OK ||
	    term_open(&options, &term, &problem) != ERR_OK) {
		fprintf(stderr, "%s: %s\n", problem.what, problem.why);
		return 3;
	}
	if (term_caps(term)->depth != scene->depth)
		return 4;
	while (read(scene->commands[0], &step, 1) == 1 && step != 'q') {
		long again;

		change_some(canvas, &seed);
		if (step == 't')
			term_touch(term);
		if (!bring(term, canvas, theme, step == 'c' ? 3 : -1, 2))
			return 5;
		again = term_paint(term, canvas, theme, step == 'c' ? 3 : -1, 2);
		if (write(scene->results[1], &again, sizeof again) != sizeof again)
			return 6;
		dprintf(STDOUT_FILENO, "\033]777;done\a");
	}
	term_close(term);
	theme_free(theme);
	canvas_free(canvas);
	return 0;
}

/* --- what must be seen ------------------------------------------------------------------------------------ */

static void check_color(const VTermColor *color, int32_t wanted, enum depth depth, bool fg)
{
	if (wanted < 0) {
		assert_true(fg ? VTERM_COLOR_IS_DEFAULT_FG(color) : VTERM_COLOR_IS_DEFAULT_BG(color));
	} else if (depth == DEPTH_DIRECT) {
		assert_true(VTERM_COLOR_IS_RGB(color));
		int seen = color->rgb.red << 16 | color->rgb.green << 8 | color->rgb.blue;

		/* terminfo cannot say the eight darkest blues. */
		assert_true(seen == wanted || (wanted < 8 && seen == 8));
	} else {
		assert_true(VTERM_COLOR_IS_INDEXED(color));
		assert_int_equal(color->indexed.idx, wanted);
	}
}

static void check_glyph(const struct canvas *canvas, const struct cell *cell, const VTermScreenCell *seen)
{
	const char *text;
	size_t length;

	if ((cell->glyph & GLYPH_CLUSTER) == 0) {
		assert_int_equal(seen->chars[0] == 0 ? ' ' : seen->chars[0], cell->glyph);
		return;
	}
	text = canvas_cluster(canvas, cell->glyph);
	length = strlen(text);
	for (size_t at = 0, i = 0; at < length; i++) {
		uint32_t c;

		at += text_decode(text + at, length - at, &c);
		assert_int_equal(seen->chars[i], c);
	}
}

static void check_cell(const struct canvas *canvas, const struct cell *cell, const VTermScreenCell *seen,
		       const struct theme *theme, const struct scene *scene)
{
	enum depth depth = scene->depth;
	struct paint paint = theme_paint(theme, depth, cell->style);
	bool blank = cell->glyph == ' ';

	paint.attrs &= (uint16_t)~scene->without;
	if (paint.fg >= 0 || paint.bg >= 0)
		paint.attrs &= (uint16_t)~scene->without_on_color;

	check_glyph(canvas, cell, seen);
	check_color(&seen->bg, paint.bg, depth, false);
	assert_int_equal(seen->attrs.reverse, (paint.attrs & ATTR_REVERSE) != 0);
	assert_int_equal(seen->attrs.underline != 0, (paint.attrs & ATTR_UNDERLINE) != 0);
	if (blank && (paint.attrs & (ATTR_REVERSE | ATTR_UNDERLINE)) == 0)
		return;
	check_color(&seen->fg, paint.fg, depth, true);
	assert_int_equal(seen->attrs.bold, (paint.attrs & ATTR_BOLD) != 0);
	assert_int_equal(seen->attrs.italic, (paint.attrs & ATTR_ITALIC) != 0);
}

static void check_screen(struct pty *pty, const struct canvas *canvas, const struct theme *theme,
			 const struct scene *scene)
{
	for (int y = 0; y < HEIGHT; y++) {
		const struct cell *row = canvas_row(canvas, y);

		for (int x = 0; x < WIDTH; x++) {
			VTermScreenCell seen;

			if (row[x].glyph == GLYPH_TAIL)
				continue;
			vterm_screen_get_cell(pty->screen, (VTermPos){.row = y, .col = x}, &seen);
			check_cell(canvas, &row[x], &seen, theme, scene);
		}
	}
}

static void check_cursor(struct pty *pty, bool shown, bool placed)
{
	VTermPos at;

	assert_int_equal(pty->cursor, shown);
	vterm_state_get_cursorpos(vterm_obtain_state(pty->vterm), &at);
	if (placed) {
		assert_int_equal(at.col, 3);
		assert_int_equal(at.row, 2);
	}
}

static void start(struct pty *pty, struct scene *scene)
{
	char term[64], terminfo[256];
	const char *environment[] = {term, scene->terminfo != NULL ? terminfo : NULL, NULL};

	snprintf(term, sizeof term, "TERM=%s", scene->term);
	snprintf(terminfo, sizeof terminfo, "TERMINFO=%s", scene->terminfo != NULL ? scene->terminfo : "");
	assert_int_equal(pipe(scene->commands), 0);
	assert_int_equal(pipe(scene->results), 0);
	pty_start(pty, WIDTH, HEIGHT, environment, paint_process, scene);
	close(scene->commands[0]);
	close(scene->results[1]);
}

static void play(struct scene scene)
{
	struct problem problem;
	struct canvas *canvas = canvas_new(WIDTH, HEIGHT, scene.ascii);
	struct theme *theme;
	struct pty pty;
	unsigned seed = 42;

	assert_int_equal(theme_load("dusk", &theme, &problem), ERR_OK);
	start(&pty, &scene);
	for (int i = 0; i < STEPS; i++) {
		char step = i % 10 == 9 ? 't' : i % 3 == 0 ? 'c' : '-';
		long again = -1;

		buf_reset(&pty.raw);
		assert_int_equal(write(scene.commands[1], &step, 1), 1);
		change_some(canvas, &seed);
		pty_wait_raw(&pty, "\033]777;done\a");
		check_screen(&pty, canvas, theme, &scene);
		check_cursor(&pty, step == 'c' || scene.cannot_hide, step == 'c');
		/* Painted once more without a change: not a byte. */
		assert_int_equal(read(scene.results[0], &again, sizeof again), (ssize_t)sizeof again);
		assert_int_equal(again, 0);
	}
	assert_int_equal(write(scene.commands[1], "q", 1), 1);
	pty_wait_end(&pty);
	assert_int_equal(pty.status, 0);
	assert_false(pty.alternate);
	assert_true(pty.cursor);
	pty_free(&pty);
	close(scene.commands[1]);
	close(scene.results[0]);
	canvas_free(canvas);
	theme_free(theme);
}

static void both(const char *term, const char *color, enum depth depth)
{
	play((struct scene){.term = term, .color = color, .depth = depth});
	play((struct scene){.term = term, .color = color, .depth = depth, .curses = true});
}

static void test_256(void **state)
{
	(void)state;
	both("xterm-256color", "auto", DEPTH_256);
}

static void test_8(void **state)
{
	(void)state;
	both("xterm", "auto", DEPTH_8);
}

static void test_16(void **state)
{
	(void)state;
	both("xterm-256color", "16", DEPTH_16);
}

static void test_mono(void **state)
{
	(void)state;
	both("xterm-256color", "mono", DEPTH_MONO);
}

static void test_tmux(void **state)
{
	(void)state;
	both("tmux-256color", "auto", DEPTH_256);
}

static void test_direct(void **state)
{
	(void)state;
	play((struct scene){.term = "xterm-256color", .color = "direct", .depth = DEPTH_DIRECT});
}

/* Many machines do not know xterm-direct, so the test brings its own. */
static void test_direct_entry(void **state)
{
	static const char source[] =
		"xterm-direct|for the test,\n"
		"\tRGB, colors#0x1000000, pairs#0x7FFFF,\n"
		"\tsetaf=\\E[%?%p1%{8}%<%t3%p1%d%e38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,\n"
		"\tsetab=\\E[%?%p1%{8}%<%t4%p1%d%e48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,\n"
		"\tuse=xterm-256color,\n";
	char *folder = g_dir_make_tmp("lodge-tty-XXXXXX", NULL);
	char *file = g_build_filename(folder, "direct.ti", NULL);
	const char *argv[] = {"tic", "-x", "-o", folder, file, NULL};
	int status = -1;

	(void)state;
	assert_true(g_file_set_contents(file, source, -1, NULL));
	if (g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
			 NULL) &&
	    status == 0) {
		play((struct scene){
			.term = "xterm-direct", .terminfo = folder, .color = "auto", .depth = DEPTH_DIRECT});
		play((struct scene){.term = "xterm-direct",
				    .terminfo = folder,
				    .color = "auto",
				    .depth = DEPTH_DIRECT,
				    .curses = true});
	}
	const char *away[] = {"rm", "-r", folder, NULL};
	g_spawn_sync(NULL, (char **)away, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL);
	g_free(file);
	g_free(folder);
}

/* Only curses knows a terminal like this. */
static void test_vt100(void **state)
{
	(void)state;
	play((struct scene){.term = "vt100",
			    .color = "auto",
			    .depth = DEPTH_MONO,
			    .ascii = true,
			    .curses = true,
			    .cannot_hide = true,
			    .without = ATTR_ITALIC});
}

static void test_linux(void **state)
{
	(void)state;
	play((struct scene){.term = "linux",
			    .color = "auto",
			    .depth = DEPTH_8,
			    .without = ATTR_ITALIC,
			    .without_on_color = ATTR_UNDERLINE | ATTR_DIM});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_256),   cmocka_unit_test(test_8),
		cmocka_unit_test(test_16),    cmocka_unit_test(test_mono),
		cmocka_unit_test(test_tmux),  cmocka_unit_test(test_direct),
		cmocka_unit_test(test_vt100), cmocka_unit_test(test_direct_entry),
		cmocka_unit_test(test_linux),
	};

	if (pty_missing())
		return PTY_SKIP;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
