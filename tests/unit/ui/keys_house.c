#include "keys_house.h"

#include "base/moment.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- the desk --- */

static void prompt(struct desk *desk, const char *label, const char *initial,
		   void (*done)(void *, const char *), void (*changed)(void *, const char *), void *ctx)
{
	struct house *house = (struct house *)desk;
	g_strlcpy(house->prompt, label, sizeof(house->prompt));
	g_strlcpy(house->initial, initial ? initial : "", sizeof(house->initial));
	house->done = done;
	house->changed = changed;
	house->ctx = ctx;
}

static void toast(struct desk *desk, bool good, const char *text)
{
	struct house *house = (struct house *)desk;
	house->toast_good = good;
	g_strlcpy(house->toast, text, sizeof(house->toast));
}

static void progress(struct desk *desk, const char *text, double done, double total, void (*cancel)(void *),
		     void *ctx)
{
	(void)done, (void)total, (void)cancel, (void)ctx;
	g_strlcpy(((struct house *)desk)->progress, text ? text : "",
		  sizeof(((struct house *)desk)->progress));
}

static void copy(struct desk *desk, const char *text)
{
	g_strlcpy(((struct house *)desk)->copied, text, sizeof(((struct house *)desk)->copied));
}

static void save(struct desk *desk, const char *path, char *bytes, size_t length, bool replace)
{
	struct house *house = (struct house *)desk;
	assert_false(replace);
	free(house->saved);
	house->saved = bytes;
	house->saved_length = length;
	g_strlcpy(house->saved_path, path, sizeof(house->saved_path));
}

static void print(struct desk *desk, const char *text)
{
	struct house *house = (struct house *)desk;
	g_free(house->printed);
	house->printed = g_strdup(text);
}

static uint64_t carry_out(struct desk *desk, unsigned account, struct order **orders, size_t n,
			  void (*report)(void *, const struct order_report *), void *ctx)
{
	struct house *house = (struct house *)desk;
	g_ptr_array_set_size(house->orders, 0);
	for (size_t i = 0; i < n; i++)
		g_ptr_array_add(house->orders, orders[i]);
	house->account = account;
	house->report = report;
	house->report_ctx = ctx;
	return ++house->carried;
}

static bool can(struct desk *desk, unsigned account, enum kind kind, enum verb verb, const char **why)
{
	struct house *house = (struct house *)desk;
	(void)kind, (void)verb;
	if (account != 0 && why)
		*why = "the vendor has no keys";
	if (house->denied && why)
		*why = house->denied;
	return account == 0 && !house->denied;
}

static void read_picture(struct desk *desk, unsigned account, const char *url,
			 void (*read)(void *, const char *, const char *), void *ctx)
{
	struct house *house = (struct house *)desk;
	assert_int_equal(account, 0);
	g_strlcpy(house->url, url, sizeof(house->url));
	house->pictures++;
	house->read = read;
	house->read_ctx = ctx;
}

static void forget(struct desk *desk, void *ctx)
{
	struct house *house = (struct house *)desk;
	house->forgotten++;
	if (house->read_ctx == ctx)
		house->read = NULL;
	if (house->report_ctx == ctx)
		house->report = NULL;
}

/* --- the world --- */

static void put(struct house *house, struct rows *rows)
{
	rows_set_times(rows, world_now_ms(house->world) - 4000, MOMENT_NONE);
	rows_set_hash(rows, kind_hash_rows(rows));
	world_put(house->world, 0, rows_seal(rows));
}

static struct rows *new_rows(enum kind kind) { return kind_rows_new(kind, "lobby", "butterflymx"); }

static void put_places(struct house *house)
{
	static const struct {
		const char *id, *name, *building;
	} units[] = {{"u1", "50050", "b1"},
		     {"u2", "32110", "b1"},
		     {"u3", "38001", "b1"},
		     {"u4", "402", "b1"},
		     {"u5", "402 A", "b2"}};
	static const struct {
		const char *id, *unit, *user, *name;
	} tenants[] = {{"t1", "u1", "p1", "Austin Schimmel"},
		       {"t2", "u2", "p2", "Roberta Brekke"},
		       {"t3", "u2", "p3", "Otto Brekke"},
		       {"t4", "u4", "p4", "Jane \xc5\x81ukasz"}};
	struct rows *rows = new_rows(KIND_BUILDINGS);
	for (int i = 0; i < 2; i++) {
		struct building *building = rows_add(rows);
		building->id = rows_textf(rows, "b%d", i + 1);
		building->name = rows_text(rows, i == 0 ? "Main Street 12" : "Rua do Alecrim");
		building->timezone = rows_text(rows, i == 0 ? "Eastern Time (US & Canada)" : "Europe/Lisbon");
	}
	put(house, rows);
	rows = new_rows(KIND_UNITS);
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		struct unit *unit = rows_add(rows);
		unit->id = rows_text(rows, units[i].id);
		unit->name = rows_text(rows, units[i].name);
		unit->building_id = rows_text(rows, units[i].building);
	}
	put(house, rows);
	rows = new_rows(KIND_TENANTS);
	for (size_t i = 0; i < G_N_ELEMENTS(tenants); i++) {
		struct tenant *tenant = rows_add(rows);
		tenant->id = rows_text(rows, tenants[i].id);
		tenant->unit_id = rows_text(rows, tenants[i].unit);
		tenant->user_id = rows_text(rows, tenants[i].user);
		tenant->name = rows_text(rows, tenants[i].name);
	}
	put(house, rows);
}

