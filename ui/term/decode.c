#include "ui/term/decode.h"
#include "base/text.h"

#include <string.h>

#define ESC 0x1B
#define PARAMETERS 6
/* A string (OSC, DCS …) longer than this is no answer of a terminal. */
#define STRING_MOST 1024

enum outcome { PART, SKIP, EVENT }; /* half a sequence; nothing for us; an event */

/* CSI: parameters, an optional mark of private use before them, the final byte. */
struct csi {
	unsigned char mark, final;
	int parameters[PARAMETERS];
	int n;
};

void decoder_init(struct decoder *decoder)
{
	*decoder = (struct decoder){.n = 0};
	buf_init(&decoder->paste, DECODE_PASTE_MOST);
}

void decoder_fini(struct decoder *decoder) { buf_fini(&decoder->paste); }

unsigned char *decoder_room(struct decoder *decoder, size_t *room)
{
	*room = sizeof decoder->bytes - decoder->n;
	return decoder->bytes + decoder->n;
}

void decoder_fed(struct decoder *decoder, size_t length) { decoder->n += length; }

bool decoder_waiting(const struct decoder *decoder) { return decoder->n > 0 || decoder->pasting; }

/* --- keys ----------------------------------------------------------------------------------------------- */

/* xterm's modifier parameter: 1 + shift 1, alt 2, ctrl 4, meta 8. */
static uint32_t modifiers(int parameter)
{
	unsigned bits = parameter > 1 ? (unsigned)parameter - 1 : 0;

	return ((bits & 1) != 0 ? KEY_SHIFT_ : 0) | ((bits & 10) != 0 ? KEY_ALT_ : 0) |
	       ((bits & 4) != 0 ? KEY_CTRL_ : 0);
}

/* CSI n ~ (VT220, xterm "ctlseqs", PC-style function keys). */
static uint32_t tilde_key(int number)
{
	static const unsigned char functions[] = {
		[11] = 1, [12] = 2, [13] = 3, [14] = 4,  [15] = 5,  [17] = 6,
		[18] = 7, [19] = 8, [20] = 9, [21] = 10, [23] = 11, [24] = 12};

	switch (number) {
	case 1:
	case 7:
		return KEY_HOME_;
	case 2:
		return KEY_INSERT_;
	case 3:
		return KEY_DELETE_;
	case 4:
	case 8:
		return KEY_END_;
	case 5:
		return KEY_PAGE_UP;
	case 6:
		return KEY_PAGE_DOWN;
	default:
		break;
	}
	if (number > 0 && number < (int)sizeof functions && functions[number] > 0)
		return (uint32_t)KEY_F1_ + functions[number] - 1;
	return 0;
}

/* The final byte of CSI or SS3 for keys that have a letter. */
static uint32_t letter_key(unsigned char final)
{
	switch (final) {
	case 'A':
		return KEY_UP_;
	case 'B':
		return KEY_DOWN_;
	case 'C':
		return KEY_RIGHT_;
	case 'D':
		return KEY_LEFT_;
	case 'F':
		return KEY_END_;
	case 'H':
		return KEY_HOME_;
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return (uint32_t)(KEY_F1_ + final - 'P');
	case 'Z':
		return KEY_SHIFT_ | KEY_TAB_;
	default:
		return 0;
	}
}

/* A character with the control key, or a control byte by its code. */
static uint32_t plain_key(uint32_t c)
{
	switch (c) {
	case 0:
		return KEY_CTRL_ | ' ';
	case '\t':
		return KEY_TAB_;
	case '\r':
	case '\n':
		return KEY_ENTER_;
	case ESC:
		return KEY_ESCAPE_;
	case 0x08:
	case 0x7F:
		return KEY_BACKSPACE_;
	default:
		break;
	}
	if (c < 0x1B)
		return KEY_CTRL_ | (c + 'a' - 1);
	if (c < 0x20)
		return KEY_CTRL_ | (c + '@');
	return text_is_control(c) ? 0 : c;
}

