#include "ui/term/capture.h"

#include <fcntl.h>
#include <unistd.h>

void capture_start(struct capture *capture)
{
	int ends[2];

	*capture = (struct capture){-1, -1};
	if (!isatty(STDERR_FILENO) || pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
		return;
	capture->saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	/* When the pipe is full a write fails at once, so nobody waits for us. */
	if (capture->saved >= 0 && dup2(ends[1], STDERR_FILENO) >= 0) {
		capture->from = ends[0];
	} else {
		if (capture->saved >= 0)
			close(capture->saved);
		capture->saved = -1;
		close(ends[0]);
	}
	close(ends[1]);
}

static void copy(int from, int to)
{
	char bytes[512];
	ssize_t n;

	while ((n = read(from, bytes, sizeof bytes)) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			unsigned char c = (unsigned char)bytes[i];

			/* C1 controls are told by their second byte in UTF-8, so a byte alone does not say; what is not ASCII goes. */
			if ((c < 0x20 && c != '\n' && c != '\t') || c > 0x7E)
				bytes[i] = '?';
		}
		if (write(to, bytes, (size_t)n) < 0)
			break;
	}
}

void capture_stop(struct capture *capture)
{
	if (capture->saved < 0)
		return;
	dup2(capture->saved, STDERR_FILENO);
	copy(capture->from, STDERR_FILENO);
	close(capture->saved);
	close(capture->from);
	capture->saved = capture->from = -1;
}
