/* The doors pane over a log of three thousand releases, whose answers come when the test says so: following, paging, filters, details, and every state. */
#include "doors_lobby.h"

#include "base/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_goldens(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int width, height;
		bool ascii, details;
	} cases[] = {{"40x9", 40, 9, false, false},           {"80x21", 80, 21, false, false},
		     {"80x21-ascii", 80, 21, true, false},    {"160x45", 160, 45, false, false},
		     {"40x9-details", 40, 9, false, true},    {"80x21-details", 80, 21, false, true},
		     {"160x45-details", 160, 45, false, true}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct lobby *lobby = lobby_new_with(LOBBY_RELEASES, cases[i].width, cases[i].height,
						     cases[i].ascii, true);
		lobby_drain(lobby);
		if (cases[i].details)
			lobby_act(lobby, ACTION_OPEN);
		lobby_golden(lobby, cases[i].name);
		lobby_free(lobby);
	}
}

static void test_state_goldens(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new_with(0, 80, 21, false, true);
	lobby_drain(lobby);
	lobby_golden(lobby, "80x21-empty");
	lobby_free(lobby);

	lobby = lobby_new(80, 21);
	lobby_light(lobby, LIGHT_DOWN, 300000, "not reached: refused");
	for (int i = 0; i < 30; i++)
		lobby_act(lobby, ACTION_DOWN);
	lobby_arrive(lobby, 12);
	lobby_drain(lobby);
	lobby_golden(lobby, "80x21-stale");
	lobby_free(lobby);

	lobby = lobby_new(80, 21);
	lobby_filter(lobby, "brekke type:visitor");
	lobby_golden(lobby, "80x21-filter");
	canvas_resize(lobby->canvas, 44, 6);
	canvas_clear(lobby->canvas, STYLE(TEXT));
	pane_doors.draw(lobby->pane, lobby->canvas, false, false);
	lobby_drain(lobby);
	canvas_clear(lobby->canvas, STYLE(TEXT));
	pane_doors.draw(lobby->pane, lobby->canvas, false, false);
	lobby_golden(lobby, "44x6-tile");
	lobby_free(lobby);
}

/* --- following --- */

static void test_it_follows_at_the_top(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	assert_string_equal(lobby_chosen(lobby), "r2999");
	lobby_arrive(lobby, 3);
	/* What is shown stays until the answer is here. */
	assert_string_equal(lobby_chosen(lobby), "r2999");
	lobby_drain(lobby);
	assert_string_equal(lobby_chosen(lobby), "r3002");
	assert_false(lobby_shows(lobby, " new ↑"));
	/* A row that is chosen before the answer is here stays chosen. */
	lobby_arrive(lobby, 3);
	lobby_act_only(lobby, ACTION_DOWN);
	lobby_drain(lobby);
	assert_string_equal(lobby_chosen(lobby), "r3001");
	assert_int_equal(lobby_view(lobby)->chosen, 4);
	lobby_free(lobby);
}

static void test_new_ones_are_counted_while_scrolled(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	for (int i = 0; i < 30; i++)
		lobby_act(lobby, ACTION_DOWN);
	assert_string_equal(lobby_chosen(lobby), "r2969");
	g_autofree char *before = lobby_text(lobby);
	lobby_arrive(lobby, 12);
	lobby_drain(lobby);
	lobby_expect(lobby, "12 new ↑");
	assert_string_equal(lobby_chosen(lobby), "r2969");
	/* The rows did not move. */
	g_autofree char *after = lobby_text(lobby);
	assert_string_equal(strstr(after, "Time"), strstr(before, "Time"));
	lobby_arrive(lobby, 1200);
	lobby_drain(lobby);
	lobby_expect(lobby, "1000+ new ↑");
	lobby_act(lobby, ACTION_FIRST);
	assert_string_equal(lobby_chosen(lobby), "r4211");
	assert_false(lobby_shows(lobby, " new ↑"));
	lobby_arrive(lobby, 1);
	lobby_drain(lobby);
	assert_string_equal(lobby_chosen(lobby), "r4212");
	/* Up to the first row is as good as Home. */
	lobby_act(lobby, ACTION_DOWN);
	lobby_arrive(lobby, 2);
	lobby_drain(lobby);
	lobby_expect(lobby, "2 new ↑");
	lobby_act(lobby, ACTION_UP);
	assert_string_equal(lobby_chosen(lobby), "r4214");
	lobby_free(lobby);
}