/* CSI code ; modifier u, and CSI 27 ; modifier ; code ~ (xterm's modifyOtherKeys). Shift is already in a character. */
static uint32_t coded_key(int code, int modifier)
{
	uint32_t bits = modifiers(modifier);
	uint32_t key = code > 0 && code < 0x110000 ? plain_key((uint32_t)code) : 0;

	if (key == 0)
		return 0;
	if (key >= 'A' && key <= 'Z' && (bits & KEY_CTRL_) != 0)
		key += 'a' - 'A';
	if (key < KEY_BASE_)
		bits &= ~KEY_SHIFT_;
	return key | bits;
}

static enum outcome emit_key(struct input *input, uint32_t key)
{
	if (key == 0)
		return SKIP;
	*input = (struct input){.type = INPUT_KEY, .key = key};
	return EVENT;
}

/* --- mouse ---------------------------------------------------------------------------------------------- */

/* xterm "ctlseqs", "Mouse Tracking": low bits the button, 32 motion, 64 wheel; 4, 8, 16 modifiers. */
static enum outcome emit_mouse(struct input *input, int code, int x, int y, bool release)
{
	static const enum mouse_action wheel[] = {MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN};
	int button = code & 3;

	if (code < 0 || x < 1 || y < 1 || x > 10000 || y > 10000 || (code & 128) != 0)
		return SKIP;
	*input = (struct input){.type = INPUT_MOUSE, .x = x - 1, .y = y - 1, .button = button + 1};
	input->key = ((code & 4) != 0 ? KEY_SHIFT_ : 0) | ((code & 8) != 0 ? KEY_ALT_ : 0) |
		     ((code & 16) != 0 ? KEY_CTRL_ : 0);
	if ((code & 64) != 0) {
		if (button > 1 || release)
			return SKIP;
		input->mouse = wheel[button];
		input->button = 0;
		return EVENT;
	}
	if ((code & 32) != 0 && button == 3)
		return SKIP; /* moves without a button */
	/* The old encoding does not say which button was released. */
	input->mouse = release || button == 3 ? MOUSE_RELEASE : (code & 32) != 0 ? MOUSE_DRAG : MOUSE_PRESS;
	input->button = button == 3 ? 0 : button + 1;
	return EVENT;
}

/* --- sequences ------------------------------------------------------------------------------------------ */

static int parameter(const struct csi *csi, int at) { return at < csi->n ? csi->parameters[at] : 0; }

static enum outcome tilde(struct decoder *decoder, const struct csi *csi, struct input *input)
{
	int number = parameter(csi, 0);

	if (number == 200) {
		decoder->pasting = true;
		buf_reset(&decoder->paste);
		return SKIP;
	}
	if (number == 27 && csi->n >= 3)
		return emit_key(input, coded_key(parameter(csi, 2), parameter(csi, 1)));
	uint32_t key = tilde_key(number);
	return emit_key(input, key == 0 ? 0 : key | modifiers(parameter(csi, 1)));
}

static enum outcome csi_event(struct decoder *decoder, const struct csi *csi, struct input *input)
{
	uint32_t key;

	if (csi->mark == '<' && (csi->final == 'M' || csi->final == 'm'))
		return emit_mouse(input, parameter(csi, 0), parameter(csi, 1), parameter(csi, 2),
				  csi->final == 'm');
	if (csi->mark != 0)
		return SKIP;
	switch (csi->final) {
	case '~':
		return tilde(decoder, csi, input);
	case 'n':
		decoder->confirmations += parameter(csi, 0) == 0;
		return SKIP;
	case 'u':
		return emit_key(input, coded_key(parameter(csi, 0), parameter(csi, 1)));
	case '^': /* rxvt */
	case '$':
	case '@':
		key = tilde_key(parameter(csi, 0));
		if (key == 0)
			return SKIP;
		return emit_key(input, key | (csi->final == '$' ? KEY_SHIFT_ : KEY_CTRL_) |
					       (csi->final == '@' ? KEY_SHIFT_ : 0));
	case 'a': /* rxvt, with shift */
	case 'b':
	case 'c':
	case 'd':
		return emit_key(input,
				csi->n > 0 ? 0 : letter_key((unsigned char)(csi->final - 32)) | KEY_SHIFT_);
	default:
		key = letter_key(csi->final);
		return emit_key(input, key == 0 ? 0 : key | modifiers(parameter(csi, 1)));
	}
}

