check_PROGRAMS += tests/unit/api/test_work
tests_unit_api_test_work_SOURCES = tests/unit/api/test_work.c
tests_unit_api_test_work_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_butlr_estate
tests_unit_api_test_butlr_estate_SOURCES = tests/unit/api/test_butlr_estate.c tests/unit/api/butlr_play.c tests/unit/api/butlr_play.h
tests_unit_api_test_butlr_estate_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_butlr_live
tests_unit_api_test_butlr_live_SOURCES = tests/unit/api/test_butlr_live.c tests/unit/api/butlr_play.c tests/unit/api/butlr_play.h
tests_unit_api_test_butlr_live_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_butlr_requests
tests_unit_api_test_butlr_requests_SOURCES = tests/unit/api/test_butlr_requests.c tests/unit/api/butlr_play.c tests/unit/api/butlr_play.h
tests_unit_api_test_butlr_requests_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_butlr_work
tests_unit_api_test_butlr_work_SOURCES = tests/unit/api/test_butlr_work.c tests/unit/api/butlr_play.c tests/unit/api/butlr_play.h
tests_unit_api_test_butlr_work_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

butterflymx_play = tests/unit/api/test_butterflymx_play.c tests/unit/api/test_butterflymx_play.h
butlr_play = tests/unit/api/butlr_play.c tests/unit/api/butlr_play.h

check_PROGRAMS += tests/unit/api/test_butterflymx_auth
tests_unit_api_test_butterflymx_auth_SOURCES = tests/unit/api/test_butterflymx_auth.c $(butterflymx_play)
tests_unit_api_test_butterflymx_auth_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_butterflymx_change
tests_unit_api_test_butterflymx_change_SOURCES = tests/unit/api/test_butterflymx_change.c $(butterflymx_play)
tests_unit_api_test_butterflymx_change_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_butterflymx_decode
tests_unit_api_test_butterflymx_decode_SOURCES = tests/unit/api/test_butterflymx_decode.c $(butterflymx_play) $(butlr_play)
tests_unit_api_test_butterflymx_decode_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_butterflymx_order
tests_unit_api_test_butterflymx_order_SOURCES = tests/unit/api/test_butterflymx_order.c $(butterflymx_play)
tests_unit_api_test_butterflymx_order_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_butterflymx_places
tests_unit_api_test_butterflymx_places_SOURCES = tests/unit/api/test_butterflymx_places.c $(butterflymx_play)
tests_unit_api_test_butterflymx_places_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_butterflymx_read
tests_unit_api_test_butterflymx_read_SOURCES = tests/unit/api/test_butterflymx_read.c $(butterflymx_play)
tests_unit_api_test_butterflymx_read_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

density_play = tests/unit/api/density_play.c tests/unit/api/density_play.h

check_PROGRAMS += tests/unit/api/test_density_hostile
tests_unit_api_test_density_hostile_SOURCES = tests/unit/api/test_density_hostile.c $(density_play)
tests_unit_api_test_density_hostile_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_density_order
tests_unit_api_test_density_order_SOURCES = tests/unit/api/test_density_order.c $(density_play)
tests_unit_api_test_density_order_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_density_push
tests_unit_api_test_density_push_SOURCES = tests/unit/api/test_density_push.c $(density_play)
tests_unit_api_test_density_push_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_density_range
tests_unit_api_test_density_range_SOURCES = tests/unit/api/test_density_range.c $(density_play)
tests_unit_api_test_density_range_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_density_read
tests_unit_api_test_density_read_SOURCES = tests/unit/api/test_density_read.c $(density_play)
tests_unit_api_test_density_read_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

sensorist_play = tests/unit/api/sensorist_play.c tests/unit/api/sensorist_play.h

check_PROGRAMS += tests/unit/api/test_sensorist_order
tests_unit_api_test_sensorist_order_SOURCES = tests/unit/api/test_sensorist_order.c $(sensorist_play)
tests_unit_api_test_sensorist_order_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

check_PROGRAMS += tests/unit/api/test_sensorist_read
tests_unit_api_test_sensorist_read_SOURCES = tests/unit/api/test_sensorist_read.c $(sensorist_play)
tests_unit_api_test_sensorist_read_LDADD = $(libs_api) $(CMOCKA_LIBS) $(NET_LIBS)

