/* The keys pane: what is seen in every size, QR codes and where they come from, issuing, revoking, and who may do what. */
#include "keys_house.h"

#include "base/moment.h"
#include "base/qr.h"
#include "core/visitor.h"
#include "ui/shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define VENDOR_TEXT "https://keys.example.com/od6ek1"

static void test_goldens(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int width, height;
		bool ascii;
		enum action action;
	} cases[] = {{"40x8", 40, 8, false, ACTION_NONE},
		     {"80x20", 80, 20, false, ACTION_NONE},
		     {"80x20-ascii", 80, 20, true, ACTION_NONE},
		     {"100x26", 100, 26, false, ACTION_NONE},
		     {"160x44", 160, 44, false, ACTION_NONE},
		     {"40x8-whole", 40, 8, false, ACTION_OPEN},
		     {"80x20-whole", 80, 20, false, ACTION_OPEN},
		     {"80x20-whole-ascii", 80, 20, true, ACTION_OPEN},
		     {"160x44-whole", 160, 44, false, ACTION_OPEN}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct house *house = house_new(cases[i].width, cases[i].height, cases[i].ascii);
		if (cases[i].action != ACTION_NONE)
			house_act(house, cases[i].action);
		if (house->read)
			house_picture(house, VENDOR_TEXT, NULL);
		house_golden(house, cases[i].name);
		house_free(house);
	}
}

static void test_states(void **state)
{
	(void)state;
	struct house *house = house_new_empty(60, 10);
	assert_true(house_shows(house, "Asking for the keys"));
	house_light(house, LIGHT_DOWN, 180000, "not reached: refused");
	house_draw(house);
	assert_true(house_shows(house, "lobby is down"));
	house_free(house);

	house = house_new(80, 20, false);
	house_light(house, LIGHT_DOWN, 180000, "not reached: refused");
	house_draw(house);
	house_golden(house, "80x20-down");
	/* Sizes that nobody has must not hurt. */
	for (int width = 1; width < 60; width += 7) {
		for (int height = 1; height < 24; height += 3) {
			canvas_resize(house->canvas, width, height);
			house_draw(house);
			house_act(house, ACTION_OPEN);
			house_act(house, ACTION_BACK);
		}
	}
	house_free(house);
}

static void test_tree(void **state)
{
	(void)state;
	struct house *house = house_new(100, 30, false);
	struct buf figure;
	buf_init(&figure, 200);
	pane_keys.figure(house->pane, &figure);
	assert_string_equal(buf_text(&figure), "9 · 4 active");
	buf_fini(&figure);
	assert_true(house_shows(house, "Active 3"));
	assert_true(house_shows(house, "▸ Ended 2"));
	assert_true(house_shows(house, " └Anna Fitter"));
	/* What a vendor sends is shown, not done. */
	assert_true(house_shows(house, "Wolff ␛[31m, N."));
	/* Left on a key leads to its keychain, again folds it. */
	house_act(house, ACTION_DOWN);
	house_act(house, ACTION_DOWN);
	house_act(house, ACTION_DOWN);
	house_act(house, ACTION_LEFT);
	house_act(house, ACTION_LEFT);
	assert_true(house_shows(house, "▸ Contractor HVA"));
	house_act(house, ACTION_RIGHT);
	assert_true(house_shows(house, " └Anna Fitter"));
	/* A filter finds what is folded. */
	house_act(house, ACTION_FILTER);
	house->changed(house->ctx, "torp");
	house_draw(house);
	assert_true(house_shows(house, "Cristopher Torp"));
	assert_true(house_shows(house, "/torp"));
	house->changed(house->ctx, "nobody");
	house_draw(house);
	assert_true(house_shows(house, "Nothing matches"));
	house->done(house->ctx, NULL);
	house_draw(house);
	assert_true(house_shows(house, "Anna Fitter"));
	house_free(house);
}

static void test_states_follow_the_clock(void **state)
{
	(void)state;
	struct house *house = house_new(100, 30, false);
	/* 18:01 in New York: the first key has ended, the contractors pause until tomorrow. */
	house_pass(house, 234 * HOUSE_MINUTE_MS);
	assert_true(house_shows(house, "▸ Ended 3"));
	assert_true(house_shows(house, "Paused 2"));
	house_free(house);
}

