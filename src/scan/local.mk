# Reads the picture of a key's QR code, apart from everything else. Only where zbar is there.
pkglibexec_PROGRAMS = lodge-scan-qr
lodge_scan_qr_SOURCES = \
	src/scan/code.c src/scan/code.h \
	src/scan/limits.c src/scan/limits.h \
	src/scan/main.c \
	src/scan/picture.c src/scan/picture.h
lodge_scan_qr_CPPFLAGS = $(AM_CPPFLAGS) $(ZBAR_CFLAGS)
lodge_scan_qr_LDADD = $(ZBAR_LIBS) $(PNG_LIBS)

if HAVE_CMOCKA
include tests/unit/scan/local.mk
endif
