#include "base/statefile.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_LENGTH 200

#define WHAT "state file"

static char *home(void)
{
	const char *home = getenv("HOME");
	if (home && home[0] == '/')
		return g_strdup(home);
	struct passwd entry, *found = NULL;
	char text[4096];
	if (getpwuid_r(geteuid(), &entry, text, sizeof(text), &found) != 0 || !found || !found->pw_dir)
		return NULL;
	return found->pw_dir[0] == '/' ? g_strdup(found->pw_dir) : NULL;
}

char *statefile_folder(void)
{
	/* The XDG specification has relative paths ignored. */
	const char *xdg = getenv("XDG_STATE_HOME");
	if (xdg && xdg[0] == '/')
		return g_build_filename(xdg, "lodge", NULL);
	g_autofree char *base = home();
	return base ? g_build_filename(base, ".local", "state", "lodge", NULL) : NULL;
}

static bool name_ok(const char *name)
{
	size_t length = name ? strlen(name) : 0;
	return length > 0 && length <= NAME_MAX_LENGTH && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

static int check_name(const char *name, struct problem *problem)
{
	return name_ok(name) ? ERR_OK
			     : problem_set(problem, ERR_INVALID, WHAT, NULL,
					   "the name holds other than A-Z a-z 0-9 . _ -");
}

static int io_problem(struct problem *problem, int code, const char *doing)
{
	return problem_set(problem, code, WHAT, NULL, "cannot %s: %s", doing, g_strerror(errno));
}

/* mkdir -p with 0700 whatever the umask is. What exists is left as it is. */
static int make_folders(const char *folder)
{
	g_autofree char *path = g_strdup(folder);
	for (char *p = path + 1;; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		char end = *p;
		*p = '\0';
		if (mkdir(path, 0700) == 0) {
			if (chmod(path, 0700) != 0)
				return ERR_IO;
		} else if (errno != EEXIST && errno != EISDIR) {
			return ERR_IO;
		}
		if (end == '\0')
			return ERR_OK;
		*p = end;
	}
}

/* Opens the folder; on `create` makes it first and takes other people's rights away. */
static int open_folder(const char *folder, bool create, int *fd, struct problem *problem)
{
	if (!folder || !*folder)
		return problem_set(problem, ERR_INVALID, WHAT, NULL, "no folder given");
	if (create && make_folders(folder) != ERR_OK)
		return io_problem(problem, ERR_IO, "create the folder");
	*fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return io_problem(problem, errno == ENOENT ? ERR_ABSENT : ERR_IO, "open the folder");
	struct stat st;
	int err = ERR_OK;
	if (fstat(*fd, &st) != 0)
		err = io_problem(problem, ERR_IO, "look at the folder");
	else if (st.st_uid != geteuid())
		err = problem_set(problem, ERR_DENIED, WHAT, NULL, "the folder belongs to another user");
	else if (create && (st.st_mode & 077) != 0 && fchmod(*fd, 0700) != 0)
		err = io_problem(problem, ERR_IO, "close the folder to others");
	if (err != ERR_OK)
		close(*fd);
	return err;
}

/* The name starts with a dot and a sign that statefile_name never gives, so it cannot meet a real file. */
static int open_temp(int folder, char name[64], struct problem *problem)
{
	for (int i = 0; i < 100; i++) {
		snprintf(name, 64, ".tmp-%08x%08x", g_random_int(), g_random_int());
		int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			break;
	}
	return io_problem(problem, ERR_IO, "create a file");
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_IO;
		bytes += n;
		length -= (size_t)n;
	}
	return ERR_OK;
}

static int fill_temp(int fd, const char *bytes, size_t length, struct problem *problem)
{
	if (fchmod(fd, 0600) != 0)
		return io_problem(problem, ERR_IO, "protect the file");
	if (write_all(fd, bytes, length) != ERR_OK)
		return io_problem(problem, ERR_IO, "write the file");
	if (fsync(fd) != 0)
		return io_problem(problem, ERR_IO, "keep the file");
	return ERR_OK;
}

