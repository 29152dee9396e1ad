/* What comes from the keyboard and the mouse, decoded. */
#ifndef LODGE_UI_INPUT_H
#define LODGE_UI_INPUT_H

#include <stdbool.h>
#include <stdint.h>

enum key {
	KEY_NONE_ = 0,
	/* characters are themselves (>= 0x20) */
	KEY_BASE_ = 0x110000,
	KEY_UP_,
	KEY_DOWN_,
	KEY_LEFT_,
	KEY_RIGHT_,
	KEY_HOME_,
	KEY_END_,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_INSERT_,
	KEY_DELETE_,
	KEY_BACKSPACE_,
	KEY_ENTER_,
	KEY_TAB_,
	KEY_ESCAPE_,
	KEY_F1_,
	KEY_F12_ = KEY_F1_ + 11,
};

#define KEY_SHIFT_ 0x01000000u
#define KEY_ALT_ 0x02000000u
#define KEY_CTRL_ 0x04000000u /* with a lower-case letter: Ctrl+l is KEY_CTRL_ | 'l' */

enum input_type { INPUT_KEY, INPUT_MOUSE, INPUT_PASTE, INPUT_RESIZE };
enum mouse_action { MOUSE_PRESS, MOUSE_RELEASE, MOUSE_DRAG, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct input {
	enum input_type type;
	uint32_t key; /* INPUT_KEY: a character or KEY_…_, with modifier bits */
	enum mouse_action mouse;
	int x, y, button; /* INPUT_MOUSE: cell from 0; button 1.. */
	const char *
		paste; /* INPUT_PASTE: UTF-8, line ends kept, other controls removed; valid until the next input */
};

/* Names of keys, any case; a character is itself. "S-" before a letter is the capital, Ctrl takes letters in lower case.
 * "Up", "C-l", "M-x", "S-Tab", "Enter", "F5", "Space", "?" … → key; 0 when unknown. And back, into the caller's
 * buffer: the name that key_parse reads as the same key, "" for what is no key. */
uint32_t key_parse(const char *name);
char *key_name(uint32_t key, char out[24]);

#endif