EXTRA_DIST += \
	tests/api/sensorist/callback-alarm.request.json \
	tests/api/sensorist/callback-button.request.json \
	tests/api/sensorist/callback-system.request.json \
	tests/api/sensorist/delete-alarms-id.json \
	tests/api/sensorist/delete-callbacks-id.json \
	tests/api/sensorist/error-400.json \
	tests/api/sensorist/error-401.json \
	tests/api/sensorist/error-404.json \
	tests/api/sensorist/get-alarms-history.json \
	tests/api/sensorist/get-alarms.json \
	tests/api/sensorist/get-callbacks.json \
	tests/api/sensorist/get-gateways-empty.json \
	tests/api/sensorist/get-gateways-with_slaves.json \
	tests/api/sensorist/get-gateways.json \
	tests/api/sensorist/get-measurements-empty.json \
	tests/api/sensorist/get-measurements-latest-gaps.json \
	tests/api/sensorist/get-measurements-latest.json \
	tests/api/sensorist/get-measurements-min_max-flat.json \
	tests/api/sensorist/get-measurements-min_max-nested.json \
	tests/api/sensorist/get-measurements-min_max-rows.json \
	tests/api/sensorist/get-measurements-range.json \
	tests/api/sensorist/get-measurements-raw-last.json \
	tests/api/sensorist/get-measurements-raw.json \
	tests/api/sensorist/get-users-list.json \
	tests/api/sensorist/get-users.json \
	tests/api/sensorist/get-workflows-id-done.json \
	tests/api/sensorist/get-workflows-id-failed.json \
	tests/api/sensorist/get-workflows-id-running.json \
	tests/api/sensorist/post-alarms.json \
	tests/api/sensorist/post-callbacks.json \
	tests/api/sensorist/post-gateways-id-commands.json \
	tests/api/sensorist/post-gateways-id.json \
	tests/api/sensorist/post-gateways.json \
	tests/api/sensorist/post-sensors-id-interval.json \
	tests/api/sensorist/post-sensors-id-name.json \
	tests/api/sensorist/post-users.json

