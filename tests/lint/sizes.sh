#!/bin/sh
# Files above 800 lines and functions above 80 lines fail, unless tests/lint/waivers names them. The list can only
# shrink: a waiver that is not needed fails too, and so does one whose subject grew beyond its number.
# usage: sizes.sh [TREE]
cd "${1:-${srcdir:-.}}" || exit 1
folders=
for folder in src ui tests; do
	[ ! -d "$folder" ] || folders="$folders $folder"
done
find $folders -name '*.[ch]' | LC_ALL=C sort | xargs "${AWK:-awk}" -v waivers=tests/lint/waivers '
BEGIN {
	file_most = 800
	function_most = 80
	while ((getline line < waivers) > 0)
		if (line !~ /^#/ && split(line, words, " ") >= 2)
			allowed[words[1]] = words[2] + 0
}

function check(subject, lines, most) {
	if (lines <= most)
		return
	if (subject in allowed) {
		used[subject] = 1
		if (lines <= allowed[subject])
			return
	}
	printf "%s: %d lines, %d at most\n", subject, lines, subject in allowed ? allowed[subject] : most
	bad++
}

function end_of_file() {
	if (previous != "")
		check(previous, count, file_most)
}

FNR == 1 {
	end_of_file()
	previous = FILENAME
	start = 0
	name = ""
}

{ count = FNR }

# A definition begins in the first column and its brace stands there, alone; so does the one that ends it.
/^[A-Za-z_].*\(/ && !/;[ \t]*$/ {
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
	head = FNR
}
/^\{[ \t]*$/ && name != "" { start = head }
/^\}/ {
	if (start)
		check(FILENAME ":" name, FNR - start + 1, function_most)
	start = 0
	name = ""
}

END {
	end_of_file()
	for (subject in allowed)
		if (!(subject in used)) {
			printf "%s: the waiver of %s is not needed any more: remove it\n", waivers, subject
			bad++
		}
	exit bad > 0
}'
