/* Pseudo-random numbers with the seed injected (SplitMix64): for jitter, the simulator, property tests.
 * Not for secrets. */
#ifndef LODGE_BASE_RNG_H
#define LODGE_BASE_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

void rng_init(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);
/* 0 <= x < 1 */
double rng_unit(struct rng *rng);
/* 0 <= x < n; n > 0 */
uint32_t rng_below(struct rng *rng, uint32_t n);
/* A well-mixed hash of any number of inputs folded one by one: rng_hash(rng_hash(seed, a), b). */
uint64_t rng_hash(uint64_t state, uint64_t input);

#endif
