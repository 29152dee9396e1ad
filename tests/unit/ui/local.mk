check_PROGRAMS += tests/unit/ui/test_canvas
tests_unit_ui_test_canvas_SOURCES = tests/unit/ui/test_canvas.c
tests_unit_ui_test_canvas_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_input
tests_unit_ui_test_input_SOURCES = tests/unit/ui/test_input.c
tests_unit_ui_test_input_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_layout
tests_unit_ui_test_layout_SOURCES = tests/unit/ui/test_layout.c
tests_unit_ui_test_layout_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_lines
tests_unit_ui_test_lines_SOURCES = tests/unit/ui/test_lines.c
tests_unit_ui_test_lines_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_role
tests_unit_ui_test_role_SOURCES = tests/unit/ui/test_role.c
tests_unit_ui_test_role_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_theme
tests_unit_ui_test_theme_SOURCES = tests/unit/ui/test_theme.c
tests_unit_ui_test_theme_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_chart
tests_unit_ui_test_chart_SOURCES = tests/unit/ui/test_chart.c
tests_unit_ui_test_chart_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_line_edit
tests_unit_ui_test_line_edit_SOURCES = tests/unit/ui/test_line_edit.c
tests_unit_ui_test_line_edit_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_table
tests_unit_ui_test_table_SOURCES = tests/unit/ui/test_table.c
tests_unit_ui_test_table_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_heat
tests_unit_ui_test_heat_SOURCES = tests/unit/ui/test_heat.c
tests_unit_ui_test_heat_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

# The pane's goldens; LODGE_GOLDEN=write makes them anew.
EXTRA_DIST += tests/screen/heat
check_PROGRAMS += tests/unit/ui/test_heat_pane
tests_unit_ui_test_heat_pane_SOURCES = tests/unit/ui/test_heat_pane.c
tests_unit_ui_test_heat_pane_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

# Goldens of health and overview; GENERATE=1 makes them anew. The overview's test stands in for the plan and the heat itself.
EXTRA_DIST += tests/screen/health tests/screen/overview
health_estate = tests/unit/ui/health_estate.c tests/unit/ui/health_estate.h

check_PROGRAMS += tests/unit/ui/test_health
tests_unit_ui_test_health_SOURCES = tests/unit/ui/test_health.c $(health_estate)
tests_unit_ui_test_health_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_pane_health
tests_unit_ui_test_pane_health_SOURCES = tests/unit/ui/test_pane_health.c $(health_estate)
tests_unit_ui_test_pane_health_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

EXTRA_DIST += tests/screen/occupancy
check_PROGRAMS += tests/unit/ui/test_occupancy
tests_unit_ui_test_occupancy_SOURCES = tests/unit/ui/test_occupancy.c tests/unit/ui/occupancy_rooms.h
tests_unit_ui_test_occupancy_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_pane_occupancy
tests_unit_ui_test_pane_occupancy_SOURCES = tests/unit/ui/test_pane_occupancy.c tests/unit/ui/occupancy_rooms.h \
	$(health_estate)
tests_unit_ui_test_pane_occupancy_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_pane_overview
tests_unit_ui_test_pane_overview_SOURCES = tests/unit/ui/test_pane_overview.c $(health_estate)
tests_unit_ui_test_pane_overview_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_keymap
tests_unit_ui_test_keymap_SOURCES = tests/unit/ui/test_keymap.c
tests_unit_ui_test_keymap_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_shell
tests_unit_ui_test_shell_SOURCES = tests/unit/ui/test_shell.c
tests_unit_ui_test_shell_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_world
tests_unit_ui_test_world_SOURCES = tests/unit/ui/test_world.c
tests_unit_ui_test_world_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

EXTRA_DIST += tests/screen/floor
floor_fixture = tests/unit/ui/floor_fixture.c tests/unit/ui/floor_fixture.h

check_PROGRAMS += tests/unit/ui/test_plan
tests_unit_ui_test_plan_SOURCES = tests/unit/ui/test_plan.c $(floor_fixture)
tests_unit_ui_test_plan_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_pane_floor
tests_unit_ui_test_pane_floor_SOURCES = tests/unit/ui/test_pane_floor.c $(floor_fixture)
tests_unit_ui_test_pane_floor_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_form
tests_unit_ui_test_form_SOURCES = tests/unit/ui/test_form.c
tests_unit_ui_test_form_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_dialog
tests_unit_ui_test_dialog_SOURCES = tests/unit/ui/test_dialog.c
tests_unit_ui_test_dialog_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/ui/test_qr_view
tests_unit_ui_test_qr_view_SOURCES = tests/unit/ui/test_qr_view.c
tests_unit_ui_test_qr_view_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

# Goldens of the keys pane; GENERATE=1 makes them anew.
EXTRA_DIST += tests/screen/keys
check_PROGRAMS += tests/unit/ui/test_pane_keys
tests_unit_ui_test_pane_keys_SOURCES = tests/unit/ui/test_pane_keys.c tests/unit/ui/keys_house.c tests/unit/ui/keys_house.h
tests_unit_ui_test_pane_keys_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)

# Goldens of the doors pane; GENERATE=1 makes them anew.
EXTRA_DIST += tests/screen/doors
check_PROGRAMS += tests/unit/ui/test_pane_doors
tests_unit_ui_test_pane_doors_SOURCES = tests/unit/ui/test_pane_doors.c tests/unit/ui/doors_lobby.c tests/unit/ui/doors_lobby.h
tests_unit_ui_test_pane_doors_LDADD = $(libs_ui) $(CMOCKA_LIBS) $(BASE_LIBS)
