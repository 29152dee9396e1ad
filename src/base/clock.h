/* The time, injected. Nothing outside this module reads a clock, so tests and the simulator set it. */
#ifndef LODGE_BASE_CLOCK_H
#define LODGE_BASE_CLOCK_H

#include <stdint.h>

struct clock {
	/* Milliseconds since 1970-01-01T00:00:00Z. May jump. */
	int64_t (*wall_ms)(const struct clock *clock);
	/* Milliseconds since some fixed moment. Never goes back. */
	int64_t (*mono_ms)(const struct clock *clock);
};

/* The machine's own clocks. */
extern const struct clock clock_system;

/* A clock that stands still until a test moves it. Pass `&fake.clock`. */
struct clock_fake {
	struct clock clock;
	int64_t wall_ms, mono_ms;
};

void clock_fake_init(struct clock_fake *fake, int64_t wall_ms);
void clock_fake_advance(struct clock_fake *fake, int64_t ms);

static inline int64_t clock_wall_ms(const struct clock *clock) { return clock->wall_ms(clock); }
static inline int64_t clock_mono_ms(const struct clock *clock) { return clock->mono_ms(clock); }

#endif
