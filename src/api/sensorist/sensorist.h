/* Sensorist REST v1 (sensorist-rest-1.15.txt): climate sensors, their readings and alarms. */
#ifndef LODGE_API_SENSORIST_H
#define LODGE_API_SENSORIST_H

#include "api/source.h"

extern const struct source_ops sensorist_ops;

#endif
