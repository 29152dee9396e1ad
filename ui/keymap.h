/* Which key does what: the defaults of the action table, changed by the configuration. */
#ifndef LODGE_UI_KEYMAP_H
#define LODGE_UI_KEYMAP_H

#include "base/err.h"
#include "ui/action.h"
#include "ui/input.h"

struct keymap;

struct keymap *keymap_new(void);
void keymap_free(struct keymap *keymap);

/* `keys`: names separated by blanks; they replace those the action has; "" unbinds it. A key that another action had is taken from it. "PANE:KEY" is
 * the key in that pane alone. ERR_CONFIG names what is wrong. */
int keymap_bind(struct keymap *keymap, const char *action, const char *keys,
		struct problem *problem) LODGE_MUST_USE;

/* What a key does in a pane (the action that opens it): what is bound there goes before what is bound everywhere. */
enum action keymap_action_in(const struct keymap *keymap, uint32_t key, enum action pane);
enum action keymap_action(const struct keymap *keymap, uint32_t key);

/* The first key of an action as shown in hints ("?", "Tab", "C-l"); "" when it has none. */
const char *keymap_key(const struct keymap *keymap, enum action action, char out[24]);
/* All keys of an action, blank between, into out. */
const char *keymap_keys(const struct keymap *keymap, enum action action, char *out, size_t size);

#endif
