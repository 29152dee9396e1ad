noinst_LIBRARIES += libapp.a
libapp_a_SOURCES = \
	src/app/app.c src/app/app.h \
	src/app/args.c src/app/args.h \
	src/app/cmd_api.c \
	src/app/cmd_check.c \
	src/app/cmd_get.c \
	src/app/cmd_key.c \
	src/app/cmd_password.c \
	src/app/cmd_watch.c \
	src/app/cmd_write.c \
	src/app/cmds.h \
	src/app/collect.c src/app/collect.h src/app/collect_private.h \
	src/app/collect_write.c \
	src/app/command.h \
	src/app/commands.c \
	src/app/dash.c src/app/dash.h src/app/dash_private.h \
	src/app/dash_desk.c src/app/dash_desk.h \
	src/app/dash_export.c \
	src/app/dash_feeds.c \
	src/app/dash_ask.c src/app/dash_ask.h \
	src/app/dash_save.c \
	src/app/demo.c src/app/demo.h \
	src/app/help.c \
	src/app/key_parts.h \
	src/app/key_place.c \
	src/app/key_print.c \
	src/app/orders.c src/app/orders.h src/app/orders_private.h \
	src/app/orders_earlier.c \
	src/app/print.c src/app/print.h \
	src/app/scan.c src/app/scan.h
if SIM
libapp_a_SOURCES += src/app/cmd_sim.c
endif

bin_PROGRAMS += lodge
lodge_SOURCES = src/app/main.c
lodge_LDADD = $(libs_app) $(NET_LIBS) $(STORE_LIBS) $(SIM_LIBS) $(TERM_LIBS)
