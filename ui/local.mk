# The screen: roles, themes, the canvas and what draws on it. Nothing here knows a terminal; that is ui/term.
noinst_LIBRARIES += libui.a
libui_a_SOURCES = $(ui_sources)
nodist_libui_a_SOURCES = ui/theme_builtin.c

ui_sources = \
	ui/action.c ui/action.h \
	ui/keymap.c ui/keymap.h \
	ui/pane.h \
	ui/shell.c ui/shell.h ui/shell_private.h \
	ui/shell_command.c \
	ui/shell_draw.c \
	ui/shell_help.c \
	ui/shell_look.c \
	ui/shell_undo.c \
	ui/shell_welcome.c \
	ui/world.c ui/world.h \
	ui/world_units.c \
	ui/canvas.c ui/canvas.h \
	ui/health/export.c ui/health/export.h \
	ui/health/health.c ui/health/health.h \
	ui/health/order.c \
	ui/health/words.c ui/health/words.h \
	ui/heat/heat.h \
	ui/heat/heat_image.c \
	ui/heat/heat_numbers.c \
	ui/heat/heat_plan.c \
	ui/heat/heat_tiles.c \
	ui/input.c ui/input.h \
	ui/layout.c ui/layout.h \
	ui/lines.c ui/lines.h \
	ui/palette.c ui/palette.h \
	ui/pane/doors.c ui/pane/doors_view.h \
	ui/pane/doors_draw.c \
	ui/pane/doors_filter.c \
	ui/pane/doors_log.c \
	ui/pane/floor.c ui/pane/floor_view.h \
	ui/pane/floor_act.c \
	ui/pane/floor_detail.c \
	ui/pane/floor_frames.c \
	ui/pane/floor_legend.c \
	ui/pane/floor_overlay.c \
	ui/pane/health.c ui/pane/health_view.h \
	ui/pane/health_draw.c \
	ui/pane/health_rows.c \
	ui/pane/health_tile.c \
	ui/pane/heat.c ui/pane/heat_private.h \
	ui/pane/heat_detail.c \
	ui/pane/heat_draw.c \
	ui/pane/heat_floor.c \
	ui/pane/heat_model.c \
	ui/pane/keys.c ui/pane/keys_view.h \
	ui/pane/keys_code.c \
	ui/pane/keys_draw.c \
	ui/pane/keys_draw_code.c \
	ui/pane/keys_issue.c ui/pane/keys_issue.h \
	ui/pane/keys_issue_form.c \
	ui/pane/keys_issue_send.c \
	ui/pane/keys_may.c \
	ui/pane/keys_revoke.c \
	ui/pane/keys_rows.c \
	ui/pane/keys_table.c \
	ui/pane/floor_tiles.c \
	ui/pane/occupancy.c ui/pane/occupancy_view.h \
	ui/pane/occupancy_ask.c \
	ui/pane/occupancy_chart.c \
	ui/pane/occupancy_draw.c \
	ui/pane/occupancy_export.c \
	ui/pane/occupancy_look.c \
	ui/pane/occupancy_now.c ui/pane/occupancy_now.h \
	ui/pane/occupancy_range.c \
	ui/pane/occupancy_rank.c \
	ui/pane/occupancy_sessions.c \
	ui/pane/occupancy_sites.c ui/pane/occupancy_sites.h \
	ui/pane/occupancy_spaces.c \
	ui/pane/occupancy_table.c \
	ui/pane/occupancy_week.c \
	ui/pane/overview.c ui/pane/overview_tiles.h \
	ui/pane/overview_count.c \
	ui/pane/overview_feeds.c \
	ui/pane/overview_people.c \
	ui/plan/plan.c ui/plan/plan.h ui/plan/plan_inner.h \
	ui/plan/plan_labels.c \
	ui/plan/plan_rooms.c \
	ui/plan/plan_things.c \
	ui/plan/plan_view.c \
	ui/role.c ui/role.h \
	ui/theme.c ui/theme.h ui/theme_inner.h \
	ui/theme_builtin.h \
	ui/theme_depth.c \
	ui/theme_parse.c \
	ui/widget/chart.c ui/widget/chart.h ui/widget/chart_parts.h \
	ui/widget/chart_sample.c \
	ui/widget/chart_scale.c \
	ui/widget/chart_time.c \
	ui/widget/dialog.c ui/widget/dialog.h \
	ui/widget/form.c ui/widget/form.h ui/widget/form_parts.h \
	ui/widget/form_draw.c \
	ui/widget/form_step.c \
	ui/widget/line_edit.c ui/widget/line_edit.h \
	ui/widget/menu.c ui/widget/menu.h \
	ui/widget/qr_view.c ui/widget/qr_view.h \
	ui/widget/spark.c \
	ui/widget/table.c ui/widget/table.h ui/widget/table_parts.h \
	ui/widget/table_draw.c \
	ui/widget/wrap.c ui/widget/wrap.h

# The files are the one source of the built-in themes; the first is the default.
theme_files = \
	themes/dusk.theme \
	themes/day.theme \
	themes/contrast.theme \
	themes/mono.theme

themesdir = $(pkgdatadir)/themes
dist_themes_DATA = $(theme_files)
EXTRA_DIST += ui/themes.awk

ui/theme_builtin.c: $(theme_files) ui/themes.awk
	$(AM_V_GEN)$(MKDIR_P) ui && { for file in $(theme_files); do \
		if test -f $$file; then echo $$file; else echo $(srcdir)/$$file; fi; done; } | \
		xargs $(AWK) -f $(srcdir)/ui/themes.awk >$@.tmp && mv $@.tmp $@
CLEANFILES += ui/theme_builtin.c ui/theme_builtin.c.tmp
