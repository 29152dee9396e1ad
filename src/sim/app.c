#include "sim/app.h"

#include "base/moment.h"
#include "base/rng.h"
#include "sim/butlr.h"
#include "sim/butterflymx.h"
#include "sim/control.h"
#include "sim/density.h"
#include "sim/sensorist.h"
#include "sim/world.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

static const struct sim_vendor *const vendors[] = {
	&sim_butlr_vendor,
	&sim_bmx_vendor,
	&sim_density_vendor,
	&sim_sens_vendor,
};

static int set_fault(struct sim_app *app, const char *text, struct problem *problem)
{
	const char *equals = strchr(text, '='), *dot = strchr(text, '.');
	int result;

	if (!equals || !dot || dot > equals)
		return problem_set(problem, ERR_USAGE, "--fault", NULL, "\"%s\" is not VENDOR.NAME=VALUE",
				   text);

	char *vendor = g_strndup(text, (size_t)(dot - text));
	char *name = g_strndup(dot + 1, (size_t)(equals - dot - 1));
	struct sim_vendor_state *state = sim_app_vendor(app, vendor);

	if (state)
		result = sim_faults_set(&state->faults, name, equals + 1, problem);
	else
		result = problem_set(problem, ERR_USAGE, "--fault", NULL, "no vendor \"%s\" is simulated",
				     vendor);
	g_free(vendor);
	g_free(name);
	return result;
}

struct sim_app *sim_app_new(const struct sim_options *options, const struct clock *clock,
			    struct problem *problem)
{
	struct sim_app *app = g_new0(struct sim_app, 1);

	app->options = *options;
	app->clock = clock;
	app->start_mono_ms = clock_mono_ms(clock);
	app->start_wall_ms = options->start_ms == MOMENT_NONE ? clock_wall_ms(clock) : options->start_ms;
	app->n_vendors = G_N_ELEMENTS(vendors);
	app->vendors = g_new0(struct sim_vendor_state, app->n_vendors);
	for (unsigned i = 0; i < app->n_vendors; i++) {
		struct sim_vendor_state *state = &app->vendors[i];

		state->vendor = vendors[i];
		state->by_route = g_new0(uint64_t, vendors[i]->n_routes);
		state->listed = g_ptr_array_new_with_free_func(g_free);
		sim_faults_init(&state->faults);
		state->faults.value[SIM_FAULT_PAGE_SIZE] = options->page_size;
	}
	for (unsigned i = 0; i < options->n_faults; i++) {
		if (set_fault(app, options->faults[i], problem) != ERR_OK) {
			sim_app_free(app);
			return NULL;
		}
	}
	app->world = sim_world_new(&(struct world_options){
		.seed = options->seed,
		.sensors = (int)options->sensors,
		.doors = (int)options->doors,
		.frames_per_second = (int)options->fps,
	});
	if (!app->world) {
		problem_set(problem, ERR_USAGE, "the simulated world", NULL,
			    "a number of sensors, doors or frames is out of its range");
		sim_app_free(app);
		return NULL;
	}
	app->view = world_view_new(app->world, 0);
	for (unsigned i = 0; i < app->n_vendors; i++)
		app->vendors[i].data = vendors[i]->begin(app, &app->vendors[i]);
	return app;
}

void sim_app_free(struct sim_app *app)
{
	if (!app)
		return;
	for (unsigned i = 0; i < app->n_vendors; i++) {
		struct sim_vendor_state *state = &app->vendors[i];

		if (state->data)
			state->vendor->end(state->data);
		sim_faults_fini(&state->faults);
		g_free(state->by_route);
		g_ptr_array_free(state->listed, TRUE);
	}
	g_free(app->vendors);
	world_view_free(app->view);
	sim_world_free(app->world);
	g_free(app);
}

int64_t sim_app_now_ms(const struct sim_app *app)
{
	double passed = (double)(clock_mono_ms(app->clock) - app->start_mono_ms);

	return app->start_wall_ms + (int64_t)floor(passed * app->options.speed);
}

struct sim_vendor_state *sim_app_vendor(struct sim_app *app, const char *name)
{
	for (unsigned i = 0; i < app->n_vendors; i++)
		if (strcmp(app->vendors[i].vendor->name, name) == 0)
			return &app->vendors[i];
	return NULL;
}

struct sim_vendor_state *sim_app_of(const struct sim_call *call)
{
	for (unsigned i = 0; i < call->app->n_vendors; i++)
		if (call->app->vendors[i].data == call->vendor)
			return &call->app->vendors[i];
	return NULL;
}

