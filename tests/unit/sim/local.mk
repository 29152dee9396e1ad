include tests/unit/sim/server.mk
check_PROGRAMS += tests/unit/sim/test_world
tests_unit_sim_test_world_SOURCES = tests/unit/sim/test_world.c tests/unit/sim/world_fixture.h
tests_unit_sim_test_world_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_people
tests_unit_sim_test_people_SOURCES = tests/unit/sim/test_people.c tests/unit/sim/world_fixture.h
tests_unit_sim_test_people_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)

check_PROGRAMS += tests/unit/sim/test_sensing
tests_unit_sim_test_sensing_SOURCES = tests/unit/sim/test_sensing.c tests/unit/sim/world_fixture.h
tests_unit_sim_test_sensing_LDADD = $(libs_sim) $(CMOCKA_LIBS) $(SIM_LIBS)
