/* An extra certificate authority beside the system's. curl's own option for a file replaces the system's
 * list, so both are read and handed over in one piece of memory. A curl that is built with a folder of
 * certificates goes on using that too. */
#include "net/http_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUNDLE_CEILING (16u << 20)

static int append_file(struct buf *out, const char *path)
{
	char chunk[16384];
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			int error = errno;

			close(fd);
			return error;
		}
		buf_add(out, chunk, (size_t)got);
	}
	close(fd);
	buf_addc(out, '\n');
	return out->error == ERR_OK ? 0 : EFBIG;
}

/* Where the system keeps its list: what curl was built with, else the places that distributions use. */
static const char *system_bundle(void)
{
	static const char *const places[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/ca-bundle.pem",
		"/etc/ssl/cert.pem",
	};
	const curl_version_info_data *version = curl_version_info(CURLVERSION_NOW);

	if (version->age >= CURLVERSION_SEVENTH && version->cainfo != NULL &&
	    access(version->cainfo, R_OK) == 0)
		return version->cainfo;
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		if (access(places[i], R_OK) == 0)
			return places[i];
	}
	return NULL;
}

int http_ca_load(struct buf *out, const char *ca_file, struct problem *problem)
{
	const char *bundle = system_bundle();
	int error;

	buf_init(out, BUNDLE_CEILING);
	error = append_file(out, ca_file);
	if (error != 0)
		return problem_set(problem, ERR_CONFIG, "ca_file", "check its path and rights", "%s: %s",
				   ca_file, g_strerror(error));
	if (strstr(out->data, "-----BEGIN CERTIFICATE-----") == NULL &&
	    strstr(out->data, "-----BEGIN TRUSTED CERTIFICATE-----") == NULL)
		return problem_set(problem, ERR_CONFIG, "ca_file", "give a file in PEM form",
				   "%s holds no certificate", ca_file);
	/* Without the system's list the extra authority still works, and others are refused: the safe
	 * side. */
	if (bundle != NULL)
		(void)append_file(out, bundle);
	return out->error != ERR_OK
		       ? problem_set(problem, ERR_CONFIG, "ca_file", NULL, "%s is too large", ca_file)
		       : ERR_OK;
}
