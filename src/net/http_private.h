/* Inside of the http module: one transfer, and what its files share. */
#ifndef LODGE_NET_HTTP_PRIVATE_H
#define LODGE_NET_HTTP_PRIVATE_H

#include "net/http.h"

#include <curl/curl.h>
#include <glib.h>

#define HTTP_REDIRECTS 3
#define HTTP_HEAD_CEILING (256u << 10) /* of all header lines of one transfer, interim answers included */

/* What the header lines of the last answer said; texts are "" when not sent. */
struct http_head {
	size_t bytes;
	char content_type[96];
	char etag[128];
	char retry_after[64];
	char date[64];
	int64_t max_age_s; /* -1: not sent */
	int64_t age_s;
	bool no_store;
};

enum transfer_phase { PHASE_QUEUED, PHASE_CONNECT, PHASE_ANSWER, PHASE_BODY };

struct transfer {
	GList link; /* in http->queued or http->active; data points back here */
	struct http *http;
	int64_t number;
	CURL *easy;
	struct curl_slist *headers; /* may hold credentials */
	char *method, *url, *shape;
	char *body;
	size_t body_length;
	bool secret_body, repeatable, no_redirects;
	enum http_reach reach;
	unsigned attempt, redirects;
	http_done_fn done;
	void *ctx;

	enum transfer_phase phase;
	bool request_sent;
	bool too_big;      /* a ceiling of ours ended it */
	bool out_of_reach; /* an address of the host was not connected to */
	unsigned sends;    /* how often curl put it on a connection since the last redirect */
	int64_t started_ms, progress_ms;
	curl_off_t uploaded;
	struct http_head head;
	struct buf answer;
	char curl_text[CURL_ERROR_SIZE];
};

struct poll;

struct http {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t timer; /* curl's */
	uv_timer_t watch; /* looks for transfers without progress */
	struct poll *polls;
	unsigned handles; /* uv handles not closed yet */
	int64_t watched_ms;
	int64_t last_number;
	GQueue queued, active;

	char *user_agent, *scope;
	int64_t timeout_ms;
	struct logger *logger;
	const struct clock *clock;
	struct buf trusted; /* the system's CAs and ca_file; empty without ca_file */

	bool closing;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

/* http_loop.c: curl's sockets and timer on the uv loop. */
int http_loop_init(struct http *http, struct problem *problem);
void http_loop_close(struct http *http);
void http_loop_watch(struct http *http); /* starts or stops the watch as needed */

/* http_curl.c: a transfer's easy handle. */
int http_easy_make(struct transfer *transfer, const struct http_request *request);
void http_slist_wipe(struct curl_slist *list);

/* http.c: called by the loop. */
void http_transfer_done(struct transfer *transfer, CURLcode code);
void http_transfer_timed_out(struct transfer *transfer);

/* http_head.c: one header line; the values of the whole head. */
void http_head_line(struct http_head *head, const char *line, size_t length);
void http_head_values(const struct http_head *head, int64_t wall_ms, struct http_answer *answer);

/* http_text.c: what happened, in plain words. */
void http_failure(struct transfer *transfer, CURLcode code, struct http_answer *answer);
void http_failure_timeout(const struct transfer *transfer, struct http_answer *answer);
void http_trace(const struct transfer *transfer, const struct http_answer *answer);

/* http_url.c */
bool http_url_loopback(const char *url);
char *http_url_whole_host(const char *url); /* in lower case; g_free it; NULL: none */
void http_url_host(const char *url, char *out, size_t size);
char *http_url_shape(const char *url, const char *shape); /* g_free it */
bool http_same_origin(const char *url, const char *other);

/* http_reach.c: whether an address may be connected to; makes the transfer's handle ask so. */
struct sockaddr;
bool http_reach_allows(enum http_reach reach, const struct sockaddr *address);
int http_reach_set(struct transfer *transfer);

/* http_ca.c */
int http_ca_load(struct buf *out, const char *ca_file, struct problem *problem);

#endif
