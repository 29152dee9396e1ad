/* `lodge password ACCOUNT`: asks for the present and the new password without showing them, and changes it at the vendor (butterflymx.md §3.5). */
#include "app/args.h"
#include "app/cmds.h"
#include "app/collect.h"
#include "base/jsonx.h"
#include "base/secret.h"
#include "base/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_PATH "/api/v1/password"
#define LINE_SIZE 512

const struct command_option password_options[] = {{NULL, NULL, NULL}};

/* One line from the terminal, not shown; from a pipe as it is. NULL at the end of input. */
static bool ask_line(const char *prompt, char line[LINE_SIZE])
{
	struct termios before, quiet;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0, got;

	if (terminal) {
		fprintf(stderr, "%s: ", prompt);
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(line, LINE_SIZE, stdin) != NULL;
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	line[got ? strcspn(line, "\r\n") : 0] = '\0';
	return got && line[0] != '\0';
}

static void add_form(struct buf *body, const char *name, const char *value)
{
	static const char hex[] = "0123456789ABCDEF";

	buf_addf(body, "%s%s=", body->length > 0 ? "&" : "", name);
	for (const unsigned char *c = (const unsigned char *)value; *c != '\0'; c++) {
		if (g_ascii_isalnum(*c) || strchr("-._~", *c) != NULL) {
			buf_addc(body, (char)*c);
		} else {
			buf_addc(body, '%');
			buf_addc(body, hex[*c >> 4]);
			buf_addc(body, hex[*c & 15]);
		}
	}
}

/* The server's words: {"errors":"…"} or {"errors":["…"]}. */
static void refusal(const struct outcome *outcome, char *out, size_t size)
{
	struct work_answer answer = {.status = outcome->status,
				     .body = outcome->body == NULL ? "" : outcome->body,
				     .length = outcome->body_length};

	work_server_message(&answer, out, size);
	if (out[0] == '\0')
		g_snprintf(out, size, "the server answered %d", outcome->status);
}

static int send_change(struct app *app, const struct account *account, struct buf *body)
{
	static const char *const headers[] = {"Content-Type", "application/x-www-form-urlencoded", NULL};
	struct collect *collect = collect_new(app);
	struct ask *ask = ask_new(ASK_CALL, 0);
	struct outcome *outcome;
	struct problem problem;
	char why[300] = "";
	int64_t line;
	int status = EXIT_ALL_WELL;

	if (!collect_note_begin(collect, account, "change", "password", &line, &problem)) {
		app_complain(app, account->name, &problem);
		ask_free(ask);
		collect_free(collect);
		return exit_of_error(problem.code);
	}
	ask->method = g_strdup("PUT");
	ask->path = g_strdup(PASSWORD_PATH);
	ask->at_sign_in = true;
	ask->headers = g_strdupv((char **)(uintptr_t)headers);
	ask->body = g_memdup2(buf_text(body), body->length + 1);
	ask->body_length = body->length;
	outcome = collect_ask(collect, account, ask);
	collect_run(collect);
	if (outcome->problem.code != ERR_OK && outcome->status == 0) {
		app_complain(app, account->name, &outcome->problem);
		problem_text(&outcome->problem, why, sizeof(why));
		status = exit_of_error(outcome->problem.code);
	} else if (outcome->status < 200 || outcome->status > 299) {
		refusal(outcome, why, sizeof(why));
		problem_set(&problem, ERR_DENIED, "the password stays as it was", NULL, "%s", why);
		app_complain(app, account->name, &problem);
		status = outcome->status >= 500 ? EXIT_ERROR : EXIT_NOT_ALLOWED;
	} else {
		app_note(app, account->name,
			 "the password is changed; put the new one where the configuration takes it from");
	}
	/* What was not answered may have been done all the same. */
	collect_note_end(collect, line,
			 status == EXIT_ALL_WELL  ? "done"
			 : outcome->status == 0   ? "unsure"
			 : outcome->status >= 500 ? "unsure"
						  : "failed",
			 why[0] == '\0' ? NULL : why);
	collect_free(collect);
	return status;
}

static int change(struct app *app, const struct account *account)
{
	char present[LINE_SIZE], wanted[LINE_SIZE], again[LINE_SIZE];
	struct problem problem;
	struct buf body;
	int status = EXIT_USAGE;

	setvbuf(stdin, NULL, _IONBF, 0); /* a buffer would keep them */
	buf_init(&body, BUF_CEILING_REQUEST);
	if (!ask_line("present password", present) || !ask_line("new password", wanted) ||
	    !ask_line("new password again", again)) {
		problem_set(&problem, ERR_USAGE, NULL, NULL, "nothing was changed: a password is missing");
		app_complain(app, NULL, &problem);
	} else if (strcmp(wanted, again) != 0) {
		problem_set(&problem, ERR_USAGE, NULL, NULL,
			    "nothing was changed: the new password was not the same twice");
		app_complain(app, NULL, &problem);
	} else {
		add_form(&body, "account%5Bcurrent_password%5D", present);
		add_form(&body, "account%5Bpassword%5D", wanted);
		add_form(&body, "account%5Bpassword_confirmation%5D", again);
		status = send_change(app, account, &body);
	}
	secret_wipe(present, sizeof(present));
	secret_wipe(wanted, sizeof(wanted));
	secret_wipe(again, sizeof(again));
	buf_wipe(&body);
	return status;
}

static int run(struct app *app, const struct args *args)
{
	const struct account *account;
	struct problem problem;

	if (args->n_positional != 1) {
		problem_set(&problem, ERR_USAGE, NULL, "see `lodge get accounts`", "name one account");
		return args_wrong(app, args->command, &problem);
	}
	account = config_account(app->config, args->positional[0]);
	if (account == NULL || account->vendor != VENDOR_BUTTERFLYMX) {
		problem_set(&problem, ERR_USAGE, NULL, "see `lodge get accounts`",
			    account == NULL ? "no account is named \"%s\""
					    : "the vendor of \"%s\" offers no change of password",
			    args->positional[0]);
		app_complain(app, NULL, &problem);
		return EXIT_USAGE;
	}
	return change(app, account);
}

int cmd_password(struct app *app, int argc, char **argv)
{
	struct args args = {.command = command_find("password")};
	int status = EXIT_USAGE;

	if (args_read(&args, app, argc, argv) == ERR_OK) {
		if (args.help) {
			help_command(app, args.command);
			status = EXIT_ALL_WELL;
		} else if (app_need_config(app)) {
			status = run(app, &args);
		}
	}
	args_fini(&args);
	return status;
}
