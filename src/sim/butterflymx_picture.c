#include "sim/butterflymx_picture.h"

#include "base/rng.h"
#include "sim/butterflymx.h"
#include "sim/butterflymx_history.h"

#include <png.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#define QUIET 4 /* modules around the code, as the standard asks */
#define SALT_CONTENT 0x626d7871
#define HUGE_BYTES (20u << 20)
#define SLOW_MS 20000

void sim_bmx_release_file(uint64_t seed, int64_t id, char out[SIM_BMX_FILE_SIZE])
{
	snprintf(out, SIM_BMX_FILE_SIZE, "photo_%016" G_GINT64_MODIFIER "x.png",
		 (guint64)rng_hash(rng_hash(seed, SALT_CONTENT + 1), (uint64_t)id));
}

void sim_bmx_key_content(uint64_t seed, const struct sim_bmx_key *key, char out[SIM_BMX_CONTENT_SIZE])
{
	uint64_t hash = rng_hash(rng_hash(seed, SALT_CONTENT), (uint64_t)key->row.id);

	snprintf(out, SIM_BMX_CONTENT_SIZE, "BMX1:%s:%016" G_GINT64_MODIFIER "x", key->code, (guint64)hash);
}

/* --- PNG -------------------------------------------------------------------------------------------------- */

static void png_take(png_structp png, png_bytep bytes, size_t length)
{
	buf_add(png_get_io_ptr(png), bytes, length);
}

static void png_done(png_structp png) { (void)png; }

int sim_bmx_grey_png(const uint8_t *pixels, unsigned width, unsigned height, struct buf *out)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	int result = ERR_INVALID;

	if (!info)
		goto out;
	if (setjmp(png_jmpbuf(png)))
		goto out;
	png_set_write_fn(png, out, png_take, png_done);
	png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (unsigned y = 0; y < height; y++)
		png_write_row(png, pixels + (size_t)y * width);
	png_write_end(png, info);
	result = out->error;
out:
	png_destroy_write_struct(&png, &info);
	return result;
}

int sim_bmx_qr_png(const char *text, unsigned scale, struct buf *out)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	if (!code)
		return ERR_TOO_BIG;

	unsigned modules = (unsigned)code->width, side = (modules + 2 * QUIET) * scale;
	uint8_t *pixels = g_malloc((size_t)side * side);

	memset(pixels, 255, (size_t)side * side);
	for (unsigned y = 0; y < modules * scale; y++) {
		uint8_t *row = pixels + (size_t)(y + QUIET * scale) * side + QUIET * scale;

		for (unsigned x = 0; x < modules * scale; x++)
			if (code->data[y / scale * modules + x / scale] & 1)
				row[x] = 0;
	}
	QRcode_free(code);

	int result = sim_bmx_grey_png(pixels, side, side, out);

	g_free(pixels);
	return result;
}

/* --- answers ---------------------------------------------------------------------------------------------- */

static void refuse(struct sim_call *call, int status, const char *code, const char *message)
{
	sim_call_status(call, status);
	call->reply->content_type = "application/xml";
	buf_addf(&call->reply->body,
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message></Error>",
		 code, message);
}

static void refuse_key(struct sim_call *call) { refuse(call, 403, "AccessDenied", "Access Denied"); }

/* True when the storage would hand out the object; the faults have their say. */
static bool storage_opens(struct sim_call *call)
{
	const struct sim_faults *faults = sim_bmx_faults(call);
	struct buf *body = &call->reply->body;

	if (*call->request->authorization) {
		sim_app_violation(call, "a picture is asked for with an Authorization header");
		refuse(call, 400, "InvalidArgument", "Unsupported Authorization Type");
		return false;
	}
	call->reply->content_type = "image/png";
	switch ((enum sim_picture)faults->value[SIM_FAULT_PICTURE]) {
	case SIM_PICTURE_MISSING:
		refuse_key(call);
		return false;
	case SIM_PICTURE_GARBAGE:
		buf_adds(body, "\x89PNG\r\n\x1a\n");
		for (unsigned i = 0; i < 900; i++)
			buf_addc(body, (char)(rng_hash(call->number, i) & 0xff));
		return false;
	case SIM_PICTURE_HUGE:
		for (unsigned i = 0; i < HUGE_BYTES / 16; i++)
			buf_adds(body, "\x89PNG\r\n\x1a\n________");
		return false;
	case SIM_PICTURE_SLOW:
		call->reply->delay_ms = SLOW_MS;
		return true;
	case SIM_PICTURE_GOOD:
		return true;
	}
	return true;
}

