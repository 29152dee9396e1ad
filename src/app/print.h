/* Rows of several accounts to stdout in one form, and what the vendors had to say to stderr. */
#ifndef LODGE_APP_PRINT_H
#define LODGE_APP_PRINT_H

#include "app/app.h"
#include "app/collect.h"
#include "out/out.h"

struct print;

/* limit: rows over all accounts; 0: none. */
struct print *print_new(const struct app *app, enum kind kind, enum out_format format, int64_t limit);
void print_rows(struct print *print, const struct rows *rows);

/* Ends the output and frees. Returns an exit status. */
int print_end(struct print *print);

/* Notices of an outcome to stderr. True when something that was asked for is missing. */
bool print_notices(const struct app *app, const struct outcome *outcome);

/* Writes bytes to stdout. EXIT_ALL_WELL, or EXIT_ERROR when they cannot be written (a reader that went away is no news). */
int print_bytes(const struct app *app, const char *bytes, size_t length);

#endif
