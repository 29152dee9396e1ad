/* Prints what a frame of 160x48 costs that changes every cell, for both painters of ui/term in the same run: CPU time, bytes and write() calls, and the own
 * painter's share of what curses takes. "noise": every half cell a random one of 64 levels; "field": a smooth surface that moves. */
#include "ui/term/caps.h"
#include "ui/term/paint_curses.h"
#include "ui/term/paint_sgr.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WIDTH 160
#define HEIGHT 48
#define FRAMES 60

struct cost {
	double cpu_us, bytes;
};

static double cpu_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static uint16_t level(bool field, int x, int y, int frame, unsigned *seed)
{
	double a = sin((double)(x + frame * 3) / 11) + cos((double)(y - frame * 2) / 17);

	*seed = *seed * 1664525u + 1013904223u;
	return (uint16_t)(ROLE_HEAT_0 + (field ? (int)((a + 2) / 4 * 63) : (int)((*seed >> 12) % 64)));
}

static void draw(struct canvas *canvas, bool field, int frame)
{
	unsigned seed = (unsigned)frame + 1;

	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			uint16_t above = level(field, x, 2 * y, frame, &seed);

			canvas_put(canvas, x, y, 0x2580,
				   (struct style){above, level(field, x, 2 * y + 1, frame, &seed), 0});
		}
}

struct bench {
	struct term_caps caps;
	struct term_traits traits;
	struct looks looks;
	struct paint_sgr sgr;
	struct paint_curses curses;
	const struct theme *theme;
};

static size_t paint(struct bench *bench, const struct canvas *canvas)
{
	bool changed = looks_begin(&bench->looks, bench->theme), cut;
	struct buf *frame = bench->traits.curses ? paint_curses_frame(&bench->curses, &bench->looks, changed,
								      canvas, -1, -1, SIZE_MAX, &cut)
						 : paint_sgr_frame(&bench->sgr, &bench->looks, changed,
								   canvas, -1, -1, SIZE_MAX, &cut);

	return frame->length;
}

static struct cost measure(struct bench *bench, bool field)
{
	struct canvas *canvas = canvas_new(WIDTH, HEIGHT, false);
	struct cost cost = {0, 0};

	for (int frame = 0; frame < FRAMES; frame++) {
		double began;
		size_t bytes;

		draw(canvas, field, frame);
		began = cpu_us();
		bytes = paint(bench, canvas);
		if (frame < 10)
			continue; /* filling the caches */
		cost.cpu_us += (cpu_us() - began) / (FRAMES - 10);
		cost.bytes += (double)bytes / (FRAMES - 10);
	}
	if (paint(bench, canvas) != 0)
		printf("an unchanged frame was painted\n");
	canvas_free(canvas);
	return cost;
}

static int run(struct curses_screen *screen, const struct theme *theme, const char *color, bool own,
	       bool field, struct cost *cost)
{
	struct term_options options = {.color = color, .curses_painter = !own};
	struct term_environment environment = {.term = "xterm-256color"};
	struct bench bench = {.theme = theme};
	struct problem problem;
	int err = caps_read(screen, &options, &environment, true, &bench.caps, &bench.traits, &problem);

	if (err != ERR_OK)
		return err;
	looks_init(&bench.looks, bench.caps.depth, bench.traits.attrs, 0);
	if (own) {
		paint_sgr_init(&bench.sgr, &bench.traits, &bench.caps);
		paint_sgr_resize(&bench.sgr, WIDTH, HEIGHT);
	} else {
		paint_curses_init(&bench.curses, screen, &bench.traits, &bench.caps);
		paint_curses_resize(&bench.curses, WIDTH, HEIGHT);
	}
	*cost = measure(&bench, field);
	if (own)
		paint_sgr_fini(&bench.sgr);
	else
		paint_curses_fini(&bench.curses);
	looks_fini(&bench.looks);
	return ERR_OK;
}

int main(void)
{
	static const char *const names[] = {"noise", "field"};
	struct curses_screen *screen;
	struct theme *theme;
	struct problem problem;

	setlocale(LC_CTYPE, "C.UTF-8");
	screen = curses_screen_open("xterm-256color", WIDTH, HEIGHT);
	if (screen == NULL || theme_load("dusk", &theme, &problem) != ERR_OK)
		return 1;
	printf("160x48, a frame, 256 colours; one write() each\n");
	for (int field = 0; field < 2; field++) {
		struct cost own, curses, direct;

		if (run(screen, theme, "256", true, field != 0, &own) != ERR_OK ||
		    run(screen, theme, "256", false, field != 0, &curses) != ERR_OK ||
		    run(screen, theme, "direct", true, field != 0, &direct) != ERR_OK)
			return 1;
		printf("%s  own     %8.0f us %8.0f bytes\n", names[field], own.cpu_us, own.bytes);
		printf("%s  curses  %8.0f us %8.0f bytes\n", names[field], curses.cpu_us, curses.bytes);
		printf("%s  ratio   %8.3f    %8.3f\n", names[field], own.cpu_us / curses.cpu_us,
		       own.bytes / curses.bytes);
		printf("%s  own, direct colour %.0f us %.0f bytes\n", names[field], direct.cpu_us,
		       direct.bytes);
	}
	curses_screen_close(screen);
	theme_free(theme);
	return 0;
}