/* Details that are read are not taken away by the next release. */
static void test_open_details_stay(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(120, 20);
	lobby_act(lobby, ACTION_OPEN);
	lobby_arrive(lobby, 1);
	lobby_drain(lobby);
	assert_string_equal(lobby_chosen(lobby), "r2999");
	lobby_expect(lobby, "1 new ↑");
	lobby_expect(lobby, "r2999");
	lobby_act(lobby, ACTION_BACK);
	assert_string_equal(lobby_chosen(lobby), "r3000");
	assert_true(lobby_view(lobby)->follow);
	lobby_free(lobby);
}

/* --- paging --- */

static void assert_window(const struct lobby *lobby)
{
	const struct doors_view *view = lobby_view(lobby);
	assert_true(doors_shown(view) <= DOORS_KEPT);
	assert_in_range(view->chosen, 0, doors_shown(view) - 1);
	for (int i = 1; i < doors_shown(view); i++)
		if (doors_at(view, i)->place.key != doors_at(view, i - 1)->place.key - 1)
			fail_msg("row %d does not follow row %d", i, i - 1);
}

static void walk(int width, bool details)
{
	struct lobby *lobby = lobby_new(width, 20);
	char id[16];
	if (details)
		lobby_act(lobby, ACTION_OPEN);
	for (int i = LOBBY_RELEASES - 1; i >= 0; i--) {
		g_snprintf(id, sizeof(id), "r%d", i);
		assert_string_equal(lobby_chosen(lobby), id);
		assert_window(lobby);
		lobby_act_only(lobby, ACTION_DOWN);
		if (i % 3 == 0) /* answers take their time */
			lobby_drain(lobby);
	}
	lobby_act(lobby, ACTION_DOWN);
	assert_string_equal(lobby_chosen(lobby), "r0");
	if (!details)
		lobby_expect(lobby, "2026-08-09");
	for (int i = 0; i < LOBBY_RELEASES; i++) {
		g_snprintf(id, sizeof(id), "r%d", i);
		assert_string_equal(lobby_chosen(lobby), id);
		assert_window(lobby);
		lobby_act_only(lobby, ACTION_UP);
		if (i % 3 == 0)
			lobby_drain(lobby);
	}
	if (details)
		lobby_act(lobby, ACTION_BACK);
	assert_true(lobby_view(lobby)->follow);
	/* Both ways together took about as many questions as there are pages. */
	assert_in_range(lobby->pages, 2 * (LOBBY_RELEASES - DOORS_KEPT) / DOORS_PAGE, 40);
	lobby_free(lobby);
}

static void test_down_to_the_last_and_up_again(void **state)
{
	(void)state;
	walk(80, false);
	walk(80, true);  /* only the details are seen */
	walk(160, true); /* the list beside them */
}

/* What was let go at the upper end is not new. */
static void test_only_what_was_never_shown_is_new(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	for (int i = 0; i < 9; i++)
		lobby_act(lobby, ACTION_LAST);
	assert_true(lobby_view(lobby)->log.cut);
	lobby_arrive(lobby, 4);
	lobby_drain(lobby);
	lobby_expect(lobby, " 4 new ↑");
	/* The window's first row is not the newest. */
	while (lobby_view(lobby)->chosen > 0)
		lobby_act_only(lobby, ACTION_PAGE_UP);
	assert_true(lobby_view(lobby)->log.cut);
	assert_false(lobby_view(lobby)->follow);
	/* Once they are in the window they are not new any more. */
	while (lobby_view(lobby)->log.cut)
		lobby_act(lobby, ACTION_PAGE_UP);
	assert_false(lobby_shows(lobby, " new ↑"));
	assert_window(lobby);
	lobby_arrive(lobby, 1);
	lobby_drain(lobby);
	lobby_expect(lobby, " 1 new ↑");
	lobby_act(lobby, ACTION_FIRST);
	assert_string_equal(lobby_chosen(lobby), "r3004");
	lobby_free(lobby);
}