static void test_whose_code_it_is(void **state)
{
	(void)state;
	struct house *house = house_new(120, 36, false);
	assert_string_equal(house->url, "https://pictures.example.com/k1.png");
	assert_true(house_shows(house, "Reading the vendor's picture"));
	house_picture(house, VENDOR_TEXT, NULL);
	assert_true(house_shows(house, "Code od6ek1, the vendor's own code, read from its picture"));
	/* Asked for once. */
	house_act(house, ACTION_DOWN);
	assert_int_equal(house->pictures, 2);
	house_picture(house, NULL, "the server answered 404");
	assert_true(house_shows(house, "made from the key code, not verified"));
	assert_true(house_shows(house, "answered 404)"));
	house_act(house, ACTION_UP);
	assert_int_equal(house->pictures, 2);
	assert_true(house_shows(house, "the vendor's own code"));
	house_free(house);
}

static void test_pictures_are_not_asked_for_in_heaps(void **state)
{
	(void)state;
	struct house *house = house_new(120, 36, false);
	for (int i = 0; i < 3; i++)
		house_act(house, ACTION_DOWN);
	assert_int_equal(house->pictures, 2);
	assert_true(house_shows(house, "Anna Fitter"));
	/* Its turn comes when another is there. */
	house_picture(house, VENDOR_TEXT, NULL);
	assert_int_equal(house->pictures, 3);
	assert_string_equal(house->url, "https://pictures.example.com/k3.png");
	house_free(house);
}

static void test_the_code_is_hidden_after_a_while(void **state)
{
	(void)state;
	struct house *house = house_new(120, 36, false);
	house_picture(house, VENDOR_TEXT, NULL);
	house_pass(house, 59000);
	assert_true(house_shows(house, "od6ek1"));
	house_pass(house, 1000);
	assert_true(house_shows(house, "The code is hidden"));
	g_autofree char *text = house_text(house);
	assert_null(strstr(text, "od6ek1"));
	assert_null(strstr(text, "▀"));
	house_act(house, ACTION_UP);
	house_act(house, ACTION_DOWN);
	assert_true(house_shows(house, "od6ek1"));
	house_free(house);
}

static void test_copy_write_print(void **state)
{
	(void)state;
	struct house *house = house_new(120, 36, false);
	house_act(house, ACTION_WRITE);
	assert_string_equal(house->toast, "nothing written yet: the vendor's picture is being read");
	house_picture(house, VENDOR_TEXT, NULL);
	house_act(house, ACTION_COPY);
	assert_string_equal(house->copied, "od6ek1");
	house_act(house, ACTION_WRITE);
	assert_string_equal(house->initial, "noel-deckow-v.svg");
	house->done(house->ctx, "noel.txt");
	assert_null(house->saved);
	assert_false(house->toast_good);
	house->done(house->ctx, "noel.svg");
	assert_non_null(strstr(house->saved, "<svg"));
	house->done(house->ctx, "noel.png");
	assert_memory_equal(house->saved, "\x89PNG", 4);
	house_act(house, ACTION_PRINT);
	assert_non_null(strstr(house->printed, "Noel Deckow V"));
	assert_non_null(strstr(house->printed, "od6ek1"));
	house_free(house);

	house = house_new(120, 36, false);
	house->desk.license.kiosk = true;
	house_picture(house, VENDOR_TEXT, NULL);
	house_act(house, ACTION_WRITE);
	assert_string_equal(house->toast, "nothing written: this is a kiosk");
	house_act(house, ACTION_PRINT);
	assert_null(house->printed);
	for (const struct hint *hint = pane_keys.hints_now(house->pane); hint->action != ACTION_NONE; hint++)
		assert_true(hint->action != ACTION_WRITE && hint->action != ACTION_PRINT);
	house_free(house);
}

static bool hinted(struct house *house, enum action action)
{
	for (const struct hint *hint = pane_keys.hints_now(house->pane); hint->action != ACTION_NONE; hint++)
		if (hint->action == action)
			return true;
	return false;
}

static void test_rights(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	assert_true(hinted(house, ACTION_ISSUE) && hinted(house, ACTION_REVOKE));
	house->desk.license.role = PERSON_VIEWER;
	assert_false(hinted(house, ACTION_ISSUE));
	assert_false(hinted(house, ACTION_REVOKE));
	house_act(house, ACTION_ISSUE);
	assert_null(pane_keys.raw(house->pane));
	assert_string_equal(house->toast, "a viewer may not do this: it takes the role desk");
	house_act(house, ACTION_REVOKE);
	assert_null(pane_keys.raw(house->pane));
	house->desk.license.role = PERSON_DESK;
	house->denied = "the vendor refused it: 403";
	assert_false(hinted(house, ACTION_ISSUE));
	house_act(house, ACTION_ISSUE);
	assert_string_equal(house->toast, "the vendor refused it: 403");
	house->denied = NULL;
	house->desk.carry_out = NULL;
	house_act(house, ACTION_ISSUE);
	assert_string_equal(house->toast, "nothing can be changed from here");
	assert_int_equal(house->carried, 0);
	house_free(house);
}

