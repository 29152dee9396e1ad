#include "ui/input.h"

#include "base/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define MODIFIERS (KEY_SHIFT_ | KEY_ALT_ | KEY_CTRL_)

/* The first name of a key is the one that is shown. */
static const struct {
	const char *name;
	uint32_t key;
} named[] = {
	{"Up", KEY_UP_},         {"Down", KEY_DOWN_},           {"Left", KEY_LEFT_},
	{"Right", KEY_RIGHT_},   {"Home", KEY_HOME_},           {"End", KEY_END_},
	{"PgUp", KEY_PAGE_UP},   {"PgDn", KEY_PAGE_DOWN},       {"Ins", KEY_INSERT_},
	{"Del", KEY_DELETE_},    {"Backspace", KEY_BACKSPACE_}, {"Enter", KEY_ENTER_},
	{"Tab", KEY_TAB_},       {"Esc", KEY_ESCAPE_},          {"Space", ' '},
	{"PageUp", KEY_PAGE_UP}, {"PageDown", KEY_PAGE_DOWN},   {"Insert", KEY_INSERT_},
	{"Delete", KEY_DELETE_}, {"BSpace", KEY_BACKSPACE_},    {"Return", KEY_ENTER_},
	{"Escape", KEY_ESCAPE_},
};

static uint32_t modifier_of(char c)
{
	switch (g_ascii_toupper(c)) {
	case 'C':
		return KEY_CTRL_;
	case 'M':
	case 'A':
		return KEY_ALT_;
	case 'S':
		return KEY_SHIFT_;
	default:
		return 0;
	}
}

/* "F1" to "F12", else 0. */
static uint32_t function_key(const char *name)
{
	if (g_ascii_toupper(name[0]) != 'F' || name[1] < '1' || name[1] > '9')
		return 0;
	unsigned number = (unsigned)(name[1] - '0');
	if (name[2] && !name[3] && g_ascii_isdigit(name[2]))
		number = number * 10 + (unsigned)(name[2] - '0');
	else if (name[2])
		return 0;
	return number <= 12 ? KEY_F1_ + number - 1 : 0;
}

/* A single character that is no control, else 0. */
static uint32_t character(const char *name)
{
	uint32_t c;
	size_t length = strlen(name), used = text_decode(name, length, &c);
	if (used == 0 || used != length || (used == 1 && c == 0xFFFD) || text_is_control(c))
		return 0;
	return c;
}

static uint32_t plain_key(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(named); i++)
		if (g_ascii_strcasecmp(name, named[i].name) == 0)
			return named[i].key;
	uint32_t key = function_key(name);
	return key ? key : character(name);
}

uint32_t key_parse(const char *name)
{
	uint32_t modifiers = 0, bit;
	if (!name)
		return 0;
	while (name[0] && name[1] == '-' && name[2] && (bit = modifier_of(name[0])) != 0 &&
	       !(modifiers & bit)) {
		modifiers |= bit;
		name += 2;
	}
	uint32_t key = plain_key(name);
	if (!key)
		return 0;
	/* Terminals send the same byte for Ctrl+L and Ctrl+l, and no Shift beside a character. */
	if ((modifiers & KEY_CTRL_) && key < 0x80)
		key = (uint32_t)g_ascii_tolower((char)key);
	if ((modifiers & KEY_SHIFT_) && key < KEY_BASE_) {
		if (key >= 0x80 || !g_ascii_islower((char)key) || (modifiers & KEY_CTRL_))
			return 0;
		key = (uint32_t)g_ascii_toupper((char)key);
		modifiers &= ~KEY_SHIFT_;
	}
	return key | modifiers;
}

static void plain_name(uint32_t key, char *out, size_t size)
{
	for (size_t i = 0; i < G_N_ELEMENTS(named); i++)
		if (named[i].key == key) {
			g_strlcpy(out, named[i].name, size);
			return;
		}
	if (key >= KEY_F1_ && key <= KEY_F12_) {
		snprintf(out, size, "F%u", (unsigned)(key - KEY_F1_ + 1));
	} else if (key >= 0x20 && key < KEY_BASE_ && !text_is_control(key)) {
		char bytes[4];
		size_t n = text_encode(key, bytes);
		memcpy(out, bytes, n);
		out[n] = '\0';
	}
}

char *key_name(uint32_t key, char out[24])
{
	char name[16] = "";
	plain_name(key & ~MODIFIERS, name, sizeof(name));
	if (!name[0]) {
		out[0] = '\0';
		return out;
	}
	snprintf(out, 24, "%s%s%s%s", key & KEY_CTRL_ ? "C-" : "", key & KEY_ALT_ ? "M-" : "",
		 key & KEY_SHIFT_ ? "S-" : "", name);
	return out;
}
