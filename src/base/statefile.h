/* Files under $XDG_STATE_HOME/lodge/: folder 0700, files 0600, replaced atomically. */
#ifndef LODGE_BASE_STATEFILE_H
#define LODGE_BASE_STATEFILE_H

#include "base/buf.h"
#include "base/err.h"

/* The folder's path: $XDG_STATE_HOME/lodge or ~/.local/state/lodge. NULL when there is no home. g_free it. */
char *statefile_folder(void);

/* Writes a new file, fsyncs it, renames it over `folder/name`, fsyncs the folder. Creates the folder. A name
 * may hold only [A-Za-z0-9._-]; use statefile_name to make one from any text. */
int statefile_write(const char *folder, const char *name, const char *bytes, size_t length,
		    struct problem *problem) LODGE_MUST_USE;

/* Reads it whole (ceiling BUF_CEILING_FILE). ERR_ABSENT when there is none; ERR_DENIED when others could read
 * it (then it is not used: its content may have leaked). */
int statefile_read(const char *folder, const char *name, struct buf *out,
		   struct problem *problem) LODGE_MUST_USE;

int statefile_remove(const char *folder, const char *name);

/* A file name for any text: safe characters kept, the rest folded, a hash added. g_free it. */
char *statefile_name(const char *prefix, const char *text);

#endif