static void put_chain(struct rows *rows, const char *id, const char *name, const char *unit, const char *from,
		      const char *to, const char *const *days, size_t n)
{
	struct keychain *chain = rows_add(rows);
	chain->id = rows_text(rows, id);
	chain->name = rows_text(rows, name);
	chain->unit_id = rows_text(rows, unit);
	chain->valid_date_from = rows_text(rows, from);
	chain->valid_date_to = rows_text(rows, to);
	chain->valid_time_from = rows_text(rows, "08:00:00");
	chain->valid_time_to = rows_text(rows, "17:00:00");
	chain->weekdays = (struct words){days, n};
}

static void put_key(struct rows *rows, const char *id, const char *chain, const char *name, const char *unit,
		    const char *from, const char *to, const char *status)
{
	struct access_key *key = rows_add(rows);
	key->id = rows_text(rows, id);
	key->keychain_id = rows_text(rows, chain);
	key->name = rows_text(rows, name);
	key->email = rows_textf(rows, "%s@example.com", id);
	key->key_code = rows_textf(rows, "od6e%s", id);
	key->unit_id = rows_text(rows, unit);
	key->status = rows_text(rows, status);
	key->activated_ms = moment_parse(from);
	key->expired_ms = moment_parse(to);
	if (strcmp(id, "k1") == 0 || strcmp(id, "k2") == 0 || strcmp(id, "k3") == 0)
		key->picture_url = rows_textf(rows, "https://pictures.example.com/%s.png", id);
}

void house_put_keys(struct house *house)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri"};
	static const char *const sunday[] = {"sun"};
	struct rows *rows = new_rows(KIND_KEYCHAINS);
	put_chain(rows, "c1", "Contractor HVAC", "u4", "2026-08-10", "2026-09-30", days, G_N_ELEMENTS(days));
	put_chain(rows, "c2", "Sunday cleaners", "u3", "2026-08-01", "2026-12-24", sunday, 1);
	put(house, rows);
	rows = new_rows(KIND_KEYS);
	put_key(rows, "k1", NULL, "Noel Deckow V", "u1", "2026-08-19T14:00:00Z", "2026-08-19T22:00:00Z",
		NULL);
	put_key(rows, "k2", NULL, "Roberta Brekke", "u2", "2026-08-18T14:00:00Z", "2026-08-20T15:00:00Z",
		NULL);
	put_key(rows, "k3", "c1", "Anna Fitter", "u4", "2026-08-10T12:00:00Z", "2026-09-30T21:00:00Z", NULL);
	put_key(rows, "k4", "c1", "Bert Welder", "u4", "2026-08-10T12:00:00Z", "2026-09-30T21:00:00Z", NULL);
	put_key(rows, "k5", NULL, "Bryce King Jr.", "u2", "2026-08-24T14:00:00Z", "2026-08-24T22:00:00Z",
		NULL);
	put_key(rows, "k6", NULL, "Wolff \x1b[31m, N.", "u3", "2026-12-01T14:00:00Z", "2026-12-03T22:00:00Z",
		NULL);
	put_key(rows, "k7", "c2", "Mop & Co", "u3", "2026-08-01T12:00:00Z", "2026-12-24T22:00:00Z", NULL);
	put_key(rows, "k8", NULL, "Cristopher Torp", "u1", "2026-08-10T12:00:00Z", "2026-08-14T22:00:00Z",
		NULL);
	put_key(rows, "k9", NULL, "Movers", "u4", "2026-08-19T12:00:00Z", "2026-08-21T22:00:00Z", "revoked");
	put(house, rows);
}

void house_light(struct house *house, enum light light, int64_t age_ms, const char *why)
{
	int64_t now_ms = world_now_ms(house->world);
	struct feed_light state = {light, now_ms - age_ms, now_ms - age_ms, 30000, "", LIGHT_PUSH_NONE};
	g_strlcpy(state.why, why, sizeof(state.why));
	world_set_light(house->world, 0, &state);
}

/* --- life --- */

