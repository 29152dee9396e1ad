/* What the program takes from itself before it looks at bytes from outside. */
#ifndef LODGE_SCAN_LIMITS_H
#define LODGE_SCAN_LIMITS_H

#include <stdbool.h>

/* Memory, processor time, files, new rights; closes every descriptor but 0, 1 and 2. What it writes must go to a pipe: no file may grow. False when a limit
 * cannot be set. */
bool limits_apply(void);

#endif