int statefile_write(const char *folder, const char *name, const char *bytes, size_t length,
		    struct problem *problem)
{
	int folder_fd = -1, fd = -1;
	char temp[64];
	int err = check_name(name, problem);
	if (err == ERR_OK)
		err = open_folder(folder, true, &folder_fd, problem);
	if (err != ERR_OK)
		return err;
	fd = open_temp(folder_fd, temp, problem);
	if (fd < 0) {
		err = fd;
		goto out;
	}
	err = fill_temp(fd, bytes, length, problem);
	if (close(fd) != 0 && err == ERR_OK)
		err = io_problem(problem, ERR_IO, "close the file");
	if (err == ERR_OK && renameat(folder_fd, temp, folder_fd, name) != 0)
		err = io_problem(problem, ERR_IO, "put the file in its place");
	if (err != ERR_OK)
		unlinkat(folder_fd, temp, 0);
	else if (fsync(folder_fd) != 0 && errno != EINVAL) /* some file systems do not know it for folders */
		err = io_problem(problem, ERR_IO, "keep the folder");
out:
	close(folder_fd);
	return err;
}

static int check_file(int fd, struct problem *problem)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return io_problem(problem, ERR_IO, "look at the file");
	if (!S_ISREG(st.st_mode))
		return problem_set(problem, ERR_DENIED, WHAT, NULL, "it is no regular file");
	if (st.st_uid != geteuid())
		return problem_set(problem, ERR_DENIED, WHAT, NULL, "it belongs to another user");
	if ((st.st_mode & 077) != 0)
		return problem_set(problem, ERR_DENIED, WHAT, "chmod 600 it, or remove it",
				   "others may read or change it");
	return ERR_OK;
}

static int read_all(int fd, struct buf *out, struct problem *problem)
{
	for (;;) {
		size_t room = BUF_CEILING_FILE - out->length;
		room = MIN(MIN(room, out->ceiling - out->length), 65536);
		if (room > 0 && buf_reserve(out, room) != ERR_OK)
			return problem_set(problem, out->error, WHAT, NULL, "%s", err_text(out->error));
		char probe;
		ssize_t n = read(fd, room > 0 ? out->data + out->length : &probe, room > 0 ? room : 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return io_problem(problem, ERR_IO, "read the file");
		if (n == 0)
			return ERR_OK;
		if (room == 0)
			return problem_set(problem, ERR_TOO_BIG, WHAT, NULL, "it is %s",
					   err_text(ERR_TOO_BIG));
		out->length += (size_t)n;
		out->data[out->length] = '\0';
	}
}

int statefile_read(const char *folder, const char *name, struct buf *out, struct problem *problem)
{
	int folder_fd = -1, fd = -1;
	buf_reset(out);
	int err = check_name(name, problem);
	if (err == ERR_OK)
		err = open_folder(folder, false, &folder_fd, problem);
	if (err != ERR_OK)
		return err;
	/* O_NONBLOCK: a pipe put in the file's place must not hold the program up. */
	fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		err = io_problem(problem,
				 errno == ENOENT  ? ERR_ABSENT
				 : errno == ELOOP ? ERR_DENIED
						  : ERR_IO,
				 "open it");
	if (err == ERR_OK)
		err = check_file(fd, problem);
	if (err == ERR_OK)
		err = read_all(fd, out, problem);
	if (err != ERR_OK)
		buf_reset(out);
	if (fd >= 0)
		close(fd);
	close(folder_fd);
	return err;
}

int statefile_remove(const char *folder, const char *name)
{
	int fd = -1;
	int err = check_name(name, NULL);
	if (err == ERR_OK)
		err = open_folder(folder, false, &fd, NULL);
	if (err != ERR_OK)
		return err;
	if (unlinkat(fd, name, 0) != 0)
		err = errno == ENOENT ? ERR_ABSENT : ERR_IO;
	close(fd);
	return err;
}

static void add_safe(GString *out, const char *text, size_t most)
{
	for (size_t i = 0; text[i] && i < most; i++)
		g_string_append_c(out, g_ascii_isalnum(text[i]) || strchr("._-", text[i]) ? text[i] : '_');
}

char *statefile_name(const char *prefix, const char *text)
{
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	GString *name = g_string_new(NULL);
	add_safe(name, prefix, 40);
	g_string_append_c(name, '-');
	add_safe(name, text, 60);
	g_string_append_c(name, '-');
	g_string_append_len(name, hash, 16);
	return g_string_free(name, FALSE);
}
