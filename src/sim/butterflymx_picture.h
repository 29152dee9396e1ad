/* The pictures that the simulated ButterflyMX hands out addresses of: QR codes of keys, photos of releases, logos.
 *
 * They lie in storage of their own: no sign-in, and a foreign bearer token is refused (butterflymx.md §12).
 */
#ifndef LODGE_SIM_BUTTERFLYMX_PICTURE_H
#define LODGE_SIM_BUTTERFLYMX_PICTURE_H

#include "base/buf.h"
#include "sim/butterflymx_data.h"
#include "sim/call.h"

#include <stdint.h>

#define SIM_BMX_FILE_SIZE 48
#define SIM_BMX_CONTENT_SIZE 64

/* The name of a release's picture file, which only who was told the address knows. */
void sim_bmx_release_file(uint64_t seed, int64_t id, char out[SIM_BMX_FILE_SIZE]);

/* What a key's QR code says. It cannot be made from the key's code. */
void sim_bmx_key_content(uint64_t seed, const struct sim_bmx_key *key, char out[SIM_BMX_CONTENT_SIZE]);

/* Appends a PNG of the text as QR code, `scale` pixels to a module, with the quiet zone of four. ERR_TOO_BIG when the
 * text fits no code. */
int sim_bmx_qr_png(const char *text, unsigned scale, struct buf *out) LODGE_MUST_USE;

/* Appends a PNG of `width` × `height` grey pixels. ERR_INVALID. */
int sim_bmx_grey_png(const uint8_t *pixels, unsigned width, unsigned height, struct buf *out) LODGE_MUST_USE;

void sim_bmx_key_picture(struct sim_call *call);
void sim_bmx_release_picture(struct sim_call *call);
void sim_bmx_logo_picture(struct sim_call *call);

#endif
