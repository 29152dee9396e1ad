#include "net/token.h"

#include "base/moment.h"
#include "base/secret.h"

#include <math.h>
#include <stddef.h>

#define LIFE_UNKNOWN_S 300.0
#define LIFE_MOST_S (400.0 * 86400)
#define MARGIN_MOST_MS INT64_C(300000)

void token_fini(struct token *token)
{
	secret_free(token->access);
	secret_free(token->refresh);
	secret_free(token->client_id);
	*token = (struct token){.expires_ms = MOMENT_NONE};
}

static void replace(char **slot, char *text)
{
	if (*slot != text)
		secret_free(*slot);
	*slot = text;
}

void token_set(struct token *token, char *access, char *refresh, double life_s, int64_t now_ms)
{
	if (!isfinite(life_s) || life_s <= 0 || life_s > LIFE_MOST_S)
		life_s = LIFE_UNKNOWN_S;
	replace(&token->access, access);
	replace(&token->refresh, refresh);
	token->obtained_ms = now_ms;
	token->expires_ms = now_ms + (int64_t)(life_s * 1000);
	token->generation++;
}

bool token_usable(const struct token *token, int64_t now_ms)
{
	int64_t margin_ms;

	if (token->access == NULL)
		return false;
	if (token->expires_ms == MOMENT_NONE)
		return true;
	if (now_ms < token->obtained_ms)
		return false;
	margin_ms = (token->expires_ms - token->obtained_ms) / 4;
	if (margin_ms > MARGIN_MOST_MS)
		margin_ms = MARGIN_MOST_MS;
	return now_ms < token->expires_ms - margin_ms;
}

void token_drop_access(struct token *token) { replace(&token->access, NULL); }

void token_drop_refresh(struct token *token) { replace(&token->refresh, NULL); }
