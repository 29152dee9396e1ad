/* Prints what a frame of a living floor plan costs at 160x48, 60 rooms and 120 people who all move: drawing it into the canvas, and painting what changed
 * with both painters of ui/term in the same run; and what a change of the chosen room costs. */
#include "core/kind.h"
#include "ui/plan/plan.h"
#include "ui/term/caps.h"
#include "ui/term/paint_curses.h"
#include "ui/term/paint_sgr.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define WIDTH 160
#define HEIGHT 48
#define ACROSS 10
#define DOWN 6
#define SIDE_M 4.0
#define PEOPLE 120
#define FRAMES 200
#define WARM_UP 20

static double cpu_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static const struct rows *make_rooms(void)
{
	struct rows *rows = kind_rows_new(KIND_ROOMS, "bench", "butlr");

	for (int i = 0; i < ACROSS * DOWN; i++) {
		struct room *room = rows_add(rows);
		double x = i % ACROSS * SIDE_M, y = i / ACROSS * SIDE_M;
		char name[24];
		struct point *at;

		if (room == NULL)
			return NULL;
		snprintf(name, sizeof(name), "Room %d", i);
		room->id = rows_text(rows, name);
		room->name = rows_text(rows, name);
		room->floor_id = rows_text(rows, "f");
		at = rows_memory(rows, 4 * sizeof(*at));
		if (at == NULL)
			return NULL;
		at[0] = (struct point){x, y};
		at[1] = (struct point){x + SIDE_M, y};
		at[2] = (struct point){x + SIDE_M, y + SIDE_M};
		at[3] = (struct point){x, y + SIDE_M};
		room->polygon = (struct points){at, 4};
	}
	return rows_seal(rows);
}

static struct plan *make_plan(const struct rows *rooms)
{
	struct plan *plan = plan_new();
	struct plan_source source = {.rooms = rooms, .floor_id = "f"};
	struct plan_look look = {.width = WIDTH, .height = HEIGHT};

	plan_set(plan, &source);
	for (size_t i = 0; i < plan_rooms(plan); i++) {
		struct plan_mark *mark = plan_mark(plan, i);

		mark->level = (int)(i % ROLE_FILL_LEVELS);
		mark->role = ROLE_STRONG;
		snprintf(mark->figure, sizeof(mark->figure), "%zu/12", i % 13);
	}
	look.view = plan_view_fit(plan_bounds(plan), WIDTH, HEIGHT, 2);
	plan_lay(plan, &look);
	return plan;
}

static void draw(const struct plan *plan, struct canvas *canvas, int frame)
{
	canvas_clear(canvas, STYLE(TEXT));
	plan_draw(plan, canvas);
	for (int i = 0; i < PEOPLE; i++) {
		double turn = i * 2.4 + frame * 0.05;
		struct point at = {ACROSS * SIDE_M * (0.5 + 0.45 * cos(turn * (1 + i % 3))),
				   DOWN * SIDE_M * (0.5 + 0.45 * sin(turn))};

		plan_person(plan, canvas, at, true);
	}
	plan_draw_sensors(plan, canvas);
}

struct cost {
	double draw_us, own_us, own_bytes, curses_us, curses_bytes;
};

struct painters {
	struct term_caps caps;
	struct term_traits own_traits, curses_traits;
	struct looks own_looks, curses_looks;
	struct paint_sgr own;
	struct paint_curses curses;
};

static int open_painters(struct painters *p, struct curses_screen *screen)
{
	struct term_environment environment = {.term = "xterm-256color"};
	struct problem problem;
	int err = ERR_OK;

	for (int curses = 0; curses < 2 && err == ERR_OK; curses++) {
		struct term_options options = {.color = "256", .curses_painter = curses != 0};

		err = caps_read(screen, &options, &environment, true, &p->caps,
				curses ? &p->curses_traits : &p->own_traits, &problem);
	}
	looks_init(&p->own_looks, p->caps.depth, p->own_traits.attrs, 0);
	looks_init(&p->curses_looks, p->caps.depth, p->curses_traits.attrs, 0);
	paint_sgr_init(&p->own, &p->own_traits, &p->caps);
	paint_sgr_resize(&p->own, WIDTH, HEIGHT);
	paint_curses_init(&p->curses, screen, &p->curses_traits, &p->caps);
	paint_curses_resize(&p->curses, WIDTH, HEIGHT);
	return err;
}

static void frame_of(struct painters *p, const struct theme *theme, const struct plan *plan,
		     struct canvas *canvas, int frame, struct cost *cost)
{
	double began = cpu_us(), drawn, own;
	bool cut;
	size_t own_bytes, curses_bytes;

	draw(plan, canvas, frame);
	drawn = cpu_us();
	own_bytes = paint_sgr_frame(&p->own, &p->own_looks, looks_begin(&p->own_looks, theme), canvas, -1, -1,
				    SIZE_MAX, &cut)
			    ->length;
	own = cpu_us();
	curses_bytes = paint_curses_frame(&p->curses, &p->curses_looks, looks_begin(&p->curses_looks, theme),
					  canvas, -1, -1, SIZE_MAX, &cut)
			       ->length;
	if (frame < WARM_UP)
		return;
	cost->draw_us += (drawn - began) / (FRAMES - WARM_UP);
	cost->own_us += (own - drawn) / (FRAMES - WARM_UP);
	cost->curses_us += (cpu_us() - own) / (FRAMES - WARM_UP);
	cost->own_bytes += (double)own_bytes / (FRAMES - WARM_UP);
	cost->curses_bytes += (double)curses_bytes / (FRAMES - WARM_UP);
}

static double choose_us(struct plan *plan)
{
	double began = cpu_us();
	char name[24];

	for (int i = 0; i < FRAMES; i++) {
		snprintf(name, sizeof(name), "Room %d", i % (ACROSS * DOWN));
		plan_choose(plan, name);
	}
	return (cpu_us() - began) / FRAMES;
}

int main(void)
{
	struct curses_screen *screen;
	struct painters painters = {0};
	struct cost cost = {0};
	struct theme *theme;
	struct problem problem;
	const struct rows *rooms = make_rooms();
	struct canvas *canvas = canvas_new(WIDTH, HEIGHT, false);
	struct plan *plan;

	setlocale(LC_CTYPE, "C.UTF-8");
	screen = curses_screen_open("xterm-256color", WIDTH, HEIGHT);
	if (rooms == NULL || screen == NULL || theme_load("dusk", &theme, &problem) != ERR_OK ||
	    open_painters(&painters, screen) != ERR_OK)
		return 1;
	plan = make_plan(rooms);
	for (int frame = 0; frame < FRAMES; frame++)
		frame_of(&painters, theme, plan, canvas, frame, &cost);
	printf("160x48, 60 rooms, 120 people moving, a frame\n");
	printf("drawing       %8.0f us\n", cost.draw_us);
	printf("own painter   %8.0f us %8.0f bytes\n", cost.own_us, cost.own_bytes);
	printf("curses        %8.0f us %8.0f bytes\n", cost.curses_us, cost.curses_bytes);
	printf("ratio         %8.3f    %8.3f\n", cost.own_us / cost.curses_us,
	       cost.own_bytes / cost.curses_bytes);
	printf("another room is chosen: %.0f us\n", choose_us(plan));
	plan_free(plan);
	canvas_free(canvas);
	rows_unref(rooms);
	paint_sgr_fini(&painters.own);
	paint_curses_fini(&painters.curses);
	looks_fini(&painters.own_looks);
	looks_fini(&painters.curses_looks);
	curses_screen_close(screen);
	theme_free(theme);
	return 0;
}
