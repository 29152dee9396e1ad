# Manual pages, completions and the example configuration: written by doc/docgen from the program's own tables.

noinst_PROGRAMS += doc/docgen
doc_docgen_SOURCES = src/app/docgen.c src/app/docgen.h src/app/docgen_complete.c src/app/docgen_man.c
doc_docgen_LDADD = $(libs_app) $(SIM_LIBS) $(NET_LIBS) $(STORE_LIBS) $(TERM_LIBS)

man_sources = doc/lodge.1.in doc/lodge.conf.5.in
generated_docs = doc/lodge.1 doc/lodge.conf.5 doc/lodge.bash doc/lodge.zsh doc/lodge.fish doc/lodge.conf.example

EXTRA_DIST += $(man_sources) doc/architecture.md doc/vendor-butlr.md doc/vendor-butterflymx.md doc/vendor-density.md doc/vendor-sensorist.md
CLEANFILES += $(generated_docs)

nodist_man_MANS = doc/lodge.1 doc/lodge.conf.5
nodist_doc_DATA = doc/lodge.conf.example
noinst_DATA = doc/lodge.bash doc/lodge.zsh doc/lodge.fish

docgen = $(AM_V_GEN)$(MKDIR_P) doc && rm -f $@ && ./doc/docgen$(EXEEXT)

doc/lodge.1: doc/lodge.1.in doc/docgen$(EXEEXT)
	$(docgen) man $(srcdir)/doc/lodge.1.in > $@.tmp && mv -f $@.tmp $@

doc/lodge.conf.5: doc/lodge.conf.5.in doc/docgen$(EXEEXT)
	$(docgen) man $(srcdir)/doc/lodge.conf.5.in > $@.tmp && mv -f $@.tmp $@

doc/lodge.bash: doc/docgen$(EXEEXT)
	$(docgen) bash > $@.tmp && mv -f $@.tmp $@

doc/lodge.zsh: doc/docgen$(EXEEXT)
	$(docgen) zsh > $@.tmp && mv -f $@.tmp $@

doc/lodge.fish: doc/docgen$(EXEEXT)
	$(docgen) fish > $@.tmp && mv -f $@.tmp $@

doc/lodge.conf.example: doc/docgen$(EXEEXT)
	$(docgen) example-conf > $@.tmp && mv -f $@.tmp $@

# The shells find a completion by its file's name, which is not the one it has here.
install-data-local: doc/lodge.bash doc/lodge.zsh doc/lodge.fish
	$(MKDIR_P) '$(DESTDIR)$(bashcompletiondir)' '$(DESTDIR)$(zshcompletiondir)' '$(DESTDIR)$(fishcompletiondir)'
	$(INSTALL_DATA) doc/lodge.bash '$(DESTDIR)$(bashcompletiondir)/lodge'
	$(INSTALL_DATA) doc/lodge.zsh '$(DESTDIR)$(zshcompletiondir)/_lodge'
	$(INSTALL_DATA) doc/lodge.fish '$(DESTDIR)$(fishcompletiondir)/lodge.fish'

uninstall-local:
	rm -f '$(DESTDIR)$(bashcompletiondir)/lodge' '$(DESTDIR)$(zshcompletiondir)/_lodge' \
		'$(DESTDIR)$(fishcompletiondir)/lodge.fish'