static void test_revoke(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	house_act(house, ACTION_REVOKE);
	assert_true(house_shows(house, "Revoke the key of Noel Deckow V, unit 50050"));
	house_golden(house, "80x20-revoke");
	/* Enter without looking keeps it. */
	house_key(house, KEY_ENTER_);
	assert_int_equal(house->carried, 0);
	assert_null(pane_keys.raw(house->pane));
	house_act(house, ACTION_REVOKE);
	house_key(house, KEY_ESCAPE_);
	assert_int_equal(house->carried, 0);
	house_act(house, ACTION_REVOKE);
	house_key(house, KEY_TAB_);
	house_key(house, KEY_ENTER_);
	assert_int_equal(house->carried, 1);
	const struct order *order = house->orders->pdata[0];
	assert_int_equal(order->verb, VERB_DELETE);
	assert_int_equal(order->kind, KIND_KEYS);
	assert_string_equal(order->id, "k1");
	house_report(house, ORDER_RUNNING, 0, "asking", NULL, NULL, 0);
	assert_string_equal(house->progress, "revoking Noel Deckow V: asking");
	house_report(house, ORDER_UNSURE, 0, "no answer in time", NULL, NULL, 0);
	assert_string_equal(house->toast, "nobody knows whether Noel Deckow V is revoked: no answer in time");
	assert_false(house->toast_good);
	/* A right that went away while the question was open. */
	house_act(house, ACTION_REVOKE);
	house->desk.license.role = PERSON_VIEWER;
	house_key(house, 'r');
	assert_int_equal(house->carried, 1);
	house_free(house);
}

/* --- issuing --- */

/* Unit by its label, name, e-mail; the rest as it is filled in. */
static unsigned issue(struct house *house)
{
	unsigned keys = 1;
	house_act(house, ACTION_ISSUE);
	keys += house_type(house, "402") + house_key(house, KEY_ENTER_) + house_key(house, KEY_ENTER_);
	keys += house_type(house, "Ann Li") + house_key(house, KEY_ENTER_);
	keys += house_type(house, "ann@example.com");
	return keys + house_key(house, KEY_CTRL_ | 's');
}

static const char *sent(const struct house *house, size_t i, const char *field)
{
	assert_true(i < house->orders->len);
	const char *value = order_get(house->orders->pdata[i], field);
	return value ? value : "(none)";
}

static void test_issue_in_time(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	unsigned keys = issue(house);
	assert_true(house_shows(house, "1 key, today until 18:00"));
	assert_true(house_shows(house, "Jane"));
	house_golden(house, "80x20-review");
	keys += house_key(house, KEY_ENTER_);
	/* What is typed is 24 characters; at three keys a second all of it takes 11 seconds. */
	assert_true(keys <= 33);
	assert_int_equal(house->carried, 1);
	assert_int_equal(house->orders->len, 1);
	assert_string_equal(sent(house, 0, "name"), "Ann Li");
	assert_string_equal(sent(house, 0, "email"), "ann@example.com");
	assert_string_equal(sent(house, 0, "unit_id"), "u4");
	assert_string_equal(sent(house, 0, "user_id"), "p4");
	assert_string_equal(sent(house, 0, "activated_at"), "2026-08-19T18:07:00Z");
	assert_string_equal(sent(house, 0, "expired_at"), "2026-08-19T22:00:00Z");
	house_report(house, ORDER_RUNNING, 0, "checking whether it was created", NULL, NULL, 0);
	assert_true(house_shows(house, "checking whether it was created"));
	const struct rows *made = house_key_rows("k10", "Ann Li", "zz91abc");
	house_report(house, ORDER_DONE, 1, NULL, made, NULL, 0);
	rows_unref(made);
	assert_true(house->toast_good);
	assert_null(pane_keys.raw(house->pane));
	assert_true(house_shows(house, "Ann Li"));
	assert_true(house_shows(house, "zz91abc"));
	house_golden(house, "80x20-issued");
	house_act(house, ACTION_BACK);
	assert_true(house_shows(house, "Active 3"));
	house_free(house);

	/* Back in the list it is the chosen one. */
	house = house_new(80, 20, false);
	issue(house);
	house_key(house, KEY_ENTER_);
	made = house_key_rows("k5", "Bryce King Jr.", "abc");
	house_report(house, ORDER_DONE, 1, NULL, made, NULL, 0);
	rows_unref(made);
	house_act(house, ACTION_BACK);
	house_act(house, ACTION_COPY);
	assert_string_equal(house->copied, "od6ek5");
	house_free(house);
}

