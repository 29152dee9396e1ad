# History and audit.
noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/store.c src/store/store.h src/store/private.h \
	src/store/audit.c \
	src/store/db.c src/store/db.h \
	src/store/doors_find.c \
	src/store/doors_keep.c \
	src/store/fold.c src/store/fold.h \
	src/store/schema.c \
	src/store/task.c src/store/task.h \
	src/store/words.c