/* --- late answers --- */

static void test_what_is_typed_fast_is_asked_once(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	lobby_act(lobby, ACTION_FILTER);
	assert_string_equal(lobby->prompt, "filter");
	unsigned before = lobby->pages;
	static const char *const typed[] = {"b", "br", "bre", "brek", "brekk", "brekke"};
	for (size_t i = 0; i < G_N_ELEMENTS(typed); i++)
		lobby->changed(lobby->ctx, typed[i]);
	lobby_drain(lobby);
	assert_int_equal(lobby->pages, before + 1);
	assert_string_equal(lobby_view(lobby)->search.text, "brekke");
	for (int i = 0; i < doors_shown(lobby_view(lobby)); i++)
		assert_true(lobby_holds(doors_at(lobby_view(lobby), i)->row->user, "brekke"));
	lobby->done(lobby->ctx, NULL); /* Esc: as before */
	lobby_drain(lobby);
	assert_null(lobby_view(lobby)->typed);
	assert_string_equal(lobby_chosen(lobby), "r2999");
	lobby_filter(lobby, "otto");
	lobby_act(lobby, ACTION_FILTER);
	lobby->changed(lobby->ctx, "ottob");
	lobby_drain(lobby);
	assert_int_equal(doors_shown(lobby_view(lobby)), 0);
	lobby->done(lobby->ctx, NULL);
	lobby_drain(lobby);
	assert_string_equal(lobby_view(lobby)->typed, "otto");
	assert_int_equal(doors_shown(lobby_view(lobby)), DOORS_PAGE);
	lobby_free(lobby);
}

/* A key while the answer to a filter is awaited asks for no more rows of what is still shown. */
static void test_windows_are_not_mixed(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	lobby_act(lobby, ACTION_LAST);
	assert_true(pane_doors.act(lobby->pane, ACTION_FILTER, "type:visitor"));
	lobby_act_only(lobby, ACTION_LAST);
	lobby_drain(lobby);
	for (int i = 0; i < doors_shown(lobby_view(lobby)); i++)
		assert_string_equal(doors_at(lobby_view(lobby), i)->row->type, "visitor");
	lobby_free(lobby);
}

/* New ones were counted for another filter, or another window. */
static void test_late_counts_of_new_ones_are_ignored(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	for (int i = 0; i < 30; i++)
		lobby_act(lobby, ACTION_DOWN);
	lobby_arrive(lobby, 12); /* asked, not answered yet */
	struct asked *late = g_queue_pop_head(&lobby->asks);
	assert_true(late->search.newer);
	lobby_filter(lobby, "brekke");
	for (int i = 0; i < 3; i++)
		lobby_act(lobby, ACTION_DOWN);
	lobby_answer(lobby, late);
	lobby_draw(lobby);
	assert_false(lobby_shows(lobby, " new ↑"));
	g_free(late);
	lobby_free(lobby);
}

/* --- filters --- */

static void assert_filter(struct lobby *lobby, const char *typed, unsigned n)
{
	lobby_filter(lobby, typed);
	assert_string_equal(lobby_view(lobby)->flaw, "");
	assert_int_equal(lobby_count(lobby, &lobby_view(lobby)->search), n);
	assert_int_equal(doors_shown(lobby_view(lobby)), MIN(n, DOORS_PAGE));
	assert_int_equal(lobby_view(lobby)->chosen, 0);
}

