#include "api/source.h"

#include "api/butlr/butlr.h"
#include "api/butterflymx/butterflymx.h"
#include "api/density/density.h"
#include "api/sensorist/sensorist.h"

/* Every vendor lodge can talk to: a new one adds its folder and a line here. */
static const struct source_ops *const sources[] = {
	&butlr_ops,
	&butterflymx_ops,
	&density_ops,
	&sensorist_ops,
};

const struct source_ops *source_find(enum vendor vendor)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (sources[i]->vendor == vendor)
			return sources[i];
	return NULL;
}
