#include "sim/faults.h"

#include "base/moment.h"
#include "base/rng.h"
#include "base/text.h"

#include <glib.h>
#include <math.h>
#include <string.h>

const struct sim_fault_row sim_fault_rows[SIM_FAULTS] = {
#define SIM_FAULT_ROW(id, name, type, value, help) {name, type, value, help},
	SIM_FAULT_MAP(SIM_FAULT_ROW)
#undef SIM_FAULT_ROW
};

#define LOSSES                                                                                               \
	{                                                                                                    \
		"good", "done_reset", "undone_reset", "done_503", "undone_503", "done_timeout",              \
			"undone_timeout", NULL                                                               \
	}

/* The words of a WORD row, NULL-terminated. */
static const char *const *words_of(int row)
{
	static const char *const losses[] = LOSSES;
	static const char *const rotations[] = {"lenient", "strict", NULL};
	static const char *const refusals[] = {"401", "400", NULL};
	static const char *const roles[] = {"building_admin", "zone_admin", "unit_admin", "tenant", NULL};
	static const char *const sorts[] = {"both", "created", "created_at", "none", NULL};
	static const char *const sockets[] = {"good", "drop",   "stall", "garbage",   "fragments",
					      "old",  "refuse", "flood", "half_open", NULL};
	static const char *const pictures[] = {"good", "missing", "garbage", "huge", "slow", NULL};

	switch (row) {
	case SIM_FAULT_ROTATION:
		return rotations;
	case SIM_FAULT_DEAD_REFRESH:
		return refusals;
	case SIM_FAULT_ROLE:
		return roles;
	case SIM_FAULT_SORT:
		return sorts;
	case SIM_FAULT_PICTURE:
		return pictures;
	case SIM_FAULT_WS:
		return sockets;
	default:
		return losses;
	}
}

void sim_faults_init(struct sim_faults *faults)
{
	*faults = (struct sim_faults){0};
	for (int i = 0; i < SIM_FAULTS; i++)
		faults->value[i] = sim_fault_rows[i].value;
}

void sim_faults_fini(struct sim_faults *faults)
{
	for (int i = 0; i < SIM_FAULTS; i++)
		g_clear_pointer(&faults->text[i], g_free);
}

static int row_of(const char *name)
{
	for (int i = 0; i < SIM_FAULTS; i++)
		if (strcmp(sim_fault_rows[i].name, name) == 0)
			return i;
	return -1;
}

static bool parse_flag(const char *text, double *value)
{
	static const char *const yes[] = {"yes", "on", "true", "1", NULL};
	static const char *const no[] = {"no", "off", "false", "0", NULL};

	*value = g_strv_contains(yes, text);
	return *value > 0 || g_strv_contains(no, text);
}

/* "10/s", "100/min", "5/h"; the number alone is by the second; "0" lifts the limit. */
static bool parse_per(const char *text, double *value, double *burst)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = {{"s", 1}, {"sec", 1}, {"m", 60}, {"min", 60}, {"h", 3600}};
	const char *slash = strchr(text, '/');
	char *count = slash ? g_strndup(text, (size_t)(slash - text)) : g_strdup(text);
	bool good = text_number(count, burst) && *burst >= 0;
	double seconds = slash ? 0 : 1;

	for (size_t i = 0; slash && i < G_N_ELEMENTS(units); i++)
		if (strcmp(units[i].unit, slash + 1) == 0)
			seconds = units[i].seconds;
	g_free(count);
	if (!good || seconds <= 0)
		return false;
	*value = *burst / seconds;
	return true;
}

static bool parse_word(int row, const char *text, double *value)
{
	const char *const *words = words_of(row);

	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], text) == 0) {
			*value = i;
			return true;
		}
	}
	return false;
}

static bool parse_value(int row, const char *text, double *value, double *burst)
{
	switch (sim_fault_rows[row].type) {
	case SIM_VALUE_WORD:
		return parse_word(row, text, value);
	case SIM_VALUE_SPAN:
		*value = (double)moment_span_ms(text);
		return *value >= 0;
	case SIM_VALUE_RATE:
		return text_number(text, value) && *value >= 0 && *value <= 1;
	case SIM_VALUE_PER:
		return parse_per(text, value, burst);
	case SIM_VALUE_FLAG:
		return parse_flag(text, value);
	case SIM_VALUE_COUNT:
		return text_number(text, value) && *value >= 0 && *value <= 1e9 && *value == floor(*value);
	}
	return false;
}

