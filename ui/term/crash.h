/* Puts the terminal back when the program ends without term_close: by a fatal signal or by exit(). */
#ifndef LODGE_UI_TERM_CRASH_H
#define LODGE_UI_TERM_CRASH_H

#include "ui/term/capture.h"

#include <stddef.h>
#include <termios.h>

/* From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT and exit() restore `modes` and write `leave` to `fd`, which may be in non-blocking mode. The
 * capture stays the caller's; the bytes are copied (256 at most). The signal is raised again with the handler that was there before. */
void crash_arm(int fd, const struct termios *modes, const char *leave, struct capture *capture);
void crash_disarm(void);

#endif
