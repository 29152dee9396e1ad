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
