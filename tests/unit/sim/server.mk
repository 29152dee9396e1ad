sim_butlr_play = tests/unit/sim/butlr_play.c tests/unit/sim/butlr_play.h

check_PROGRAMS += tests/unit/sim/test_faults
tests_unit_sim_test_faults_SOURCES = tests/unit/sim/test_faults.c
tests_unit_sim_test_faults_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_gql
tests_unit_sim_test_gql_SOURCES = tests/unit/sim/test_gql.c
tests_unit_sim_test_gql_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_butlr_time
tests_unit_sim_test_butlr_time_SOURCES = tests/unit/sim/test_butlr_time.c
tests_unit_sim_test_butlr_time_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_butlr_rest
tests_unit_sim_test_butlr_rest_SOURCES = tests/unit/sim/test_butlr_rest.c $(sim_butlr_play)
tests_unit_sim_test_butlr_rest_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_butlr_graphql
tests_unit_sim_test_butlr_graphql_SOURCES = tests/unit/sim/test_butlr_graphql.c $(sim_butlr_play)
tests_unit_sim_test_butlr_graphql_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_butlr_data
tests_unit_sim_test_butlr_data_SOURCES = tests/unit/sim/test_butlr_data.c $(sim_butlr_play)
tests_unit_sim_test_butlr_data_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_server
tests_unit_sim_test_server_SOURCES = tests/unit/sim/test_server.c
tests_unit_sim_test_server_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(CURL_LIBS) $(SIM_LIBS)

sim_butterflymx_play = tests/unit/sim/butterflymx_play.c tests/unit/sim/butterflymx_play.h

check_PROGRAMS += tests/unit/sim/test_butterflymx_auth
tests_unit_sim_test_butterflymx_auth_SOURCES = tests/unit/sim/test_butterflymx_auth.c $(sim_butterflymx_play)
tests_unit_sim_test_butterflymx_auth_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_butterflymx_lists
tests_unit_sim_test_butterflymx_lists_SOURCES = tests/unit/sim/test_butterflymx_lists.c $(sim_butterflymx_play)
tests_unit_sim_test_butterflymx_lists_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_butterflymx_write
tests_unit_sim_test_butterflymx_write_SOURCES = tests/unit/sim/test_butterflymx_write.c $(sim_butterflymx_play)
tests_unit_sim_test_butterflymx_write_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_butterflymx_picture
tests_unit_sim_test_butterflymx_picture_SOURCES = tests/unit/sim/test_butterflymx_picture.c $(sim_butterflymx_play)
tests_unit_sim_test_butterflymx_picture_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_butterflymx_server
tests_unit_sim_test_butterflymx_server_SOURCES = tests/unit/sim/test_butterflymx_server.c
tests_unit_sim_test_butterflymx_server_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(CURL_LIBS) $(SIM_LIBS)

sim_density_play = tests/unit/sim/density_play.c tests/unit/sim/density_play.h

check_PROGRAMS += tests/unit/sim/test_density_rest
tests_unit_sim_test_density_rest_SOURCES = tests/unit/sim/test_density_rest.c $(sim_density_play)
tests_unit_sim_test_density_rest_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_density_metrics
tests_unit_sim_test_density_metrics_SOURCES = tests/unit/sim/test_density_metrics.c $(sim_density_play)
tests_unit_sim_test_density_metrics_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_density_ws
tests_unit_sim_test_density_ws_SOURCES = tests/unit/sim/test_density_ws.c $(sim_density_play)
tests_unit_sim_test_density_ws_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_density_socket
tests_unit_sim_test_density_socket_SOURCES = tests/unit/sim/test_density_socket.c
tests_unit_sim_test_density_socket_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(CURL_LIBS) $(SIM_LIBS)

EXTRA_DIST += \
	tests/unit/sim/density/delete-v3-label.json \
	tests/unit/sim/density/error.json \
	tests/unit/sim/density/get-v3-doorways.json \
	tests/unit/sim/density/get-v3-spaces.json \
	tests/unit/sim/density/patch-v3-space.json \
	tests/unit/sim/density/post-v3-analytics-data-status.json \
	tests/unit/sim/density/post-v3-analytics-metrics-hour.json \
	tests/unit/sim/density/post-v3-analytics-metrics-total.json \
	tests/unit/sim/density/post-v3-analytics-occupancy-current.json \
	tests/unit/sim/density/post-v3-analytics-presence-health.json \
	tests/unit/sim/density/post-v3-analytics-presence.json \
	tests/unit/sim/density/post-v3-analytics-sessions-raw-by-space.json \
	tests/unit/sim/density/post-v3-analytics-short-term.json \
	tests/unit/sim/density/post-v3-analytics-ws-floor-presence.json \
	tests/unit/sim/density/post-v3-labels-groups.json \
	tests/unit/sim/density/post-v3-labels.json \
	tests/unit/sim/density/post-v3-oauth-token.json \
	tests/unit/sim/density/post-v3-sensors-health-current.json \
	tests/unit/sim/density/post-v3-sensors-health.json \
	tests/unit/sim/density/post-v3-sensors.json \
	tests/unit/sim/density/post-v3-users.json \
	tests/unit/sim/density/post-v3-wayfinding-token.json \
	tests/unit/sim/density/ws-doorway-event.json \
	tests/unit/sim/density/ws-occupancy-live.json \
	tests/unit/sim/density/ws-occupancy-refresh.json \
	tests/unit/sim/density/ws-presence-live.json \
	tests/unit/sim/density/ws-presence-refresh.json \
	tests/unit/sim/density/ws-presence-waffle-live.json

