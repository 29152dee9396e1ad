/* Issuing visitor keys: the form, a look at all of it, and the sending. */
#include "ui/pane/keys_issue.h"

#include "base/text.h"
#include "ui/widget/wrap.h"

#include <string.h>

enum { LEAVE_STAY, LEAVE_GO };

static const struct raw_hint form_hints[] = {{"Tab", "next"},   {"S-Tab", "back"}, {"Enter", "take"},
					     {"C-s", "review"}, {"Esc", "cancel"}, {NULL, NULL}};
static const struct raw_hint review_hints[] = {{"Enter", "send"},
					       {"Esc", "change"},
					       {"t", "as a template"},
					       {NULL, NULL}};
static const struct raw_hint again_hints[] = {{"Enter", "look for it"}, {"Esc", "change"}, {NULL, NULL}};
static const struct raw_hint leave_hints[] = {{"Tab", "choose"},
					      {"Enter", "answer"},
					      {"Esc", "stay"},
					      {NULL, NULL}};
static const struct raw_hint sending_hints[] = {{"", "one moment"}, {NULL, NULL}};

const struct raw_hint *keys_issue_hints(const struct keys_view *view)
{
	const struct keys_issue *issue = view->issue;
	if (issue->leave.n > 0)
		return leave_hints;
	if (issue->page == ISSUE_FORM)
		return form_hints;
	return issue->page == ISSUE_SENDING ? sending_hints : issue->unsure ? again_hints : review_hints;
}

/* --- life --- */

void keys_issue_open(struct keys_view *view)
{
	unsigned account;
	if (view->issue)
		return;
	if (!keys_may_issue(view, &account)) {
		view->desk->toast(view->desk, false, view->why);
		return;
	}
	view->issue = g_new0(struct keys_issue, 1);
	view->issue->view = view;
	view->issue->account = account;
	issue_form_new(view->issue);
}

void keys_issue_free(struct keys_view *view)
{
	struct keys_issue *issue = view->issue;
	if (!issue)
		return;
	issue_form_free(issue);
	dialog_fini(&issue->leave);
	if (issue->sent)
		g_ptr_array_unref(issue->sent);
	if (issue->made)
		g_ptr_array_unref(issue->made);
	g_free(issue);
	view->issue = NULL;
}

/* --- keys --- */

static void ask_leave(struct keys_issue *issue)
{
	const char *text = issue->unsure
				   ? "Nobody knows yet whether the key was created. Leave without looking?"
				   : "What was typed is lost. Leave the form?";
	dialog_init(&issue->leave, "Leave", text, true);
	dialog_answer(&issue->leave, "Stay", 's');
	dialog_answer(&issue->leave, "Leave", 'l');
}

static void input_form(struct keys_issue *issue, const struct input *input)
{
	switch (form_input(issue->form, input)) {
	case FORM_CHANGED:
		issue->status[0] = '\0';
		issue_check(issue);
		break;
	case FORM_DONE:
		if (!issue_check(issue) && form_show_faults(issue->form))
			return;
		issue->page = ISSUE_REVIEW;
		issue->show_template = false;
		issue->status[0] = '\0';
		break;
	case FORM_CANCELLED:
		if (form_touched(issue->form) || issue->unsure)
			ask_leave(issue);
		else
			keys_issue_free(issue->view);
		break;
	default:
		break;
	}
}

static void copy_template(struct keys_issue *issue)
{
	struct desk *desk = issue->view->desk;
	struct buf text;
	buf_init(&text, BUF_CEILING_LINE);
	issue_template(issue, &text);
	desk->copy(desk, buf_text(&text));
	desk->toast(desk, true, "copied: paste these lines into the configuration");
	buf_fini(&text);
	issue->show_template = true;
}

static void input_review(struct keys_issue *issue, const struct input *input)
{
	if (input->type != INPUT_KEY)
		return;
	switch (input->key) {
	case KEY_ENTER_:
	case KEY_CTRL_ | 's':
	case KEY_F1_ + 1:
		issue_send(issue);
		break;
	case KEY_ESCAPE_:
	case KEY_BACKSPACE_:
	case KEY_CTRL_ | 'c':
	case KEY_TAB_ | KEY_SHIFT_:
		issue->page = ISSUE_FORM;
		break;
	case 't':
		if (!issue->unsure)
			copy_template(issue);
		break;
	default:
		break;
	}
}

bool keys_issue_input(struct keys_view *view, const struct input *input)
{
	struct keys_issue *issue = view->issue;
	if (input->type == INPUT_KEY && (input->key == (KEY_CTRL_ | 'z') || input->key == (KEY_CTRL_ | 'l')))
		return false;
	if (issue->leave.n > 0) {
		int answer = dialog_input(&issue->leave, input);
		if (answer != DIALOG_OPEN)
			dialog_fini(&issue->leave);
		if (answer == LEAVE_GO)
			keys_issue_free(view);
	} else if (issue->page == ISSUE_FORM) {
		input_form(issue, input);
	} else if (issue->page == ISSUE_REVIEW) {
		input_review(issue, input);
	}
	return true;
}

/* --- drawing --- */

static void zone_line(const struct keys_issue *issue, struct buf *out)
{
	const struct issue_unit *unit = issue_unit(issue);
	const char *iana = issue->zone_told ? moment_zone_iana(issue->zone) : NULL;
	if (!unit && iana) {
		buf_adds(out, "Times are those of the unit's building.");
		return;
	}
	if (!iana) {
		buf_adds(out, "Times are this computer's: the building's time zone is not known.");
		return;
	}
	const char *city = strrchr(iana, '/');
	g_autofree char *name = g_strdelimit(g_strdup(city ? city + 1 : iana), "_", ' ');
	buf_addf(out, "Times are those of %s", unit && unit->building ? unit->building : name);
	if (unit && unit->building)
		buf_addf(out, " (%s)", name);
}

