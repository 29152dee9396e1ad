#!/bin/sh
# Calls that have no place here, each with what to use instead. Comments and strings do not count.
# usage: banned.sh [TREE]
cd "${1:-${srcdir:-.}}" || exit 1
folders=
for folder in src ui tests; do
	[ ! -d "$folder" ] || folders="$folders $folder"
done
find $folders -name '*.[ch]' | LC_ALL=C sort | xargs "${AWK:-awk}" '
# names, files in which they are allowed ("" none), advice
function ban(names, where, advice,  list, n, i) {
	n = split(names, list, " ")
	for (i = 1; i <= n; i++) {
		advices[list[i]] = advice
		allowed[list[i]] = where
	}
}

BEGIN {
	ban("strcpy strcat sprintf vsprintf stpcpy strncat", "", "use struct buf, snprintf or g_strdup")
	ban("gets strtok", "", "use getline, fgets or g_strsplit")
	ban("atoi atol atoll atof sscanf fscanf scanf strtof strtold", "", "use text_number or a parser that reports errors")
	ban("strtod", "^(src|tests/unit)/base/", "it follows the locale; use text_number")
	ban("system popen", "", "use base/spawn")
	ban("localtime gmtime asctime ctime", "", "use base/moment")
	ban("mktime localtime_r gmtime_r timegm", "^tests/unit/base/", "use base/moment")
	ban("rand srand random srandom drand48 rand_r", "", "use base/rng")
	ban("alloca strdupa", "", "use the heap or an arena")
	ban("setlocale", "^(src/app/main\\.c|tests/|ui/term/)", "only main sets the locale")
	ban("time gettimeofday clock_gettime g_get_real_time g_get_monotonic_time uv_hrtime", \
		"^(src/base/clock\\.c|tests/)", "take a struct clock")
	ban("sleep usleep nanosleep g_usleep uv_sleep", "^$", "wait for a condition")
	ban("cJSON_GetErrorPtr", "", "it is global; use jsonx_parse")
	ban("cJSON_GetObjectItem", "", "it ignores case; use jsonx_get")
	ban("cJSON_Parse cJSON_ParseWithLength cJSON_ParseWithOpts cJSON_ParseWithLengthOpts", \
		"^(src/base/jsonx|tests/)", "use jsonx_parse, which has ceilings")
	ban("cJSON_InitHooks", "^(src/base/jsonx|tests/bench/)", "it is global; base/jsonx owns it")
}

# The line without comments, strings and characters; `inside` a comment goes on over lines.
function code_of(line,  out, two, c, quote) {
	out = ""
	while (line != "") {
		two = substr(line, 1, 2)
		c = substr(line, 1, 1)
		if (inside) {
			if (two == "*/") { inside = 0; line = substr(line, 3) } else line = substr(line, 2)
		} else if (two == "/*") {
			inside = 1
			line = substr(line, 3)
		} else if (two == "//") {
			line = ""
		} else if (c == "\"" || c == "\047") {
			quote = c
			line = substr(line, 2)
			while (line != "" && substr(line, 1, 1) != quote)
				line = substr(line, substr(line, 1, 1) == "\\" ? 3 : 2)
			line = substr(line, 2)
			out = out quote quote
		} else {
			# Everything up to the next character that matters, in one piece.
			if (match(substr(line, 2), /["\047\/*]/)) {
				out = out substr(line, 1, RSTART)
				line = substr(line, RSTART + 1)
			} else {
				out = out line
				line = ""
			}
		}
	}
	return out
}

FNR == 1 { inside = 0 }

{
	code = code_of($0)
	while (match(code, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/)) {
		before = RSTART > 1 ? substr(code, RSTART - 1, 1) : ""
		name = substr(code, RSTART, RLENGTH - 1)
		sub(/[ \t]+$/, "", name)
		code = substr(code, RSTART + RLENGTH)
		if (!(name in advices) || before == "." || before == ">")
			continue
		if (allowed[name] != "" && FILENAME ~ allowed[name])
			continue
		printf "%s:%d: %s(): %s\n", FILENAME, FNR, name, advices[name]
		bad++
	}
}

END { exit bad > 0 }'