EXTRA_DIST += \
	tests/api/butterflymx/get-buildings-id.json \
	tests/api/butterflymx/get-buildings.json \
	tests/api/butterflymx/get-door_releases.json \
	tests/api/butterflymx/get-keychains-id-qr_keys.json \
	tests/api/butterflymx/get-keychains-id.json \
	tests/api/butterflymx/get-keychains.json \
	tests/api/butterflymx/get-qr_keys-id.json \
	tests/api/butterflymx/get-qr_keys.json \
	tests/api/butterflymx/get-units-id-users.json \
	tests/api/butterflymx/get-units-id.json \
	tests/api/butterflymx/get-units.json \
	tests/api/butterflymx/patch-buildings-422.json \
	tests/api/butterflymx/patch-buildings-422.request.json \
	tests/api/butterflymx/patch-buildings-id-remove_panel_logo.request.json \
	tests/api/butterflymx/patch-buildings-id.json \
	tests/api/butterflymx/patch-buildings-id.request.json \
	tests/api/butterflymx/patch-units-id-users-id.json \
	tests/api/butterflymx/patch-units-id-users-id.request.json \
	tests/api/butterflymx/patch-units-id.json \
	tests/api/butterflymx/post-keychains-id-qr_keys.json \
	tests/api/butterflymx/post-keychains-id-qr_keys.request.json \
	tests/api/butterflymx/post-keychains.request.json \
	tests/api/butterflymx/post-oauth-token-invalid_client.json \
	tests/api/butterflymx/post-oauth-token-refresh.json \
	tests/api/butterflymx/post-oauth-token.json \
	tests/api/butterflymx/post-qr_keys.request.json \
	tests/api/butterflymx/post-units-id-users.json \
	tests/api/butterflymx/post-units-id-users.request.json \
	tests/api/butterflymx/post-units.json \
	tests/api/butterflymx/post-units.request.json \
	tests/api/butterflymx/put-api-v1-password-422-confirmation.json \
	tests/api/butterflymx/put-api-v1-password-422-wrong_password.json

sim_sensorist_play = tests/unit/sim/sensorist_play.c tests/unit/sim/sensorist_play.h

check_PROGRAMS += tests/unit/sim/test_sensorist_rest
tests_unit_sim_test_sensorist_rest_SOURCES = tests/unit/sim/test_sensorist_rest.c $(sim_sensorist_play)
tests_unit_sim_test_sensorist_rest_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_sensorist_measure
tests_unit_sim_test_sensorist_measure_SOURCES = tests/unit/sim/test_sensorist_measure.c $(sim_sensorist_play)
tests_unit_sim_test_sensorist_measure_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_sensorist_server
tests_unit_sim_test_sensorist_server_SOURCES = tests/unit/sim/test_sensorist_server.c
tests_unit_sim_test_sensorist_server_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(CURL_LIBS) $(SIM_LIBS)

EXTRA_DIST += \
	tests/unit/sim/sensorist/delete-alarms-id.json \
	tests/unit/sim/sensorist/delete-callbacks-id.json \
	tests/unit/sim/sensorist/error-401.json \
	tests/unit/sim/sensorist/get-alarms-history.json \
	tests/unit/sim/sensorist/get-alarms.json \
	tests/unit/sim/sensorist/get-callbacks.json \
	tests/unit/sim/sensorist/get-gateways-empty.json \
	tests/unit/sim/sensorist/get-gateways-with_slaves.json \
	tests/unit/sim/sensorist/get-gateways.json \
	tests/unit/sim/sensorist/get-measurements-empty.json \
	tests/unit/sim/sensorist/get-measurements-latest.json \
	tests/unit/sim/sensorist/get-measurements-min_max-nested.json \
	tests/unit/sim/sensorist/get-measurements-range.json \
	tests/unit/sim/sensorist/get-measurements-raw-last.json \
	tests/unit/sim/sensorist/get-measurements-raw.json \
	tests/unit/sim/sensorist/get-users-list.json \
	tests/unit/sim/sensorist/get-users.json \
	tests/unit/sim/sensorist/get-workflows-id-done.json \
	tests/unit/sim/sensorist/get-workflows-id-failed.json \
	tests/unit/sim/sensorist/get-workflows-id-running.json \
	tests/unit/sim/sensorist/post-alarms.json \
	tests/unit/sim/sensorist/post-callbacks.json \
	tests/unit/sim/sensorist/post-gateways-id-commands.json \
	tests/unit/sim/sensorist/post-gateways-id.json \
	tests/unit/sim/sensorist/post-gateways.json \
	tests/unit/sim/sensorist/post-sensors-id-interval.json \
	tests/unit/sim/sensorist/post-sensors-id-name.json \
	tests/unit/sim/sensorist/post-users.json