/* "Unit  402  Main Street 12": returns the lines. */
static int pair(struct canvas *canvas, int y, const char *label, const char *text)
{
	int width = canvas_clip(canvas).width;
	if (!text || !*text)
		return 0;
	canvas_text(canvas, 2, y, 10, label, STYLE(DIM));
	return MIN(wrap_draw(canvas, 12, y, MAX(width - 13, 4), 3, text, STYLE(TEXT)), 3);
}

static int review_pairs(const struct keys_issue *issue, struct canvas *canvas, int y)
{
	const struct form *form = issue->form;
	const struct issue_unit *unit = issue_unit(issue);
	const char *tenant = world_person_name(issue->view->desk->world, issue_account(issue),
					       form_value(form, VISITOR_USER));
	const struct keychain *chain = world_find(issue->view->desk->world, issue_account(issue),
						  KIND_KEYCHAINS, form_value(form, VISITOR_KEYCHAIN_ID));
	g_autofree char *place = unit ? g_strdup_printf("%s%s%s", unit->name, unit->building ? ", " : "",
							unit->building ? unit->building : "")
				      : g_strdup(form_value(form, VISITOR_UNIT));
	y += pair(canvas, y, "Unit", place);
	y += pair(canvas, y, "Tenant", tenant ? tenant : form_value(form, VISITOR_USER));
	y += pair(canvas, y, "Visitor", form_value(form, VISITOR_NAME));
	if (strcmp(form_value(form, FIELD_WHEN), "keychain") == 0)
		y += pair(canvas, y, "Keychain",
			  chain && chain->name ? chain->name : form_value(form, VISITOR_KEYCHAIN_ID));
	y += pair(canvas, y, "E-mail to", form_value(form, VISITOR_EMAILS));
	y += pair(canvas, y, "SMS to", form_value(form, VISITOR_SMS));
	return y;
}

static int draw_text(struct canvas *canvas, int y, const char *text, struct style style)
{
	struct rect clip = canvas_clip(canvas);
	int lines = MAX(MIN(clip.height - y, 4), 0);
	return MIN(wrap_draw(canvas, 2, y, MAX(clip.width - 3, 4), lines, text, style), lines);
}

static void draw_template(const struct keys_issue *issue, struct canvas *canvas, int y)
{
	struct buf text;
	buf_init(&text, BUF_CEILING_LINE);
	issue_template(issue, &text);
	wrap_draw(canvas, 2, y, MAX(canvas_clip(canvas).width - 3, 4), MAX(canvas_clip(canvas).height - y, 0),
		  buf_text(&text), STYLE(ACCENT));
	buf_fini(&text);
}

static void draw_review(const struct keys_issue *issue, struct canvas *canvas)
{
	struct keys_view *view = issue->view;
	struct visitor visitor;
	struct buf words;
	int roomy = canvas_clip(canvas).height >= 14, y = roomy;
	buf_init(&words, BUF_CEILING_LINE);
	issue_visitor(issue, &visitor);
	/* Their labels stand below, where ids say nothing. */
	visitor_set(&visitor, VISITOR_UNIT, NULL);
	visitor_set(&visitor, VISITOR_KEYCHAIN_ID, NULL);
	visitor_words(&visitor, world_now_ms(view->desk->world), issue->zone, view->desk->ascii, &words);
	visitor_fini(&visitor);
	y += draw_text(canvas, y, buf_text(&words), (struct style){ROLE_STRONG, ROLE_GROUND, ATTR_BOLD}) +
	     roomy;
	y = review_pairs(issue, canvas, y) + roomy;
	buf_reset(&words);
	zone_line(issue, &words);
	y += draw_text(canvas, y, buf_text(&words), issue->zone_told ? STYLE(DIM) : STYLE(WARN)) + roomy;
	if (issue->show_template)
		draw_template(issue, canvas, y);
	else if (issue->page == ISSUE_SENDING)
		draw_text(canvas, y, issue->status, STYLE(ACCENT));
	else if (issue->status[0])
		draw_text(canvas, y, issue->status, STYLE(BAD));
	else
		draw_text(canvas, y, "Enter sends it. Esc goes back to the form.", STYLE(TEXT));
	buf_fini(&words);
}

static void draw_form(const struct keys_issue *issue, struct canvas *canvas)
{
	struct rect clip = canvas_clip(canvas);
	struct buf text;
	int y = 0;
	buf_init(&text, BUF_CEILING_LINE);
	if (issue->status[0] && clip.height > 8)
		y += draw_text(canvas, 0, issue->status, STYLE(BAD));
	else if (clip.height > 10) {
		zone_line(issue, &text);
		y += draw_text(canvas, 0, buf_text(&text), issue->zone_told ? STYLE(DIM) : STYLE(WARN));
	}
	y += clip.height >= 18;
	canvas_enter(canvas, (struct rect){0, y, clip.width, clip.height - y});
	form_draw(issue->form, canvas);
	canvas_leave(canvas);
	buf_fini(&text);
}

void keys_issue_draw(struct keys_view *view, struct canvas *canvas)
{
	struct keys_issue *issue = view->issue;
	if (issue->page == ISSUE_FORM)
		draw_form(issue, canvas);
	else
		draw_review(issue, canvas);
	if (issue->leave.n > 0)
		dialog_draw(&issue->leave, canvas);
}
