/* What the QR code of a key holds: the text of the vendor's own picture, else what is made from the key's code; and where it goes: clipboard, file, printer. */
#include "ui/pane/keys_view.h"

#include "base/text.h"

#include <string.h>

#define CODES_MOST 256
#define WAITING_MOST 2
#define PNG_SCALE 10
#define SVG_SCALE 10

void keys_code_free(void *data)
{
	struct keys_code *code = data;
	if (code->waiting && code->view->desk->forget)
		code->view->desk->forget(code->view->desk, code);
	code->view->waiting -= code->waiting;
	g_free(code->key_code);
	g_free(code->url);
	buf_wipe(&code->text);
	qr_fini(&code->qr);
	g_free(code);
}

/* --- content --- */

/* Inert text as its sender meant it. */
static void add_original(struct buf *out, const char *inert)
{
	for (size_t length = strlen(inert); length > 0;) {
		uint32_t codepoint;
		char bytes[4];
		size_t used = text_decode(inert, length, &codepoint);
		buf_add(out, bytes, text_encode(text_original(codepoint), bytes));
		inert += used;
		length -= used;
	}
}

static bool encode(struct keys_code *code)
{
	struct problem problem = {0};
	if (code->text.length > 0 &&
	    qr_encode(code->text.data, code->text.length, &code->qr, &problem) == ERR_OK)
		return true;
	code->qr = (struct qr){0};
	g_snprintf(code->why, sizeof(code->why), "%s", problem.why[0] ? problem.why : "it has no content");
	return false;
}

static void make_from_code(struct keys_code *code)
{
	struct desk *desk = code->view->desk;
	buf_reset(&code->text);
	if (!code->key_code) {
		code->source = KEYS_NO_CODE;
		if (!code->why[0])
			g_strlcpy(code->why, "the vendor tells no code for it", sizeof(code->why));
		return;
	}
	if (desk->key_payload)
		desk->key_payload(desk, code->account, code->key_code, &code->text);
	if (code->text.length == 0)
		add_original(&code->text, code->key_code);
	code->source = encode(code) ? KEYS_MADE : KEYS_NO_CODE;
}

static void picture_read(void *ctx, const char *text, const char *why)
{
	struct keys_code *code = ctx;
	code->view->waiting -= code->waiting;
	code->waiting = false;
	code->view->fresh = true;
	code->source = KEYS_VENDOR;
	buf_reset(&code->text);
	if (text && *text) {
		add_original(&code->text, text);
		if (encode(code))
			return;
		why = code->why;
	}
	/* The reason stays to be told beside what is shown instead. */
	char kept[sizeof(code->why)];
	g_strlcpy(kept, why ? why : "the picture holds no code", sizeof(kept));
	make_from_code(code);
	g_strlcpy(code->why, kept, sizeof(code->why));
}

/* A picture that is in a row behind others is asked for when it is looked at again. */
static void ask_picture(struct keys_code *code)
{
	struct desk *desk = code->view->desk;
	if (!code->url || code->view->waiting >= WAITING_MOST)
		return;
	g_autofree char *url = g_steal_pointer(&code->url);
	code->waiting = true;
	code->view->waiting++;
	desk->read_picture(desk, code->account, url, picture_read, code);
}

static struct keys_code *new_code(struct keys_view *view, unsigned account, const struct access_key *key)
{
	struct keys_code *code = g_new0(struct keys_code, 1);
	code->view = view;
	code->account = account;
	code->key_code = g_strdup(key->key_code);
	buf_init(&code->text, QR_TEXT_MOST * 4);
	return code;
}

struct keys_code *keys_code_of(struct keys_view *view, unsigned account, const struct access_key *key)
{
	struct desk *desk = view->desk;
	/* Another picture or code is another key. */
	g_autofree char *id = g_strdup_printf("%u:%s:%s:%s", account, key->id ? key->id : "",
					      key->key_code ? key->key_code : "",
					      key->picture_url ? key->picture_url : "");
	struct keys_code *code = g_hash_table_lookup(view->codes, id);
	if (code) {
		ask_picture(code);
		return code;
	}
	if (g_hash_table_size(view->codes) >= CODES_MOST)
		g_hash_table_remove_all(view->codes);
	code = new_code(view, account, key);
	g_hash_table_replace(view->codes, g_strdup(id), code);
	if (key->picture_url && desk->read_picture) {
		code->url = g_strdup(key->picture_url);
		ask_picture(code);
	} else {
		g_strlcpy(code->why,
			  key->picture_url ? "pictures are not read here" : "there is no picture of it",
			  sizeof(code->why));
		make_from_code(code);
	}
	return code;
}

void keys_code_words(const struct keys_view *view, const struct keys_code *code, struct buf *out)
{
	(void)view;
	switch (code->source) {
	case KEYS_PENDING:
		buf_adds(out, "reading the vendor's picture");
		break;
	case KEYS_VENDOR:
		buf_adds(out, "the vendor's own code, read from its picture");
		break;
	case KEYS_MADE:
		buf_addf(out, "made from the key code, not verified (%s)", code->why);
		break;
	case KEYS_NO_CODE:
		buf_addf(out, "no QR code: %s", code->why);
		break;
	}
}

/* --- which key --- */

static const struct access_key *issued_key(const struct keys_view *view)
{
	if (!view->issued || view->issued_at >= view->issued->len)
		return NULL;
	const struct rows *rows = view->issued->pdata[view->issued_at];
	return rows_count(rows) > 0 ? rows_at(rows, 0) : NULL;
}

