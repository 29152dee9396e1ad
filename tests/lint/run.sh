#!/bin/sh
# Every lint, one line each; what a failing one found follows its line. Used by `make lint`.
here=$(dirname "$0")
failed=0
for lint in layers sizes banned words docs format; do
	found=$("${SHELL:-/bin/sh}" "$here/$lint.sh" 2>&1)
	case $? in
	0) echo "ok    $lint" ;;
	77) echo "skip  $lint: $found" ;;
	*) echo "FAIL  $lint"; printf '%s\n' "$found" | sed 's/^/      /'; failed=1 ;;
	esac
done
exit $failed