static const char *form_of(enum sim_value type)
{
	switch (type) {
	case SIM_VALUE_SPAN:
		return "a span such as 200ms or 5s";
	case SIM_VALUE_RATE:
		return "a share between 0 and 1";
	case SIM_VALUE_PER:
		return "a number by time such as 10/s or 100/min";
	case SIM_VALUE_FLAG:
		return "yes or no";
	case SIM_VALUE_COUNT:
		return "a whole number";
	case SIM_VALUE_WORD:
		return "one of its words";
	}
	return "";
}

static const char *nearest_row(const char *name)
{
	const char *names[SIM_FAULTS + 1] = {NULL};

	for (int i = 0; i < SIM_FAULTS; i++)
		names[i] = sim_fault_rows[i].name;
	return text_nearest(name, names);
}

int sim_faults_set(struct sim_faults *faults, const char *name, const char *text, struct problem *problem)
{
	int row = row_of(name);
	double value = 0, burst = 0;

	if (row < 0) {
		const char *near = nearest_row(name);

		return problem_set(problem, ERR_USAGE, "fault", NULL, "there is no \"%s\"%s%s%s", name,
				   near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	}
	if (!parse_value(row, text, &value, &burst))
		return problem_set(problem, ERR_USAGE, "fault", NULL, "%s takes %s, not \"%s\"", name,
				   form_of(sim_fault_rows[row].type), text);
	faults->value[row] = value;
	faults->burst[row] = burst;
	g_free(faults->text[row]);
	faults->text[row] = g_strdup(text);
	return ERR_OK;
}

void sim_faults_write(const struct sim_faults *faults, struct jsonw *w)
{
	jsonw_open(w, '{');
	for (int i = 0; i < SIM_FAULTS; i++) {
		jsonw_key(w, sim_fault_rows[i].name);
		if (faults->text[i])
			jsonw_str(w, faults->text[i]);
		else if (sim_fault_rows[i].type == SIM_VALUE_WORD)
			jsonw_str(w, words_of(i)[(int)faults->value[i]]);
		else if (sim_fault_rows[i].type == SIM_VALUE_FLAG)
			jsonw_str(w, faults->value[i] > 0 ? "on" : "off");
		else
			jsonw_num(w, faults->value[i]);
	}
	jsonw_close(w, '}');
}

enum sim_loss sim_faults_loss(struct sim_faults *faults, enum sim_fault fault, enum sim_fault count)
{
	enum sim_loss loss = (enum sim_loss)faults->value[fault];

	if (loss == SIM_LOSS_NONE || faults->value[count] <= 0)
		return loss;
	faults->value[count] -= 1;
	g_clear_pointer(&faults->text[count], g_free);
	if (faults->value[count] <= 0) {
		faults->value[fault] = SIM_LOSS_NONE;
		g_clear_pointer(&faults->text[fault], g_free);
	}
	return loss;
}

bool sim_faults_hit(const struct sim_faults *faults, enum sim_fault fault, uint64_t seed, uint64_t number)
{
	if (faults->value[fault] <= 0)
		return false;
	return (double)(rng_hash(rng_hash(seed, number), (uint64_t)fault) >> 11) * 0x1p-53 <
	       faults->value[fault];
}

bool sim_faults_take(struct sim_faults *faults, enum sim_fault fault, struct sim_bucket *bucket,
		     int64_t mono_ms, int *wait_s)
{
	double rate = faults->value[fault], burst = fmax(faults->burst[fault], 1);

	*wait_s = 0;
	if (rate <= 0)
		return true;
	if (bucket->filled_ms == 0)
		bucket->tokens = burst;
	else
		bucket->tokens = fmin(burst,
				      bucket->tokens + (double)(mono_ms - bucket->filled_ms) / 1e3 * rate);
	bucket->filled_ms = mono_ms ? mono_ms : 1;
	if (bucket->tokens >= 1) {
		bucket->tokens -= 1;
		return true;
	}
	*wait_s = (int)ceil((1 - bucket->tokens) / rate);
	if (faults->value[SIM_FAULT_RETRY_AFTER] > 0)
		*wait_s = (int)ceil(faults->value[SIM_FAULT_RETRY_AFTER] / 1e3);
	return false;
}
