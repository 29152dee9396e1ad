#include "sim/hostile.h"

#include "base/rng.h"

#include <glib.h>

#define LONG_8 "Very long name "
#define LONG_64 LONG_8 LONG_8 LONG_8 LONG_8 LONG_8 LONG_8 LONG_8 LONG_8
#define LONG_512 LONG_64 LONG_64 LONG_64 LONG_64 LONG_64 LONG_64 LONG_64 LONG_64

static const char *const hostile_names[] = {
	"\x1b[2J\x1b[31mRed alert\x1b[0m",
	"\x1b]0;owned\x07Title",
	"Open\r\nSpace: 0",
	"Invoice \xe2\x80\xae"
	"fdp.exe",
	"\xe2\x81\xa6hidden\xe2\x81\xa9 bidi",
	"Bell\x07 and back\x08space",
	"C1 \xc2\x9b"
	"31m control",
	"Zalgo H\xcc\xb4\xcc\x8e\xcd\x8b\xcd\x8d\xcc\xb1i\xcc\xb7\xcd\x8a\xcc\xbd",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7\xe2\x80\x8d\xf0\x9f\x91\xa6 Family room",
	"</td><script>alert(1)</script>\"'\\;--,=cmd|' /C calc'!A0",
	LONG_512 LONG_512 LONG_512 LONG_512,
	" \t ",
};

const char *sim_hostile_name(const struct sim_faults *faults, uint64_t seed, const char *id, const char *name)
{
	uint64_t hash = seed;

	if (!sim_faults_on(faults, SIM_FAULT_HOSTILE))
		return name;
	for (const char *p = id; *p; p++)
		hash = rng_hash(hash, (unsigned char)*p);
	return hash % 4 ? name : hostile_names[hash / 4 % G_N_ELEMENTS(hostile_names)];
}