EXTRA_DIST += \
	tests/api/density/inferred/error.json \
	tests/api/density/inferred/get-v3-doorways.json \
	tests/api/density/inferred/get-v3-spaces.json \
	tests/api/density/inferred/post-v3-analytics-data-status.json \
	tests/api/density/inferred/post-v3-analytics-metrics-hour.json \
	tests/api/density/inferred/post-v3-analytics-metrics-total.json \
	tests/api/density/inferred/post-v3-analytics-occupancy-current-enveloped.json \
	tests/api/density/inferred/post-v3-analytics-occupancy-current.json \
	tests/api/density/inferred/post-v3-analytics-presence-health.json \
	tests/api/density/inferred/post-v3-analytics-sessions-raw-by-space.json \
	tests/api/density/inferred/post-v3-analytics-short-term.json \
	tests/api/density/inferred/post-v3-sensors-health-current.json \
	tests/api/density/inferred/post-v3-sensors-health.json \
	tests/api/density/inferred/post-v3-sensors.json \
	tests/api/density/inferred/ws-doorway-event.json \
	tests/api/density/inferred/ws-presence-waffle-live.json \
	tests/api/density/samples/delete-v3-label.placeholder.json \
	tests/api/density/samples/delete-v3-labels-group.placeholder.json \
	tests/api/density/samples/delete-v3-user.placeholder.json \
	tests/api/density/samples/get-v3-doorways.collapsed.json \
	tests/api/density/samples/get-v3-hello-world.txt \
	tests/api/density/samples/get-v3-labels-groups.collapsed.json \
	tests/api/density/samples/get-v3-labels.collapsed.json \
	tests/api/density/samples/get-v3-spaces.collapsed.json \
	tests/api/density/samples/get-v3-user.placeholder.json \
	tests/api/density/samples/get-v3-users.collapsed.json \
	tests/api/density/samples/get-version.txt \
	tests/api/density/samples/patch-v3-label.collapsed.json \
	tests/api/density/samples/patch-v3-labels-group.collapsed.json \
	tests/api/density/samples/patch-v3-space-labels.collapsed.json \
	tests/api/density/samples/patch-v3-space.placeholder.json \
	tests/api/density/samples/post-v3-analytics-data-status.collapsed.json \
	tests/api/density/samples/post-v3-analytics-metrics.collapsed.json \
	tests/api/density/samples/post-v3-analytics-occupancy-current.collapsed.json \
	tests/api/density/samples/post-v3-analytics-occupancy.collapsed.json \
	tests/api/density/samples/post-v3-analytics-presence-health.collapsed.json \
	tests/api/density/samples/post-v3-analytics-presence.json \
	tests/api/density/samples/post-v3-analytics-sessions-raw.collapsed.json \
	tests/api/density/samples/post-v3-analytics-short-term.collapsed.json \
	tests/api/density/samples/post-v3-analytics-time-used.collapsed.json \
	tests/api/density/samples/post-v3-analytics-utilization.collapsed.json \
	tests/api/density/samples/post-v3-analytics-ws-floor-presence.placeholder.json \
	tests/api/density/samples/post-v3-analytics-ws-space-occupancy.placeholder.json \
	tests/api/density/samples/post-v3-labels-groups.collapsed.json \
	tests/api/density/samples/post-v3-labels.collapsed.json \
	tests/api/density/samples/post-v3-oauth-token.placeholder.json \
	tests/api/density/samples/post-v3-sensors-health-current.collapsed.json \
	tests/api/density/samples/post-v3-sensors-health.collapsed.json \
	tests/api/density/samples/post-v3-sensors.collapsed.json \
	tests/api/density/samples/post-v3-users.placeholder.json \
	tests/api/density/samples/post-v3-wayfinding-token.placeholder.json \
	tests/api/density/samples/put-v3-user.placeholder.json \
	tests/api/density/samples/requests/patch-v3-label.json \
	tests/api/density/samples/requests/patch-v3-labels-group.json \
	tests/api/density/samples/requests/patch-v3-space-labels.json \
	tests/api/density/samples/requests/patch-v3-space.json \
	tests/api/density/samples/requests/post-v3-analytics-data-status.json \
	tests/api/density/samples/requests/post-v3-analytics-metrics.json \
	tests/api/density/samples/requests/post-v3-analytics-occupancy-current.json \
	tests/api/density/samples/requests/post-v3-analytics-occupancy.json \
	tests/api/density/samples/requests/post-v3-analytics-presence-health.json \
	tests/api/density/samples/requests/post-v3-analytics-presence.json \
	tests/api/density/samples/requests/post-v3-analytics-sessions-raw.json \
	tests/api/density/samples/requests/post-v3-analytics-short-term.json \
	tests/api/density/samples/requests/post-v3-analytics-time-used.json \
	tests/api/density/samples/requests/post-v3-analytics-utilization.json \
	tests/api/density/samples/requests/post-v3-labels-groups.json \
	tests/api/density/samples/requests/post-v3-labels.json \
	tests/api/density/samples/requests/post-v3-oauth-token.placeholder.json \
	tests/api/density/samples/requests/post-v3-sensors-health-current.json \
	tests/api/density/samples/requests/post-v3-sensors-health.json \
	tests/api/density/samples/requests/post-v3-sensors.json \
	tests/api/density/samples/requests/post-v3-users.json \
	tests/api/density/samples/requests/put-v3-user.json \
	tests/api/density/samples/ws-occupancy-live.json \
	tests/api/density/samples/ws-occupancy-refresh.json \
	tests/api/density/samples/ws-presence-live.json \
	tests/api/density/samples/ws-presence-refresh.json

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
	tests/api/butterflymx/later-v3-get-access_codes.json \
	tests/api/butterflymx/later-v3-get-keychains-id.json \
	tests/api/butterflymx/later-v3-post-keychains-custom.json \
	tests/api/butterflymx/later-v3-post-keychains-custom.request.json \
	tests/api/butterflymx/later-v3-post-keychains-id-virtual_keys.json \
	tests/api/butterflymx/later-v3-post-keychains-id-virtual_keys.request.json \
	tests/api/butterflymx/later-v3-post-me-open_door.request.json \
	tests/api/butterflymx/patch-buildings-422.json \
	tests/api/butterflymx/patch-buildings-422.request.json \
	tests/api/butterflymx/patch-buildings-id-address.json \
	tests/api/butterflymx/patch-buildings-id-address.request.json \
	tests/api/butterflymx/patch-buildings-id-remove_panel_logo.json \
	tests/api/butterflymx/patch-buildings-id-remove_panel_logo.request.json \
	tests/api/butterflymx/patch-buildings-id.json \
	tests/api/butterflymx/patch-buildings-id.request.json \
	tests/api/butterflymx/patch-units-id-users-id.json \
	tests/api/butterflymx/patch-units-id-users-id.request.json \
	tests/api/butterflymx/patch-units-id.json \
	tests/api/butterflymx/patch-units-id.request.json \
	tests/api/butterflymx/post-keychains-id-qr_keys-email_sms.request.json \
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
	tests/api/butterflymx/put-api-v1-password-422-wrong_password.json \
	tests/api/butterflymx/v4-errors-401.json \
	tests/api/butterflymx/v4-errors-422.json \
	tests/api/butterflymx/v4-post-keychains-recurring.json \
	tests/api/butterflymx/v4-post-keychains-recurring.request.json

