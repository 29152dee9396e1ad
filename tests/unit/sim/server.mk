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