static void test_filter_words(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	assert_filter(lobby, "method:qr_key", 600);
	assert_filter(lobby, "method:qr_key type:visitor", 200);
	assert_filter(lobby, "unit:38001", 750);
	assert_string_equal(lobby_view(lobby)->search.unit_id, "u3");
	assert_filter(lobby, "unit:\"402 a\"", 750);
	assert_filter(lobby, "unit:u2", 750); /* an id */
	assert_filter(lobby, "unit:nowhere", 0);
	lobby_expect(lobby, "Nothing matches. Esc shows all again.");
	assert_filter(lobby, "person:\xc5\x82ukasz", 600);
	assert_string_equal(lobby_view(lobby)->search.user_id, "p4");
	assert_filter(lobby, "account:annex", 429);
	assert_filter(lobby, "since:2d", 600);
	assert_filter(lobby, "since:2026-08-17 until:2026-08-18", 300);
	assert_int_equal(lobby_view(lobby)->search.since_ms, moment_parse("2026-08-17T04:00:00Z"));
	assert_filter(lobby, "jane \xc5\x81U", 600);
	assert_filter(lobby, "  brekke   otto ", 0); /* one text */
	assert_filter(lobby, "otto BREKKE type:tenant", 200);
	assert_filter(lobby, "since:", LOBBY_RELEASES);
	assert_filter(lobby, "method:", LOBBY_RELEASES); /* still being typed */
	assert_filter(lobby, "colour:red", 0);           /* no field: a text */
	assert_string_equal(lobby_view(lobby)->search.text, "colour:red");
	/* A long text is cut between characters, not in one. */
	g_autofree char *umlauts = g_strnfill(301, 'x'), *longer = NULL;
	for (int i = 1; i < 301; i += 2)
		memcpy(umlauts + i, "\xc3\xa4", 2);
	lobby_filter(lobby, umlauts);
	assert_true(g_utf8_validate(lobby_view(lobby)->search.text, -1, NULL));
	assert_int_equal(strlen(lobby_view(lobby)->search.text), HISTORY_SEARCH_SIZE - 1);
	longer = g_strconcat("x", umlauts, NULL);
	lobby_filter(lobby, longer);
	assert_true(g_utf8_validate(lobby_view(lobby)->search.text, -1, NULL));
	for (size_t i = 0; i < 7; i++)
		assert_true(g_str_has_suffix(pane_doors.word(lobby->pane, ACTION_FILTER, i), ":"));
	assert_null(pane_doors.word(lobby->pane, ACTION_FILTER, 7));
	assert_null(pane_doors.word(lobby->pane, ACTION_PERIOD, 0));
	lobby_free(lobby);
}

static void test_what_is_not_understood_is_told(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	lobby_filter(lobby, "since:tuesday brekke");
	lobby_expect(lobby, "since: \"tuesday\" is no time (7d, 2026-11-20)");
	assert_int_equal(lobby_view(lobby)->search.since_ms, MOMENT_NONE);
	/* Nothing is written that is more than was asked for. */
	assert_true(pane_doors.act(lobby->pane, ACTION_EXPORT, "all.csv"));
	assert_int_equal(lobby->exported, 0);
	assert_string_equal(lobby->toast, "nothing written: the filter is not understood");
	lobby_filter(lobby, "person:brekke");
	lobby_expect(lobby, "person: \"brekke\" is said of several");
	lobby_filter(lobby, "person:otto");
	assert_false(lobby_shows(lobby, "several"));
	assert_int_equal(doors_shown(lobby_view(lobby)), DOORS_PAGE);
	lobby_free(lobby);
}

static void test_the_words_are_shown_where_there_is_room(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	lobby_expect(lobby, "all that is kept  method: type: unit: person: since: until: account:");
	lobby_filter(lobby, "brekke");
	assert_false(lobby_shows(lobby, "method: "));
	lobby_act(lobby, ACTION_FILTER);
	assert_string_equal(lobby->initial, "brekke");
	lobby_expect(lobby, "/brekke  all that is kept  method: type:");
	lobby->done(lobby->ctx, "otto");
	lobby_drain(lobby);
	assert_false(lobby_shows(lobby, "method: "));
	lobby_free(lobby);
}

