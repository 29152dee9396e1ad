#include "base/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec now = {0};
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_wall_ms(const struct clock *clock)
{
	(void)clock;
	return read_ms(CLOCK_REALTIME);
}

static int64_t system_mono_ms(const struct clock *clock)
{
	(void)clock;
	return read_ms(CLOCK_MONOTONIC);
}

const struct clock clock_system = {
	.wall_ms = system_wall_ms,
	.mono_ms = system_mono_ms,
};

/* The clock is the first member, so its address is the fake's. */
static int64_t fake_wall_ms(const struct clock *clock) { return ((const struct clock_fake *)clock)->wall_ms; }
static int64_t fake_mono_ms(const struct clock *clock) { return ((const struct clock_fake *)clock)->mono_ms; }

void clock_fake_init(struct clock_fake *fake, int64_t wall_ms)
{
	*fake = (struct clock_fake){
		.clock = {.wall_ms = fake_wall_ms, .mono_ms = fake_mono_ms},
		.wall_ms = wall_ms,
		/* Not 0: a machine that just booted is no likely case, and code may keep 0 for "never". */
		.mono_ms = 1000000,
	};
}

void clock_fake_advance(struct clock_fake *fake, int64_t ms)
{
	fake->wall_ms += ms;
	fake->mono_ms += ms;
}
