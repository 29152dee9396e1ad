#include "scan/limits.h"

#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#define MEMORY_MOST ((rlim_t)256 << 20)
#define SECONDS_MOST 5
#define DESCRIPTORS_MOST 3
#define DESCRIPTORS_TRIED 65536

/* A sanitizer maps terabytes and reads /proc. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

/* `most`: how many there could be before the limit was set. */
static void close_others(rlim_t most)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0)
		return;
#endif
	for (int fd = 3; fd < DESCRIPTORS_TRIED && (rlim_t)fd < most; fd++)
		close(fd);
}

bool limits_apply(void)
{
	static const struct {
		int resource;
		rlim_t most;
	} limits[] = {
#ifndef SANITIZED
		{RLIMIT_AS, MEMORY_MOST},   {RLIMIT_NOFILE, DESCRIPTORS_MOST},
#endif
		{RLIMIT_CPU, SECONDS_MOST}, {RLIMIT_FSIZE, 0},
		{RLIMIT_CORE, 0},
	};
	struct rlimit before;
	if (getrlimit(RLIMIT_NOFILE, &before) != 0)
		return false;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit = {.rlim_cur = limits[i].most, .rlim_max = limits[i].most};
		if (setrlimit(limits[i].resource, &limit) != 0)
			return false;
	}
#ifdef PR_SET_NO_NEW_PRIVS
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
#endif
	close_others(before.rlim_cur);
	return true;
}