static void test_form_goldens(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int width, height;
		bool ascii;
	} cases[] = {{"form-40x8", 40, 8, false},
		     {"form-80x20", 80, 20, false},
		     {"form-80x20-ascii", 80, 20, true},
		     {"form-160x44", 160, 44, false}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct house *house = house_new(cases[i].width, cases[i].height, cases[i].ascii);
		house_act(house, ACTION_ISSUE);
		house_type(house, "brek");
		house_golden(house, cases[i].name);
		house_free(house);
	}
}

static void test_faults_stand_at_their_fields(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	house_act(house, ACTION_ISSUE);
	house_type(house, "402");
	house_key(house, KEY_ENTER_);
	house_key(house, KEY_TAB_);
	/* Not before the field was left. */
	g_autofree char *text = house_text(house);
	assert_null(strstr(text, "! "));
	house_key(house, KEY_TAB_);
	assert_true(house_shows(house, "! "));
	house_key(house, KEY_CTRL_ | 's');
	house_golden(house, "form-80x20-faults");
	assert_int_equal(house->carried, 0);
	house_free(house);
}

static void test_nothing_is_lost_when_it_fails(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	const struct order_fault fault = {"email", "is not accepted by the server"};
	issue(house);
	house_key(house, KEY_ENTER_);
	house_report(house, ORDER_FAILED, 0, "refused (422)", NULL, &fault, 1);
	assert_true(house_shows(house, "Nothing was made: refused (422)"));
	assert_true(house_shows(house, "! is not accepted by the server"));
	assert_true(house_shows(house, "ann@example.com"));
	/* The fault goes with the next key, and the form is sent again. */
	house_type(house, ".uk");
	house_key(house, KEY_CTRL_ | 's');
	house_key(house, KEY_ENTER_);
	assert_int_equal(house->carried, 2);
	assert_string_equal(sent(house, 0, "email"), "ann@example.com.uk");
	house_free(house);
}

static void test_what_nobody_knows_is_looked_up(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	issue(house);
	house_key(house, KEY_ENTER_);
	assert_false(((struct order *)house->orders->pdata[0])->resume);
	house_report(house, ORDER_UNSURE, 0, "no answer in time", NULL, NULL, 0);
	assert_true(house_shows(house, "Nobody knows whether it was created"));
	/* Later, but with the same times, and only after a look. */
	house_pass(house, 5 * HOUSE_MINUTE_MS);
	house_key(house, KEY_ENTER_);
	assert_int_equal(house->carried, 2);
	assert_true(((struct order *)house->orders->pdata[0])->resume);
	assert_string_equal(sent(house, 0, "activated_at"), "2026-08-19T18:07:00Z");
	house_free(house);
}

/* A keychain that was made before the keys failed is not made again. */
static void test_what_was_made_is_left_out(void **state)
{
	(void)state;
	struct house *house = house_new(80, 30, false);
	house_act(house, ACTION_ISSUE);
	house_type(house, "402");
	house_key(house, KEY_ENTER_);
	house_key(house, KEY_ENTER_);
	house_type(house, "Painters");
	house_key(house, KEY_TAB_);
	house_type(house, "a@example.com, b@example.com, c@example.com");
	house_key(house, KEY_TAB_);
	house_key(house, KEY_TAB_);
	house_key(house, KEY_TAB_);
	house_key(house, KEY_RIGHT_);
	assert_true(house_shows(house, "on weekdays"));
	house_key(house, KEY_CTRL_ | 's');
	house_key(house, KEY_ENTER_);
	assert_int_equal(house->orders->len, 4);
	assert_int_equal(((struct order *)house->orders->pdata[0])->kind, KIND_KEYCHAINS);
	struct rows *chain = kind_rows_new(KIND_KEYCHAINS, "lobby", "butterflymx");
	((struct keychain *)rows_add(chain))->id = "c77";
	const struct rows *made = rows_seal(chain), *key = house_key_rows("k11", "Painters", "a1");
	house_report(house, ORDER_RUNNING, 1, "1 of 4", made, NULL, 0);
	house_report(house, ORDER_RUNNING, 2, "2 of 4", key, NULL, 0);
	house_report(house, ORDER_FAILED, 2, "the server failed", key, NULL, 0);
	rows_unref(made);
	rows_unref(key);
	assert_true(house_shows(house, "A part was made"));
	assert_true(house_shows(house, "the one just made"));
	assert_true(house_shows(house, "b@example.com, c@example.com"));
	house_key(house, KEY_CTRL_ | 's');
	house_key(house, KEY_ENTER_);
	assert_int_equal(house->orders->len, 2);
	assert_string_equal(sent(house, 0, "keychain_id"), "c77");
	assert_string_equal(sent(house, 0, "email"), "b@example.com");
	house_free(house);
}

