#include "ui/plan/plan_inner.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

/* A name cut shorter than this says less than its initials. */
#define CUT_LEAST 4

void plan_add_label(struct plan *plan, const struct plan_label *label)
{
	if (plan->n_labels == plan->size_labels) {
		plan->size_labels = plan->size_labels ? plan->size_labels * 2 : 64;
		plan->labels = g_renew(struct plan_label, plan->labels, plan->size_labels);
	}
	plan->labels[plan->n_labels++] = *label;
	/* With a cell of air at both ends, or the word runs into a table. */
	for (int x = label->x - 1; x <= label->x + label->cells; x++)
		if (plan_on(plan, x, label->y))
			plan->taken[plan_cell(plan, x, label->y)] = 1;
}

static int cells_of(const char *text) { return text ? (int)text_width(text, strlen(text)) : 0; }

/* A run with a cell of air at both ends where there is room for that. */
static struct plan_run aired(struct plan_run run)
{
	if (run.x1 - run.x0 + 1 >= 8) {
		run.x0++;
		run.x1--;
	}
	return run;
}

static int width_of(struct plan_run run) { return run.x1 - run.x0 + 1; }

/* Everything about one room's label. */
struct task {
	struct plan *plan;
	const struct plan_place *place;
	const char *name, *figure, *brief;
	char initials[24];
	int name_cells, figure_cells, brief_cells, initials_cells;
	const struct plan_run *runs;
	size_t n;
};

static void put_name(const struct task *task, struct plan_run at, int cells, bool initials)
{
	struct plan_label label = {
		.x = at.x0, .y = at.y, .cells = cells, .name_of = task->place, .role = ROLE_TEXT};
	if (task->plan->look.old)
		label.role = ROLE_STALE;
	if (initials)
		memcpy(label.own, task->initials, sizeof(label.own));
	else
		label.text = task->name;
	plan_add_label(task->plan, &label);
}

static void put_figure(const struct task *task, struct plan_run at, bool brief)
{
	int cells = brief ? task->brief_cells : task->figure_cells;
	if (cells == 0)
		return;
	const struct plan_mark *mark = &task->place->mark;
	struct plan_label label = {.x = at.x1 - cells + 1,
				   .y = at.y,
				   .cells = cells,
				   .right = true,
				   .strong = mark->urgent,
				   .role = task->plan->look.old ? ROLE_STALE : mark->role,
				   .text = brief ? task->brief : task->figure};
	plan_add_label(task->plan, &label);
}

/* "Phone Booth 12" cut as "Phone…12": of rooms that differ by a number, the number is the name. False when the name does not end in one or
 * there is no room for it and CUT_LEAST cells more. */
static bool put_numbered(const struct task *task, struct plan_run at, int cells)
{
	const char *number = task->name ? strrchr(task->name, ' ') : NULL;
	if (!number || number[1] < '0' || number[1] > '9')
		return false;
	int behind = cells_of(number + 1);
	if (cells - behind < CUT_LEAST)
		return false;
	put_name(task, at, cells - behind, false);
	struct plan_label label = task->plan->labels[task->plan->n_labels - 1];
	label.x += label.cells;
	label.cells = behind;
	label.text = number + 1;
	plan_add_label(task->plan, &label);
	return true;
}

/* The name, whole or cut or as initials, in so many cells; false when nothing sensible fits. */
static bool put_name_in(const struct task *task, struct plan_run at, int cells)
{
	if (task->name_cells <= cells)
		put_name(task, at, task->name_cells, false);
	else if (put_numbered(task, at, cells))
		return true;
	else if (cells >= CUT_LEAST + 2 || (cells >= CUT_LEAST && task->initials_cells > cells))
		put_name(task, at, cells, false);
	else if (task->initials_cells > 0 && task->initials_cells <= cells)
		put_name(task, at, task->initials_cells, true);
	else if (cells >= CUT_LEAST)
		put_name(task, at, cells, false);
	else
		return false;
	return true;
}

static void put_figure_in(const struct task *task, struct plan_run at, int cells)
{
	if (task->figure_cells <= cells)
		put_figure(task, at, false);
	else if (task->brief_cells <= cells)
		put_figure(task, at, true);
}

/* The run just below that shares columns with it. */
static const struct plan_run *below(const struct task *task, const struct plan_run *run)
{
	for (const struct plan_run *at = run + 1; at < task->runs + task->n && at->y <= run->y + 1; at++)
		if (at->y == run->y + 1 && at->x0 <= run->x1 && at->x1 >= run->x0)
			return at;
	return NULL;
}

