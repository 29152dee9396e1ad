#include "ui/keymap.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

struct binding {
	uint32_t key;
	enum action action;
	enum action pane; /* where alone it holds; ACTION_NONE: everywhere */
};

struct keymap {
	GArray *bindings; /* struct binding, in the order they were made */
};

static void unbind_action(struct keymap *keymap, enum action action)
{
	for (guint i = keymap->bindings->len; i-- > 0;)
		if (g_array_index(keymap->bindings, struct binding, i).action == action)
			g_array_remove_index(keymap->bindings, i);
}

static void unbind_key(struct keymap *keymap, uint32_t key, enum action pane)
{
	for (guint i = keymap->bindings->len; i-- > 0;) {
		const struct binding *binding = &g_array_index(keymap->bindings, struct binding, i);

		if (binding->key == key && binding->pane == pane)
			g_array_remove_index(keymap->bindings, i);
	}
}

/* "n", or "keys:n" for the key in one pane. The key is 0 when it is none. */
static struct binding read_binding(const char *word, enum action action)
{
	const char *colon = word[0] == '\0' ? NULL : strchr(word + 1, ':');
	struct binding binding = {0, action, ACTION_NONE};
	char *pane;

	if (colon != NULL && colon[1] != '\0') {
		pane = g_strndup(word, (gsize)(colon - word));
		binding.pane = action_parse(pane);
		g_free(pane);
		if (binding.pane == ACTION_NONE)
			return binding;
		word = colon + 1;
	}
	binding.key = key_parse(word);
	return binding;
}

static enum action nearest_action(const char *name, char *todo, size_t size)
{
	const char *names[ACTION_COUNT];
	const char *nearest;

	for (int action = 1; action < ACTION_COUNT; action++)
		names[action - 1] = action_info((enum action)action)->name;
	names[ACTION_COUNT - 1] = NULL;
	nearest = text_nearest(name, names);
	if (nearest != NULL)
		g_snprintf(todo, size, "did you mean %s?", nearest);
	return ACTION_NONE;
}

int keymap_bind(struct keymap *keymap, const char *name, const char *keys, struct problem *problem)
{
	enum action action = action_parse(name);
	char **words, todo[64] = "press ? in lodge for their names";
	int error = ERR_OK;

	if (action == ACTION_NONE) {
		nearest_action(name, todo, sizeof(todo));
		return problem_set(problem, ERR_CONFIG, "keys", todo, "there is no action `%s`", name);
	}
	unbind_action(keymap, action);
	words = g_strsplit_set(keys, " \t", 0);
	for (char **word = words; *word != NULL; word++) {
		struct binding binding = read_binding(*word, action);

		if (**word == '\0')
			continue;
		if (binding.key == 0) {
			error = problem_set(problem, ERR_CONFIG, "keys",
					    "such as C-x, M-a, F5, Up, Space or a character",
					    "`%s` is no key (of %s)", *word, name);
			break;
		}
		unbind_key(keymap, binding.key, binding.pane);
		g_array_append_val(keymap->bindings, binding);
	}
	g_strfreev(words);
	return error;
}

struct keymap *keymap_new(void)
{
	struct keymap *keymap = g_new0(struct keymap, 1);

	keymap->bindings = g_array_new(FALSE, FALSE, sizeof(struct binding));
	for (int action = 1; action < ACTION_COUNT; action++) {
		const struct action_info *info = action_info((enum action)action);

		if (keymap_bind(keymap, info->name, info->keys, NULL) != ERR_OK)
			g_error("the built-in keys of %s are wrong", info->name);
	}
	return keymap;
}

void keymap_free(struct keymap *keymap)
{
	if (keymap == NULL)
		return;
	g_array_unref(keymap->bindings);
	g_free(keymap);
}

enum action keymap_action_in(const struct keymap *keymap, uint32_t key, enum action pane)
{
	enum action everywhere = ACTION_NONE;

	for (guint i = 0; i < keymap->bindings->len; i++) {
		const struct binding *binding = &g_array_index(keymap->bindings, struct binding, i);

		if (binding->key == key && binding->pane == ACTION_NONE)
			everywhere = binding->action;
		else if (binding->key == key && binding->pane == pane)
			return binding->action;
	}
	return everywhere;
}

enum action keymap_action(const struct keymap *keymap, uint32_t key)
{
	return keymap_action_in(keymap, key, ACTION_NONE);
}

const char *keymap_key(const struct keymap *keymap, enum action action, char out[24])
{
	out[0] = '\0';
	for (guint i = 0; i < keymap->bindings->len; i++) {
		const struct binding *binding = &g_array_index(keymap->bindings, struct binding, i);

		if (binding->action == action)
			return key_name(binding->key, out);
	}
	return out;
}

const char *keymap_keys(const struct keymap *keymap, enum action action, char *out, size_t size)
{
	char name[24];

	out[0] = '\0';
	for (guint i = 0; i < keymap->bindings->len; i++) {
		const struct binding *binding = &g_array_index(keymap->bindings, struct binding, i);

		if (binding->action != action)
			continue;
		if (out[0] != '\0')
			g_strlcat(out, " ", size);
		if (binding->pane != ACTION_NONE) {
			g_strlcat(out, action_info(binding->pane)->name, size);
			g_strlcat(out, ":", size);
		}
		g_strlcat(out, key_name(binding->key, name), size);
	}
	return out;
}
