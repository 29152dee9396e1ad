/* Orders of the list, and the filter. */
#include "ui/health/health.h"

#include "base/moment.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static int compare_numbers(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return (a > b) - (a < b);
}

static int compare_moments(int64_t a, int64_t b)
{
	if (a == MOMENT_NONE || b == MOMENT_NONE)
		return (a == MOMENT_NONE) - (b == MOMENT_NONE);
	return (a > b) - (a < b);
}

/* Runs of digits by their value, so that "Hive 2" stands before "Hive 10". */
static int compare_digits(const char **a, const char **b)
{
	while (**a == '0' && g_ascii_isdigit((*a)[1]))
		++*a;
	while (**b == '0' && g_ascii_isdigit((*b)[1]))
		++*b;
	size_t n = strspn(*a, "0123456789"), m = strspn(*b, "0123456789");
	int order = n != m ? (n > m) - (n < m) : strncmp(*a, *b, n);
	*a += n;
	*b += m;
	return order;
}

static int compare_names(const char *a, const char *b)
{
	if (!a || !b)
		return !a - !b;
	while (*a && *b) {
		if (g_ascii_isdigit(*a) && g_ascii_isdigit(*b)) {
			int order = compare_digits(&a, &b);
			if (order)
				return order;
			continue;
		}
		unsigned char x = (unsigned char)g_ascii_tolower(*a++),
			      y = (unsigned char)g_ascii_tolower(*b++);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return (*a != '\0') - (*b != '\0');
}

/* A vendor tells days or percent or both; days say when somebody has to go. */
static int compare_batteries(const struct health_item *a, const struct health_item *b)
{
	int order = compare_numbers(a->battery_days, b->battery_days);
	return order ? order : compare_numbers(a->battery_percent, b->battery_percent);
}

int health_compare_place(const struct health_item *a, const struct health_item *b)
{
	int order = compare_names(a->building, b->building);
	order = order ? order : (a->account > b->account) - (a->account < b->account);
	order = order ? order : compare_numbers(a->storey, b->storey);
	return order ? order : compare_names(a->floor, b->floor);
}

int health_compare_walk(const struct health_item *a, const struct health_item *b)
{
	int order = health_compare_place(a, b);
	order = order ? order : compare_names(a->room, b->room);
	order = order ? order : compare_names(a->name, b->name);
	return order ? order : strcmp(a->key, b->key);
}

/* Newly failed devices first, hives before the sensors that they take along. */
static int compare_states(const struct health_item *a, const struct health_item *b)
{
	int order = (a->state > b->state) - (a->state < b->state);
	if (order)
		return order;
	if (a->state == HEALTH_OFFLINE) {
		order = (b->kind == KIND_GATEWAYS) - (a->kind == KIND_GATEWAYS);
		return order ? order : compare_moments(b->since_ms, a->since_ms);
	}
	return a->state == HEALTH_BATTERY ? compare_batteries(a, b) : 0;
}

static int compare_by(const struct health_item *a, const struct health_item *b, enum health_order order)
{
	switch (order) {
	case HEALTH_BY_SINCE:
		return compare_moments(a->since_ms, b->since_ms);
	case HEALTH_BY_BATTERY:
		return compare_batteries(a, b);
	case HEALTH_BY_NAME:
		return compare_names(a->name, b->name);
	case HEALTH_BY_TYPE:
		return compare_names(a->type, b->type);
	case HEALTH_BY_ROOM:
		return compare_names(a->room, b->room);
	case HEALTH_BY_FLOOR:
		return health_compare_place(a, b);
	case HEALTH_BY_SEEN:
		return compare_moments(a->last_seen_ms, b->last_seen_ms);
	case HEALTH_BY_BUILDING:
		return compare_names(a->building, b->building);
	case HEALTH_BY_ACCOUNT:
		return (a->account > b->account) - (a->account < b->account);
	case HEALTH_BY_ADDRESS:
		return compare_names(a->address, b->address);
	case HEALTH_BY_STATUS:
	case HEALTH_ORDERS:
		break;
	}
	return 0;
}

int health_compare(const struct health_item *a, const struct health_item *b, enum health_order order)
{
	int by = compare_by(a, b, order);
	by = by ? by : compare_states(a, b);
	return by ? by : health_compare_walk(a, b);
}

char *health_filter(const char *typed)
{
	if (!typed)
		return NULL;
	g_autofree char *valid = g_utf8_make_valid(typed, -1);
	char *folded = g_utf8_casefold(g_strstrip(valid), -1);
	if (*folded)
		return folded;
	g_free(folded);
	return NULL;
}

bool health_matches(const struct health_item *item, const char *filter)
{
	while (filter && *filter) {
		size_t n = strcspn(filter, " ");
		if (n > 0) {
			g_autofree char *word = g_strndup(filter, n);
			if (!strstr(item->search, word))
				return false;
		}
		filter += n + strspn(filter + n, " ");
	}
	return true;
}