bool keys_subject(struct keys_view *view, struct keys_item *subject)
{
	const struct keys_item *item = keys_chosen(view);
	if (view->page == KEYS_ISSUED) {
		const struct access_key *key = issued_key(view);
		if (!key)
			return false;
		*subject = (struct keys_item){.what = KEYS_KEY, .account = view->issued_account, .key = key};
		subject->chain = key->keychain_id ? world_find(view->desk->world, subject->account,
							       KIND_KEYCHAINS, key->keychain_id)
						  : NULL;
		const struct unit *unit = key->unit_id ? world_find(view->desk->world, subject->account,
								    KIND_UNITS, key->unit_id)
						       : NULL;
		subject->unit = key->unit ? key->unit : unit ? unit->name : key->unit_id;
		subject->zone = keys_zone(view, subject->account, key->unit_id, &subject->zone_told);
		subject->state = key_state_at(key, subject->chain, subject->zone,
					      world_now_ms(view->desk->world));
		return true;
	}
	if (!item || item->what != KEYS_KEY)
		return false;
	*subject = *item;
	return true;
}

/* --- copy, write, print --- */

void keys_copy(struct keys_view *view)
{
	struct keys_item subject;
	if (keys_subject(view, &subject) && subject.key->key_code)
		view->desk->copy(view->desk, subject.key->key_code);
	else
		view->desk->toast(view->desk, false, "nothing copied: choose a key that has a code");
}

/* The code to be written; NULL: why was told. */
static struct keys_code *ready_code(struct keys_view *view, struct keys_item *subject, const char *verb)
{
	g_autofree char *text = NULL;
	struct keys_code *code = keys_subject(view, subject)
					 ? keys_code_of(view, subject->account, subject->key)
					 : NULL;
	if (view->desk->license.kiosk)
		text = g_strdup_printf("nothing %s: this is a kiosk", verb);
	else if (!code)
		text = g_strdup_printf("nothing %s: choose a key", verb);
	else if (code->source == KEYS_PENDING)
		text = g_strdup_printf("nothing %s yet: the vendor's picture is being read", verb);
	else if (code->qr.size == 0)
		text = g_strdup_printf("nothing %s: %s", verb, code->why);
	if (!text)
		return code;
	view->desk->toast(view->desk, false, text);
	return NULL;
}

/* "noel-deckow-v.svg": what any file system takes. */
static char *file_name(const struct access_key *key)
{
	GString *name = g_string_new(NULL);
	for (const char *c = key->name ? key->name : ""; *c && name->len < 40; c++) {
		if (g_ascii_isalnum(*c))
			g_string_append_c(name, g_ascii_tolower(*c));
		else if (name->len > 0 && name->str[name->len - 1] != '-')
			g_string_append_c(name, '-');
	}
	while (name->len > 0 && name->str[name->len - 1] == '-')
		g_string_truncate(name, name->len - 1);
	if (name->len == 0)
		g_string_append(name, "key");
	g_string_append(name, ".svg");
	return g_string_free(name, FALSE);
}

static void write_to(void *ctx, const char *path)
{
	struct keys_view *view = ctx;
	struct keys_item subject;
	struct buf out;
	size_t length;
	int error = ERR_OK;
	if (!path || !*path)
		return;
	bool png = g_str_has_suffix(path, ".png");
	struct keys_code *code = ready_code(view, &subject, "written");
	if (!code)
		return;
	if (!png && !g_str_has_suffix(path, ".svg")) {
		view->desk->toast(view->desk, false, "nothing written: the name must end in .svg or .png");
		return;
	}
	buf_init(&out, BUF_CEILING_FILE);
	if (png)
		error = qr_png(&code->qr, PNG_SCALE, &out);
	else
		qr_svg(&code->qr, SVG_SCALE, &out);
	if (error != ERR_OK || out.error != ERR_OK) {
		view->desk->toast(view->desk, false, "nothing written: the picture could not be made");
		buf_fini(&out);
		return;
	}
	char *bytes = buf_take(&out, &length);
	view->desk->save(view->desk, path, bytes, length, false);
}

void keys_write(struct keys_view *view, const char *argument)
{
	struct keys_item subject;
	if (argument) {
		write_to(view, argument);
		return;
	}
	if (!ready_code(view, &subject, "written"))
		return;
	g_autofree char *name = file_name(subject.key);
	view->desk->prompt(view->desk, "write to (.svg, .png)", name, write_to, NULL, view);
}

static void add_line(struct buf *out, const char *text, bool ascii)
{
	text_add_shown(out, text, strlen(text), ascii);
	buf_addc(out, '\n');
}

void keys_print(struct keys_view *view)
{
	struct keys_item subject;
	struct buf page, words;
	bool ascii = view->desk->ascii;
	struct keys_code *code = ready_code(view, &subject, "printed");
	if (!code)
		return;
	if (!view->desk->print) {
		view->desk->toast(view->desk, false, "nothing printed: there is no printer here");
		return;
	}
	buf_init(&page, BUF_CEILING_FILE);
	buf_init(&words, BUF_CEILING_LINE);
	if (subject.key->name)
		add_line(&page, subject.key->name, ascii);
	keys_item_words(view, &subject, &words);
	add_line(&page, buf_text(&words), ascii);
	buf_addc(&page, '\n');
	if (ascii)
		qr_ascii(&code->qr, QR_INK_PAPER, &page);
	else
		qr_half_blocks(&code->qr, QR_INK_PAPER, &page);
	buf_addc(&page, '\n');
	if (subject.key->key_code)
		add_line(&page, subject.key->key_code, ascii);
	if (page.error == ERR_OK)
		view->desk->print(view->desk, buf_text(&page));
	else
		view->desk->toast(view->desk, false, "nothing printed: the page could not be made");
	buf_fini(&words);
	buf_wipe(&page);
}