void sim_app_note(struct sim_vendor_state *state, const char *text)
{
	state->violations++;
	if (state->listed->len < SIM_APP_VIOLATIONS)
		g_ptr_array_add(state->listed, g_strdup(text));
}

void sim_app_violation(struct sim_call *call, const char *format, ...)
{
	struct sim_vendor_state *state = sim_app_of(call);

	if (!state)
		return;
	state->violations++;
	if (state->listed->len >= SIM_APP_VIOLATIONS)
		return;

	va_list args;

	va_start(args, format);
	char *text = g_strdup_vprintf(format, args);

	va_end(args);
	g_ptr_array_add(state->listed, g_strdup_printf("%s %s: %s", sim_method_name(call->request->method),
						       call->request->path, text));
	g_free(text);
}

/* The error bodies that were seen differ from each other (butlr.md §7.3). */
static void answer_failed(struct sim_call *call, uint64_t dice)
{
	switch (dice % 4) {
	case 0:
		sim_call_message(call, 500, "Internal Server Error");
		break;
	case 1:
		sim_call_status(call, 502);
		call->reply->content_type = "text/html";
		buf_adds(&call->reply->body, "<html><body><h1>502 Bad Gateway</h1></body></html>");
		break;
	case 2:
		sim_call_status(call, 503);
		buf_adds(&call->reply->body,
			 "{\"error\":\"Service Unavailable\",\"code\":503,\"details\":\"try again later\"}");
		break;
	default:
		sim_call_status(call, 504);
		call->reply->content_type = "text/plain";
		buf_adds(&call->reply->body, "upstream request timeout");
		break;
	}
}

static void spoil(struct sim_call *call, uint64_t dice)
{
	struct buf *body = &call->reply->body;

	call->reply->status = 200;
	switch (dice % 5) {
	case 0: /* the end is missing */
		if (body->length > 1) {
			body->length /= 2;
			body->data[body->length] = '\0';
		}
		return;
	case 1:
		buf_reset(body);
		for (unsigned i = 0; i < 512; i++)
			buf_addc(body, (char)(rng_hash(dice, i) & 0xff));
		return;
	case 2:
		buf_reset(body);
		buf_adds(body,
			 "<!DOCTYPE html><html><body>Please sign in to the guest network.</body></html>");
		return;
	case 3:
		buf_reset(body);
		buf_adds(body, "{\"data\":42}");
		return;
	default:
		buf_reset(body);
		for (unsigned i = 0; i < 100000; i++)
			buf_addc(body, '[');
		return;
	}
}

/* True when a fault takes the place of the answer. */
static bool fault_before(struct sim_call *call, struct sim_vendor_state *state)
{
	struct sim_faults *faults = &state->faults;
	uint64_t seed = call->app->options.seed, number = call->number;

	call->reply->reset = sim_faults_hit(faults, SIM_FAULT_RESET_RATE, seed, number);
	call->reply->drop = call->reply->reset || sim_faults_on(faults, SIM_FAULT_OUTAGE);
	if (call->reply->drop)
		return true;
	call->reply->delay_ms = (int64_t)faults->value[SIM_FAULT_LATENCY];
	if (!sim_faults_take(faults, SIM_FAULT_RATE_LIMIT, &faults->requests, call->mono_ms,
			     &call->reply->retry_after_s)) {
		sim_call_message(call, 429, "Too Many Requests");
		return true;
	}
	if (sim_faults_hit(faults, SIM_FAULT_ERROR_RATE, seed, number)) {
		answer_failed(call, rng_hash(seed, number));
		return true;
	}
	return false;
}

static void fault_after(struct sim_call *call, struct sim_vendor_state *state)
{
	struct sim_faults *faults = &state->faults;
	uint64_t seed = call->app->options.seed, number = call->number;

	if (sim_faults_hit(faults, SIM_FAULT_GARBAGE_RATE, seed, number)) {
		spoil(call, rng_hash(seed ^ 0x6761, number));
		state->faulted++;
	}
	if (sim_faults_hit(faults, SIM_FAULT_STALL_RATE, seed, number)) {
		call->reply->stall = true;
		state->faulted++;
	}
	call->reply->pad_bytes = (int64_t)faults->value[SIM_FAULT_PAD];
}

static bool is_word_of(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = list; p && *p;) {
		size_t n = strcspn(p, " ");

		if (n == length && strncmp(p, word, n) == 0)
			return true;
		p += n + (p[n] == ' ');
	}
	return false;
}

