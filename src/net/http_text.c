/* What went wrong, in words for a person; and the trace. */
#include "net/http_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* OpenSSL's numbers of certificate failures, as CURLINFO_SSL_VERIFYRESULT gives them
 * (openssl-verification-options(1)). */
enum {
	VERIFY_UNSPECIFIED = 1,
	VERIFY_NO_ISSUER = 2,
	VERIFY_NOT_YET = 9,
	VERIFY_EXPIRED = 10,
	VERIFY_SELF_SIGNED = 18,
	VERIFY_SELF_SIGNED_CHAIN = 19,
	VERIFY_NO_LOCAL_ISSUER = 20,
	VERIFY_NO_SIGNER = 21,
};

static void LODGE_PRINTF(4, 5)
	fail(struct http_answer *answer, int error, bool passing, const char *format, ...)
{
	va_list args;

	answer->error = error;
	answer->passing = passing;
	va_start(args, format);
	g_vsnprintf(answer->why, sizeof(answer->why), format, args);
	va_end(args);
}

static void certificate_failure(struct transfer *transfer, const char *host, struct http_answer *answer)
{
	long result = 0;
	const char *why = "it is not trusted (add its authority with ca_file=)";

	(void)curl_easy_getinfo(transfer->easy, CURLINFO_SSL_VERIFYRESULT, &result);
	if (result == VERIFY_EXPIRED)
		why = "it has expired";
	else if (result == VERIFY_NOT_YET)
		why = "it is not valid yet; is this machine's clock right?";
	else if (result == VERIFY_SELF_SIGNED)
		why = "it is not trusted: it is self-signed (add it with ca_file=)";
	else if (result == VERIFY_SELF_SIGNED_CHAIN || result == VERIFY_NO_LOCAL_ISSUER ||
		 result == VERIFY_NO_SIGNER || result == VERIFY_NO_ISSUER)
		why = "it is not trusted: its issuer is unknown (add the issuer with ca_file=)";
	/* The host's name is compared by curl itself, after the chain was found good and before it notes
	 * so. */
	else if (result <= VERIFY_UNSPECIFIED && strstr(transfer->curl_text, "name") != NULL)
		why = "it is for another name";
	fail(answer, ERR_UNREACHED, false, "the certificate of %s cannot be accepted: %s", host, why);
}

/* curl tells only in later versions whether a proxy was used; that one may have been is worth saying. */
static const char *proxy_hint(const struct transfer *transfer)
{
	static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

	for (size_t i = 0; i < G_N_ELEMENTS(names) && !http_url_loopback(transfer->url); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return " or by the proxy on the way";
	}
	return "";
}

static void connect_failure(struct transfer *transfer, const char *host, struct http_answer *answer)
{
	long number = 0;

	(void)curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
	if (number == ECONNREFUSED)
		fail(answer, ERR_UNREACHED, true, "connection refused by %s%s", host, proxy_hint(transfer));
	else if (number == ENETUNREACH || number == EHOSTUNREACH || number == ENETDOWN)
		fail(answer, ERR_UNREACHED, true, "there is no way to %s from here", host);
	else if (number == EACCES || number == EPERM)
		fail(answer, ERR_UNREACHED, false, "this machine does not let us connect to %s", host);
	else
		fail(answer, ERR_UNREACHED, true, "no connection to %s", host);
}

static void too_big(const struct transfer *transfer, struct http_answer *answer)
{
	size_t ceiling = transfer->answer.ceiling;

	if (transfer->head.bytes > HTTP_HEAD_CEILING)
		fail(answer, ERR_TOO_BIG, false, "the head of the answer is too large");
	else if (ceiling >= 1u << 20)
		fail(answer, ERR_TOO_BIG, false, "the answer is larger than %zu MB", ceiling >> 20);
	else
		fail(answer, ERR_TOO_BIG, false, "the answer is larger than %zu bytes", ceiling);
}

static void broken_off(const struct transfer *transfer, const char *host, struct http_answer *answer)
{
	if (transfer->phase == PHASE_BODY)
		fail(answer, ERR_UNREACHED, true, "%s broke off in the middle of its answer", host);
	else if (transfer->phase == PHASE_ANSWER)
		fail(answer, ERR_UNREACHED, true, "%s closed the connection without an answer", host);
	else
		fail(answer, ERR_UNREACHED, true, "%s closed the connection", host);
}

