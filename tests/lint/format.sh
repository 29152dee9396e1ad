#!/bin/sh
# The sources are as clang-format writes them. Versions differ in details, so only those that were tried are asked.
# usage: format.sh [TREE]; exits 77 when there is no clang-format to ask. To mend: tests/lint/format.sh --mend
mend=
[ "$1" != --mend ] || { mend=yes; shift; }
cd "${1:-${srcdir:-.}}" || exit 1
clang_format=
for name in ${CLANG_FORMAT:-} clang-format-14 clang-format; do
	version=$("$name" --version 2>/dev/null | sed -n 's/.*version \([0-9]*\)\..*/\1/p')
	case $version in
	14) clang_format=$name; break ;;
	esac
done
if [ -z "$clang_format" ]; then
	echo "clang-format 14 is not there: the format is not checked"
	exit 77
fi
folders=
for folder in src ui tests; do
	[ ! -d "$folder" ] || folders="$folders $folder"
done
if [ -n "$mend" ]; then
	find $folders -name '*.[ch]' ! -name theme_builtin.c -print0 | xargs -0 "$clang_format" -i
else
	found=$(find $folders -name '*.[ch]' ! -name theme_builtin.c -print0 | xargs -0 "$clang_format" --dry-run -Werror 2>&1) && exit 0
	# One line a place says enough; the drawings below each do not help.
	printf '%s\n' "$found" | grep -E '^[^ ]*: *(error|warning)' | cut -d: -f1,2 | uniq | head -n 40
	echo "to mend: tests/lint/format.sh --mend"
	exit 1
fi
