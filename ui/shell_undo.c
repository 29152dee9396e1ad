/* `u`: brings back how things were looked at before the last change. What an action changed is found by comparing the look before and after it,
 * so no action has to know that it can be undone. */
#include "ui/shell_private.h"

#include <glib.h>
#include <string.h>

static void take_look(struct shell *shell, struct look *look)
{
	struct opened *pane = shell_pane(shell);

	memset(look, 0, sizeof(*look));
	g_strlcpy(look->theme, shell->theme, sizeof(look->theme));
	g_strlcpy(look->palette, shell->palette, sizeof(look->palette));
	/* By member and up to the NUL: what lies behind it is no part of a look. */
	look->choice.account = world_choice(shell->options.world)->account;
	g_strlcpy(look->choice.building_id, world_choice(shell->options.world)->building_id,
		  sizeof(look->choice.building_id));
	g_strlcpy(look->choice.floor_id, world_choice(shell->options.world)->floor_id,
		  sizeof(look->choice.floor_id));
	g_strlcpy(look->choice.room_id, world_choice(shell->options.world)->room_id,
		  sizeof(look->choice.room_id));
	g_strlcpy(look->choice.sensor_id, world_choice(shell->options.world)->sensor_id,
		  sizeof(look->choice.sensor_id));
	look->braille = shell->desk.braille;
	look->pane = shell->current;
	if (pane->ops->view != NULL)
		look->length = pane->ops->view(pane->state, look->view);
}

/* What is told, and by which steps of one kind in a row become one. */
static const char *word_of(enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_LEFT:
	case ACTION_RIGHT:
	case ACTION_FIRST:
	case ACTION_LAST:
	case ACTION_NEXT_ITEM:
	case ACTION_PREVIOUS_ITEM:
		return "choice";
	case ACTION_ZOOM_IN:
	case ACTION_ZOOM_OUT:
	case ACTION_FIT:
		return "zoom";
	case ACTION_PAN_UP:
	case ACTION_PAN_DOWN:
	case ACTION_PAN_LEFT:
	case ACTION_PAN_RIGHT:
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		return "moving";
	case ACTION_SORT:
	case ACTION_REVERSE:
		return "order";
	case ACTION_NONE:
		return "mouse";
	default:
		return action_info(action)->name;
	}
}

/* Steps of moving about are many; where they began is what is meant by before. */
static bool goes_on(const struct shell *shell, const struct undo *undo)
{
	const struct undo *last = shell->n_undo > 0 ? shell->undo[shell->n_undo - 1] : NULL;
	const char *word = word_of(undo->action);

	if (last == NULL || last->before.pane != undo->before.pane ||
	    strcmp(word_of(last->action), word) != 0)
		return false;
	return strcmp(word, "choice") == 0 || strcmp(word, "zoom") == 0 || strcmp(word, "moving") == 0 ||
	       strcmp(word, "mouse") == 0;
}

static void push(struct shell *shell, struct undo *undo)
{
	if (goes_on(shell, undo)) {
		g_free(undo);
		return;
	}
	if (shell->n_undo == UNDO_MOST) {
		g_free(shell->undo[0]);
		memmove(shell->undo, shell->undo + 1, (UNDO_MOST - 1) * sizeof(*shell->undo));
		shell->n_undo--;
	}
	shell->undo[shell->n_undo++] = undo;
}

void shell_undo_begin(struct shell *shell, enum action action)
{
	if (shell->pending != NULL || action == ACTION_UNDO)
		return;
	shell->pending = g_new0(struct undo, 1);
	shell->pending->action = action;
	take_look(shell, &shell->pending->before);
}

void shell_undo_end(struct shell *shell)
{
	struct undo *undo = shell->pending;
	struct look *now;

	/* What is being typed may still change the view. */
	if (undo == NULL || shell->prompt.edit != NULL)
		return;
	shell->pending = NULL;
	now = g_new0(struct look, 1);
	take_look(shell, now);
	/* Another pane is no change of the view: Esc and the panes' keys lead back. */
	if (now->pane == undo->before.pane && memcmp(now, &undo->before, sizeof(*now)) != 0)
		push(shell, g_steal_pointer(&undo));
	g_free(undo);
	g_free(now);
}

static void restore(struct shell *shell, const struct look *look)
{
	struct opened *pane;

	if (strcmp(look->theme, shell->theme) != 0 || strcmp(look->palette, shell->palette) != 0)
		(void)shell_theme_set(shell, look->theme, look->palette, NULL);
	*world_choice(shell->options.world) = look->choice;
	world_settle_choice(shell->options.world);
	shell->desk.braille = look->braille;
	if (look->pane != shell->current)
		shell->desk.show(&shell->desk, shell->panes[look->pane].ops->action);
	pane = shell_pane(shell);
	if (pane->ops->set_view != NULL && look->length > 0)
		pane->ops->set_view(pane->state, look->view, look->length);
	pane->ops->update(pane->state, UINT32_MAX);
}

void shell_undo_act(struct shell *shell)
{
	struct undo *undo;
	char text[80];

	if (shell->n_undo == 0) {
		shell_toast(shell, false, "nothing to take back");
		return;
	}
	undo = shell->undo[--shell->n_undo];
	restore(shell, &undo->before);
	g_snprintf(text, sizeof(text), "taken back: %s", word_of(undo->action));
	shell_toast(shell, true, text);
	g_free(undo);
}

void shell_undo_free(struct shell *shell)
{
	for (int i = 0; i < shell->n_undo; i++)
		g_free(shell->undo[i]);
	g_free(shell->pending);
}
