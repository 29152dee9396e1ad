#include "doors_lobby.h"

#include "base/moment.h"
#include "model/estate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STEP_MS INT64_C(288000)

/* --- the log --- */

void lobby_add(struct lobby *lobby)
{
	static const char *const methods[] = {"qr_key", "tenant_app", "call", "pin_code", "front_desk"};
	static const char *const types[] = {"visitor", "tenant", "delivery"};
	static const char *const people[] = {"Austin Schimmel", "Roberta Brekke", "Otto Brekke",
					     "Jane \xc5\x81ukasz", "Noel Deckow V"};
	static const char *const units[] = {"50050", "32110", "38001", "402 A"};
	unsigned i = lobby->log->len;
	struct release row = {
		.key = i + 1,
		.time_ms = moment_parse("2026-08-19T18:05:00Z") - (LOBBY_RELEASES - 1 - (int64_t)i) * STEP_MS,
		.account = i % 7 == 3 ? "annex" : "lobby",
		.method = methods[i % 5],
		.type = types[i % 3],
		.unit = units[i % 4],
	};
	static const char *const ids[] = {"u1", "u2", "u3", "u4"}, *const user_ids[] = {"p1", "p2", "p3",
											"p4", "p5"};
	if (i >= LOBBY_RELEASES)
		row.time_ms = moment_parse("2026-08-19T18:05:00Z") + (i - LOBBY_RELEASES + 1) * 1000;
	row.unit_id = ids[i % 4];
	row.user_id = user_ids[i % 5];
	row.name = i % 5 == 0 ? "Visitor of 402" : NULL;
	row.picture = i % 2 == 1 ? "https://pictures.example.com/releases/2026-08-19/front-entrance/4711.jpg"
				 : NULL;
	g_snprintf(row.id, sizeof(row.id), "r%u", i);
	g_strlcpy(row.user, people[i % 5], sizeof(row.user));
	g_array_append_val(lobby->log, row);
}

bool lobby_holds(const char *text, const char *wanted)
{
	g_autofree char *a = g_utf8_casefold(text ? text : "", -1), *b = g_utf8_casefold(wanted, -1);
	return strstr(a, b) != NULL;
}

static bool is(const char *wanted, const char *value) { return !wanted[0] || g_strcmp0(wanted, value) == 0; }

static bool fits(const struct release *row, const struct door_search *search)
{
	return is(search->account, row->account) && is(search->method, row->method) &&
	       is(search->type, row->type) && is(search->unit_id, row->unit_id) &&
	       is(search->user_id, row->user_id) &&
	       (search->since_ms == MOMENT_NONE || row->time_ms >= search->since_ms) &&
	       (search->until_ms == MOMENT_NONE || row->time_ms < search->until_ms) &&
	       (lobby_holds(row->name, search->text) || lobby_holds(row->user, search->text) ||
		lobby_holds(row->unit, search->text) || lobby_holds(row->method, search->text) ||
		lobby_holds(row->type, search->text));
}

static const struct release *release_at(const struct lobby *lobby, guint i)
{
	return &g_array_index(lobby->log, struct release, i);
}

static void fill(struct rows *rows, const struct release *from)
{
	struct door_release *row = rows_add(rows);
	row->id = rows_text(rows, from->id);
	row->time_ms = from->time_ms;
	row->method = rows_text(rows, from->method);
	row->type = rows_text(rows, from->type);
	row->panel_user_type = rows_text(rows, "panel_tenant");
	row->name = rows_text(rows, from->name);
	row->unit_id = rows_text(rows, from->unit_id);
	row->unit = rows_text(rows, from->unit);
	row->user_id = rows_text(rows, from->user_id);
	row->user = rows_text(rows, from->user);
	row->picture_url = rows_text(rows, from->picture);
}

/* Keys that fit, in the order of the direction, one more than the page has room for. */
static GArray *look_up(const struct lobby *lobby, const struct door_search *search)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint k = 0; k < lobby->log->len && found->len <= search->limit; k++) {
		guint i = search->newer ? k : lobby->log->len - 1 - k;
		const struct release *row = release_at(lobby, i);
		if (search->after.key &&
		    (search->newer ? row->key <= search->after.key : row->key >= search->after.key))
			continue;
		if (fits(row, search))
			g_array_append_val(found, i);
	}
	return found;
}