/* Reads the parameters from `at` on; the place of the final byte, or n when it has not come. */
static size_t csi_parameters(const unsigned char *bytes, size_t n, size_t at, struct csi *csi)
{
	bool digits = false;
	bool sub = false;

	for (; at < n && bytes[at] >= 0x20 && bytes[at] < 0x40; at++) {
		unsigned char c = bytes[at];

		if (c >= '<' && c <= '?') {
			csi->mark = c;
		} else if (c >= '0' && c <= '9') {
			int *value = &csi->parameters[csi->n];

			digits = true;
			if (csi->n < PARAMETERS && !sub)
				*value = *value < 100000 ? *value * 10 + (c - '0') : *value;
		} else if (c == ';') {
			csi->n += csi->n < PARAMETERS;
			digits = true;
			sub = false;
		} else if (c == ':') {
			sub = true; /* details of a parameter, which nothing here needs */
		} else if (c == '$' && csi->mark == 0 && digits && csi->n == 0 && at + 1 <= n) {
			return at; /* rxvt's final byte; answers with it are marked */
		}
	}
	csi->n += digits && csi->n < PARAMETERS;
	return at;
}

/* ESC [ …; *used is set unless PART. */
static enum outcome csi_sequence(struct decoder *decoder, const unsigned char *bytes, size_t n, size_t *used,
				 struct input *input)
{
	struct csi csi = {.mark = 0};
	size_t at;

	if (n < 3)
		return PART;
	if (bytes[2] == '[') { /* the Linux console's F1 to F5 */
		*used = 4;
		if (n < 4)
			return PART;
		return emit_key(input, bytes[3] >= 'A' && bytes[3] <= 'E'
					       ? (uint32_t)(KEY_F1_ + bytes[3] - 'A')
					       : 0);
	}
	if (bytes[2] == 'M') { /* the old mouse encoding */
		*used = 6;
		return n < 6 ? PART : emit_mouse(input, bytes[3] - 32, bytes[4] - 32, bytes[5] - 32, false);
	}
	at = csi_parameters(bytes, n, 2, &csi);
	if (at == n)
		return PART;
	csi.final = bytes[at];
	if (csi.final == '$')
		csi.n = 1;
	*used = at + 1;
	/* A byte that cannot end a sequence: the sequence was broken off and this byte begins anew. */
	if (csi.final < 0x20 || csi.final > 0x7E) {
		*used = at;
		return SKIP;
	}
	return csi_event(decoder, &csi, input);
}

/* ESC O x, also with a modifier digit before x as old xterms have it. */
static enum outcome ss3_sequence(const unsigned char *bytes, size_t n, size_t *used, struct input *input)
{
	static const char keypad[] = "*+,-./0123456789";
	size_t at = 2;
	uint32_t bits = 0, key;

	if (n < 3)
		return PART;
	if (bytes[at] >= '1' && bytes[at] <= '8') {
		bits = modifiers(bytes[at] - '0');
		at++;
		if (n < 4)
			return PART;
	}
	*used = at + 1;
	if (bytes[at] == 'M')
		return emit_key(input, KEY_ENTER_ | bits);
	if (bytes[at] >= 'a' && bytes[at] <= 'd') /* rxvt, with control */
		return emit_key(input, letter_key((unsigned char)(bytes[at] - 32)) | KEY_CTRL_);
	if (bytes[at] >= 'j' && bytes[at] <= 'y')
		return emit_key(input, (uint32_t)keypad[bytes[at] - 'j']);
	key = letter_key(bytes[at]);
	return emit_key(input, key == 0 ? 0 : key | bits);
}

