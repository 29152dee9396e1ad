#include "sim/server_ws.h"

#include "sim/density_ws.h"

#include <poll.h>
#include <string.h>

#define FRAGMENT 7
#define MESSAGE_CEILING (64u << 20)
#define TICK_MS 1000     /* simulated time between two looks at what is due … */
#define TICK_LEAST_MS 20 /* … but in real time not less */
#define FLOOD_TICK_MS 10
#define FLOOD_AT_ONCE 400

struct socket {
	struct sim_density_stream *stream;
	struct buf message;
	size_t sent;
	bool busy; /* the message is not sent whole */
	unsigned messages;
	int64_t flood_ms; /* mono, when it began; 0 = not */
	uint64_t flooded;
	bool end; /* close without a word */
};

static struct sim_density *density_of(struct sim_app *app) { return sim_app_vendor(app, "density")->data; }

static struct socket *socket_of(struct lws *wsi) { return lws_get_opaque_user_data(wsi); }

static void forget(struct lws *wsi)
{
	struct socket *s = socket_of(wsi);

	if (!s)
		return;
	lws_set_opaque_user_data(wsi, NULL);
	sim_density_stream_free(s->stream);
	buf_fini(&s->message);
	g_free(s);
}

/* The handshake may be answered by HTTP instead. (To end it in lws's later filter would leave lws in a loop.) */
static int refuse(struct lws *wsi)
{
	return lws_return_http_status(wsi, HTTP_STATUS_FORBIDDEN, NULL) ? -1 : 1;
}

/* The handshake: the address decides. */
static int on_handshake(struct sim_app *app, struct lws *wsi)
{
	struct sim_density *density = density_of(app);
	const struct sim_faults *faults = sim_density_faults(density);
	struct sim_density_stream *stream;
	struct socket *s;
	char path[256] = "";

	if (lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI) < 0)
		return -1;
	if (sim_faults_on(faults, SIM_FAULT_OUTAGE))
		return -1;
	if (sim_density_ws_fault(density) == SIM_SOCKET_REFUSE)
		return refuse(wsi);
	stream = sim_density_stream_open(density, path);
	if (!stream)
		return refuse(wsi);
	s = g_new0(struct socket, 1);
	s->stream = stream;
	buf_init(&s->message, MESSAGE_CEILING);
	lws_set_opaque_user_data(wsi, s);
	return 0;
}

static void set_timer(struct sim_app *app, struct lws *wsi, enum sim_socket_fault fault)
{
	double ms = TICK_MS / app->options.speed;

	ms = fault == SIM_SOCKET_FLOOD ? FLOOD_TICK_MS : CLAMP(ms, TICK_LEAST_MS, TICK_MS);
	lws_set_timer_usecs(wsi, (lws_usec_t)(ms * LWS_US_PER_MS));
}

/* --- writing ------------------------------------------------------------------------------------------------ */

static int write_bytes(struct lws *wsi, const char *bytes, size_t length, enum lws_write_protocol how)
{
	unsigned char *room = g_malloc(LWS_PRE + length + 1);
	int wrote;

	memcpy(room + LWS_PRE, bytes, length);
	wrote = lws_write(wsi, room + LWS_PRE, length, how);
	g_free(room);
	return wrote < (int)length ? -1 : 0;
}

/* The next part of the message, or all of it. */
static int write_message(struct lws *wsi, struct socket *s, enum sim_socket_fault fault)
{
	size_t left = s->message.length - s->sent, n = left;
	enum lws_write_protocol how = s->sent ? LWS_WRITE_CONTINUATION : LWS_WRITE_TEXT;

	if (fault == SIM_SOCKET_FRAGMENTS)
		n = MIN(left, FRAGMENT);
	if (fault == SIM_SOCKET_DROP && s->messages > 0) {
		n = left / 2;
		s->end = true;
	}
	if (n < left)
		how |= LWS_WRITE_NO_FIN;
	if (write_bytes(wsi, buf_text(&s->message) + s->sent, n, how))
		return -1;
	s->sent += n;
	s->busy = s->sent < s->message.length;
	s->messages += !s->busy;
	return 0;
}

/* As many as there should have been by now, while the client takes them. */
static int write_flood(struct sim_app *app, struct lws *wsi, struct socket *s)
{
	int64_t mono_ms = clock_mono_ms(app->clock);
	uint64_t due;

	if (s->flood_ms == 0)
		s->flood_ms = mono_ms - 1;
	due = (uint64_t)(mono_ms - s->flood_ms) * SIM_DENSITY_FLOOD / 1000;
	for (int i = 0; i < FLOOD_AT_ONCE && s->flooded < due && !lws_send_pipe_choked(wsi); i++) {
		sim_density_stream_repeat(s->stream, sim_app_now_ms(app), &s->message);
		if (write_bytes(wsi, buf_text(&s->message), s->message.length, LWS_WRITE_TEXT))
			return -1;
		s->flooded++;
	}
	if (due > s->flooded + SIM_DENSITY_FLOOD) /* a slow client is not to get it all at once later */
		s->flooded = due;
	return 0;
}

static int on_writable(struct sim_app *app, struct lws *wsi, struct socket *s)
{
	enum sim_socket_fault fault = sim_density_ws_fault(density_of(app));

	if (s->end)
		return -1;
	while (!lws_send_pipe_choked(wsi)) {
		if (!s->busy) {
			s->sent = 0;
			s->busy = sim_density_stream_next(s->stream, sim_app_now_ms(app), &s->message);
		}
		if (!s->busy)
			break;
		if (write_message(wsi, s, fault))
			return -1;
		if (s->end) {
			lws_callback_on_writable(wsi);
			return 0;
		}
	}
	if (s->busy)
		lws_callback_on_writable(wsi);
	else if (fault == SIM_SOCKET_FLOOD)
		return write_flood(app, wsi, s);
	return 0;
}

/* A half-open connection neither answers nor ends; still it is looked at whether the client has gone. */
static int on_timer(struct sim_app *app, struct lws *wsi, struct socket *s)
{
	enum sim_socket_fault fault = sim_density_ws_fault(density_of(app));
	struct pollfd gone = {.fd = lws_get_socket_fd(wsi), .events = POLLRDHUP};

	set_timer(app, wsi, fault);
	if (sim_faults_on(sim_density_faults(density_of(app)), SIM_FAULT_OUTAGE))
		return -1;
	if (fault == SIM_SOCKET_HALF_OPEN && s->messages > 0) {
		lws_rx_flow_control(wsi, 0);
		return poll(&gone, 1, 0) > 0 ? -1 : 0;
	}
	lws_rx_flow_control(wsi, 1);
	lws_callback_on_writable(wsi);
	return 0;
}

bool sim_socket_callback(struct sim_app *app, struct lws *wsi, enum lws_callback_reasons reason, int *result)
{
	struct socket *s = wsi ? socket_of(wsi) : NULL;

	*result = 0;
	if (reason == LWS_CALLBACK_HTTP_CONFIRM_UPGRADE) {
		*result = on_handshake(app, wsi);
		return true;
	}
	if (!s)
		return false;
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		set_timer(app, wsi, sim_density_ws_fault(density_of(app)));
		lws_callback_on_writable(wsi);
		return true;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		*result = on_writable(app, wsi, s);
		return true;
	case LWS_CALLBACK_TIMER:
		*result = on_timer(app, wsi, s);
		return true;
	case LWS_CALLBACK_RECEIVE:
		sim_app_note(density_of(app)->state, "a message came over a socket that only tells");
		return true;
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_WSI_DESTROY:
		forget(wsi);
		return true;
	default:
		return true;
	}
}
