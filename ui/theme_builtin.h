/* The files of themes/, compiled in: ui/theme_builtin.c is made from them. */
#ifndef LODGE_UI_THEME_BUILTIN_H
#define LODGE_UI_THEME_BUILTIN_H

/* Both in the same order; the names end with NULL. */
extern const char *const theme_builtin_names[];
extern const char *const theme_builtin_texts[];

#endif