/* 0 for an unknown word. */
static unsigned scale_of(const char *size)
{
	if (strcmp(size, "thumb") == 0)
		return 2;
	if (strcmp(size, "medium") == 0)
		return 5;
	return strcmp(size, "large") == 0 ? 10 : 0;
}

static void check(struct sim_call *call, int result)
{
	if (result != ERR_OK)
		refuse(call, 500, "InternalError", "We encountered an internal error. Please try again.");
}

void sim_bmx_key_picture(struct sim_call *call)
{
	struct sim_bmx *bmx = sim_bmx_of(call);
	const struct sim_bmx_key *key = sim_bmx_find(bmx->data, SIM_BMX_KEYS, sim_bmx_number(call->args[0]));
	unsigned scale = scale_of(call->args[1]);
	char content[SIM_BMX_CONTENT_SIZE];

	if (!key || !scale || strcmp(call->args[2], key->file) != 0) {
		refuse_key(call);
		return;
	}
	if (!storage_opens(call))
		return;
	sim_bmx_key_content(call->app->options.seed, key, content);
	check(call, sim_bmx_qr_png(content, scale, &call->reply->body));
}

/* Somebody before a wall: a head and shoulders, a little different each time. */
static void draw_person(uint8_t *pixels, int width, int height, uint64_t hash)
{
	int x0 = width / 2 + (int)(hash % 9) - 4, y0 = height * 2 / 5, r = height / 6;
	uint8_t wall = (uint8_t)(150 + hash / 16 % 80);

	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			int dx = x - x0, dy = y - y0, sy = (y - height) / 2;
			bool body = dx * dx + dy * dy < r * r || dx * dx / 2 + sy * sy < r * r;

			pixels[y * width + x] = body ? 60 : (uint8_t)(wall - 40 * y / height);
		}
	}
}

static void answer_person(struct sim_call *call, unsigned scale, uint64_t hash)
{
	unsigned width = 48 * scale, height = 36 * scale;
	uint8_t *pixels = g_malloc((size_t)width * height);

	draw_person(pixels, (int)width, (int)height, hash);
	check(call, sim_bmx_grey_png(pixels, width, height, &call->reply->body));
	g_free(pixels);
}

void sim_bmx_release_picture(struct sim_call *call)
{
	int64_t id = sim_bmx_number(call->args[0]);
	const struct sim_bmx_release *release = sim_bmx_history_find(sim_bmx_of(call)->history, id);
	unsigned scale = scale_of(call->args[1]);
	char file[SIM_BMX_FILE_SIZE];

	sim_bmx_release_file(call->app->options.seed, id, file);
	if (!release || !release->picture || !scale || strcmp(call->args[2], file) != 0)
		refuse_key(call);
	else if (storage_opens(call))
		answer_person(call, scale, rng_hash(SALT_CONTENT, (uint64_t)id));
}

void sim_bmx_logo_picture(struct sim_call *call)
{
	const struct sim_bmx_building *building = sim_bmx_find(sim_bmx_of(call)->data, SIM_BMX_BUILDINGS,
							       sim_bmx_number(call->args[1]));
	bool panel = strcmp(call->args[0], "panel_logo") == 0;

	if (!building || !(panel ? building->panel_logo : building->mobile_logo))
		refuse_key(call);
	else if (storage_opens(call))
		answer_person(call, 1, 1);
}