static void test_periods(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	lobby_act(lobby, ACTION_PERIOD);
	lobby_expect(lobby, "last 24 h");
	assert_int_equal(lobby_count(lobby, &lobby_view(lobby)->search), 300);
	assert_int_equal(doors_shown(lobby_view(lobby)), 200);
	/* It moves on with the clock. */
	clock_fake_advance(&lobby->clock, 12 * INT64_C(3600000));
	lobby_arrive(lobby, 1);
	lobby_drain(lobby);
	assert_int_equal(lobby_view(lobby)->search.since_ms, world_now_ms(lobby->world) - INT64_C(86400000));
	lobby_act(lobby, ACTION_PERIOD);
	lobby_act(lobby, ACTION_PERIOD);
	lobby_expect(lobby, "last 30 days");
	lobby_act(lobby, ACTION_PERIOD);
	lobby_expect(lobby, "all that is kept");
	assert_int_equal(lobby_view(lobby)->search.since_ms, MOMENT_NONE);
	lobby_free(lobby);
}

static void test_the_way_back(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(120, 20);
	lobby_act(lobby, ACTION_PERIOD);
	lobby_filter(lobby, "brekke");
	for (int i = 0; i < 5; i++)
		lobby_act(lobby, ACTION_DOWN);
	lobby_act(lobby, ACTION_OPEN);
	lobby_act(lobby, ACTION_BACK);
	assert_false(lobby_view(lobby)->detail);
	assert_non_null(lobby_view(lobby)->typed);
	assert_int_equal(lobby_view(lobby)->chosen, 5);
	lobby_act(lobby, ACTION_BACK);
	assert_null(lobby_view(lobby)->typed);
	assert_true(lobby_view(lobby)->period_ms > 0);
	lobby_act(lobby, ACTION_BACK);
	assert_int_equal(lobby_view(lobby)->period_ms, 0);
	lobby_act(lobby, ACTION_DOWN);
	lobby_act(lobby, ACTION_BACK);
	assert_true(lobby_view(lobby)->follow);
	assert_string_equal(lobby_chosen(lobby), "r2999");
	assert_false(pane_doors.act(lobby->pane, ACTION_BACK, NULL));
	lobby_free(lobby);
}

/* --- what it gives away --- */

static bool hinted(const struct lobby *lobby, enum action action)
{
	for (const struct hint *hint = pane_doors.hints_now(lobby->pane); hint->action != ACTION_NONE; hint++)
		if (hint->action == action)
			return true;
	return false;
}

static void test_export(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	lobby_filter(lobby, "otto method:call since:7d");
	for (int i = 0; i < 5; i++)
		lobby_act(lobby, ACTION_LAST);
	lobby_act(lobby, ACTION_EXPORT);
	assert_string_equal(lobby->initial, "doors.csv");
	lobby->done(lobby->ctx, NULL);
	lobby->done(lobby->ctx, "");
	assert_int_equal(lobby->exported, 0);
	lobby->done(lobby->ctx, "calls.json");
	assert_int_equal(lobby->exported, 1);
	assert_string_equal(lobby->path, "calls.json");
	assert_string_equal(lobby->wanted.text, "otto");
	assert_string_equal(lobby->wanted.method, "call");
	assert_int_equal(lobby->wanted.since_ms, world_now_ms(lobby->world) - 7 * INT64_C(86400000));
	assert_int_equal(lobby->wanted.after.key, 0);
	assert_false(lobby->wanted.newer);
	assert_true(hinted(lobby, ACTION_EXPORT));
	lobby->desk.license.kiosk = true;
	assert_false(hinted(lobby, ACTION_EXPORT));
	assert_true(hinted(lobby, ACTION_COPY));
	lobby->prompt[0] = '\0';
	lobby_act(lobby, ACTION_EXPORT);
	assert_string_equal(lobby->prompt, "");
	assert_string_equal(lobby->toast, "no file can be written here");
	assert_true(pane_doors.act(lobby->pane, ACTION_EXPORT, "all.csv"));
	assert_int_equal(lobby->exported, 1);
	lobby_free(lobby);
}

