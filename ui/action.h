/* What a key or a command does: one table of actions. Keys → action, `:` commands → action, help, hint line and man page are made from it. */
#ifndef LODGE_UI_ACTION_H
#define LODGE_UI_ACTION_H

#include <stddef.h>
#include <stdint.h>

/* X(CONSTANT, "name", "default keys, blank between", "help", flags) — G: works everywhere (the shell's), P: a pane's, A: takes an argument behind `:`.
 * "keys:n" is the key n in the pane keys alone, where it goes before what n does elsewhere. */
#define ACTION_G 1
#define ACTION_P 2
#define ACTION_A 4

#define ACTION_MAP(X)                                                                                        \
	X(QUIT, "quit", "q C-c", "leave", ACTION_G)                                                          \
	X(SUSPEND, "suspend", "C-z", "back to the shell; fg returns", ACTION_G)                              \
	X(HELP, "help", "?", "all keys and commands", ACTION_G)                                              \
	X(COMMAND, "command", ":", "type a command", ACTION_G)                                               \
	X(REDRAW, "redraw", "C-l", "paint everything anew", ACTION_G)                                        \
	X(NEXT_PANE, "next", "Tab", "next tile", ACTION_G)                                                   \
	X(PREVIOUS_PANE, "previous", "S-Tab", "tile before", ACTION_G)                                       \
	X(OPEN, "open", "Enter", "open what is chosen", ACTION_G | ACTION_P)                                 \
	X(BACK, "back", "Esc", "back", ACTION_G | ACTION_P)                                                  \
	X(PANE_OVERVIEW, "overview", "1", "the overview", ACTION_G)                                          \
	X(PANE_FLOOR, "floor", "2", "the floor plan", ACTION_G)                                              \
	X(PANE_HEAT, "heat", "3", "the thermal frames", ACTION_G)                                            \
	X(PANE_OCCUPANCY, "occupancy", "4", "how many people where and when, by room, floor and building",   \
	  ACTION_G)                                                                                          \
	X(PANE_DOORS, "doors", "5", "who came through which door, newest first", ACTION_G)                   \
	X(PANE_KEYS, "keys", "6", "visitor keys and their QR codes", ACTION_G)                               \
	X(PANE_HEALTH, "health", "7", "sensors and hives, worst first", ACTION_G)                            \
	X(BUILDING, "building", "b", "next building, or the one named", ACTION_G | ACTION_A)                 \
	X(FLOOR, "storey", "f", "next floor, or the one named", ACTION_G | ACTION_A)                         \
	X(THEME, "theme", "T", "next theme, or the one named", ACTION_G | ACTION_A)                          \
	X(PALETTE, "palette", "P", "next heat palette, or the one named", ACTION_G | ACTION_A)               \
	X(MOUSE, "mouse", "M", "mouse on or off (Shift+drag selects text)", ACTION_G)                        \
	X(COPY, "copy", "y", "copy what is chosen", ACTION_G | ACTION_P)                                     \
	X(UNDO, "undo", "u", "take back the last change of the view", ACTION_G)                              \
	X(DEMO, "demo", "", "the demo, where no account is configured", ACTION_G)                            \
	X(UP, "up", "Up k", "one up", ACTION_P)                                                              \
	X(DOWN, "down", "Down j", "one down", ACTION_P)                                                      \
	X(LEFT, "left", "Left h", "to the left", ACTION_P)                                                   \
	X(RIGHT, "right", "Right l", "to the right", ACTION_P)                                               \
	X(PAGE_UP, "page-up", "PgUp", "a page up", ACTION_P)                                                 \
	X(PAGE_DOWN, "page-down", "PgDn", "a page down", ACTION_P)                                           \
	X(FIRST, "first", "Home g", "to the first", ACTION_P)                                                \
	X(LAST, "last", "End G", "to the last", ACTION_P)                                                    \
	X(NEXT_ITEM, "next-room", "n", "next room or sensor", ACTION_P)                                      \
	X(PREVIOUS_ITEM, "previous-room", "N", "room or sensor before", ACTION_P)                            \
	X(FILTER, "filter", "/", "show only what matches", ACTION_P | ACTION_A)                              \
	X(SORT, "sort", "s", "sort by the next column, or the one named", ACTION_P | ACTION_A)               \
	X(REVERSE, "reverse", "S", "turn the order", ACTION_P)                                               \
	X(OVERLAY, "overlay", "o",                                                                           \
	  "what the rooms' colour says: occupancy, temperature, utilization, health, type",                  \
	  ACTION_P | ACTION_A)                                                                               \
	X(ZOOM_IN, "zoom-in", "+ =", "larger", ACTION_P)                                                     \
	X(ZOOM_OUT, "zoom-out", "-", "smaller", ACTION_P)                                                    \
	X(FIT, "fit", "0", "the whole floor", ACTION_P)                                                      \
	X(PAN_UP, "pan-up", "S-Up K", "move the plan", ACTION_P)                                             \
	X(PAN_DOWN, "pan-down", "S-Down J", "move the plan", ACTION_P)                                       \
	X(PAN_LEFT, "pan-left", "S-Left H", "move the plan", ACTION_P)                                       \
	X(PAN_RIGHT, "pan-right", "S-Right L", "move the plan", ACTION_P)                                    \
	X(GLYPHS, "glyphs", "B", "blocks or braille", ACTION_P)                                              \
	X(MODE, "mode", "m", "tiles, plan, numbers", ACTION_P | ACTION_A)                                    \
	X(SMOOTH, "smooth", "i", "smooth or raw frames", ACTION_P)                                           \
	X(RANGE, "range", "r", "degrees: automatic or fixed", ACTION_P | ACTION_A)                           \
	X(FREEZE, "freeze", "Space", "hold or go on", ACTION_P)                                              \
	X(STEP_BACK, "step-back", "[", "a frame back", ACTION_P)                                             \
	X(STEP_ON, "step-on", "]", "a frame on", ACTION_P)                                                   \
	X(GROUP, "group", "w", "group by floor", ACTION_P)                                                   \
	X(BATTERIES, "batteries", "e", "batteries to replace in 30 days, as a list to walk", ACTION_P)       \
	X(PERIOD, "period", "doors:p occupancy:p",                                                           \
	  "in doors and occupancy: the next longer time back; in occupancy also 1h, 8h, 1d, 1w, 1mo",        \
	  ACTION_P | ACTION_A)                                                                               \
	X(DATES, "dates", "occupancy:d",                                                                     \
	  "in occupancy: from one time to another, such as 2026-08-01..2026-08-07", ACTION_P | ACTION_A)     \
	X(MEASURE, "measure", "occupancy:o", "in occupancy: people, peak, utilization, time used",           \
	  ACTION_P | ACTION_A)                                                                               \
	X(MARK, "mark", "occupancy:Space", "in occupancy: compare this one, up to three", ACTION_P)          \
	X(WEEKS, "weeks", "occupancy:c", "in occupancy: compare with the weeks before", ACTION_P)            \
	X(RANKING, "ranking", "occupancy:v",                                                                 \
	  "in occupancy: fullest, emptiest, least used; now or in the range", ACTION_P | ACTION_A)           \
	X(NUMBERS, "numbers", "occupancy:i", "in occupancy: figures or shades in the week", ACTION_P)        \
	X(ISSUE, "issue", "keys:n", "in keys: issue a visitor key", ACTION_P)                                \
	X(REVOKE, "revoke", "keys:r", "in keys: revoke the chosen key or keychain", ACTION_P)                \
	X(WRITE, "write", "keys:w", "in keys: write the QR code to a file (.svg or .png)",                   \
	  ACTION_P | ACTION_A)                                                                               \
	X(PRINT, "print", "keys:p", "in keys: print the key and its QR code", ACTION_P)                      \
	X(EXPORT, "export", "x", "write what is shown to a file (.csv or .json)", ACTION_P | ACTION_A)

enum action {
	ACTION_NONE = 0,
#define ACTION_ENUM(constant, name, keys, help, flags) ACTION_##constant,
	ACTION_MAP(ACTION_ENUM)
#undef ACTION_ENUM
		ACTION_COUNT
};

struct action_info {
	const char *name, *keys, *help;
	unsigned flags;
};

const struct action_info *action_info(enum action action);
/* ACTION_NONE when unknown. */
enum action action_parse(const char *name);

#endif