static bool whole_on_one_line(const struct task *task)
{
	int need = task->name_cells + (task->figure_cells ? task->figure_cells + 1 : 0);
	for (size_t i = 0; i < task->n; i++) {
		struct plan_run at = aired(task->runs[i]);
		if (width_of(at) < need)
			continue;
		put_name(task, at, task->name_cells, false);
		put_figure(task, at, false);
		return true;
	}
	return false;
}

static bool whole_on_two_lines(const struct task *task)
{
	for (size_t i = 0; i < task->n; i++) {
		struct plan_run at = aired(task->runs[i]);
		const struct plan_run *next = below(task, &task->runs[i]);
		if (!next || width_of(at) < task->name_cells || width_of(aired(*next)) < task->figure_cells)
			continue;
		put_name(task, at, task->name_cells, false);
		put_figure(task, aired(*next), false);
		return true;
	}
	return false;
}

/* The name on two lines, broken at a blank, and the figure behind it or on a third. */
static bool wrapped(const struct task *task)
{
	const struct plan_run *second = below(task, task->runs);
	const struct plan_run *third = second ? below(task, second) : NULL;
	if (!second)
		return false;
	struct plan_run a = aired(*task->runs), b = aired(*second);
	for (const char *blank = strrchr(task->name, ' '); blank && blank > task->name; blank--) {
		size_t head = (size_t)(blank - task->name);
		int behind = cells_of(blank + 1),
		    need = behind + (task->figure_cells ? task->figure_cells + 1 : 0);
		if (*blank != ' ' || head >= sizeof(((struct plan_label *)0)->own) ||
		    (int)text_width(task->name, head) > width_of(a) || behind > width_of(b))
			continue;
		if (need > width_of(b) && (!third || task->figure_cells > width_of(aired(*third))))
			continue;
		struct plan_label label = {.x = a.x0,
					   .y = a.y,
					   .cells = (int)text_width(task->name, head),
					   .name_of = task->place,
					   .role = task->plan->look.old ? ROLE_STALE : ROLE_TEXT};
		memcpy(label.own, task->name, head);
		plan_add_label(task->plan, &label);
		label.x = b.x0;
		label.y = b.y;
		label.cells = behind;
		label.text = blank + 1;
		plan_add_label(task->plan, &label);
		put_figure(task, need > width_of(b) ? aired(*third) : b, false);
		return true;
	}
	return false;
}

/* Nothing fits whole: the widest run has to do. */
static void squeezed(const struct task *task)
{
	const struct plan_run *widest = &task->runs[0];
	for (size_t i = 1; i < task->n; i++)
		if (width_of(task->runs[i]) > width_of(*widest))
			widest = &task->runs[i];
	struct plan_run at = aired(*widest);
	const struct plan_run *next = below(task, widest);
	int room = width_of(at), rest = room - task->figure_cells - 1;
	if (next) {
		if (!put_name_in(task, at, room))
			put_figure_in(task, at, room);
		else
			put_figure_in(task, aired(*next), width_of(aired(*next)));
	} else if (task->place->mark.urgent) {
		put_figure_in(task, at, room);
		if (task->figure_cells <= room)
			put_name_in(task, at, rest);
	} else if (task->figure_cells && rest > 0 && put_name_in(task, at, rest)) {
		put_figure(task, at, false);
	} else if (!put_name_in(task, at, room)) {
		put_figure_in(task, at, room);
	}
}

static void label_room(struct plan *plan, int room, const struct plan_run *runs, size_t n)
{
	const struct plan_place *place = &plan->places[room];
	struct task task = {.plan = plan, .place = place, .runs = runs, .n = n};
	task.name = place->row->name ? place->row->name : place->row->id;
	task.figure = place->mark.figure;
	task.brief = place->mark.brief[0] ? place->mark.brief : place->mark.figure;
	plan_initials(task.name, task.initials, sizeof(task.initials));
	task.name_cells = cells_of(task.name);
	task.figure_cells = cells_of(task.figure);
	task.brief_cells = cells_of(task.brief);
	task.initials_cells = cells_of(task.initials);
	if (!whole_on_one_line(&task) && !whole_on_two_lines(&task) && !wrapped(&task))
		squeezed(&task);
}

void plan_lay_labels(struct plan *plan)
{
	for (size_t i = 0, end; i < plan->n_runs; i = end) {
		for (end = i + 1; end < plan->n_runs && plan->runs[end].room == plan->runs[i].room; end++)
			;
		label_room(plan, plan->runs[i].room, &plan->runs[i], end - i);
	}
}