/* OSC, DCS, APC, PM, SOS up to ST or BEL: answers that nobody here asked for. */
static enum outcome string_sequence(const unsigned char *bytes, size_t n, size_t *used)
{
	for (size_t at = 2; at < n; at++) {
		*used = at + 1;
		if (bytes[at] == 0x07)
			return SKIP;
		if (bytes[at] == ESC) {
			if (at + 1 == n)
				return PART;
			/* Anything else breaks the string off. */
			*used = bytes[at + 1] == '\\' ? at + 2 : at;
			return SKIP;
		}
	}
	*used = n;
	return n > STRING_MOST ? SKIP : PART;
}

static enum outcome learned(const struct decoder *decoder, const unsigned char *bytes, size_t n, size_t *used,
			    struct input *input)
{
	for (size_t i = 0; i < decoder->n_strings; i++) {
		const struct decode_string *string = &decoder->strings[i];

		if (n >= string->length && memcmp(bytes, string->bytes, string->length) == 0) {
			*used = string->length;
			return emit_key(input, string->key);
		}
	}
	return SKIP;
}

static enum outcome character(const unsigned char *bytes, size_t n, size_t *used, struct input *input)
{
	size_t need = bytes[0] < 0xC2   ? 1
		      : bytes[0] < 0xE0 ? 2
		      : bytes[0] < 0xF0 ? 3
		      : bytes[0] < 0xF5 ? 4
					: 1;
	uint32_t c;

	for (size_t i = 1; i < need && i < n; i++)
		if ((bytes[i] & 0xC0) != 0x80)
			need = i;
	if (n < need)
		return PART;
	*used = text_decode((const char *)bytes, need, &c);
	if (c == 0xFFFD && *used == 1)
		return SKIP;
	return emit_key(input, plain_key(c));
}

static enum outcome parse(struct decoder *decoder, const unsigned char *bytes, size_t n, size_t *used,
			  struct input *input);

/* ESC before something else is Alt. */
static enum outcome alt_sequence(struct decoder *decoder, const unsigned char *bytes, size_t n, size_t *used,
				 struct input *input)
{
	unsigned confirmations = decoder->confirmations;
	bool pasting = decoder->pasting;
	enum outcome outcome;

	if (bytes[1] == ESC && n >= 3 && bytes[2] == ESC) {
		*used = 1;
		return emit_key(input, KEY_ESCAPE_);
	}
	outcome = parse(decoder, bytes + 1, n - 1, used, input);
	if (outcome == PART)
		return PART;
	/* No key: the terminal's own word (a status report, the mouse) came right behind a person's Esc. It is read again, by itself. */
	if (bytes[1] == ESC && !(outcome == EVENT && input->type == INPUT_KEY)) {
		decoder->confirmations = confirmations;
		decoder->pasting = pasting;
		*used = 1;
		return emit_key(input, KEY_ESCAPE_);
	}
	++*used;
	if (outcome == EVENT && input->type == INPUT_KEY)
		input->key |= KEY_ALT_;
	return outcome;
}

/* One sequence or character at the start of the bytes. */
static enum outcome parse(struct decoder *decoder, const unsigned char *bytes, size_t n, size_t *used,
			  struct input *input)
{
	if (bytes[0] != ESC)
		return character(bytes, n, used, input);
	if (learned(decoder, bytes, n, used, input) == EVENT)
		return EVENT;
	if (n < 2)
		return PART;
	switch (bytes[1]) {
	case '[':
		return csi_sequence(decoder, bytes, n, used, input);
	case 'O':
		return ss3_sequence(bytes, n, used, input);
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		return string_sequence(bytes, n, used);
	default:
		return alt_sequence(decoder, bytes, n, used, input);
	}
}

/* Half a sequence after which nothing comes: Esc, Alt and a character, or nothing that is known. */
static enum outcome late_event(const unsigned char *bytes, size_t n, size_t *used, struct input *input)
{
	*used = n;
	if (bytes[0] == ESC && n == 2 && bytes[1] != ESC)
		return emit_key(input, KEY_ALT_ | plain_key(bytes[1]));
	if (bytes[0] == ESC && (n == 1 || bytes[1] == ESC)) {
		*used = 1;
		return emit_key(input, KEY_ESCAPE_);
	}
	return SKIP;
}

