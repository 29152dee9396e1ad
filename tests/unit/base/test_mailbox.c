#include "base/mailbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdatomic.h>

/* A number on its way; `alive` counts those that nobody freed yet. */
struct item {
	struct mail mail;
	int value;
	atomic_int *alive;
};

static void drop(struct mail *mail)
{
	atomic_int *alive = ((struct item *)mail)->alive;
	free(mail);
	atomic_fetch_sub(alive, 1);
}

struct reader {
	uv_loop_t loop;
	struct mailbox *box;
	atomic_int alive;
	int values[1000];
	unsigned count, close_at, post_at;
	uint64_t sum;
};

static struct item *item_new(struct reader *reader, int value, uint64_t key, bool must_keep)
{
	struct item *item = calloc(1, sizeof(*item));
	*item = (struct item){.mail = {.key = key, .must_keep = must_keep, .discard = drop},
			      .value = value,
			      .alive = &reader->alive};
	atomic_fetch_add(&reader->alive, 1);
	return item;
}

static void post(struct reader *reader, int value, uint64_t key, bool must_keep)
{
	mailbox_post(reader->box, &item_new(reader, value, key, must_keep)->mail);
}

static void on_mail(void *ctx, struct mail *mail)
{
	struct reader *reader = ctx;
	int value = ((struct item *)mail)->value;
	reader->values[reader->count++ % 1000] = value;
	reader->sum += (uint64_t)value;
	drop(mail);
	if (reader->count == reader->post_at)
		post(reader, 77, 0, false);
	if (reader->count == reader->close_at)
		mailbox_close(reader->box);
}

static int set_up(void **state)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	if (uv_loop_init(&reader->loop) != 0)
		return -1;
	reader->box = mailbox_new(&reader->loop, 4, on_mail, reader);
	*state = reader;
	return reader->box ? 0 : -1;
}

/* The loop ends with no living handle and every item was freed once. */
static int tear_down(void **state)
{
	struct reader *reader = *state;
	if (!reader->close_at)
		mailbox_close(reader->box);
	uv_run(&reader->loop, UV_RUN_DEFAULT);
	int err = uv_loop_close(&reader->loop) != 0 || atomic_load(&reader->alive) != 0;
	free(reader);
	return err ? -1 : 0;
}

static void drain(struct reader *reader) { uv_run(&reader->loop, UV_RUN_NOWAIT); }

static void expect(const struct reader *reader, unsigned count, const int *values)
{
	assert_int_equal(reader->count, count);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(reader->values[i], values[i]);
}

static void items_come_first_in_first_out(void **state)
{
	struct reader *reader = *state;
	for (int i = 1; i <= 4; i++)
		post(reader, i, 0, false);
	assert_int_equal(reader->count, 0); /* only the loop delivers */
	drain(reader);
	expect(reader, 4, (int[]){1, 2, 3, 4});
	drain(reader);
	assert_int_equal(reader->count, 4);
	assert_true(mailbox_dropped(reader->box) == 0);
}

static void latest_state_wins_in_its_place(void **state)
{
	struct reader *reader = *state;
	post(reader, 1, 7, false);
	post(reader, 2, 0, false);
	post(reader, 3, 8, false);
	post(reader, 4, 7, false);
	post(reader, 5, 7, false);
	assert_int_equal(atomic_load(&reader->alive), 3);
	assert_true(mailbox_dropped(reader->box) == 2);
	drain(reader);
	expect(reader, 3, (int[]){5, 2, 3});
	/* Once read, a key is free again. */
	post(reader, 6, 7, false);
	drain(reader);
	expect(reader, 4, (int[]){5, 2, 3, 6});
	assert_true(mailbox_dropped(reader->box) == 2);
}

static void states_are_replaced_anywhere_in_the_queue(void **state)
{
	struct reader *reader = *state;
	for (int i = 1; i <= 3; i++)
		post(reader, i, (uint64_t)i, false);
	for (int i = 1; i <= 3; i++)
		post(reader, i * 10, (uint64_t)i, false);
	post(reader, 99, 0, false);
	drain(reader);
	expect(reader, 4, (int[]){10, 20, 30, 99});
}

static void oldest_is_dropped_beyond_the_ceiling(void **state)
{
	struct reader *reader = *state;
	post(reader, 1, 0, true);
	post(reader, 2, 9, false);
	for (int i = 3; i <= 7; i++)
		post(reader, i, 0, false);
	assert_true(mailbox_dropped(reader->box) == 3);
	drain(reader);
	expect(reader, 4, (int[]){1, 2, 6, 7});
}

