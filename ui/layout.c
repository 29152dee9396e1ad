#include "ui/layout.h"

#include <glib.h>

/* What the shown boxes take at least, with the gaps between them. In 64 bits, as the figures are the caller's. */
static int64_t least_sum(const struct box *boxes, const bool *shown, int n, int gap)
{
	int64_t sum = 0;
	int count = 0;
	for (int i = 0; i < n; i++)
		if (shown[i]) {
			sum += MAX(boxes[i].least, 0);
			count++;
		}
	return sum + (count > 1 ? (int64_t)gap * (count - 1) : 0);
}

/* The box that goes next: of the lowest priority the last. */
static int weakest(const struct box *boxes, const bool *shown, int n)
{
	int weakest = -1;
	for (int i = 0; i < n; i++)
		if (shown[i] && (weakest < 0 || boxes[i].priority <= boxes[weakest].priority))
			weakest = i;
	return weakest;
}

static int wanted(const struct box *box) { return MAX(MAX(box->ideal, box->least), 0); }

/* Grows boxes from their least towards their ideal, the highest priority first; equals share evenly. Returns what is left. */
static int grow_to_ideal(const struct box *boxes, const bool *shown, int n, int left, int *sizes)
{
	for (;;) {
		int best = -1, needy = 0;
		for (int i = 0; i < n; i++) {
			if (!shown[i] || sizes[i] >= wanted(&boxes[i]))
				continue;
			if (best < 0 || boxes[i].priority > boxes[best].priority) {
				best = i;
				needy = 0;
			}
			needy += boxes[i].priority == boxes[best].priority;
		}
		if (best < 0 || left == 0)
			return left;
		int share = MAX(left / needy, 1);
		for (int i = best; i < n && left > 0; i++) {
			if (!shown[i] || boxes[i].priority != boxes[best].priority)
				continue;
			int more = MIN(MIN(share, left), MAX(wanted(&boxes[i]) - sizes[i], 0));
			sizes[i] += more;
			left -= more;
		}
	}
}

/* Divides the rest by the shares; rounding never loses a cell, as each box takes its part of what then remains. */
static void stretch(const struct box *boxes, const bool *shown, int n, int left, int *sizes)
{
	int64_t shares = 0;
	for (int i = 0; i < n; i++)
		if (shown[i])
			shares += MAX(boxes[i].stretch, 0);
	for (int i = 0; i < n && shares > 0; i++) {
		if (!shown[i] || boxes[i].stretch <= 0)
			continue;
		int more = (int)(((int64_t)left * boxes[i].stretch + shares / 2) / shares);
		sizes[i] += more;
		left -= more;
		shares -= boxes[i].stretch;
	}
}

/* After the division a box without cells gives back its gap. */
static bool drop_empty(bool *shown, const int *sizes, int n)
{
	bool dropped = false;
	for (int i = 0; i < n; i++)
		if (shown[i] && sizes[i] == 0) {
			shown[i] = false;
			dropped = true;
		}
	return dropped;
}

void layout_divide(const struct box *boxes, int n, int total, int gap, int *sizes)
{
	if (n <= 0)
		return;
	bool *shown = g_new(bool, (gsize)n);
	total = MAX(total, 0);
	gap = MAX(gap, 0);
	for (int i = 0; i < n; i++)
		shown[i] = wanted(&boxes[i]) > 0 || boxes[i].stretch > 0;
	do {
		int victim;
		while (least_sum(boxes, shown, n, gap) > total && (victim = weakest(boxes, shown, n)) >= 0)
			shown[victim] = false;
		for (int i = 0; i < n; i++)
			sizes[i] = shown[i] ? MAX(boxes[i].least, 0) : 0;
		int left = (int)(total - least_sum(boxes, shown, n, gap));
		stretch(boxes, shown, n, grow_to_ideal(boxes, shown, n, left, sizes), sizes);
	} while (drop_empty(shown, sizes, n));
	g_free(shown);
}

static int place(const struct node *node, struct rect rect, int gap, struct placed *placed, int most)
{
	if (most <= 0 || rect.width <= 0 || rect.height <= 0)
		return 0;
	if (node->n <= 0) {
		*placed = (struct placed){node->id, rect};
		return 1;
	}
	struct box *boxes = g_new(struct box, (gsize)node->n);
	int *sizes = g_new(int, (gsize)node->n), count = 0, at = 0;
	for (int i = 0; i < node->n; i++)
		boxes[i] = node->children[i].box;
	layout_divide(boxes, node->n, node->vertical ? rect.height : rect.width, gap, sizes);
	for (int i = 0; i < node->n; i++) {
		if (sizes[i] == 0)
			continue;
		struct rect part = node->vertical ? (struct rect){rect.x, rect.y + at, rect.width, sizes[i]}
						  : (struct rect){rect.x + at, rect.y, sizes[i], rect.height};
		count += place(&node->children[i], part, gap, placed + count, most - count);
		at += sizes[i] + MAX(gap, 0);
	}
	g_free(boxes);
	g_free(sizes);
	return count;
}

int layout_place(const struct node *root, struct rect rect, int gap, struct placed *placed, int most)
{
	return place(root, rect, gap, placed, most);
}

void layout_dump(const struct placed *placed, int n, struct buf *out)
{
	for (int i = 0; i < n; i++)
		buf_addf(out, "%s%d{%d,%d %dx%d}", i ? " " : "", placed[i].id, placed[i].rect.x,
			 placed[i].rect.y, placed[i].rect.width, placed[i].rect.height);
}