static void test_the_link_is_copied(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	lobby_act(lobby, ACTION_COPY);
	assert_string_equal(lobby->copied,
			    "https://pictures.example.com/releases/2026-08-19/front-entrance/4711.jpg");
	lobby->copied[0] = '\0';
	lobby_act(lobby, ACTION_DOWN);
	lobby_act(lobby, ACTION_COPY);
	assert_string_equal(lobby->copied, "");
	assert_string_equal(lobby->toast, "nothing copied: this release has no picture");
	lobby_free(lobby);
}

static bool click(struct lobby *lobby, enum mouse_action mouse, int x, int y)
{
	struct input input = {.type = INPUT_MOUSE, .mouse = mouse, .x = x, .y = y};
	bool taken = pane_doors.mouse(lobby->pane, &input);
	lobby_drain(lobby);
	return taken;
}

static void test_mouse(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(120, 20);
	/* Hours, mode, titles; then the rows. */
	assert_true(click(lobby, MOUSE_PRESS, 10, 3 + 4));
	assert_string_equal(lobby_chosen(lobby), "r2995");
	assert_false(lobby_view(lobby)->detail);
	assert_true(click(lobby, MOUSE_PRESS, 10, 3 + 4));
	assert_true(lobby_view(lobby)->detail);
	assert_false(click(lobby, MOUSE_PRESS, 100, 5)); /* in the details */
	assert_false(click(lobby, MOUSE_PRESS, 10, 2));  /* the titles */
	assert_true(click(lobby, MOUSE_WHEEL_DOWN, 10, 10));
	assert_string_equal(lobby_chosen(lobby), "r2992");
	assert_true(click(lobby, MOUSE_WHEEL_UP, 10, 10));
	assert_string_equal(lobby_chosen(lobby), "r2995");
	lobby_free(lobby);

	lobby = lobby_new(60, 4); /* no titles */
	assert_true(click(lobby, MOUSE_PRESS, 10, 2));
	assert_string_equal(lobby_chosen(lobby), "r2998");
	lobby_free(lobby);
}

/* --- states --- */

static void test_without_a_history_the_snapshots_are_shown(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new_with(LOBBY_RELEASES, 80, 20, false, false);
	struct buf figure;
	assert_int_equal(doors_shown(lobby_view(lobby)), 20);
	assert_string_equal(lobby_chosen(lobby), "r2999");
	buf_init(&figure, 100);
	pane_doors.figure(lobby->pane, &figure);
	assert_string_equal(buf_text(&figure), "20 newest");
	buf_fini(&figure);
	lobby_act(lobby, ACTION_DOWN);
	lobby_act(lobby, ACTION_DOWN);
	for (int i = 0; i < 3; i++)
		lobby_add(lobby);
	lobby_put_newest(lobby, 20);
	pane_doors.update(lobby->pane, KIND_BIT(KIND_DOORS));
	lobby_draw(lobby);
	assert_string_equal(lobby_chosen(lobby), "r2997");
	lobby_expect(lobby, "14:05:03");
	lobby_filter(lobby, "method:qr_key");
	assert_int_equal(doors_shown(lobby_view(lobby)), 4);
	lobby_filter(lobby, "account:annex");
	assert_int_equal(doors_shown(lobby_view(lobby)), 0);
	lobby_filter(lobby, "brekke since:2026-08-19");
	assert_int_equal(doors_shown(lobby_view(lobby)), 8);
	lobby_free(lobby);
}

static void test_failures_are_told(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new_with(LOBBY_RELEASES, 80, 20, false, true);
	lobby_expect(lobby, "No door system has told anything yet.");
	lobby->failure = ERR_IO;
	lobby_drain(lobby);
	lobby_expect(lobby, "the disk is full");
	assert_false(lobby_shows(lobby, "releases"));
	lobby->failure = ERR_OK;
	lobby_arrive(lobby, 1);
	lobby_drain(lobby);
	assert_string_equal(lobby_chosen(lobby), "r3000");
	assert_false(lobby_shows(lobby, "the disk is full"));
	/* Rows of another filter must not pass for an answer. */
	lobby->failure = ERR_TIMEOUT;
	lobby_filter(lobby, "brekke");
	lobby_expect(lobby, "the disk is full");
	lobby->failure = ERR_OK;
	lobby_act(lobby, ACTION_BACK);
	assert_false(lobby_shows(lobby, "the disk is full"));
	lobby_free(lobby);
}

