#!/bin/sh
# What the program knows is what its documents tell: every command and option stands in --help, in the manual pages and
# in the completions; README and the other documents name no command or option that does not exist.
# usage: docs.sh; reads $srcdir, $builddir, $LODGE
srcdir=${srcdir:-.}
builddir=${builddir:-.}
lodge=${LODGE:-$builddir/lodge}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

complain() {
	echo "$*"
	bad=1
}

# Manual pages hold "\-" for "-"; otherwise they are searched as they are.
plain() {
	sed -e 's/\\-/-/g' -e 's/\\f[BIRP]//g' "$1"
}

# needs TEXT FILE: the text stands there, not as the beginning of a longer word
needs() {
	grep -qE -e "(^|[^[:alnum:]_-])$1([^[:alnum:]_-]|\$)" "$work/$2" || complain "$2 does not tell of $1"
}

"$builddir/doc/docgen" names >"$work/names" || { echo "doc/docgen names failed"; exit 1; }
"$lodge" --help >"$work/lodge --help" || complain "lodge --help fails"
"$lodge" --version >"$work/version" || complain "lodge --version fails"
plain "$builddir/doc/lodge.1" >"$work/lodge(1)"
plain "$builddir/doc/lodge.conf.5" >"$work/lodge.conf(5)"
cp "$builddir/doc/lodge.bash" "$builddir/doc/lodge.zsh" "$builddir/doc/lodge.fish" "$work/"
cp "$srcdir/README.md" "$work/README.md"

commands=
options="--help --version"
while read -r what name rest; do
	case $what in
	command)
		commands="$commands $name"
		"$lodge" "$name" --help >"$work/lodge $name --help" || complain "lodge $name --help fails"
		needs "$name" "lodge --help"
		needs "lodge $name" "lodge(1)"
		needs "lodge $name" README.md
		for file in lodge.bash lodge.zsh lodge.fish; do
			needs "$name" $file
		done
		for option in $rest; do
			needs "$option" "lodge $name --help"
			needs "$option" "lodge(1)"
			needs "$option" lodge.bash
			needs "$option" lodge.zsh
			options="$options $option"
		done
		;;
	dashboard)
		for option in $name $rest; do
			needs "$option" "lodge --help"
			needs "$option" "lodge(1)"
			options="$options $option"
		done
		;;
	common)
		for option in $name $rest; do
			needs "$option" "lodge --help"
			needs "$option" "lodge(1)"
			options="$options $option"
		done
		;;
	option)
		needs "$name" "lodge.conf(5)"
		grep -q "^#$name=" "$builddir/doc/lodge.conf.example" || complain "lodge.conf.example lacks $name"
		;;
	esac
done <"$work/names"
[ -n "$commands" ] || complain "doc/docgen names no command"

# What the dashboard does: every action with its keys stands in the manual page, as it does behind `?` (tests/unit/ui/test_shell).
sed -n 's/^[[:space:]]*X([A-Z_]*, "\([a-z-]*\)".*/\1/p' "$srcdir/ui/action.h" >"$work/actions"
[ -s "$work/actions" ] || complain "ui/action.h holds no action"
while read -r action; do
	needs "$action" "lodge(1)"
done <"$work/actions"

# Commands as they are typed in the documents: "./lodge get rooms --json" in a code block or between backquotes.
typed() {
	sed -n -e '/^```/,/^```/{
/^```/d
p
}' -e 's/^[^`]*`\(\.\{0,1\}\/\{0,1\}lodge [^`]*\)`.*/\1/p' "$srcdir/$1" | grep -E '^[[:space:]]*(\$ )?(\./)?lodge ' |
		sed -e 's/^[[:space:]]*\(\$ \)\{0,1\}\(\.\/\)\{0,1\}lodge //' -e 's/[|>#&].*//'
}
# A build without the simulator does not make README wrong.
case " $commands " in
*" sim "*) without='^$' ;;
*) without='^sim' ;;
esac
for document in README.md CONTRIBUTING.md; do
	typed $document | grep -v "$without" | tr ' ' '\n' | grep -E '^--[a-z]' | sed 's/=.*//' | sort -u >"$work/typed"
	while read -r option; do
		case " $options " in
		*" $option "*) ;;
		*) complain "$document: no command takes $option" ;;
		esac
	done <"$work/typed"
	typed $document | grep -v "$without" | sed -e 's/--[a-z-]* [^ ]* //' | sed -n 's/^\([a-z][a-z]*\).*/\1/p' | sort -u >"$work/typed"
	while read -r command; do
		case " $commands " in
		*" $command "*) ;;
		*) complain "$document: there is no command '$command'" ;;
		esac
	done <"$work/typed"
done
exit $bad
