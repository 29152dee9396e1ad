#!/bin/sh
# Reads the #include lines of src/ and ui/ and fails on one that breaks the order of the layers:
# includes go downward only, folders of one level do not know each other, headers form no cycle.
# usage: layers.sh [TREE]
cd "${1:-${srcdir:-.}}" || exit 1
folders=src
[ ! -d ui ] || folders="src ui"
find $folders -name '*.[ch]' | LC_ALL=C sort | xargs "${AWK:-awk}" '
BEGIN {
	# folder: level. A folder that is not named here is an error: give it a place first.
	split("base 0 model 1 core 2 out 3 net 3 store 3 ui 3 api 4 feed 5 app 6 sim 1 scan 1", words)
	for (i = 1; i in words; i += 2)
		level[words[i]] = words[i + 1]
}

function complain(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad++
}

# "src/api/butlr/x.h" and "api/butlr/x.h": "api"
function folder_of(path) {
	sub(/^src\//, "", path)
	return path ~ /\// ? substr(path, 1, index(path, "/") - 1) : ""
}

# The vendor of a file of src/api/VENDOR/, else "".
function vendor_of(path,  parts) {
	sub(/^src\//, "", path)
	return split(path, parts, "/") > 2 && parts[1] == "api" ? parts[2] : ""
}

function check_own_header(path,  own) {
	own = FILENAME
	sub(/^src\//, "", own)
	sub(/\.c$/, ".h", own)
	if (FILENAME ~ /\.c$/ && (getline line < (FILENAME ~ /^src/ ? "src/" own : own)) >= 0 && path != own && folder_of(path) != folder_of(FILENAME))
		complain("the first include must be its own header, \"" own "\", or one of the same folder")
	close("src/" own)
	close(own)
}

function check_levels(path,  from, to, a, b) {
	from = folder_of(FILENAME)
	to = folder_of(path)
	if (!(to in level)) {
		complain("\"" path "\": write the path from src/, with a folder that has a level")
		return
	}
	a = vendor_of(FILENAME)
	b = vendor_of(path)
	if (from == "ui" && path ~ /^ui\/term\// && FILENAME !~ /^ui\/term\//)
		complain("what is on the screen draws into the canvas; ui/term is for app alone")
	if (from == to) {
		if (a != "" && b != "" && a != b)
			complain("vendor " a " knows vendor " b)
		else if (from == "api" && a == "" && b != "" && FILENAME != "src/api/source.c")
			complain("api knows vendor " b "; only src/api/source.c, the list of vendors, may")
		return
	}
	if (from == "sim" && to != "base")
		complain("sim includes base only, not " to)
	else if (to == "sim" && from != "app")
		complain(from " knows the simulator")
	else if (from == "scan")
		complain("scan is a program of its own and includes nothing of the others")
	else if (to == "scan")
		complain(from " knows the program that reads pictures; it is to be run")
	else if (level[to] >= level[from])
		complain(from " (level " level[from] ") includes " to " (level " level[to] ")")
}

FNR == 1 {
	first = 1
	if (!(folder_of(FILENAME) in level))
		complain("this folder has no level")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	path = $0
	sub(/^[^"]*"/, "", path)
	sub(/".*/, "", path)
	if (first)
		check_own_header(path)
	first = 0
	check_levels(path)
	name = FILENAME
	sub(/^src\//, "", name)
	if (name ~ /\.h$/ && path ~ /\.h$/)
		edges[name] = edges[name] " " path
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	if (first && FILENAME ~ /\.c$/)
		check_own_header("")
	first = 0
	if ($0 ~ /<((ncurses|ncursesw|curses|panel|form|menu)[a-z\/]*|term)\.h>/ && FILENAME !~ /^ui\/term\//)
		complain("curses belongs to ui/term alone")
}

# Depth-first over the headers; state 1: on the way, 2: done.
function visit(header, way,  list, n, i) {
	if (state[header] == 2)
		return
	if (state[header] == 1) {
		printf "header cycle: %s %s\n", way, header
		bad++
		return
	}
	state[header] = 1
	n = split(edges[header], list, " ")
	for (i = 1; i <= n; i++)
		visit(list[i], way " " header)
	state[header] = 2
}

END {
	for (header in edges)
		visit(header, "")
	if (bad)
		printf "layers: %d places break the order of the layers (doc/architecture.md)\n", bad
	exit bad > 0
}'