static void test_hostile_names_are_inert(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(120, 20);
	lobby_add(lobby);
	struct release *row = &g_array_index(lobby->log, struct release, lobby->log->len - 1);
	g_strlcpy(row->user,
		  "Wolff \x1b[31m\r\n\xe2\x80\xae"
		  "evil",
		  sizeof(row->user));
	row->unit = "\x1b]52;c;AAAA\x07";
	row->method = "\x9b"
		      "2J";
	row->picture =
		"https://x.example.com/\x1b[2J\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4";
	pane_doors.update(lobby->pane, KIND_BIT(KIND_DOORS));
	lobby_drain(lobby);
	lobby_act(lobby, ACTION_OPEN);
	for (int y = 0; y < 20; y++)
		for (int x = 0; x < 120; x++) {
			uint32_t glyph = canvas_row(lobby->canvas, y)[x].glyph;
			if (glyph & GLYPH_CLUSTER)
				continue;
			assert_true(glyph == GLYPH_TAIL ||
				    (glyph >= 0x20 && glyph != 0x7f && !(glyph >= 0x80 && glyph < 0xa0) &&
				     glyph != 0x202e));
		}
	lobby_expect(lobby, "Wolff ␛[31m");
	/* A link is broken between characters. */
	g_autofree char *text = lobby_text(lobby);
	g_auto(GStrv) parts = g_strsplit(text, "\xc3\xa4", -1);
	assert_int_equal(g_strv_length(parts), 9 + 1);
	lobby_free(lobby);
}

static void test_every_size(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new(80, 20);
	lobby_light(lobby, LIGHT_DOWN, 300000, "not reached: refused");
	for (int width = 1; width < 120; width += 7) {
		for (int height = 1; height < 24; height += 3) {
			canvas_resize(lobby->canvas, width, height);
			lobby_act(lobby, ACTION_LAST);
			lobby_act(lobby, ACTION_OPEN);
			lobby_act(lobby, ACTION_UP);
			lobby_act(lobby, ACTION_OPEN);
			pane_doors.draw(lobby->pane, lobby->canvas, false, false);
			lobby_drain(lobby);
		}
	}
	lobby_free(lobby);
}

/* Nothing is answered after the end. */
static void test_closing_while_it_waits(void **state)
{
	(void)state;
	struct lobby *lobby = lobby_new_with(LOBBY_RELEASES, 80, 20, false, true);
	assert_true(lobby->asks.length > 0);
	lobby_free(lobby);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goldens),
		cmocka_unit_test(test_state_goldens),
		cmocka_unit_test(test_it_follows_at_the_top),
		cmocka_unit_test(test_new_ones_are_counted_while_scrolled),
		cmocka_unit_test(test_open_details_stay),
		cmocka_unit_test(test_down_to_the_last_and_up_again),
		cmocka_unit_test(test_only_what_was_never_shown_is_new),
		cmocka_unit_test(test_what_is_typed_fast_is_asked_once),
		cmocka_unit_test(test_windows_are_not_mixed),
		cmocka_unit_test(test_late_counts_of_new_ones_are_ignored),
		cmocka_unit_test(test_filter_words),
		cmocka_unit_test(test_what_is_not_understood_is_told),
		cmocka_unit_test(test_the_words_are_shown_where_there_is_room),
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_the_way_back),
		cmocka_unit_test(test_export),
		cmocka_unit_test(test_the_link_is_copied),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_without_a_history_the_snapshots_are_shown),
		cmocka_unit_test(test_failures_are_told),
		cmocka_unit_test(test_hostile_names_are_inert),
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_closing_while_it_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
