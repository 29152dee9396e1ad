/* The pictures of the simulated ButterflyMX: real QR codes, handed out without a sign-in only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>
#include <qrencode.h>

#include "butterflymx_play.h"
#include "sim/butterflymx_picture.h"

struct grey {
	uint8_t *pixels;
	unsigned width, height;
};

static struct grey read_png(const struct buf *bytes)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	struct grey grey;

	assert_int_not_equal(png_image_begin_read_from_memory(&image, bytes->data, bytes->length), 0);
	image.format = PNG_FORMAT_GRAY;
	grey = (struct grey){g_malloc(PNG_IMAGE_SIZE(image)), image.width, image.height};
	assert_int_not_equal(png_image_finish_read(&image, NULL, grey.pixels, 0, NULL), 0);
	return grey;
}

/* Every module of the picture is that of a code made of the text here. */
static void assert_shows(const struct grey *grey, const char *text, unsigned scale)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	unsigned modules = (unsigned)code->width, side = (modules + 8) * scale;

	assert_int_equal(grey->width, side);
	assert_int_equal(grey->height, side);
	for (unsigned y = 0; y < side; y++) {
		for (unsigned x = 0; x < side; x++) {
			unsigned column = x / scale - 4,
				 row = y / scale - 4; /* before the code: very great */
			bool dark = column < modules && row < modules &&
				    (code->data[row * modules + column] & 1);

			assert_int_equal(grey->pixels[y * side + x], dark ? 0 : 255);
		}
	}
	QRcode_free(code);
}

static char *url_of(struct bmx_play *play, const char *path, const char *member)
{
	const cJSON *row;

	cJSON_ArrayForEach(row, jsonx_get(bmx_play_ask(play, "GET", path, NULL), "data"))
	{
		const char *url = jsonx_str(jsonx_get(jsonx_get(row, "attributes"), member));

		if (url)
			return g_strdup(url);
	}
	fail_msg("no %s in %s", member, path);
	return NULL;
}

static void a_keys_picture_is_its_code(void **state)
{
	static const struct {
		const char *member;
		unsigned scale;
	} sizes[] = {{"thumb_url", 2}, {"medium_url", 5}, {"large_url", 10}};
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);
	bmx_play_ask(&play, "GET", "/v3/qr_keys", NULL);

	int64_t id = g_ascii_strtoll(bmx_play_id(&play, 0), NULL, 10);
	const struct sim_bmx *bmx = sim_app_vendor(play.app, "butterflymx")->data;
	const struct sim_bmx_key *key = sim_bmx_find(bmx->data, SIM_BMX_KEYS, id);
	char content[SIM_BMX_CONTENT_SIZE];

	sim_bmx_key_content(7, key, content);
	assert_string_not_equal(content, key->code);
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		char *url = url_of(&play, "/v3/qr_keys", sizes[i].member);

		assert_true(g_str_has_prefix(url, "http://127.0.0.1:4711/butterflymx/system/uploads/"));
		bmx_play_fetch(&play, url, "");
		assert_int_equal(play.status, 200);
		assert_string_equal(play.content_type, "image/png");

		struct grey grey = read_png(&play.body);

		assert_shows(&grey, content, sizes[i].scale);
		g_free(grey.pixels);
		g_free(url);
	}
	assert_int_equal(bmx_play_violations(&play), 0);
	bmx_play_fini(&play);
}

static void storage_wants_the_address_and_nothing_else(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);

	char *url = url_of(&play, "/v3/qr_keys", "large_url");

	bmx_play_fetch(&play, url, "Bearer token");
	assert_int_equal(play.status, 400);
	assert_int_equal(bmx_play_violations(&play), 1);
	url[strlen(url) - 5] ^= 1;
	bmx_play_fetch(&play, url, "");
	assert_int_equal(play.status, 403);
	g_free(url);
	bmx_play_fini(&play);
}

static void releases_and_buildings_have_pictures(void **state)
{
	static const char *const paths[][2] = {{"/v3/door_releases", "thumb_url"},
					       {"/v3/door_releases", "medium_url"}};
	struct bmx_play play;
	const cJSON *row;

	(void)state;
	bmx_play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		char *url = url_of(&play, paths[i][0], paths[i][1]);

		bmx_play_fetch(&play, url, "");

		struct grey grey = read_png(&play.body);

		assert_in_range(grey.width, 48, 480);
		g_free(grey.pixels);
		g_free(url);
	}
	row = jsonx_get(bmx_play_ask(&play, "GET", "/v3/buildings/3", NULL), "data");
	char *logo = g_strdup(jsonx_str(jsonx_path(row, "attributes.panel_logo_picture.thumb_url")));

	bmx_play_fetch(&play, logo, "");
	assert_int_equal(play.status, 200);
	g_free(logo);
	bmx_play_fini(&play);
}

static void pictures_can_be_bad(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, (const char *const[]){"butterflymx.picture=missing", NULL});

	char *url = url_of(&play, "/v3/qr_keys", "large_url");

	bmx_play_fetch(&play, url, "");
	assert_int_equal(play.status, 403);
	bmx_play_fault(&play, "picture", "garbage");
	bmx_play_fetch(&play, url, "");
	assert_int_equal(play.status, 200);
	assert_memory_equal(play.body.data, "\x89PNG\r\n\x1a\n", 8);
	bmx_play_fault(&play, "picture", "huge");
	bmx_play_fetch(&play, url, "");
	assert_true(play.body.length >= 20u << 20);
	bmx_play_fault(&play, "picture", "slow");
	bmx_play_fetch(&play, url, "");
	assert_true(play.delay_ms >= 10000);
	g_free(url);
	bmx_play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_keys_picture_is_its_code),
		cmocka_unit_test(storage_wants_the_address_and_nothing_else),
		cmocka_unit_test(releases_and_buildings_have_pictures),
		cmocka_unit_test(pictures_can_be_bad),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
