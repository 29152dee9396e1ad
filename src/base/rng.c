#include "base/rng.h"

#define RNG_GOLDEN UINT64_C(0x9E3779B97F4A7C15)

/* The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators"). */
static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

void rng_init(struct rng *rng, uint64_t seed) { rng->state = seed; }

uint64_t rng_next(struct rng *rng)
{
	rng->state += RNG_GOLDEN;
	return mix(rng->state);
}

double rng_unit(struct rng *rng) { return (double)(rng_next(rng) >> 11) * 0x1p-53; }

/* Multiply and shift instead of a division; the few values that would favour some results are drawn again. */
uint32_t rng_below(struct rng *rng, uint32_t n)
{
	if (n == 0)
		return 0;
	uint32_t threshold = -n % n;
	for (;;) {
		uint64_t product = (rng_next(rng) >> 32) * n;
		if ((uint32_t)product >= threshold)
			return (uint32_t)(product >> 32);
	}
}

uint64_t rng_hash(uint64_t state, uint64_t input)
{
	return mix(mix(state + RNG_GOLDEN) ^ (input + RNG_GOLDEN));
}