static void test_templates(void **state)
{
	(void)state;
	const struct key_template template = {"contractor", "mon, tue", "07:30", "16:00", 14};
	struct house *house = house_new(80, 30, false);
	house->desk.templates = &template;
	house->desk.n_templates = 1;
	house_act(house, ACTION_ISSUE);
	house_type(house, "402");
	house_key(house, KEY_ENTER_);
	house_key(house, KEY_ENTER_);
	house_type(house, "Painter");
	house_key(house, KEY_TAB_);
	house_type(house, "a@example.com");
	for (int i = 0; i < 3; i++)
		house_key(house, KEY_TAB_);
	house_type(house, "contr");
	house_key(house, KEY_ENTER_);
	assert_true(house_shows(house, "[Mon][Tue] Wed "));
	assert_true(house_shows(house, "07:30"));
	assert_true(house_shows(house, "2026-09-01"));
	house_key(house, KEY_CTRL_ | 's');
	house_key(house, 't');
	assert_non_null(strstr(house->copied, "weekdays=mon,tue\ntime_from=07:30\ntime_to=16:00\ndays=14\n"));
	assert_true(house_shows(house, "days=14"));
	house_key(house, KEY_ENTER_);
	assert_string_equal(sent(house, 0, "weekdays"), "mon,tue");
	assert_string_equal(sent(house, 0, "valid_date_to"), "2026-09-01");
	assert_string_equal(sent(house, 0, "valid_time_from"), "07:30:00");
	house_free(house);
}

static void test_zone_follows_the_unit(void **state)
{
	(void)state;
	struct house *house = house_new(80, 24, false);
	house_act(house, ACTION_ISSUE);
	house_type(house, "402 a");
	house_key(house, KEY_ENTER_);
	assert_true(house_shows(house, "Times are those of Rua do Alecrim (Lisbon)"));
	/* 19:07 in Lisbon: until the day's end. */
	assert_true(house_shows(house, "2026-08-19 23:59"));
	house_free(house);
}

static void test_esc_asks_when_something_was_typed(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	house_act(house, ACTION_ISSUE);
	house_key(house, KEY_ESCAPE_);
	assert_null(pane_keys.raw(house->pane));
	house_act(house, ACTION_ISSUE);
	house_type(house, "4");
	house_key(house, KEY_ESCAPE_); /* closes the list */
	house_key(house, KEY_ESCAPE_);
	assert_true(house_shows(house, "What was typed is lost"));
	house_key(house, KEY_ENTER_);
	assert_non_null(pane_keys.raw(house->pane));
	house_key(house, KEY_ESCAPE_);
	house_key(house, 'l');
	assert_null(pane_keys.raw(house->pane));
	house_free(house);
}

static void test_closing_in_the_middle(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	issue(house);
	house_key(house, KEY_ENTER_);
	unsigned before = house->forgotten;
	pane_keys.close(house->pane);
	assert_true(house->forgotten > before);
	assert_null(house->report);
	house->pane = pane_keys.open(&house->desk);
	house_draw(house);
	house_free(house);
}

/* What is on the canvas, read back as modules, is the code. */
static void test_the_modules_are_the_codes(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	struct problem problem;
	struct qr qr;
	house_picture(house, VENDOR_TEXT, NULL);
	assert_int_equal(qr_encode(VENDOR_TEXT, strlen(VENDOR_TEXT), &qr, &problem), ERR_OK);
	int side = (int)qr_side(&qr), left = -1, top = -1;
	for (int y = 0; y < 20 && left < 0; y++)
		for (int x = 0; x < 80 && left < 0; x++)
			if (canvas_row(house->canvas, y)[x].style.bg == ROLE_QR_LIGHT) {
				left = x;
				top = y;
			}
	assert_true(left >= 0);
	for (int y = 0; y < side; y++) {
		for (int x = 0; x < side; x++) {
			const struct cell *cell = &canvas_row(house->canvas, top + y / 2)[left + x];
			bool dark = cell->glyph == ' ' ? cell->style.bg == ROLE_QR_DARK
						       : cell->glyph == (y % 2 == 0 ? 0x2580u : 0x2584u);
			if (dark != qr_dark(&qr, x - QR_QUIET, y - QR_QUIET))
				fail_msg("module %d, %d differs", x - QR_QUIET, y - QR_QUIET);
		}
	}
	qr_fini(&qr);
	house_free(house);
}

