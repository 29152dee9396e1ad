/* Keys on stdout: in words with their codes, or as JSON. */
#include "app/key_parts.h"

#include "app/print.h"
#include "base/qr.h"
#include "base/text.h"
#include "core/kind.h"
#include "model/access.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define SVG_SCALE 8

/* --- the code --- */

static char *payload(const struct account *account, const char *code)
{
	const char *template = account_text(account, "qr_payload");
	char **parts;
	char *text;

	if (template == NULL)
		return g_strdup(code);
	parts = g_strsplit(template, "{key_code}", -1);
	text = g_strjoinv(code, parts);
	g_strfreev(parts);
	return text;
}

/* What the code holds: the vendor's own picture is right, what we make ourselves may not be (butterflymx.md §12). g_free it. */
static char *code_content(struct app *app, struct collect *collect, const struct account *account,
			  const struct access_key *key, size_t *length)
{
	char why[200] = "the vendor gave no picture", note[400];
	char *text = NULL;

	if (account_text(account, "qr_payload") == NULL && key->picture_url != NULL) {
		text = collect_picture(collect, account, key->picture_url, length, why, sizeof(why));
		if (text != NULL) {
			app_note(app, account->name, "the code is the vendor's own");
			return text;
		}
	}
	if (key->key_code == NULL) {
		g_snprintf(note, sizeof(note), "there is no code to draw: %s", why);
		app_note(app, account->name, note);
		return NULL;
	}
	text = payload(account, key->key_code);
	*length = strlen(text);
	if (account_text(account, "qr_payload") != NULL)
		app_note(app, account->name, "the code is made by qr_payload");
	else {
		g_snprintf(note, sizeof(note),
			   "the code is made from the key code and may not open every door: %s", why);
		app_note(app, account->name, note);
	}
	return text;
}

static void draw_code(const struct app *app, enum qr_form form, const struct qr *qr, struct buf *out)
{
	bool colors = app->terminal && g_getenv("NO_COLOR") == NULL && g_strcmp0(app->color, "mono") != 0;

	if (form == QR_AUTO)
		form = app->ascii ? QR_ASCII : QR_UTF8;
	switch (form) {
	case QR_SVG:
		qr_svg(qr, SVG_SCALE, out);
		break;
	case QR_ASCII:
		qr_ascii(qr, colors ? QR_INK_COLORS : QR_INK_PAPER, out);
		break;
	default:
		qr_half_blocks(qr, colors ? QR_INK_COLORS : QR_INK_PLAIN, out);
		break;
	}
}

static int print_code(struct app *app, struct collect *collect, const struct account *account,
		      const struct access_key *key, enum qr_form form)
{
	struct problem problem;
	struct buf out;
	struct qr qr;
	size_t length = 0;
	char *text = code_content(app, collect, account, key, &length);
	int status = EXIT_ALL_WELL;

	if (text == NULL)
		return EXIT_ALL_WELL;
	if (qr_encode(text, length, &qr, &problem) != ERR_OK) {
		app_complain(app, account->name, &problem);
		g_free(text);
		return EXIT_ERROR;
	}
	buf_init(&out, BUF_CEILING_OUTPUT);
	draw_code(app, form, &qr, &out);
	status = print_bytes(app, buf_text(&out), out.length);
	buf_wipe(&out);
	qr_fini(&qr);
	g_free(text);
	return status;
}

/* "Ada Lovelace, unit 402, today until 18:00, code od6eym5" above its code. */
static int print_words(const struct app *app, const struct access_key *key, const char *zone_name)
{
	struct buf line, out;
	int status;

	buf_init(&line, BUF_CEILING_LINE);
	buf_adds(&line, key->name == NULL ? "(no name)" : key->name);
	if (key->unit != NULL || key->unit_id != NULL)
		buf_addf(&line, ", unit %s", key->unit != NULL ? key->unit : key->unit_id);
	buf_adds(&line, ", ");
	key_words(key, NULL, zone_name, clock_wall_ms(app->clock), app->ascii, &line);
	if (key->key_code != NULL)
		buf_addf(&line, ", code %s", key->key_code);
	if (key->id != NULL)
		buf_addf(&line, " (key %s)", key->id);
	buf_init(&out, BUF_CEILING_LINE);
	text_add_shown(&out, buf_text(&line), line.length, app->ascii);
	buf_addc(&out, '\n');
	status = print_bytes(app, buf_text(&out), out.length);
	buf_fini(&out);
	buf_fini(&line);
	return status;
}

static int print_keys_json(const struct app *app, const struct rows *const *rows, size_t n)
{
	bool one = n == 1 && rows_count(rows[0]) == 1;
	struct out_options options = {.format = one ? OUT_NDJSON : OUT_JSON, .ascii = app->ascii};
	struct out *out = out_new(&options, KIND_KEYS, stdout);
	int error = ERR_OK;

	for (size_t i = 0; i < n && error == ERR_OK; i++)
		error = out_rows(out, rows[i]);
	if (out_finish(out) != ERR_OK || error != ERR_OK)
		return EXIT_ERROR;
	return EXIT_ALL_WELL;
}

int key_print(struct app *app, struct collect *collect, const struct account *account, enum qr_form form,
	      bool json, const struct rows *const *rows, size_t n, const char *zone_name)
{
	int status = EXIT_ALL_WELL;

	if (json)
		return print_keys_json(app, rows, n);
	for (size_t r = 0; r < n; r++)
		for (size_t i = 0; i < rows_count(rows[r]) && status == EXIT_ALL_WELL; i++) {
			const struct access_key *key = rows_at(rows[r], i);

			if (form != QR_SVG)
				status = print_words(app, key, zone_name);
			if (status == EXIT_ALL_WELL && form != QR_NONE)
				status = print_code(app, collect, account, key, form);
		}
	return status;
}
