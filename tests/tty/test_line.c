/* The way to the terminal: partial writes, a tty that is gone, and how much may be on its way. */
#include "ui/term/line.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct rig {
	struct clock_fake clock;
	struct line line;
	int ends[2];
};

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof *rig);

	clock_fake_init(&rig->clock, 0);
	assert_int_equal(pipe2(rig->ends, O_NONBLOCK), 0);
	line_init(&rig->line, rig->ends[1], &rig->clock.clock);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	struct rig *rig = *state;

	line_fini(&rig->line);
	close(rig->ends[0]);
	close(rig->ends[1]);
	free(rig);
	return 0;
}

static size_t drain(struct rig *rig)
{
	char bytes[65536];
	size_t sum = 0;
	ssize_t n;

	while ((n = read(rig->ends[0], bytes, sizeof bytes)) > 0)
		sum += (size_t)n;
	return sum;
}

static int send_frame(struct rig *rig, size_t length)
{
	struct buf frame;
	char *bytes = calloc(1, length);
	int err;

	buf_init(&frame, 1u << 20);
	buf_add(&frame, bytes, length);
	err = line_send_frame(&rig->line, &frame);
	buf_fini(&frame);
	free(bytes);
	return err;
}

static void test_rest(void **state)
{
	struct rig *rig = *state;
	size_t sum = 0;

	assert_int_equal(send_frame(rig, 200000), ERR_OK);
	assert_int_equal(line_budget(&rig->line), 0);
	assert_true(line_backlog(&rig->line) > 0);
	while (line_flush(&rig->line) == ERR_BUSY)
		sum += drain(rig);
	sum += drain(rig);
	assert_int_equal(sum, 200000);
	assert_int_equal(line_backlog(&rig->line), 0);
	assert_true(line_budget(&rig->line) == LINE_UNLIMITED);
}

static void test_gone(void **state)
{
	struct rig *rig = *state;

	signal(SIGPIPE, SIG_IGN);
	close(rig->ends[0]);
	assert_int_equal(send_frame(rig, 10), ERR_CLOSED);
	assert_int_equal(line_flush(&rig->line), ERR_CLOSED);
	assert_int_equal(line_budget(&rig->line), 0);
	rig->ends[0] = dup(rig->ends[1]);
}

/* A terminal at 2000 bytes/s that confirms: what is on its way comes down to what it shows in half a second. */
static void test_slow(void **state)
{
	struct rig *rig = *state;
	size_t most = 0;

	line_mark(&rig->line);
	clock_fake_advance(&rig->clock, 5);
	line_confirmed(&rig->line);
	for (int i = 0; i < 20; i++) {
		size_t budget = line_budget(&rig->line);

		assert_true(budget > 0);
		assert_int_equal(send_frame(rig, budget), ERR_OK);
		drain(rig);
		most = i < 4 ? 0 : budget > most ? budget : most;
		clock_fake_advance(&rig->clock, 5 + (int64_t)budget / 2);
		if (rig->line.n_marks > 0)
			line_confirmed(&rig->line);
	}
	assert_in_range(most, 512, 1000);
	/* The line gets fast: soon there is no limit. */
	for (int i = 0; i < 20; i++) {
		size_t budget = line_budget(&rig->line);

		assert_int_equal(send_frame(rig, budget == LINE_UNLIMITED ? 50000 : budget), ERR_OK);
		while (line_flush(&rig->line) == ERR_BUSY)
			drain(rig);
		drain(rig);
		clock_fake_advance(&rig->clock, 5);
		if (rig->line.n_marks > 0)
			line_confirmed(&rig->line);
	}
	assert_true(line_budget(&rig->line) == LINE_UNLIMITED);
}

static void test_full_window(void **state)
{
	struct rig *rig = *state;

	line_mark(&rig->line);
	line_confirmed(&rig->line);
	assert_int_equal(send_frame(rig, line_budget(&rig->line)), ERR_OK);
	assert_int_equal(line_budget(&rig->line), 0);
	clock_fake_advance(&rig->clock, 9000);
	assert_int_equal(line_budget(&rig->line), 0);
	/* It will not answer any more. */
	clock_fake_advance(&rig->clock, 2000);
	assert_true(line_budget(&rig->line) == LINE_UNLIMITED);
}

static void test_small_frames_ask_nothing(void **state)
{
	struct rig *rig = *state;

	line_mark(&rig->line);
	line_confirmed(&rig->line);
	drain(rig);
	for (int i = 0; i < 12; i++)
		assert_int_equal(send_frame(rig, 40), ERR_OK);
	assert_int_equal(drain(rig), 480);
	assert_int_equal(send_frame(rig, 40), ERR_OK);
	assert_int_equal(drain(rig), 44);
}

static void test_drop(void **state)
{
	struct rig *rig = *state;

	assert_false(line_drop(&rig->line));
	assert_int_equal(send_frame(rig, 200000), ERR_OK);
	assert_true(line_drop(&rig->line));
	assert_int_equal(line_flush(&rig->line), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_window, setup, teardown),
		cmocka_unit_test_setup_teardown(test_small_frames_ask_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_drop, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