static void what_must_be_kept_passes_the_ceiling(void **state)
{
	struct reader *reader = *state;
	for (int i = 1; i <= 6; i++)
		post(reader, i, 0, true);
	post(reader, 7, 5, false); /* a state is never dropped for the ceiling either */
	post(reader, 8, 0, false);
	assert_true(mailbox_dropped(reader->box) == 1);
	drain(reader);
	expect(reader, 7, (int[]){1, 2, 3, 4, 5, 6, 7});
}

static void items_may_be_posted_while_reading(void **state)
{
	struct reader *reader = *state;
	reader->post_at = 1;
	post(reader, 1, 0, false);
	for (int turn = 0; reader->count < 2 && turn < 10; turn++)
		drain(reader);
	expect(reader, 2, (int[]){1, 77});
}

static void close_discards_the_unread(void **state)
{
	struct reader *reader = *state;
	reader->close_at = 2;
	for (int i = 1; i <= 4; i++)
		post(reader, i, (uint64_t)i, false);
	mailbox_ref(reader->box);
	drain(reader);
	assert_int_equal(reader->count, 2);
	assert_int_equal(atomic_load(&reader->alive), 0);
	post(reader, 5, 0, true);
	post(reader, 6, 3, false);
	assert_int_equal(atomic_load(&reader->alive), 0);
	uv_run(&reader->loop, UV_RUN_DEFAULT);
	/* The close callback ran; the poster's reference keeps the mailbox. */
	post(reader, 7, 0, false);
	mailbox_close(reader->box);
	assert_int_equal(reader->count, 2);
	assert_int_equal(atomic_load(&reader->alive), 0);
	mailbox_unref(reader->box);
	mailbox_unref(NULL);
}

static void items_without_discard_are_let_go(void **state)
{
	struct reader *reader = *state;
	struct mail mails[2] = {{.key = 3}, {.key = 3}};
	mailbox_post(reader->box, &mails[0]);
	mailbox_post(reader->box, &mails[1]);
	assert_true(mailbox_dropped(reader->box) == 1);
	/* Here already: the items end with this function. */
	mailbox_close(reader->box);
	reader->close_at = 1;
}

struct poster {
	struct reader *reader;
	struct mailbox *box;
};

#define POSTS 5000

static void post_many(void *arg)
{
	struct poster *poster = arg;
	for (int i = 0; i < POSTS; i++) {
		uint64_t key = i % 3 == 0 ? (uint64_t)(1 + i % 5) : 0;
		mailbox_post(poster->box, &item_new(poster->reader, 1, key, false)->mail);
	}
	mailbox_unref(poster->box);
}

static void run_threads(struct reader *reader)
{
	uv_thread_t threads[4];
	struct poster posters[4];
	for (int i = 0; i < 4; i++) {
		posters[i] = (struct poster){.reader = reader, .box = mailbox_ref(reader->box)};
		assert_int_equal(uv_thread_create(&threads[i], post_many, &posters[i]), 0);
	}
	if (reader->close_at)
		uv_run(&reader->loop, UV_RUN_DEFAULT);
	for (int i = 0; i < 4; i++)
		uv_thread_join(&threads[i]);
}

static void nothing_is_lost_between_threads(void **state)
{
	struct reader *reader = *state;
	run_threads(reader);
	while (atomic_load(&reader->alive) > 0)
		uv_run(&reader->loop, UV_RUN_ONCE);
	assert_true(reader->sum + mailbox_dropped(reader->box) == 4 * POSTS);
}

/* The reader goes away in the middle; posters notice nothing. */
static void reader_may_close_while_others_post(void **state)
{
	struct reader *reader = *state;
	reader->close_at = 1;
	run_threads(reader);
	assert_int_equal(reader->count, 1);
	assert_int_equal(atomic_load(&reader->alive), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(items_come_first_in_first_out),
		TEST(latest_state_wins_in_its_place),
		TEST(states_are_replaced_anywhere_in_the_queue),
		TEST(oldest_is_dropped_beyond_the_ceiling),
		TEST(what_must_be_kept_passes_the_ceiling),
		TEST(items_may_be_posted_while_reading),
		TEST(close_discards_the_unread),
		TEST(items_without_discard_are_let_go),
		TEST(nothing_is_lost_between_threads),
		TEST(reader_may_close_while_others_post),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
