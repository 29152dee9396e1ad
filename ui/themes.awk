# Turns theme files into ui/theme_builtin.c.
# usage: awk -f themes.awk FILE.theme …
BEGIN {
	print "/* Made from themes/ by ui/themes.awk. */"
	print "#include \"ui/theme_builtin.h\"\n\n#include <stddef.h>\n"
	texts = "const char *const theme_builtin_texts[] = {\n"
	names = "const char *const theme_builtin_names[] = {"
}

FNR == 1 {
	name = FILENAME
	sub(/^.*\//, "", name)
	sub(/\.theme$/, "", name)
	names = names "\"" name "\", "
	if (NR > 1)
		texts = texts "\t,\n"
}

{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	texts = texts "\t\"" $0 "\\n\"\n"
}

END {
	print names "NULL};\n"
	print texts "};"
}
