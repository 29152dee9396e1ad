/* Dividing a rectangle among boxes: fixed, at least so much, stretching; with priorities that say who goes first when there is not enough. Pure. */
#ifndef LODGE_UI_LAYOUT_H
#define LODGE_UI_LAYOUT_H

#include "base/buf.h"
#include "ui/canvas.h"

#include <stdbool.h>

struct box {
	int least;    /* cells it needs to make sense; 0: can vanish without loss */
	int ideal;    /* cells it wants; never less than least */
	int stretch;  /* share of what is left; 0: stays at ideal */
	int priority; /* when the least do not fit, boxes of the lowest priority are hidden first */
};

/* Sizes along one axis into sizes[n]; a hidden box gets 0. `gap` cells lie between shown boxes. The sum with gaps never exceeds `total`. */
void layout_divide(const struct box *boxes, int n, int total, int gap, int *sizes);

/* A tree of boxes for the overview: rows of columns. Children are divided along the axis; leaves carry an id. */
struct node {
	struct box box; /* along the parent's axis */
	bool vertical;  /* children stand on each other */
	const struct node *children;
	int n;
	int id; /* leaves */
};

struct placed {
	int id;
	struct rect rect;
};

/* Places the leaves; returns how many are shown (at most `most`). */
int layout_place(const struct node *root, struct rect rect, int gap, struct placed *placed, int most);

/* For tests: "id{x,y wxh} id{…}". */
void layout_dump(const struct placed *placed, int n, struct buf *out);

#endif