void lobby_answer(struct lobby *lobby, const struct asked *asked)
{
	struct door_page page = {0};
	assert_in_range(asked->search.limit, 1, HISTORY_PAGE_MOST);
	GArray *found = look_up(lobby, &asked->search);
	guint n = MIN(found->len, asked->search.limit);
	struct rows *rows = kind_rows_new(KIND_DOORS, "", "");
	page.more = found->len > n;
	page.places = g_new0(struct history_place, n + 1);
	page.accounts = g_new0(const char *, n + 1);
	for (guint k = 0; k < n; k++) {
		const struct release *row = release_at(lobby,
						       g_array_index(found, guint,
								     asked->search.newer ? n - 1 - k : k));
		fill(rows, row);
		page.places[k] = (struct history_place){row->time_ms, row->key};
		page.accounts[k] = row->account;
	}
	page.rows = rows_seal(rows);
	if (lobby->failure != ERR_OK) {
		rows_unref(page.rows);
		page.rows = NULL;
		problem_set(&page.problem, lobby->failure, "the history", NULL, "the disk is full");
	}
	lobby->pages++;
	asked->found(asked->ctx, &page);
	rows_unref(page.rows);
	g_free(page.places);
	g_free(page.accounts);
	g_array_unref(found);
}

static void answer_count(struct lobby *lobby, const struct asked *asked)
{
	unsigned count[100] = {0};
	struct door_counts counts = {asked->search.since_ms, asked->width_ms, count, 24};
	for (guint i = 0; i < lobby->log->len; i++)
		if (fits(release_at(lobby, i), &asked->search))
			count[(release_at(lobby, i)->time_ms - counts.since_ms) / counts.width_ms]++;
	asked->counted(asked->ctx, &counts);
}

/* --- the desk --- */

/* Of the same slot only the newest waits, as the history has it. */
static void queue(struct lobby *lobby, struct asked asked)
{
	for (GList *at = lobby->asks.head, *next; at != NULL; at = next) {
		next = at->next;
		if (((struct asked *)at->data)->slot == asked.slot) {
			g_free(at->data);
			g_queue_delete_link(&lobby->asks, at);
		}
	}
	g_queue_push_tail(&lobby->asks, g_memdup2(&asked, sizeof(asked)));
}

static void find_doors(struct desk *desk, unsigned slot, const struct door_search *search,
		       void (*found)(void *, const struct door_page *), void *ctx)
{
	queue((struct lobby *)desk, (struct asked){slot, *search, found, NULL, ctx, 0});
}

static void count_doors(struct desk *desk, unsigned slot, const struct door_search *search, int64_t width_ms,
			void (*counted)(void *, const struct door_counts *), void *ctx)
{
	queue((struct lobby *)desk, (struct asked){slot, *search, NULL, counted, ctx, width_ms});
}

static void export_doors(struct desk *desk, const struct door_search *search, const char *path)
{
	struct lobby *lobby = (struct lobby *)desk;
	lobby->wanted = *search;
	lobby->exported++;
	g_strlcpy(lobby->path, path, sizeof(lobby->path));
}

static void forget(struct desk *desk, void *ctx)
{
	struct lobby *lobby = (struct lobby *)desk;
	(void)ctx;
	lobby->forgotten++;
	g_queue_clear_full(&lobby->asks, g_free);
}

static void prompt(struct desk *desk, const char *label, const char *initial,
		   void (*done)(void *, const char *), void (*changed)(void *, const char *), void *ctx)
{
	struct lobby *lobby = (struct lobby *)desk;
	g_strlcpy(lobby->prompt, label, sizeof(lobby->prompt));
	g_strlcpy(lobby->initial, initial ? initial : "", sizeof(lobby->initial));
	lobby->done = done;
	lobby->changed = changed;
	lobby->ctx = ctx;
}

static void toast(struct desk *desk, bool good, const char *text)
{
	(void)good;
	g_strlcpy(((struct lobby *)desk)->toast, text, sizeof(((struct lobby *)desk)->toast));
}

