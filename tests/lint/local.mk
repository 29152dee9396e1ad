# The format is checked by `make lint` alone: it depends on one version of one tool.
dist_check_SCRIPTS += \
	tests/lint/layers.sh \
	tests/lint/sizes.sh \
	tests/lint/banned.sh \
	tests/lint/words.sh \
	tests/lint/docs.sh

EXTRA_DIST += tests/lint/format.sh tests/lint/run.sh tests/lint/waivers
