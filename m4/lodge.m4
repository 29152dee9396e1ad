dnl The project's own configure checks.

# LODGE_NEED_PKG_CONFIG
# ---------------------
# Without the tool every later check would blame the libraries.
AC_DEFUN([LODGE_NEED_PKG_CONFIG],
[m4_ifndef([PKG_PROG_PKG_CONFIG],
	[m4_fatal([pkg-config's macros (pkg.m4) are not there: install pkg-config (Debian, Ubuntu), pkgconf-pkg-config (Fedora) or pkgconf (Arch, Alpine, Homebrew)])])dnl
PKG_PROG_PKG_CONFIG([0.29])
AS_IF([test -z "$PKG_CONFIG"],
	[AC_MSG_ERROR([pkg-config is missing: install pkg-config (Debian, Ubuntu), pkgconf-pkg-config (Fedora) or pkgconf (Arch, Alpine, Homebrew)])])
lodge_missing=
])

# LODGE_REQUIRE(VARIABLE, MODULE, VERSION, DEBIAN, FEDORA, ARCH, ALPINE, BREW)
# ----------------------------------------------------------------------------
# Sets VARIABLE_CFLAGS and VARIABLE_LIBS, or remembers for LODGE_REPORT_MISSING what is missing.
AC_DEFUN([LODGE_REQUIRE],
[PKG_CHECK_MODULES([$1], [$2 >= $3], [],
	[lodge_found=`$PKG_CONFIG --modversion "$2" 2>/dev/null`
	AS_VAR_APPEND([lodge_missing], ["
  $2 $3 or newer (found: ${lodge_found:-none})
      Debian, Ubuntu: $4   Fedora: $5   Arch: $6   Alpine: $7   Homebrew: $8"])])
])

# LODGE_REPORT_MISSING
# --------------------
AC_DEFUN([LODGE_REPORT_MISSING],
[AS_IF([test -n "$lodge_missing"],
	[AC_MSG_ERROR([these libraries, with their development files, are missing:
$lodge_missing

Install them and run configure again, or run ./bootstrap, which does both.])])
])

# LODGE_OPTIONAL(same arguments as LODGE_REQUIRE)
# -----------------------------------------------
# Sets lodge_have_VARIABLE to yes or no, and VARIABLE_PACKAGES to what to install.
AC_DEFUN([LODGE_OPTIONAL],
[PKG_CHECK_MODULES([$1], [$2 >= $3], [lodge_have_$1=yes], [lodge_have_$1=no])
AC_SUBST([$1_PACKAGES], ["$4 (Debian, Ubuntu), $5 (Fedora), $6 (Arch), $7 (Alpine), $8 (Homebrew)"])
])

# LODGE_CHECK_WEBSOCKETS_UV
# -------------------------
# libwebsockets can be built without libuv, whose loops it is to run on.
AC_DEFUN([LODGE_CHECK_WEBSOCKETS_UV],
[AC_MSG_CHECKING([whether libwebsockets knows libuv])
lodge_saved_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$CPPFLAGS $WEBSOCKETS_CFLAGS $UV_CFLAGS"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <libwebsockets.h>
#ifndef LWS_WITH_LIBUV
#error without libuv
#endif]])],
	[AC_MSG_RESULT([yes])],
	[AC_MSG_RESULT([no])
	AC_MSG_ERROR([this libwebsockets was built without libuv; install one that has it])])
CPPFLAGS=$lodge_saved_CPPFLAGS
])

# LODGE_TRY_FLAGS(VARIABLE, FLAG…, [EXTRA FLAGS OF THE TRIAL])
# -----------------------------------------------------------
# Appends each compiler flag that compiles and links without a warning.
AC_DEFUN([LODGE_TRY_FLAGS],
[for lodge_flag in $2; do
	AC_MSG_CHECKING([whether $CC takes $lodge_flag])
	lodge_saved_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS -Werror $3 $lodge_flag"
	AC_LINK_IFELSE([AC_LANG_SOURCE([[#include <string.h>
int main(int argc, char **argv) { char b[8]; memset(b, argc, sizeof b); return b[0] == argv[0][0]; }]])],
		[AC_MSG_RESULT([yes])
		AS_VAR_APPEND([$1], [" $lodge_flag"])],
		[AC_MSG_RESULT([no])])
	CFLAGS=$lodge_saved_CFLAGS
done
])

# LODGE_WARNINGS
# --------------
AC_DEFUN([LODGE_WARNINGS],
[LODGE_CFLAGS=
LODGE_TRY_FLAGS([LODGE_CFLAGS], [-std=gnu17 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Wformat=2 -Wvla])
AS_IF([test "x$enable_werror" = xyes], [AS_VAR_APPEND([LODGE_CFLAGS], [" -Werror"])])
AC_SUBST([LODGE_CFLAGS])
])

# LODGE_ARG_SANITIZER, LODGE_ARG_FUZZERS
# --------------------------------------
AC_DEFUN([LODGE_ARG_SANITIZER],
[AC_ARG_ENABLE([sanitizer],
	[AS_HELP_STRING([--enable-sanitizer=LIST], [build with the compiler's sanitizers: `address,undefined' or `thread'])],
	[], [enable_sanitizer=no])
AS_CASE([$enable_sanitizer],
	[no], [lodge_sanitizer=],
	[yes], [lodge_sanitizer=address,undefined],
	[lodge_sanitizer=$enable_sanitizer])
AS_CASE([,$lodge_sanitizer,],
	[*,thread,*address,*|*,address,*thread,*], [AC_MSG_ERROR([--enable-sanitizer: address and thread exclude each other])])
])

AC_DEFUN([LODGE_ARG_FUZZERS],
[AC_ARG_ENABLE([fuzzers],
	[AS_HELP_STRING([--enable-fuzzers], [also build the fuzz targets with libFuzzer (clang only); sanitizes addresses and undefined behaviour])],
	[], [enable_fuzzers=no])
AM_CONDITIONAL([FUZZERS], [test "x$enable_fuzzers" = xyes])
AS_IF([test "x$enable_fuzzers$lodge_sanitizer" = xyes], [lodge_sanitizer=address,undefined])
])

# LODGE_HARDENING
# ---------------
# A sanitizer brings checks of its own, and glibc's fortified functions would hide bugs from it.
AC_DEFUN([LODGE_HARDENING],
[LODGE_CPPFLAGS= LODGE_LDFLAGS=
AS_IF([test -z "$lodge_sanitizer"],
	[LODGE_TRY_FLAGS([LODGE_CFLAGS], [-fstack-protector-strong -fPIE])
	LODGE_TRY_FLAGS([LODGE_LDFLAGS], [-pie -Wl,-z,relro -Wl,-z,now], [-fPIE])
	AC_MSG_CHECKING([whether $CC fortifies with these CFLAGS])
	lodge_saved_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]])],
		[AC_MSG_RESULT([yes])
		LODGE_CPPFLAGS="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"],
		[AC_MSG_RESULT([no])])
	CFLAGS=$lodge_saved_CFLAGS])
AC_SUBST([LODGE_CPPFLAGS])
AC_SUBST([LODGE_LDFLAGS])
])

# LODGE_SANITIZE
# --------------
AC_DEFUN([LODGE_SANITIZE],
[lodge_sanitize=
AS_IF([test -n "$lodge_sanitizer"],
	[lodge_sanitize="-fsanitize=$lodge_sanitizer -fno-omit-frame-pointer"
	AS_CASE([,$lodge_sanitizer,], [*,undefined,*], [AS_VAR_APPEND([lodge_sanitize], [" -fno-sanitize-recover=undefined"])])])
AS_IF([test "x$enable_fuzzers" = xyes], [AS_VAR_APPEND([lodge_sanitize], [" -fsanitize=fuzzer-no-link"])])
AS_IF([test -n "$lodge_sanitize"],
	[AC_MSG_CHECKING([whether $CC links with $lodge_sanitize])
	lodge_saved_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS $lodge_sanitize"
	AC_LINK_IFELSE([AC_LANG_PROGRAM()],
		[AC_MSG_RESULT([yes])],
		[AC_MSG_RESULT([no])
		AC_MSG_ERROR([$CC cannot link with $lodge_sanitize: install the compiler's sanitizer run-time (Debian: libclang-rt-dev for clang) or use another compiler (CC=clang)])])
	CFLAGS=$lodge_saved_CFLAGS
	AS_VAR_APPEND([LODGE_CFLAGS], [" $lodge_sanitize"])
	AS_VAR_APPEND([LODGE_LDFLAGS], [" $lodge_sanitize"])])
])

# LODGE_COMPLETION_DIRS
# ---------------------
# Below $datadir, never where the shell's own package says: an install must not leave its prefix.
AC_DEFUN([LODGE_COMPLETION_DIRS],
[AC_SUBST([bashcompletiondir], ['$(datadir)/bash-completion/completions'])
AC_SUBST([zshcompletiondir], ['$(datadir)/zsh/site-functions'])
AC_SUBST([fishcompletiondir], ['$(datadir)/fish/vendor_completions.d'])
])
