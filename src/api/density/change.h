/* Bodies of changes, and whether what a server shows is what was asked for. Private to this folder, pure. */
#ifndef LODGE_API_DENSITY_CHANGE_H
#define LODGE_API_DENSITY_CHANGE_H

#include "base/jsonw.h"
#include "base/jsonx.h"
#include "core/order.h"

/* Of a space: its labels are changed by a request of their own. */
bool dens_changes_labels(const struct order *order);
bool dens_changes_itself(const struct order *order);
bool dens_is_group(const struct order *order);

/* The members of a body that is open already. `with_group`: a label's group too (not known to the request that makes one). */
void dens_write_fields(struct jsonw *w, const struct order *order, bool with_group);
void dens_write_labels(struct jsonw *w, const struct order *order);
/* The whole of a person: what the order says, else what there is. */
void dens_write_user(struct jsonw *w, const struct order *order, const cJSON *user);

/* Whether an object of the list shows the change: 1 yes, 0 no, -1 it cannot tell. `labels`: that of the space's labels. */
int dens_order_shown(const struct order *order, const cJSON *item, bool labels);
/* Whether it may be what the order made. */
bool dens_order_made(const struct order *order, const cJSON *item);

#endif