static void copy(struct desk *desk, const char *text)
{
	g_strlcpy(((struct lobby *)desk)->copied, text, sizeof(((struct lobby *)desk)->copied));
}

/* --- life --- */

static void put(struct lobby *lobby, unsigned account, struct rows *rows)
{
	rows_set_times(rows, world_now_ms(lobby->world) - 4000, MOMENT_NONE);
	rows_set_hash(rows, kind_hash_rows(rows));
	world_put(lobby->world, account, rows_seal(rows));
}

static void put_places(struct lobby *lobby)
{
	static const char *const labels[] = {"50050", "32110", "38001", "402 A"},
				 *const people[] = {"Austin Schimmel", "Roberta Brekke", "Otto Brekke",
						    "Jane \xc5\x81ukasz", "Noel Deckow V"};
	struct rows *rows = kind_rows_new(KIND_BUILDINGS, "lobby", "butterflymx");
	struct building *building = rows_add(rows);
	building->id = rows_text(rows, "b1");
	building->name = rows_text(rows, "Main Street 12");
	building->timezone = rows_text(rows, "Eastern Time (US & Canada)");
	put(lobby, 0, rows);
	rows = kind_rows_new(KIND_UNITS, "lobby", "butterflymx");
	for (unsigned i = 0; i < G_N_ELEMENTS(labels); i++) {
		struct unit *unit = rows_add(rows);
		unit->id = rows_textf(rows, "u%u", i + 1);
		unit->name = rows_text(rows, labels[i]);
	}
	put(lobby, 0, rows);
	rows = kind_rows_new(KIND_TENANTS, "lobby", "butterflymx");
	for (unsigned i = 0; i < 2 * G_N_ELEMENTS(people); i++) { /* each lives in two units */
		struct tenant *tenant = rows_add(rows);
		tenant->id = rows_textf(rows, "t%u", i + 1);
		tenant->user_id = rows_textf(rows, "p%u", i % 5 + 1);
		tenant->name = rows_text(rows, people[i % 5]);
	}
	put(lobby, 0, rows);
}

void lobby_put_newest(struct lobby *lobby, guint n)
{
	struct rows *rows = kind_rows_new(KIND_DOORS, "lobby", "butterflymx");
	for (guint i = 0; i < n && i < lobby->log->len; i++)
		fill(rows, release_at(lobby, lobby->log->len - 1 - i));
	put(lobby, 0, rows);
}

void lobby_light(struct lobby *lobby, enum light light, int64_t age_ms, const char *why)
{
	int64_t now_ms = world_now_ms(lobby->world);
	struct feed_light state = {light, now_ms - age_ms, now_ms - age_ms, 30000, "", LIGHT_PUSH_NONE};
	g_strlcpy(state.why, why, sizeof(state.why));
	world_set_light(lobby->world, 0, &state);
}

void lobby_draw(struct lobby *lobby)
{
	canvas_clear(lobby->canvas, STYLE(TEXT));
	pane_doors.draw(lobby->pane, lobby->canvas, true, true);
}

void lobby_drain(struct lobby *lobby)
{
	struct asked *asked;
	while ((asked = g_queue_pop_head(&lobby->asks)) != NULL) {
		if (asked->found)
			lobby_answer(lobby, asked);
		else
			answer_count(lobby, asked);
		g_free(asked);
	}
	lobby_draw(lobby);
}

struct lobby *lobby_new_with(unsigned releases, int width, int height, bool ascii, bool history)
{
	struct lobby *lobby = g_new0(struct lobby, 1);
	clock_fake_init(&lobby->clock, moment_parse("2026-08-19T18:07:00Z"));
	lobby->world = world_new(&lobby->clock.clock);
	lobby->log = g_array_new(FALSE, TRUE, sizeof(struct release));
	for (unsigned i = 0; i < releases; i++)
		lobby_add(lobby);
	g_queue_init(&lobby->asks);
	world_add_account(lobby->world, "lobby", VENDOR_BUTTERFLYMX);
	world_add_account(lobby->world, "annex", VENDOR_BUTTERFLYMX);
	lobby->desk = (struct desk){.world = lobby->world,
				    .ascii = ascii,
				    .prompt = prompt,
				    .toast = toast,
				    .copy = copy,
				    .forget = forget,
				    .export_doors = export_doors};
	if (history) {
		lobby->desk.find_doors = find_doors;
		lobby->desk.count_doors = count_doors;
	}
	put_places(lobby);
	lobby_put_newest(lobby, 20);
	lobby_light(lobby, LIGHT_FRESH, 4000, "");
	lobby->canvas = canvas_new(width, height, ascii);
	lobby->pane = pane_doors.open(&lobby->desk);
	lobby_draw(lobby);
	return lobby;
}

