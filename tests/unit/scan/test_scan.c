/* lodge-scan-qr as whoever calls it sees it: bytes in, bytes and a status out. */
#include "base/buf.h"
#include "base/qr.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY "od6eym5"
#define ANSWER_MOST 4096
#define KILLED 1000 /* + signal */

/* As in limits.c: a sanitizer needs memory and files. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

struct child {
	pid_t pid;
	int in, out;
};

static const char *program(char path[4096])
{
	const char *named = getenv("LODGE_SCAN_QR"), *folder = getenv("builddir");
	snprintf(path, 4096, "%s/lodge-scan-qr", folder ? folder : ".");
	return named ? named : path;
}

/* `out_fd` -1: a pipe. */
static struct child start(int out_fd)
{
	int in[2], out[2] = {-1, -1};
	char path[4096];
	const char *name = program(path);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	if (out_fd < 0)
		assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	struct child child = {.in = in[1], .out = out[0]};
	child.pid = fork();
	assert_true(child.pid >= 0);
	if (child.pid == 0) {
		dup2(in[0], 0);
		dup2(out_fd < 0 ? out[1] : out_fd, 1);
		execl(name, name, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	if (out_fd < 0)
		close(out[1]);
	return child;
}

static void feed(struct child *child, const void *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		ssize_t put = write(child->in, (const char *)bytes + at, length - at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			break; /* it has seen enough */
		at += (size_t)put;
	}
	close(child->in);
}

static int end(const struct child *child)
{
	int status;
	while (waitpid(child->pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED + WTERMSIG(status);
}

/* The status; the answer is text here. */
static int scan(const void *bytes, size_t length, char answer[ANSWER_MOST])
{
	struct child child = start(-1);
	size_t at = 0;
	feed(&child, bytes, length);
	for (;;) {
		ssize_t got = read(child.out, answer + at, ANSWER_MOST - 1 - at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		at += (size_t)got;
	}
	answer[at] = '\0';
	close(child.out);
	return end(&child);
}

static void assert_scan(const struct buf *file, int status, const char *content)
{
	char answer[ANSWER_MOST];
	int found = scan(file->data, file->length, answer);
	if (found != status || strcmp(answer, content) != 0)
		fail_msg("status %d, `%s`; expected %d, `%s`", found, answer, status, content);
}

/* --- pictures --- */

struct picture {
	unsigned width, height;
	uint8_t *rgba;
};

static struct picture blank(unsigned width, unsigned height, uint8_t grey, uint8_t alpha)
{
	struct picture picture = {width, height, malloc((size_t)width * height * 4)};
	assert_non_null(picture.rgba);
	for (size_t i = 0; i < (size_t)width * height; i++) {
		memset(picture.rgba + 4 * i, grey, 3);
		picture.rgba[4 * i + 3] = alpha;
	}
	return picture;
}

/* Draws a code with its quiet zone; dark and light as RGBA. */
static void draw(struct picture *picture, const char *text, unsigned scale, unsigned left,
		 const uint8_t dark[4], const uint8_t light[4])
{
	struct qr qr;
	assert_int_equal(qr_encode(text, strlen(text), &qr, NULL), ERR_OK);
	unsigned side = qr_side(&qr) * scale;
	assert_true(left + side <= picture->width && side <= picture->height);
	for (unsigned y = 0; y < side; y++)
		for (unsigned x = 0; x < side; x++) {
			bool set = qr_dark(&qr, (int)(x / scale) - QR_QUIET, (int)(y / scale) - QR_QUIET);
			memcpy(picture->rgba + 4 * ((size_t)y * picture->width + left + x),
			       set ? dark : light, 4);
		}
	qr_fini(&qr);
}

static const uint8_t black[4] = {0, 0, 0, 255}, white[4] = {255, 255, 255, 255};

struct form {
	int bits, type, interlace;
	size_t text; /* bytes of a compressed text chunk in front of the pixels */
};

static void add_bytes(png_structp png, png_bytep bytes, size_t length)
{
	buf_add(png_get_io_ptr(png), bytes, length);
}

static void no_flush(png_structp png) { (void)png; }

/* One line in the file's form. Palettes have black, white and the picture's grey levels in steps of 17. */
static void fill_line(const struct picture *picture, const struct form *form, unsigned y, uint8_t *line)
{
	for (unsigned x = 0; x < picture->width; x++) {
		const uint8_t *pixel = picture->rgba + 4 * ((size_t)y * picture->width + x);
		int channels = form->type == PNG_COLOR_TYPE_RGB_ALPHA    ? 4
			       : form->type == PNG_COLOR_TYPE_RGB        ? 3
			       : form->type == PNG_COLOR_TYPE_GRAY_ALPHA ? 2
									 : 1;
		for (int c = 0; c < channels; c++) {
			uint8_t value = channels == 2 && c == 1 ? pixel[3] : pixel[c];
			if (form->type == PNG_COLOR_TYPE_PALETTE)
				value = (uint8_t)(15 - value / 17);
			*line++ = value;
			if (form->bits == 16)
				*line++ = value;
		}
	}
}

static void write_png(const struct picture *picture, const struct form *form, struct buf *out)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	uint8_t *line = malloc((size_t)picture->width * 8);
	assert_int_equal(setjmp(png_jmpbuf(png)), 0);
	png_set_write_fn(png, out, add_bytes, no_flush);
	png_set_compression_level(png, 1);
	png_set_IHDR(png, info, picture->width, picture->height, form->bits, form->type, form->interlace, 0,
		     0);
	png_color palette[16];
	for (int i = 0; i < 16; i++)
		palette[i] = (png_color){(uint8_t)(255 - 17 * i), (uint8_t)(255 - 17 * i),
					 (uint8_t)(255 - 17 * i)};
	if (form->type == PNG_COLOR_TYPE_PALETTE)
		png_set_PLTE(png, info, palette, 16);
	char *text = form->text ? calloc(form->text + 1, 1) : NULL;
	if (text) {
		memset(text, 'a', form->text);
		png_text chunk = {.compression = PNG_TEXT_COMPRESSION_zTXt, .key = "x", .text = text};
		chunk.text_length = form->text;
		png_set_text(png, info, &chunk, 1);
	}
	png_write_info(png, info);
	int passes = png_set_interlace_handling(png);
	for (int pass = 0; pass < passes; pass++)
		for (unsigned y = 0; y < picture->height; y++) {
			fill_line(picture, form, y, line);
			png_write_row(png, line);
		}
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	free(text);
	free(line);
	assert_int_equal(out->error, ERR_OK);
}

static void assert_picture(struct picture *picture, const struct form *form, int status, const char *content)
{
	struct buf file;
	buf_init(&file, BUF_CEILING_BODY);
	write_png(picture, form, &file);
	assert_scan(&file, status, content);
	buf_fini(&file);
}

static struct buf key_png(const char *text, unsigned scale)
{
	struct qr qr;
	struct buf file;
	buf_init(&file, BUF_CEILING_FILE);
	assert_int_equal(qr_encode(text, strlen(text), &qr, NULL), ERR_OK);
	assert_int_equal(qr_png(&qr, scale, &file), ERR_OK);
	qr_fini(&qr);
	return file;
}

static const struct form plain = {.bits = 8, .type = PNG_COLOR_TYPE_GRAY};

/* --- tests --- */

static void every_scale_is_read(void **state)
{
	(void)state;
	static const char *const texts[] = {KEY, "https://example.org/k/0123456789?x=%20y&z", "0123456789"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (unsigned scale = 1; scale <= 10; scale++) {
			struct buf file = key_png(texts[i], scale);
			assert_scan(&file, 0, texts[i]);
			buf_fini(&file);
		}
	struct buf file = key_png(KEY, 40);
	assert_scan(&file, 0, KEY);
	buf_fini(&file);
}

static void bytes_come_as_they_are(void **state)
{
	(void)state;
	/* Neither Latin-1 nor Shift-JIS is guessed. */
	static const char *const texts[] = {"na\xC3\xAFve", "\xE9\x80\xFF z", "\x83\x65\x83\x58\x83\x67",
					    "\xEF\xBB\xBFx"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf file = key_png(texts[i], 4);
		assert_scan(&file, 0, texts[i]);
		buf_fini(&file);
	}
	char large[QR_TEXT_MOST + 1];
	for (int i = 0; i < QR_TEXT_MOST; i++)
		large[i] = (char)('a' + i % 26);
	large[QR_TEXT_MOST] = '\0';
	struct buf file = key_png(large, 4);
	assert_scan(&file, 0, large);
	buf_fini(&file);
}

static void every_form_is_read(void **state)
{
	(void)state;
	static const struct form forms[] = {
		{8, PNG_COLOR_TYPE_GRAY, 0, 0},       {16, PNG_COLOR_TYPE_GRAY, 0, 0},
		{8, PNG_COLOR_TYPE_RGB, 0, 0},        {16, PNG_COLOR_TYPE_RGB, 0, 0},
		{8, PNG_COLOR_TYPE_GRAY_ALPHA, 0, 0}, {16, PNG_COLOR_TYPE_GRAY_ALPHA, 0, 0},
		{8, PNG_COLOR_TYPE_RGB_ALPHA, 0, 0},  {16, PNG_COLOR_TYPE_RGB_ALPHA, 0, 0},
		{8, PNG_COLOR_TYPE_PALETTE, 0, 0},    {8, PNG_COLOR_TYPE_PALETTE, 1, 0},
		{8, PNG_COLOR_TYPE_GRAY, 1, 0},       {16, PNG_COLOR_TYPE_RGB_ALPHA, 1, 0},
	};
	struct picture picture = blank(116, 116, 255, 255);
	draw(&picture, KEY, 4, 0, black, white);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		assert_picture(&picture, &forms[i], 0, KEY);
	free(picture.rgba);
}

static void strange_looks_are_read(void **state)
{
	(void)state;
	static const uint8_t clear[4] = {0, 0, 0, 0}, clear_white[4] = {255, 255, 255, 0};
	static const uint8_t blue[4] = {20, 40, 120, 255}, cream[4] = {250, 240, 210, 255};
	static const uint8_t dim[4] = {90, 90, 90, 255}, dull[4] = {160, 160, 160, 255};
	static const struct {
		const uint8_t *dark, *light;
	} looks[] = {{white, black}, /* inverted */
		     {black, clear}, {black, clear_white}, {white, clear}, {clear, white},
		     {clear, black}, {blue, cream},        {dim, dull}};
	const struct form form = {.bits = 8, .type = PNG_COLOR_TYPE_RGB_ALPHA};
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		for (unsigned scale = 1; scale <= 8; scale += 3) {
			struct picture picture = blank(29 * scale, 29 * scale, 255, 255);
			draw(&picture, KEY, scale, 0, looks[i].dark, looks[i].light);
			assert_picture(&picture, &form, 0, KEY);
			free(picture.rgba);
		}
}

static void no_code_or_two_are_no_answer(void **state)
{
	(void)state;
	struct picture picture = blank(250, 116, 255, 255);
	assert_picture(&picture, &plain, 1, "");
	draw(&picture, KEY, 4, 0, black, white);
	assert_picture(&picture, &plain, 0, KEY);
	draw(&picture, KEY, 4, 130, black, white);
	assert_picture(&picture, &plain, 0, KEY); /* twice the same is the same */
	draw(&picture, "od6eym6", 4, 130, black, white);
	assert_picture(&picture, &plain, 1, "");
	free(picture.rgba);
	picture = blank(1, 1, 0, 255);
	assert_picture(&picture, &plain, 1, "");
	free(picture.rgba);
}

static uint32_t crc(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 0xFFFFFFFF;
	for (size_t i = 0; i < length; i++) {
		sum ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320 : 0);
	}
	return ~sum;
}

/* Overwrites a number of the header at `at` and mends its check sum. */
static void set_header(struct buf *file, size_t at, uint32_t value)
{
	uint8_t *bytes = (uint8_t *)file->data;
	for (int i = 0; i < 4; i++)
		bytes[at + (size_t)i] = (uint8_t)(value >> (24 - 8 * i));
	uint32_t sum = crc(bytes + 12, 17);
	for (int i = 0; i < 4; i++)
		bytes[29 + i] = (uint8_t)(sum >> (24 - 8 * i));
}

static void sizes_have_a_ceiling(void **state)
{
	(void)state;
	static const uint32_t sides[] = {0, 4097, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
		for (size_t at = 16; at <= 20; at += 4) {
			struct buf file = key_png(KEY, 2);
			set_header(&file, at, sides[i]);
			assert_scan(&file, 2, "");
			buf_fini(&file);
		}
	/* Larger than its pixels: the rest is missing. */
	struct buf file = key_png(KEY, 2);
	set_header(&file, 20, 4096);
	assert_scan(&file, 2, "");
	buf_fini(&file);
}

static void small_files_of_large_pictures(void **state)
{
	(void)state;
	/* 64 MiB and 128 MiB of pixels within the limits of memory and time. */
	const struct form interlaced = {.bits = 8, .type = PNG_COLOR_TYPE_RGB_ALPHA, .interlace = 1};
	struct picture picture = blank(4096, 4096, 255, 255);
	assert_picture(&picture, &interlaced, 1, "");
	draw(&picture, KEY, 40, 1000, black, white);
	assert_picture(&picture, &plain, 0, KEY);
	free(picture.rgba);
	picture = blank(4097, 1, 255, 255);
	assert_picture(&picture, &plain, 2, "");
	free(picture.rgba);
	/* A text that unpacks to 64 MiB is not looked at. */
	const struct form bomb = {.bits = 8, .type = PNG_COLOR_TYPE_GRAY, .text = (size_t)64 << 20};
	picture = blank(116, 116, 255, 255);
	draw(&picture, KEY, 4, 0, black, white);
	assert_picture(&picture, &bomb, 0, KEY);
	free(picture.rgba);
}

static void what_is_no_png_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {"",       "x",
					    "GIF89a", "\x89PNG\r\n\x1a\n",
					    "<svg/>", "\xFF\xD8\xFF\xE0"};
	char answer[ANSWER_MOST];
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(scan(texts[i], strlen(texts[i]), answer), 2);
	/* A good picture with too much behind it. */
	struct buf file = key_png(KEY, 4);
	size_t most = (size_t)1 << 20;
	char *padding = calloc(most, 1);
	buf_add(&file, padding, most - file.length);
	assert_scan(&file, 0, KEY);
	buf_addc(&file, 0);
	assert_scan(&file, 2, "");
	free(padding);
	buf_fini(&file);
}

static void broken_files_do_no_harm(void **state)
{
	(void)state;
	char answer[ANSWER_MOST];
	struct buf file = key_png(KEY, 3);
	for (size_t length = 0; length < file.length; length += 3) {
		int status = scan(file.data, length, answer);
		if (status != (*answer ? 0 : 2) || (*answer && strcmp(answer, KEY) != 0))
			fail_msg("%zu of %zu bytes: %d `%s`", length, file.length, status, answer);
	}
	struct rng rng;
	rng_init(&rng, 7);
	struct picture picture = blank(87, 87, 255, 255);
	draw(&picture, KEY, 3, 0, black, white);
	const struct form form = {.bits = 8, .type = PNG_COLOR_TYPE_PALETTE, .interlace = 1};
	buf_reset(&file);
	write_png(&picture, &form, &file);
	assert_scan(&file, 0, KEY);
	for (int i = 0; i < 120; i++) {
		size_t at = 8 + rng_below(&rng, (uint32_t)file.length - 8);
		char was = file.data[at];
		file.data[at] = (char)(was ^ (1 << rng_below(&rng, 8)));
		int status = scan(file.data, file.length, answer);
		if (status > 2 || (status != 0 && *answer))
			fail_msg("byte %zu: %d `%s`", at, status, answer);
		file.data[at] = was;
	}
	free(picture.rgba);
	buf_fini(&file);
}

static void nothing_from_outside_stays_open(void **state)
{
	(void)state;
	int extra[2];
	assert_int_equal(pipe(extra), 0);
	struct child child = start(-1);
	close(extra[1]);
	/* It waits for its picture; the other end of `extra` must be closed by then. */
	struct pollfd wait = {.fd = extra[0], .events = POLLIN};
	assert_int_equal(poll(&wait, 1, 20000), 1);
	assert_true(wait.revents & POLLHUP);
	close(extra[0]);
#if defined(__linux__) && !defined(SANITIZED)
	char path[64], limits[4096];
	snprintf(path, sizeof(path), "/proc/%d/limits", (int)child.pid);
	FILE *file = fopen(path, "r");
	if (file) {
		limits[fread(limits, 1, sizeof(limits) - 1, file)] = '\0';
		fclose(file);
		assert_non_null(strstr(limits, "Max cpu time              5                    5"));
		assert_non_null(strstr(limits, "Max file size             0                    0"));
		assert_non_null(strstr(limits, "Max core file size        0                    0"));
		assert_non_null(strstr(limits, "Max address space         268435456            268435456"));
		assert_non_null(strstr(limits, "Max open files            3                    3"));
	}
#endif
	struct buf png = key_png(KEY, 4);
	feed(&child, png.data, png.length);
	char answer[64];
	assert_int_equal(read(child.out, answer, sizeof(answer)), strlen(KEY));
	close(child.out);
	assert_int_equal(end(&child), 0);
	buf_fini(&png);
}

static void no_file_is_written(void **state)
{
	(void)state;
	char name[] = "/tmp/lodge-scan-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);
	assert_true(fd >= 0);
	unlink(name);
	struct buf png = key_png(KEY, 4);
	struct child child = start(fd);
	feed(&child, png.data, png.length);
	assert_int_not_equal(end(&child), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
	close(fd);
	buf_fini(&png);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scale_is_read),
		cmocka_unit_test(bytes_come_as_they_are),
		cmocka_unit_test(every_form_is_read),
		cmocka_unit_test(strange_looks_are_read),
		cmocka_unit_test(no_code_or_two_are_no_answer),
		cmocka_unit_test(sizes_have_a_ceiling),
		cmocka_unit_test(small_files_of_large_pictures),
		cmocka_unit_test(what_is_no_png_is_refused),
		cmocka_unit_test(broken_files_do_no_harm),
		cmocka_unit_test(nothing_from_outside_stays_open),
		cmocka_unit_test(no_file_is_written),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