void http_failure_timeout(const struct transfer *transfer, struct http_answer *answer)
{
	double timeout_s = (double)transfer->http->timeout_ms / 1000;
	char host[128];

	http_url_host(transfer->url, host, sizeof(host));
	if (transfer->phase == PHASE_BODY)
		fail(answer, ERR_TIMEOUT, true, "%s stopped in the middle of its answer for %g s", host,
		     timeout_s);
	else if (transfer->phase == PHASE_ANSWER)
		fail(answer, ERR_TIMEOUT, true, "%s did not answer within %g s", host, timeout_s);
	else
		fail(answer, ERR_TIMEOUT, true, "no connection to %s within %g s", host, timeout_s);
}

void http_failure(struct transfer *transfer, CURLcode code, struct http_answer *answer)
{
	char host[128];

	http_url_host(transfer->url, host, sizeof(host));
	if (transfer->too_big || code == CURLE_FILESIZE_EXCEEDED) {
		too_big(transfer, answer);
		return;
	}
	if (transfer->out_of_reach && !transfer->request_sent) {
		fail(answer, ERR_DENIED, false, "%s is not an address of the public internet", host);
		return;
	}
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		fail(answer, ERR_UNREACHED, false, "the name %s cannot be found", host);
		break;
	case CURLE_COULDNT_RESOLVE_PROXY:
		fail(answer, ERR_UNREACHED, false, "the name of the proxy cannot be found");
		break;
	case CURLE_PROXY:
		fail(answer, ERR_UNREACHED, false, "the proxy did not lead to %s", host);
		break;
	case CURLE_COULDNT_CONNECT:
		connect_failure(transfer, host, answer);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		http_failure_timeout(transfer, answer);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		certificate_failure(transfer, host, answer);
		break;
	case CURLE_SSL_CACERT_BADFILE:
		fail(answer, ERR_CONFIG, false, "the certificates in ca_file cannot be read");
		break;
	case CURLE_SSL_CONNECT_ERROR:
		fail(answer, ERR_UNREACHED, false,
		     "no secure connection to %s: TLS 1.2 or later could not be agreed", host);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		fail(answer, ERR_PARSE, true, "what %s sent is not HTTP", host);
		break;
	case CURLE_BAD_CONTENT_ENCODING:
		fail(answer, ERR_PARSE, true, "the answer of %s is damaged: its compression cannot be undone",
		     host);
		break;
	case CURLE_OUT_OF_MEMORY:
	/* our own callback refuses for want of memory only; ceilings were told above */
	case CURLE_WRITE_ERROR:
		fail(answer, ERR_NOMEM, false, "%s", err_text(ERR_NOMEM));
		break;
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_ABORTED_BY_CALLBACK: /* on_connected: a request that must not be repeated */
		broken_off(transfer, host, answer);
		break;
	default:
		fail(answer, ERR_UNREACHED, false, "the request to %s failed (curl's error %d)", host,
		     (int)code);
		break;
	}
}

/* One line a request. No header, no body, no value of the query. */
void http_trace(const struct transfer *transfer, const struct http_answer *answer)
{
	const struct http *http = transfer->http;
	char attempt[24] = "", outcome[16];
	char *shape;

	if (http->logger == NULL)
		return;
	shape = http_url_shape(transfer->url, transfer->shape);
	if (transfer->attempt > 1)
		g_snprintf(attempt, sizeof(attempt), " (try %u)", transfer->attempt);
	if (answer->error == ERR_OK)
		g_snprintf(outcome, sizeof(outcome), "%d", answer->status);
	else
		g_strlcpy(outcome, err_name(answer->error), sizeof(outcome));
	logger_write(http->logger, LOG_LEVEL_DEBUG, http->scope, "%s %s %s %zu B %" PRId64 " ms%s%s%s",
		     transfer->method, shape, outcome, transfer->answer.length, answer->duration_ms, attempt,
		     answer->error != ERR_OK ? ": " : "", answer->error != ERR_OK ? answer->why : "");
	g_free(shape);
}