struct lobby *lobby_new(int width, int height)
{
	struct lobby *lobby = lobby_new_with(LOBBY_RELEASES, width, height, false, true);
	lobby_drain(lobby);
	return lobby;
}

void lobby_free(struct lobby *lobby)
{
	pane_doors.close(lobby->pane);
	assert_int_equal(lobby->forgotten, 1);
	world_free(lobby->world);
	canvas_free(lobby->canvas);
	g_array_unref(lobby->log);
	g_free(lobby);
}

void lobby_act_only(struct lobby *lobby, enum action action)
{
	assert_true(pane_doors.act(lobby->pane, action, NULL));
	lobby_draw(lobby);
}

void lobby_act(struct lobby *lobby, enum action action)
{
	lobby_act_only(lobby, action);
	lobby_drain(lobby);
}

void lobby_arrive(struct lobby *lobby, unsigned n)
{
	while (n-- > 0)
		lobby_add(lobby);
	assert_true(pane_doors.update(lobby->pane, KIND_BIT(KIND_DOORS)));
}

const struct doors_view *lobby_view(const struct lobby *lobby) { return lobby->pane; }

const char *lobby_chosen(const struct lobby *lobby)
{
	const struct door_item *item = doors_at(lobby_view(lobby), lobby_view(lobby)->chosen);
	return item ? item->row->id : "(none)";
}

char *lobby_text(const struct lobby *lobby)
{
	GString *text = g_string_new(NULL);
	for (int y = 0; y < canvas_height(lobby->canvas); y++) {
		const struct cell *cells = canvas_row(lobby->canvas, y);
		for (int x = 0; x < canvas_width(lobby->canvas); x++)
			if (cells[x].glyph != GLYPH_TAIL && !(cells[x].glyph & GLYPH_CLUSTER))
				g_string_append_unichar(text, cells[x].glyph);
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

bool lobby_shows(const struct lobby *lobby, const char *part)
{
	g_autofree char *text = lobby_text(lobby);
	return strstr(text, part) != NULL;
}

void lobby_expect(const struct lobby *lobby, const char *part)
{
	g_autofree char *text = lobby_text(lobby);
	if (!strstr(text, part))
		fail_msg("without \"%s\":\n%s", part, text);
}

void lobby_filter(struct lobby *lobby, const char *text)
{
	assert_true(pane_doors.act(lobby->pane, ACTION_FILTER, text));
	lobby_drain(lobby);
}

unsigned lobby_count(const struct lobby *lobby, const struct door_search *search)
{
	unsigned n = 0;
	for (guint i = 0; i < lobby->log->len; i++)
		n += fits(release_at(lobby, i), search);
	return n;
}

/* --- goldens --- */

void lobby_golden(const struct lobby *lobby, const char *name)
{
	const char *srcdir = g_getenv("srcdir");
	g_autofree char *path = g_strdup_printf("%s/tests/screen/doors/%s", srcdir ? srcdir : ".", name),
			*text = NULL;
	struct buf dump;
	buf_init(&dump, BUF_CEILING_OUTPUT);
	canvas_dump(lobby->canvas, true, &dump);
	assert_int_equal(dump.error, ERR_OK);
	if (g_getenv("GENERATE"))
		assert_true(g_file_set_contents(path, buf_text(&dump), -1, NULL));
	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("%s is missing: run with GENERATE=1", path);
	if (strcmp(text, buf_text(&dump)) != 0)
		print_error("%s differs from:\n%s", path, buf_text(&dump));
	assert_string_equal(text, buf_text(&dump));
	buf_fini(&dump);
}
