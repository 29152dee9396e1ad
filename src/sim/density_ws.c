#include "sim/density_ws.h"

#include "base/rng.h"
#include "sim/density_auth.h"
#include "sim/density_live.h"

#include <string.h>

#define TICKET_LENGTH 48
#define CHECK_MS 1000
#define OLD_MS INT64_C(3600000) /* how old the timestamps of ws=old are */

enum kind { PRESENCE, OCCUPANCY, DOORWAY };

struct ticket {
	enum kind kind;
	int index;       /* of the space or the doorway */
	int64_t ends_ms; /* mono */
};

struct sim_density_tickets {
	GHashTable *open; /* text → struct ticket */
	struct rng rng;
};

struct watched {
	int space;
	int64_t since_ms;
	struct sim_density_state state;
};

struct sim_density_stream {
	struct sim_density *density;
	enum kind kind;
	int door;
	GArray *watched; /* struct watched */
	GQueue *pending; /* char *, messages */
	int64_t checked_ms, refreshed_ms;
	bool begun;
	unsigned garbage, repeated;
};

enum sim_socket_fault sim_density_ws_fault(const struct sim_density *density)
{
	return (enum sim_socket_fault)sim_density_faults(density)->value[SIM_FAULT_WS];
}

/* --- addresses ---------------------------------------------------------------------------------------------- */

struct sim_density_tickets *sim_density_tickets_new(uint64_t seed)
{
	struct sim_density_tickets *tickets = g_new0(struct sim_density_tickets, 1);

	tickets->open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	rng_init(&tickets->rng, rng_hash(seed, 0x64656e77));
	return tickets;
}

void sim_density_tickets_free(struct sim_density_tickets *tickets)
{
	if (!tickets)
		return;
	g_hash_table_destroy(tickets->open);
	g_free(tickets);
}

static gboolean has_ended(gpointer key, gpointer value, gpointer user)
{
	(void)key;
	return ((struct ticket *)value)->ends_ms <= *(int64_t *)user;
}

static void answer_ticket(struct sim_call *call, enum kind kind, int index)
{
	struct sim_density_tickets *tickets = sim_density_of(call)->tickets;
	struct ticket *ticket = g_new0(struct ticket, 1);
	const char *host = call->request->host;
	char word[TICKET_LENGTH + 1], *url;

	g_hash_table_foreach_remove(tickets->open, has_ended, &call->mono_ms);
	*ticket = (struct ticket){.kind = kind,
				  .index = index,
				  .ends_ms = call->mono_ms + SIM_DENSITY_TICKET_MS};
	sim_density_word(&tickets->rng, word, TICKET_LENGTH);
	g_hash_table_insert(tickets->open, g_strdup(word), ticket);
	url = g_strconcat("ws://", host && *host ? host : "127.0.0.1", SIM_DENSITY_WS_PATH, word, NULL);
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "ws_url", url);
	jsonw_close(&call->json, '}');
	g_free(url);
}

void sim_density_ws_presence(struct sim_call *call)
{
	int index = sim_density_space_of_path(call, 0);

	if (index < 0)
		return;
	if (strcmp(sim_density_space(sim_density_of(call)->data, index)->type, "floor") != 0)
		sim_density_invalid(call, "floor_id is not a floor");
	else
		answer_ticket(call, PRESENCE, index);
}

void sim_density_ws_occupancy(struct sim_call *call)
{
	int index = sim_density_space_of_path(call, 0);

	if (index >= 0)
		answer_ticket(call, OCCUPANCY, index);
}

void sim_density_ws_doorway(struct sim_call *call)
{
	int index = sim_density_find_doorway(sim_density_of(call)->data, call->args[0]);

	if (index < 0)
		sim_density_refuse(call, 404, "resource not found");
	else
		answer_ticket(call, DOORWAY, index);
}

/* --- connections -------------------------------------------------------------------------------------------- */

static void watch(struct sim_density_stream *stream, int index)
{
	const struct sim_density_data *data = stream->density->data;
	GArray *spaces = g_array_new(FALSE, FALSE, sizeof(int));

	sim_density_descend(data, index, true, spaces);
	for (guint i = 0; i < spaces->len; i++) {
		struct watched watched = {.space = g_array_index(spaces, int, i)};
		const struct sim_density_space *space = sim_density_space(data, watched.space);

		if (stream->kind == PRESENCE ? sim_density_has_presence(space) : sim_density_has_count(space))
			g_array_append_val(stream->watched, watched);
	}
	g_array_free(spaces, TRUE);
}

