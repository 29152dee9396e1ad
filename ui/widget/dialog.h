/* One question with named answers, over what is there. The first answer is the safe one: it is chosen until the person moves, and what Esc means. */
#ifndef LODGE_UI_WIDGET_DIALOG_H
#define LODGE_UI_WIDGET_DIALOG_H

#include "ui/canvas.h"
#include "ui/input.h"

#define DIALOG_ANSWERS_MOST 4

struct dialog {
	char *title, *text; /* of the question; the text may be long and is wrapped */
	const char *answers[DIALOG_ANSWERS_MOST];
	uint32_t keys[DIALOG_ANSWERS_MOST]; /* the letter that gives the answer at once; 0: none */
	int n, at;
	bool danger; /* the other answers do harm */
};

/* Texts are copied, answers are not. */
void dialog_init(struct dialog *dialog, const char *title, const char *text, bool danger);
void dialog_answer(struct dialog *dialog, const char *answer, uint32_t key);
void dialog_fini(struct dialog *dialog);

#define DIALOG_OPEN (-1)
/* The number of the answer given, or DIALOG_OPEN. Left and Right, Tab, Enter, the answers' letters, Esc. */
int dialog_input(struct dialog *dialog, const struct input *input);

/* In the middle of the clip, as wide as it needs to be. */
void dialog_draw(const struct dialog *dialog, struct canvas *canvas);

#endif
