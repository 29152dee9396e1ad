/* Bytes from a terminal → keys, mouse, pastes. No clock and no descriptor: bytes are fed, events are taken. */
#ifndef LODGE_UI_TERM_DECODE_H
#define LODGE_UI_TERM_DECODE_H

#include "base/buf.h"
#include "ui/input.h"

#include <stdbool.h>
#include <stddef.h>

#define DECODE_PASTE_MOST (64u << 10)
#define DECODE_BYTES 4096
#define DECODE_STRINGS 48

/* A key string of terminfo that the common rules do not give. */
struct decode_string {
	char bytes[16];
	size_t length;
	uint32_t key;
};

struct decoder {
	unsigned char bytes[DECODE_BYTES];
	size_t n;
	struct decode_string strings[DECODE_STRINGS];
	size_t n_strings;
	bool pasting;
	struct buf paste;
	unsigned confirmations; /* status reports (CSI 0 n) that came in */
};

void decoder_init(struct decoder *decoder);
void decoder_fini(struct decoder *decoder);
/* What terminfo says that a key sends; ignored when the rules give the same anyway or it is no sequence. */
void decoder_learn(struct decoder *decoder, const char *bytes, uint32_t key);

/* Where to put bytes, and how many fit; then how many were put. */
unsigned char *decoder_room(struct decoder *decoder, size_t *room);
void decoder_fed(struct decoder *decoder, size_t length);
/* The next whole event. `late`: nothing more will come, so half a sequence is taken as what it is (Esc). */
bool decoder_next(struct decoder *decoder, bool late, struct input *input);
/* True when half a sequence, or a paste without its end, waits. */
bool decoder_waiting(const struct decoder *decoder);

#endif
