/* The kinds of things lodge knows, in the order in which help lists them. Their fields: core/kind.c. */
#ifndef LODGE_MODEL_KIND_ID_H
#define LODGE_MODEL_KIND_ID_H

/* X(CONSTANT, name as typed and printed) */
#define KIND_MAP(X)                                                                                          \
	X(ACCOUNTS, "accounts")                                                                              \
	X(BUILDINGS, "buildings")                                                                            \
	X(FLOORS, "floors")                                                                                  \
	X(ROOMS, "rooms")                                                                                    \
	X(ZONES, "zones")                                                                                    \
	X(FIXTURES, "fixtures")                                                                              \
	X(SENSORS, "sensors")                                                                                \
	X(GATEWAYS, "gateways")                                                                              \
	X(FRAMES, "frames")                                                                                  \
	X(DETECTIONS, "detections")                                                                          \
	X(OCCUPANCY, "occupancy")                                                                            \
	X(SESSIONS, "sessions")                                                                              \
	X(DOORWAYS, "doorways")                                                                              \
	X(LABELS, "labels")                                                                                  \
	X(DOORS, "doors")                                                                                    \
	X(UNITS, "units")                                                                                    \
	X(TENANTS, "tenants")                                                                                \
	X(USERS, "users")                                                                                    \
	X(KEYCHAINS, "keychains")                                                                            \
	X(KEYS, "keys")                                                                                      \
	X(MEASUREMENTS, "measurements")                                                                      \
	X(ALARMS, "alarms")                                                                                  \
	X(CALLBACKS, "callbacks")                                                                            \
	X(AUDIT, "audit")

enum kind {
#define KIND_ENUM(constant, name) KIND_##constant,
	KIND_MAP(KIND_ENUM)
#undef KIND_ENUM
		KIND_COUNT
};

#define KIND_BIT(kind) (UINT32_C(1) << (kind))

#endif