/* --- through the shell --- */

static uint64_t take_orders(struct desk *desk, unsigned account, struct order **orders, size_t n,
			    void (*report)(void *, const struct order_report *), void *ctx)
{
	(void)desk, (void)account, (void)report, (void)ctx;
	for (size_t i = 0; i < n; i++)
		order_free(orders[i]);
	return 1;
}

static void equip(void *ctx, struct desk *desk)
{
	const struct house *house = ctx;
	desk->license = house->desk.license;
	desk->carry_out = take_orders;
}

static char *shell_line(struct shell *shell, int y)
{
	const struct canvas *canvas = shell_compose(shell);
	const struct cell *cells = canvas_row(canvas, y);
	GString *text = g_string_new(NULL);
	for (int x = 0; x < canvas_width(canvas); x++)
		if (cells[x].glyph != GLYPH_TAIL && !(cells[x].glyph & GLYPH_CLUSTER))
			g_string_append_unichar(text, cells[x].glyph);
	return g_strchomp(g_string_free(text, FALSE));
}

static void shell_press(struct shell *shell, uint32_t key)
{
	struct input input = {.type = INPUT_KEY, .key = key};
	shell_input(shell, &input);
	shell_update(shell);
}

static void assert_line(struct shell *shell, int y, const char *part)
{
	g_autofree char *text = shell_line(shell, y);
	if (!strstr(text, part))
		fail_msg("line %d is \"%s\", without \"%s\"", y, text, part);
}

static void test_through_the_shell(void **state)
{
	(void)state;
	struct house *house = house_new(80, 20, false);
	struct shell_options options = {.world = house->world, .ctx = house, .equip = equip};
	struct problem problem;
	assert_int_equal(theme_load("dusk", &options.theme, &problem), ERR_OK);
	struct shell *shell = shell_new(&options);
	shell_resize(shell, 80, 24);
	shell_update(shell);
	shell_press(shell, '6');
	assert_line(shell, 1, "6 Keys");
	assert_line(shell, 2, "9 · 4 active");
	assert_line(shell, 23, "n new key");
	/* n is another key elsewhere; q is a letter while something is typed. */
	shell_press(shell, 'n');
	assert_line(shell, 23, "C-s review");
	shell_press(shell, '4');
	shell_press(shell, KEY_ENTER_);
	shell_press(shell, KEY_ENTER_);
	shell_press(shell, 'q');
	shell_press(shell, '?');
	shell_press(shell, '1');
	assert_false(shell_quitting(shell));
	assert_line(shell, 7, "q?1");
	shell_press(shell, KEY_ESCAPE_);
	shell_press(shell, 'l');
	assert_line(shell, 23, "n new key");
	shell_press(shell, 'r');
	assert_line(shell, 23, "Enter answer");
	shell_press(shell, KEY_ESCAPE_);
	shell_press(shell, 'q');
	assert_true(shell_quitting(shell));
	shell_free(shell);
	house_free(house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goldens),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_states_follow_the_clock),
		cmocka_unit_test(test_whose_code_it_is),
		cmocka_unit_test(test_pictures_are_not_asked_for_in_heaps),
		cmocka_unit_test(test_the_code_is_hidden_after_a_while),
		cmocka_unit_test(test_copy_write_print),
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_issue_in_time),
		cmocka_unit_test(test_form_goldens),
		cmocka_unit_test(test_faults_stand_at_their_fields),
		cmocka_unit_test(test_nothing_is_lost_when_it_fails),
		cmocka_unit_test(test_what_nobody_knows_is_looked_up),
		cmocka_unit_test(test_what_was_made_is_left_out),
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_zone_follows_the_unit),
		cmocka_unit_test(test_esc_asks_when_something_was_typed),
		cmocka_unit_test(test_closing_in_the_middle),
		cmocka_unit_test(test_the_modules_are_the_codes),
		cmocka_unit_test(test_through_the_shell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