struct sim_density_stream *sim_density_stream_open(struct sim_density *density, const char *path)
{
	struct sim_density_stream *stream;
	const char *word = g_str_has_prefix(path, SIM_DENSITY_WS_PATH) ? path + strlen(SIM_DENSITY_WS_PATH)
								       : "";
	struct ticket *found = g_hash_table_lookup(density->tickets->open, word), ticket;

	if (!found || found->ends_ms <= clock_mono_ms(density->app->clock)) {
		sim_app_note(density->state,
			     "a socket was opened with an address that is unknown, used or old");
		return NULL;
	}
	ticket = *found;
	g_hash_table_remove(density->tickets->open, word);
	stream = g_new0(struct sim_density_stream, 1);
	stream->density = density;
	stream->kind = ticket.kind;
	stream->watched = g_array_new(FALSE, FALSE, sizeof(struct watched));
	stream->pending = g_queue_new();
	if (ticket.kind == DOORWAY)
		stream->door =
			g_array_index(density->data->doorways, struct sim_density_doorway, ticket.index).door;
	else
		watch(stream, ticket.index);
	return stream;
}

void sim_density_stream_free(struct sim_density_stream *stream)
{
	if (!stream)
		return;
	g_queue_free_full(stream->pending, g_free);
	g_array_free(stream->watched, TRUE);
	g_free(stream);
}

/* --- messages ----------------------------------------------------------------------------------------------- */

static void begin_message(struct jsonw *w, struct buf *out, const char *type)
{
	buf_reset(out);
	jsonw_init(w, out, false);
	jsonw_open(w, '{');
	jsonw_kstr(w, "update_type", type);
	jsonw_key(w, "data");
	jsonw_open(w, '{');
}

