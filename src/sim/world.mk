sim_world_sources = \
	src/sim/people.h \
	src/sim/people_agenda.c \
	src/sim/people_day.c \
	src/sim/people_walk.c \
	src/sim/plan.c \
	src/sim/plan.h \
	src/sim/plan_furnish.c \
	src/sim/plan_tables.c \
	src/sim/thermal.c \
	src/sim/world.c \
	src/sim/world.h \
	src/sim/world_count.c \
	src/sim/world_devices.c \
	src/sim/world_find.c \
	src/sim/world_health.c \
	src/sim/world_inner.h \
	src/sim/world_names.c \
	src/sim/world_people.c \
	src/sim/world_view.c \
	src/sim/world_view.h