struct house *house_new_empty(int width, int height)
{
	struct house *house = g_new0(struct house, 1);
	clock_fake_init(&house->clock, moment_parse("2026-08-19T18:07:00Z"));
	house->world = world_new(&house->clock.clock);
	house->orders = g_ptr_array_new_with_free_func((GDestroyNotify)order_free);
	world_add_account(house->world, "lobby", VENDOR_BUTTERFLYMX);
	world_add_account(house->world, "hq", VENDOR_BUTLR);
	house->desk = (struct desk){.world = house->world,
				    .cell_aspect = 2,
				    .prompt = prompt,
				    .toast = toast,
				    .progress = progress,
				    .copy = copy,
				    .save = save,
				    .license = {PERSON_DESK, false},
				    .carry_out = carry_out,
				    .can = can,
				    .read_picture = read_picture,
				    .print = print,
				    .forget = forget,
				    .qr_blank_ms = 60000};
	house->canvas = canvas_new(width, height, false);
	house->pane = pane_keys.open(&house->desk);
	house_draw(house);
	return house;
}

struct house *house_new(int width, int height, bool ascii)
{
	struct house *house = house_new_empty(width, height);
	house->desk.ascii = ascii;
	canvas_free(house->canvas);
	house->canvas = canvas_new(width, height, ascii);
	put_places(house);
	house_put_keys(house);
	house_light(house, LIGHT_FRESH, 4000, "");
	pane_keys.update(house->pane, UINT32_MAX);
	house_draw(house);
	return house;
}

void house_free(struct house *house)
{
	pane_keys.close(house->pane);
	world_free(house->world);
	canvas_free(house->canvas);
	g_ptr_array_unref(house->orders);
	g_free(house->printed);
	free(house->saved);
	g_free(house);
}

void house_draw(struct house *house)
{
	canvas_clear(house->canvas, STYLE(TEXT));
	pane_keys.draw(house->pane, house->canvas, true, true);
}

void house_pass(struct house *house, int64_t ms)
{
	clock_fake_advance(&house->clock, ms);
	pane_keys.update(house->pane, 0);
	house_draw(house);
}

void house_act(struct house *house, enum action action)
{
	assert_true(pane_keys.act(house->pane, action, NULL));
	house_draw(house);
}

unsigned house_key(struct house *house, uint32_t key)
{
	struct input input = {.type = INPUT_KEY, .key = key};
	assert_non_null(pane_keys.raw(house->pane));
	assert_true(pane_keys.input(house->pane, &input));
	house_draw(house);
	return 1;
}

unsigned house_type(struct house *house, const char *text)
{
	unsigned keys = 0;
	for (; *text; text++)
		keys += house_key(house, (uint32_t)(unsigned char)*text);
	return keys;
}

void house_picture(struct house *house, const char *text, const char *why)
{
	assert_non_null(house->read);
	void (*read)(void *, const char *, const char *) = house->read;
	house->read = NULL;
	read(house->read_ctx, text, why);
	house_draw(house);
}

const struct rows *house_key_rows(const char *id, const char *name, const char *code)
{
	struct rows *rows = new_rows(KIND_KEYS);
	put_key(rows, id, NULL, name, "u4", "2026-08-19T18:07:00Z", "2026-08-19T22:00:00Z", NULL);
	((struct access_key *)rows_edit(rows, 0))->key_code = rows_text(rows, code);
	return rows_seal(rows);
}

void house_report(struct house *house, enum order_stage stage, unsigned done, const char *text,
		  const struct rows *rows, const struct order_fault *faults, size_t n)
{
	struct order_report report = {stage, done, house->orders->len, text, rows, faults, n};
	assert_non_null(house->report);
	house->report(house->report_ctx, &report);
	house_draw(house);
}

void house_golden(const struct house *house, const char *name)
{
	const char *srcdir = g_getenv("srcdir");
	g_autofree char *path = g_strdup_printf("%s/tests/screen/keys/%s", srcdir ? srcdir : ".", name),
			*text = NULL;
	struct buf dump;
	buf_init(&dump, BUF_CEILING_OUTPUT);
	canvas_dump(house->canvas, true, &dump);
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

char *house_text(const struct house *house)
{
	GString *text = g_string_new(NULL);
	for (int y = 0; y < canvas_height(house->canvas); y++) {
		const struct cell *cells = canvas_row(house->canvas, y);
		for (int x = 0; x < canvas_width(house->canvas); x++) {
			char bytes[4];
			if (cells[x].glyph & GLYPH_CLUSTER)
				g_string_append(text, canvas_cluster(house->canvas, cells[x].glyph));
			else if (cells[x].glyph != GLYPH_TAIL)
				g_string_append_len(text, bytes, (gssize)text_encode(cells[x].glyph, bytes));
		}
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

bool house_shows(const struct house *house, const char *part)
{
	g_autofree char *text = house_text(house);
	bool found = strstr(text, part) != NULL;
	if (!found)
		print_error("without \"%s\":\n%s", part, text);
	return found;
}