EXTRA_DIST += \
	tests/api/butlr/inferred/graphql-floor-geometry.json \
	tests/api/butlr/inferred/graphql-hives-health.json \
	tests/api/butlr/inferred/graphql-partial-with-errors.json \
	tests/api/butlr/inferred/graphql-sensors-health.json \
	tests/api/butlr/inferred/graphql-unauthenticated.json \
	tests/api/butlr/inferred/post-v3-detections-heatmap-flat64.json \
	tests/api/butlr/inferred/post-v3-detections-heatmap-v2.json \
	tests/api/butlr/inferred/post-v3-detections-heatmap.json \
	tests/api/butlr/inferred/post-v3-detections-several-types.json \
	tests/api/butlr/inferred/post-v3-detections-world.json \
	tests/api/butlr/inferred/webhook-floor-occupancy.json \
	tests/api/butlr/inferred/webhook-room-occupancy.json \
	tests/api/butlr/inferred/webhook-traffic.json \
	tests/api/butlr/inferred/webhook-zone-occupancy-1min.json \
	tests/api/butlr/samples/error-400-delete-space-fixture.json \
	tests/api/butlr/samples/error-400-post-space-fixtures.json \
	tests/api/butlr/samples/error-401-activate-hive.json \
	tests/api/butlr/samples/error-401-deactivate-hive.json \
	tests/api/butlr/samples/error-401-deactivate-sensor.json \
	tests/api/butlr/samples/error-401-delete-space-room.json \
	tests/api/butlr/samples/error-401-delete-space.json \
	tests/api/butlr/samples/get-fixture-types.json \
	tests/api/butlr/samples/get-hive.json \
	tests/api/butlr/samples/get-hives.json \
	tests/api/butlr/samples/get-languages.json \
	tests/api/butlr/samples/get-room-types.json \
	tests/api/butlr/samples/get-sensor.json \
	tests/api/butlr/samples/get-sensors.json \
	tests/api/butlr/samples/get-space-details.json \
	tests/api/butlr/samples/get-space-fixture.json \
	tests/api/butlr/samples/get-space-fixtures.json \
	tests/api/butlr/samples/get-space-room-details.json \
	tests/api/butlr/samples/get-space-rooms.json \
	tests/api/butlr/samples/get-space-zone.placeholder.json \
	tests/api/butlr/samples/get-space-zones.placeholder.json \
	tests/api/butlr/samples/get-spaces-details.json \
	tests/api/butlr/samples/get-user-preferences.json \
	tests/api/butlr/samples/graphql-createGroups.json \
	tests/api/butlr/samples/graphql-floor-null-sensors.trimmed.json \
	tests/api/butlr/samples/graphql-groups.json \
	tests/api/butlr/samples/graphql-sensors.json \
	tests/api/butlr/samples/graphql-sites-topology.trimmed.json \
	tests/api/butlr/samples/graphql-tags.json \
	tests/api/butlr/samples/post-clients-login.json \
	tests/api/butlr/samples/post-clients-login.placeholder.json \
	tests/api/butlr/samples/post-login-refresh.json \
	tests/api/butlr/samples/post-login.json \
	tests/api/butlr/samples/post-space-rooms.placeholder.json \
	tests/api/butlr/samples/post-space-zones.placeholder.json \
	tests/api/butlr/samples/post-spaces.json \
	tests/api/butlr/samples/post-v3-detections-local.json \
	tests/api/butlr/samples/post-v3-reporting-by-field.json \
	tests/api/butlr/samples/post-v3-reporting-by-room-time.json \
	tests/api/butlr/samples/post-v3-reporting-flat-traffic.json \
	tests/api/butlr/samples/post-v3-reporting-presence-by-room-mac.json \
	tests/api/butlr/samples/post-v3-reporting-presence-time-by-time.json \
	tests/api/butlr/samples/post-v3-reporting-raw-by-room-time.trimmed.json \
	tests/api/butlr/samples/post-v3-reporting-traffic-by-room-field.json \
	tests/api/butlr/samples/post-v3-reporting-traffic-by-time-field.json \
	tests/api/butlr/samples/post-v4-reporting-stats-rooms.json \
	tests/api/butlr/samples/post-v4-reporting-stats.json \
	tests/api/butlr/samples/put-hive.json \
	tests/api/butlr/samples/put-sensor.placeholder.json \
	tests/api/butlr/samples/put-space-fixture.placeholder.json \
	tests/api/butlr/samples/put-space-room.placeholder.json \
	tests/api/butlr/samples/put-space-zone.placeholder.json \
	tests/api/butlr/samples/put-space.placeholder.json \
	tests/api/butlr/samples/put-user-preferences.json \
	tests/api/butlr/samples/requests/get-space-fixtures-body.placeholder.json \
	tests/api/butlr/samples/requests/post-clients-login.json \
	tests/api/butlr/samples/requests/post-clients-login.placeholder.json \
	tests/api/butlr/samples/requests/post-login-refresh.json \
	tests/api/butlr/samples/requests/post-login.json \
	tests/api/butlr/samples/requests/post-space-fixtures.placeholder.json \
	tests/api/butlr/samples/requests/post-space-rooms.placeholder.json \
	tests/api/butlr/samples/requests/post-spaces.json \
	tests/api/butlr/samples/requests/post-v3-detections-heatmap-v2.json \
	tests/api/butlr/samples/requests/post-v3-detections.placeholder.json \
	tests/api/butlr/samples/requests/post-v3-reporting-by-tag.json \
	tests/api/butlr/samples/requests/post-v3-reporting-floor-occupancy.json \
	tests/api/butlr/samples/requests/post-v3-reporting-presence-by-room-mac.json \
	tests/api/butlr/samples/requests/post-v3-reporting-presence-time-by-time.json \
	tests/api/butlr/samples/requests/post-v3-reporting-traffic-by-room-field.json \
	tests/api/butlr/samples/requests/post-v3-reporting-traffic-by-time-field.json \
	tests/api/butlr/samples/requests/post-v3-reporting.json \
	tests/api/butlr/samples/requests/post-v4-reporting-stats.json \
	tests/api/butlr/samples/requests/put-sensor.placeholder.json \
	tests/api/butlr/samples/requests/put-space-fixture.placeholder.json \
	tests/api/butlr/samples/requests/put-space-room.placeholder.json \
	tests/api/butlr/samples/requests/put-space-zone.placeholder.json \
	tests/api/butlr/samples/requests/put-space.placeholder.json \
	tests/api/butlr/samples/requests/put-user-preferences.json \
	tests/api/butlr/samples/streams-legacy.json \
	tests/api/butlr/samples/webhook-detections.json \
	tests/api/butlr/samples/webhook-pir-motion.json \
	tests/api/butlr/samples/webhook-pir-no-motion.json
