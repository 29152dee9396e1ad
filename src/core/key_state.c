/* The validity of keys and keychains as the vendor tells them. */
#include "core/visitor.h"

#include "base/moment.h"
#include "core/validity.h"
#include "core/when.h"
#include "model/access.h"

#include <glib.h>
#include <string.h>

#define LAST_SECOND (24 * 3600 - 1)
#define TIME_SIZE 16

const char *key_state_name(enum key_state state)
{
	static const char *const names[] = {
		[KEY_SCHEDULED] = "scheduled", [KEY_ACTIVE] = "active",   [KEY_PAUSED] = "paused",
		[KEY_EXPIRED] = "expired",     [KEY_REVOKED] = "revoked", [KEY_UNKNOWN] = "unknown",
	};
	return names[state];
}

/* "11:00:00"; also as a server writes a time of day that it keeps as a moment, "2000-01-01T11:00:00.000Z". -1: not told. */
static int read_time(const char *text, bool *odd)
{
	char time[TIME_SIZE];
	if (!text)
		return -1;
	const char *t = strchr(text, 'T');
	g_strlcpy(time, t ? t + 1 : text, sizeof(time));
	time[strcspn(time, ".Z")] = '\0';
	if (strcmp(time, "24:00:00") == 0 || strcmp(time, "24:00") == 0)
		return LAST_SECOND;
	int time_s = when_time_s(time);
	*odd |= time_s < 0;
	return time_s;
}

/* The moment of a date and a time of day; MOMENT_NONE where no date is told. */
static int64_t read_moment(const char *text, int time_s, const struct moment_zone *zone, bool *odd)
{
	char date_text[11];
	struct moment_parts date;
	if (!text)
		return MOMENT_NONE;
	g_strlcpy(date_text, text, sizeof(date_text));
	/* The names of days that a person may type are none of the vendor's words. */
	if (!g_ascii_isdigit(date_text[0]) || !when_date(date_text, 0, NULL, &date)) {
		*odd = true;
		return MOMENT_NONE;
	}
	return when_join(&date, time_s, zone);
}

static unsigned read_weekdays(const struct words *words, bool *odd)
{
	unsigned days = 0;
	for (size_t i = 0; i < words->n; i++) {
		const char *word = words->at[i];
		int day = word ? validity_weekday(word, strlen(word)) : -1;
		*odd |= day < 0;
		days |= day < 0 ? 0 : 1u << day;
	}
	return days;
}

static struct validity of_keychain(const struct keychain *chain, const struct moment_zone *zone)
{
	struct validity validity = {0};
	validity.weekdays = read_weekdays(&chain->weekdays, &validity.odd);
	validity.time_from_s = read_time(chain->valid_time_from, &validity.odd);
	validity.time_to_s = read_time(chain->valid_time_to, &validity.odd);
	int from_s = validity.time_from_s < 0 ? 0 : validity.time_from_s;
	int to_s = validity.time_to_s < 0 ? LAST_SECOND : validity.time_to_s;
	validity.from_ms = read_moment(chain->valid_date_from, from_s, zone, &validity.odd);
	validity.until_ms = read_moment(chain->valid_date_to, to_s, zone, &validity.odd);
	/* Hours over midnight: which day they belong to is nowhere told. */
	validity.odd |= validity.weekdays && from_s >= to_s;
	validity.told = chain->weekdays.n || validity.from_ms != MOMENT_NONE ||
			validity.until_ms != MOMENT_NONE;
	return validity;
}

/* The key's own moments count; what it does not tell is its keychain's. */
static struct validity of_key(const struct access_key *key, const struct keychain *chain,
			      const struct moment_zone *zone)
{
	struct validity validity = {.from_ms = MOMENT_NONE,
				    .until_ms = MOMENT_NONE,
				    .time_from_s = -1,
				    .time_to_s = -1};
	if (chain)
		validity = of_keychain(chain, zone);
	bool own = key->activated_ms != MOMENT_NONE || key->expired_ms != MOMENT_NONE;
	if (key->activated_ms != MOMENT_NONE)
		validity.from_ms = key->activated_ms;
	if (key->expired_ms != MOMENT_NONE)
		validity.until_ms = key->expired_ms;
	validity.told |= own;
	/* With both moments its own, dates of a keychain without weekdays do not matter, readable or not. */
	if (key->activated_ms != MOMENT_NONE && key->expired_ms != MOMENT_NONE &&
	    (!chain || !chain->weekdays.n))
		validity.odd = false;
	return validity;
}

static bool is_revoked(const struct access_key *key)
{
	return key->status && (g_ascii_strcasecmp(key->status, "revoked") == 0 ||
			       g_ascii_strcasecmp(key->status, "deleted") == 0);
}

/* What the key's own moments decide alone: most keys, without the time that reading a zone takes. */
static enum key_state state_by_moments(const struct access_key *key, const struct keychain *chain,
				       int64_t now_ms)
{
	if (key->expired_ms == MOMENT_NONE || key->activated_ms == MOMENT_NONE)
		return KEY_UNKNOWN;
	if (now_ms > key->expired_ms)
		return KEY_EXPIRED;
	if (now_ms < key->activated_ms)
		return KEY_SCHEDULED;
	return chain && chain->weekdays.n ? KEY_UNKNOWN : KEY_ACTIVE;
}

enum key_state key_state_at(const struct access_key *key, const struct keychain *chain, const char *zone_name,
			    int64_t now_ms)
{
	if (is_revoked(key))
		return KEY_REVOKED;
	enum key_state early = state_by_moments(key, chain, now_ms);
	if (early != KEY_UNKNOWN)
		return early;
	struct moment_zone *zone = moment_zone_new(zone_name);
	struct validity validity = of_key(key, chain, zone);
	/* Moments that were made with a zone that nobody knows are a guess. */
	bool guessed = !zone && ((key->activated_ms == MOMENT_NONE && validity.from_ms != MOMENT_NONE) ||
				 (key->expired_ms == MOMENT_NONE && validity.until_ms != MOMENT_NONE));
	enum key_state state = guessed ? KEY_UNKNOWN : validity_state(&validity, zone, now_ms);
	moment_zone_free(zone);
	return state;
}

enum key_state keychain_state_at(const struct keychain *chain, const char *zone_name, int64_t now_ms)
{
	struct moment_zone *zone = moment_zone_new(zone_name);
	struct validity validity = of_keychain(chain, zone);
	enum key_state state = zone ? validity_state(&validity, zone, now_ms) : KEY_UNKNOWN;
	moment_zone_free(zone);
	return state;
}

static void add_words(const struct validity *validity, const struct moment_zone *zone, int64_t now_ms,
		      bool ascii, struct buf *out)
{
	validity_words(validity, zone, now_ms, ascii, out);
	if (!zone && validity->told)
		buf_adds(out, " (UTC)");
}

void key_words(const struct access_key *key, const struct keychain *chain, const char *zone_name,
	       int64_t now_ms, bool ascii, struct buf *out)
{
	if (is_revoked(key)) {
		buf_adds(out, "revoked");
		return;
	}
	struct moment_zone *zone = moment_zone_new(zone_name);
	struct validity validity = of_key(key, chain, zone);
	add_words(&validity, zone, now_ms, ascii, out);
	moment_zone_free(zone);
}

void keychain_words(const struct keychain *chain, const char *zone_name, int64_t now_ms, bool ascii,
		    struct buf *out)
{
	struct moment_zone *zone = moment_zone_new(zone_name);
	struct validity validity = of_keychain(chain, zone);
	add_words(&validity, zone, now_ms, ascii, out);
	moment_zone_free(zone);
}