static void check_form(struct sim_call *call, const struct sim_route *route)
{
	for (unsigned i = 0; i < call->n_query; i++)
		if (!is_word_of(route->query, call->query[i].name))
			sim_app_violation(call, "unknown query parameter \"%s\"", call->query[i].name);
	if (call->request->body_length && !g_str_has_prefix(call->request->content_type, "application/json"))
		sim_app_violation(call, "Content-Type is \"%s\", not application/json",
				  call->request->content_type);
}

#define NEVER_MS 600000 /* longer than any client waits */

/* Takes the answer away; the work is done or not done already. */
static void lose(struct sim_call *call, struct sim_vendor_state *state, enum sim_loss loss)
{
	state->faulted++;
	sim_call_status(call, 503);
	call->reply->content_type = "text/html";
	buf_adds(&call->reply->body, "<html><body><h1>503 Service Unavailable</h1></body></html>");
	if (loss == SIM_LOSS_DONE_RESET || loss == SIM_LOSS_UNDONE_RESET)
		call->reply->drop = call->reply->reset = true;
	else if (loss == SIM_LOSS_DONE_TIMEOUT || loss == SIM_LOSS_UNDONE_TIMEOUT)
		call->reply->delay_ms = NEVER_MS;
}

static enum sim_loss loss_of(struct sim_vendor_state *state, const struct sim_route *route)
{
	if (route->flags & SIM_ROUTE_WRITE)
		return sim_faults_loss(&state->faults, SIM_FAULT_WRITE, SIM_FAULT_WRITE_COUNT);
	if (route->flags & SIM_ROUTE_TOKEN)
		return sim_faults_loss(&state->faults, SIM_FAULT_TOKEN, SIM_FAULT_TOKEN_COUNT);
	return SIM_LOSS_NONE;
}

static void handle_route(struct sim_call *call, struct sim_vendor_state *state, const struct sim_route *route)
{
	const struct sim_vendor *vendor = state->vendor;

	if (!vendor->own_form)
		check_form(call, route);
	if (vendor->admit && !vendor->admit(call, route))
		return;

	enum sim_loss loss = loss_of(state, route);

	if (loss == SIM_LOSS_NONE || loss == SIM_LOSS_DONE_RESET || loss == SIM_LOSS_DONE_503 ||
	    loss == SIM_LOSS_DONE_TIMEOUT)
		route->handle(call);
	if (loss != SIM_LOSS_NONE)
		lose(call, state, loss);
}

static void run_route(struct sim_call *call, struct sim_vendor_state *state, const char *path)
{
	const struct sim_vendor *vendor = state->vendor;
	bool path_known = false;

	for (unsigned i = 0; i < vendor->n_routes; i++) {
		const struct sim_route *route = &vendor->routes[i];

		if (!sim_call_match(call, route->pattern, path))
			continue;
		path_known = true;
		if (route->method != (unsigned)call->request->method)
			continue;
		state->by_route[i]++;
		handle_route(call, state, route);
		return;
	}
	sim_app_violation(call, path_known ? "wrong method" : "unknown path");
	vendor->unknown(call, path_known ? 405 : 404);
}

static void run_vendor(struct sim_call *call, struct sim_vendor_state *state, const char *path)
{
	struct sim_reply *reply = call->reply;

	call->vendor = state->data;
	call->number = ++state->requests;
	if (fault_before(call, state)) {
		state->faulted++;
		return;
	}
	if (state->vendor->optional && g_str_has_prefix(path, state->vendor->optional))
		path += strlen(state->vendor->optional);
	run_route(call, state, path);
	if (reply->body.error)
		sim_call_message(call, 413, "Response too large");
	fault_after(call, state);
	state->bytes += reply->body.length;
}

void sim_app_handle(struct sim_app *app, const struct sim_request *request, struct sim_reply *reply)
{
	struct sim_call call;
	const char *path = request->path;
	size_t length = *path == '/' ? strcspn(path + 1, "/") : 0;
	char *prefix = g_strndup(path + (*path == '/'), length);
	struct sim_vendor_state *state = sim_app_vendor(app, prefix);

	sim_call_init(&call, request, reply);
	call.app = app;
	call.now_ms = sim_app_now_ms(app);
	call.mono_ms = clock_mono_ms(app->clock);
	reply->date_ms = call.now_ms;
	sim_call_split_query(&call);
	if (state)
		run_vendor(&call, state, path + 1 + length);
	else if (strcmp(prefix, "control") == 0)
		sim_control_handle(&call, path + 1 + length);
	else
		sim_call_message(&call, 404, "Not Found");
	sim_call_fini(&call);
	g_free(prefix);
}