void decoder_learn(struct decoder *decoder, const char *bytes, uint32_t key)
{
	struct decode_string *string = &decoder->strings[decoder->n_strings];
	size_t length = strlen(bytes), used = 0;
	struct input input = {.type = INPUT_KEY};

	if (length < 2 || length > sizeof string->bytes || bytes[0] != ESC ||
	    decoder->n_strings == DECODE_STRINGS)
		return;
	if (parse(decoder, (const unsigned char *)bytes, length, &used, &input) == EVENT && used == length &&
	    input.type == INPUT_KEY && input.key == key)
		return;
	string->length = length;
	string->key = key;
	memcpy(string->bytes, bytes, length);
	decoder->n_strings++;
}

/* --- pastes --------------------------------------------------------------------------------------------- */

static const char paste_end[] = "\033[201~";
#define PASTE_END (sizeof paste_end - 1)

/* Takes text up to `n`, leaving out controls; line ends become "\n". */
static void take_text(struct decoder *decoder, const unsigned char *bytes, size_t n)
{
	for (size_t at = 0; at < n;) {
		char out[4];
		uint32_t c;
		size_t used = text_decode((const char *)bytes + at, n - at, &c);

		at += used;
		if (c == '\r') {
			at += at < n && bytes[at] == '\n';
			c = '\n';
		}
		if (c != '\n' && c != '\t' && text_is_control(c))
			continue;
		/* Beyond the ceiling the buffer refuses, and stays at what it has. */
		buf_add(&decoder->paste, out, text_encode(c, out));
	}
}

static void drop(struct decoder *decoder, size_t n)
{
	decoder->n -= n;
	memmove(decoder->bytes, decoder->bytes + n, decoder->n);
}

static bool end_paste(struct decoder *decoder, struct input *input)
{
	decoder->pasting = false;
	*input = (struct input){.type = INPUT_PASTE, .paste = buf_text(&decoder->paste)};
	return true;
}

/* The bytes at the end that may belong to what comes next: the closing sequence, a character, CR before LF. */
static size_t undecided(const unsigned char *bytes, size_t n)
{
	for (size_t keep = PASTE_END - 1; keep > 0; keep--)
		if (keep <= n && memcmp(bytes + n - keep, paste_end, keep) == 0)
			return keep;
	if (n > 0 && bytes[n - 1] == '\r')
		return 1;
	for (size_t keep = 1; keep <= 3 && keep <= n; keep++) {
		unsigned char c = bytes[n - keep];

		if (c >= 0xC0)
			return keep < (c < 0xE0 ? 2u : c < 0xF0 ? 3u : 4u) ? keep : 0;
		if (c < 0x80)
			break;
	}
	return 0;
}

static bool paste_step(struct decoder *decoder, bool late, struct input *input)
{
	const unsigned char *end = memmem(decoder->bytes, decoder->n, paste_end, PASTE_END);
	size_t n = decoder->n;

	if (end != NULL) {
		n = (size_t)(end - decoder->bytes);
		take_text(decoder, decoder->bytes, n);
		drop(decoder, n + PASTE_END);
		return end_paste(decoder, input);
	}
	if (!late)
		n -= undecided(decoder->bytes, n);
	take_text(decoder, decoder->bytes, n);
	drop(decoder, n);
	return late && end_paste(decoder, input);
}

bool decoder_next(struct decoder *decoder, bool late, struct input *input)
{
	while (decoder->n > 0 || (decoder->pasting && late)) {
		size_t used = 1;
		enum outcome outcome;

		if (decoder->pasting)
			return paste_step(decoder, late, input);
		outcome = parse(decoder, decoder->bytes, decoder->n, &used, input);
		/* A full buffer without an end is nobody's sequence. */
		if (outcome == PART && !late && decoder->n < sizeof decoder->bytes)
			return false;
		if (outcome == PART)
			outcome = late_event(decoder->bytes, decoder->n, &used, input);
		drop(decoder, used > 0 ? used : 1);
		if (outcome == EVENT)
			return true;
	}
	return false;
}
