/* Room types, fixture types and languages of the simulated Butlr, in the languages of the document (§4). */
#ifndef LODGE_SIM_BUTLR_TYPES_H
#define LODGE_SIM_BUTLR_TYPES_H

#include "sim/call.h"

void sim_butlr_room_types(struct sim_call *call);
void sim_butlr_fixture_types(struct sim_call *call);
void sim_butlr_languages(struct sim_call *call);
void sim_butlr_get_preferences(struct sim_call *call);
void sim_butlr_put_preferences(struct sim_call *call);

/* Is it a room type that a client may set: a key of the list? */
bool sim_butlr_is_room_type(const char *key);
bool sim_butlr_is_fixture_type(const char *key);

#endif