static void end_message(struct jsonw *w)
{
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

/* `lie`: what was before, an hour ago: the opposite. */
static void write_watched(struct jsonw *w, const struct sim_density_stream *stream,
			  const struct watched *watched, bool lie)
{
	const struct sim_density_space *space = sim_density_space(stream->density->data, watched->space);

	jsonw_key(w, space->id);
	jsonw_open(w, '{');
	jsonw_key(w, "timestamp");
	jsonw_moment(w, watched->since_ms - (lie ? OLD_MS : 0));
	if (stream->kind == PRESENCE)
		jsonw_kbool(w, "presence", watched->state.presence != lie);
	else
		jsonw_kint(w, "occupancy", watched->state.count + (lie ? 7 : 0));
	jsonw_kstr(w, "counting_mode", sim_density_modes[space->mode]);
	jsonw_kstr(w, "space_health_status", sim_density_healths[watched->state.health]);
	jsonw_close(w, '}');
}

static void put(struct sim_density_stream *stream, const struct buf *message)
{
	static const char *const garbage[] = {
		"ping",
		"<html><body><h1>502 Bad Gateway</h1></body></html>",
		"{\"update_type\":\"live\",\"data\":{\"spc_1\":{\"presence\":tr",
		"{\"update_type\":\"refresh\",\"data\":[1,2,3]}",
		"{\"update_type\":\"live\",\"data\":{\"spc_1\":7,\"\":null}}",
		"\x1b[2J\x07 not JSON at all",
		"",
	};

	if (sim_density_ws_fault(stream->density) == SIM_SOCKET_GARBAGE)
		g_queue_push_tail(stream->pending,
				  g_strdup(garbage[stream->garbage++ % G_N_ELEMENTS(garbage)]));
	g_queue_push_tail(stream->pending, g_strdup(buf_text(message)));
}

static void put_refresh(struct sim_density_stream *stream, int64_t now_ms, struct buf *room)
{
	struct jsonw w;

	begin_message(&w, room, "refresh");
	for (guint i = 0; i < stream->watched->len; i++) {
		struct watched *watched = &g_array_index(stream->watched, struct watched, i);
		const struct sim_density_space *space = sim_density_space(stream->density->data,
									  watched->space);

		if (!stream->begun) {
			watched->state = sim_density_state_at(stream->density, space, now_ms);
			watched->since_ms = sim_density_since(stream->density, space, now_ms);
		}
		write_watched(&w, stream, watched, false);
	}
	end_message(&w);
	put(stream, room);
}

static bool has_changed(const struct sim_density_stream *stream, const struct sim_density_state *a,
			const struct sim_density_state *b)
{
	return a->health != b->health ||
	       (stream->kind == PRESENCE ? a->presence != b->presence : a->count != b->count);
}

static void put_live(struct sim_density_stream *stream, int64_t now_ms, struct buf *room)
{
	GArray *changed = g_array_new(FALSE, FALSE, sizeof(guint));
	bool old = sim_density_ws_fault(stream->density) == SIM_SOCKET_OLD;
	struct jsonw w;

	for (guint i = 0; i < stream->watched->len; i++) {
		struct watched *watched = &g_array_index(stream->watched, struct watched, i);
		struct sim_density_state state = sim_density_state_at(
			stream->density, sim_density_space(stream->density->data, watched->space), now_ms);

		if (!has_changed(stream, &state, &watched->state))
			continue;
		watched->state = state;
		watched->since_ms = now_ms;
		g_array_append_val(changed, i);
	}
	for (int lie = 0; changed->len && lie <= old; lie++) {
		begin_message(&w, room, "live");
		for (guint i = 0; i < changed->len; i++)
			write_watched(&w, stream,
				      &g_array_index(stream->watched, struct watched,
						     g_array_index(changed, guint, i)),
				      lie);
		end_message(&w);
		put(stream, room);
	}
	g_array_free(changed, TRUE);
}

static void put_crossings(struct sim_density_stream *stream, int64_t now_ms, struct buf *room)
{
	struct world_crossing rows[64];
	size_t count = world_view_crossings(stream->density->view, -1, stream->door, stream->checked_ms,
					    now_ms, rows, G_N_ELEMENTS(rows));
	struct jsonw w;

	for (size_t i = 0; i < MIN(count, G_N_ELEMENTS(rows)); i++) {
		buf_reset(room);
		jsonw_init(&w, room, false);
		jsonw_open(&w, '{');
		jsonw_kint(&w, "direction", rows[i].in ? 1 : -1);
		jsonw_key(&w, "timestamp");
		jsonw_moment(&w, rows[i].t_ms);
		jsonw_close(&w, '}');
		put(stream, room);
	}
}

/* Puts in line what is due. */
static void fill(struct sim_density_stream *stream, int64_t now_ms, struct buf *room)
{
	bool refresh = !stream->begun || now_ms - stream->refreshed_ms >= SIM_DENSITY_REFRESH_MS;

	if (stream->begun && now_ms - stream->checked_ms < CHECK_MS)
		return;
	if (stream->kind == DOORWAY) {
		if (stream->begun)
			put_crossings(stream, now_ms, room);
	} else {
		if (stream->begun)
			put_live(stream, now_ms, room);
		if (refresh)
			put_refresh(stream, now_ms, room);
	}
	if (refresh)
		stream->refreshed_ms = now_ms;
	stream->checked_ms = now_ms;
	stream->begun = true;
}

bool sim_density_stream_next(struct sim_density_stream *stream, int64_t now_ms, struct buf *out)
{
	enum sim_socket_fault fault = sim_density_ws_fault(stream->density);
	char *message;

	if (fault == SIM_SOCKET_STALL || (fault == SIM_SOCKET_HALF_OPEN && stream->begun))
		return false;
	if (g_queue_is_empty(stream->pending))
		fill(stream, now_ms, out);
	message = g_queue_pop_head(stream->pending);
	if (!message)
		return false;
	buf_reset(out);
	buf_adds(out, message);
	g_free(message);
	return true;
}

void sim_density_stream_repeat(struct sim_density_stream *stream, int64_t now_ms, struct buf *out)
{
	struct jsonw w;

	begin_message(&w, out, "live");
	if (stream->watched->len) {
		struct watched *watched = &g_array_index(stream->watched, struct watched,
							 stream->repeated++ % stream->watched->len);

		watched->since_ms = MAX(watched->since_ms, now_ms);
		write_watched(&w, stream, watched, false);
	}
	end_message(&w);
}
