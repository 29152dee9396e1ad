#!/bin/sh
# Words that must not be in the project: marks of unfinished work and paths of somebody's machine.
# usage: words.sh [TREE]
cd "${1:-${srcdir:-.}}" || exit 1
# Each word is broken up, so that this file passes itself.
pattern='TO''DO|FIX''ME|XX''X:|HA''CK:|/wo''rk/|\.\./sha''red|/tm''p/lodge/'
files() {
	if [ -d .git ] && command -v git >/dev/null 2>&1; then
		git ls-files -co --exclude-standard
	else
		find . -type f \( -name '*.[ch]' -o -name '*.md' -o -name '*.mk' -o -name '*.sh' -o -name '*.in' -o -name '*.ac' \
			-o -name '*.am' -o -name bootstrap \) ! -name Makefile.in
	fi | grep -v -e '^tests/api/' -e '^tests/fuzz/corpus/' -e '^\./tests/api/' -e '^\./tests/fuzz/corpus/' | LC_ALL=C sort
}
found=$(files | tr '\n' '\0' | xargs -0 grep -nIE "$pattern" /dev/null)
[ -z "$found" ] || { printf '%s\n' "$found"; exit 1; }
