/* What the least possible program with curses would do, as a measure for the dashboard: it reads screens that another program has shown, shows the first, and
 * shows the next one at every key. It formats nothing, decides nothing and gives curses only the rows that differ. Linked with the same libraries as
 * lodge, so that its start and its memory can be compared, too.
 *
 * The file: columns, rows and screens as ints, then a struct bench_cell for every cell. */
#include "tests/bench/screen.h"

#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct floor {
	int width, height, screens;
	struct bench_cell *cells;
	cchar_t *ready; /* the cells as curses wants them */
	short pairs[257][257];
	short n_pairs;
};

static bool read_screens(struct floor *floor, const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t n;
	bool good;

	if (file == NULL || fread(&floor->width, sizeof(int), 1, file) +
					    fread(&floor->height, sizeof(int), 1, file) +
					    fread(&floor->screens, sizeof(int), 1, file) !=
				    3)
		return false;
	n = (size_t)floor->width * (size_t)floor->height * (size_t)floor->screens;
	floor->cells = calloc(n, sizeof(*floor->cells));
	floor->ready = calloc(n, sizeof(*floor->ready));
	good = floor->cells != NULL && floor->ready != NULL &&
	       fread(floor->cells, sizeof(*floor->cells), n, file) == n;
	fclose(file);
	return good;
}

static short pair_of(struct floor *floor, const struct bench_cell *cell)
{
	short *pair = &floor->pairs[cell->fg + 1][cell->bg + 1];

	if (*pair == 0) {
		*pair = ++floor->n_pairs;
		init_pair(*pair, cell->fg, cell->bg);
	}
	return *pair;
}

static void make_ready(struct floor *floor)
{
	size_t n = (size_t)floor->width * (size_t)floor->height * (size_t)floor->screens;

	for (size_t i = 0; i < n; i++) {
		const struct bench_cell *cell = &floor->cells[i];
		wchar_t text[2] = {(wchar_t)cell->glyph, 0};
		attr_t attrs = (cell->attrs & 1 ? A_BOLD : 0) | (cell->attrs & 2 ? A_UNDERLINE : 0) |
			       (cell->attrs & 4 ? A_REVERSE : 0);

		setcchar(&floor->ready[i], text, attrs, pair_of(floor, cell), NULL);
	}
}

static void show(const struct floor *floor, int screen, int before)
{
	size_t size = (size_t)floor->width * (size_t)floor->height, row = (size_t)floor->width;

	for (int y = 0; y < floor->height; y++) {
		size_t at = (size_t)screen * size + (size_t)y * row;
		size_t was = before < 0 ? 0 : (size_t)before * size + (size_t)y * row;

		if (before < 0 ||
		    memcmp(&floor->cells[at], &floor->cells[was], row * sizeof(*floor->cells)) != 0)
			mvadd_wchnstr(y, 0, &floor->ready[at], floor->width);
	}
	refresh();
}

int main(int argc, char **argv)
{
	struct floor *floor = calloc(1, sizeof(*floor));
	int now = 0, next;

	setlocale(LC_ALL, "");
	if (argc < 2 || floor == NULL || !read_screens(floor, argv[1])) {
		fprintf(stderr, "usage: bench_floor FILE, as bench_dash writes it\n");
		return 2;
	}
	initscr();
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	start_color();
	use_default_colors();
	/* Else Debian's curses makes a write() of every line. */
	endwin();
	refresh();
	make_ready(floor);
	show(floor, 0, -1);
	while (getch() != 'q') {
		next = (now + 1) % floor->screens;
		show(floor, next, now);
		now = next;
	}
	endwin();
	return 0;
}
