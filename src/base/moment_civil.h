/* Days and dates of the Gregorian calendar, for moment*.c only. */
#ifndef LODGE_BASE_MOMENT_CIVIL_H
#define LODGE_BASE_MOMENT_CIVIL_H

#include <stdint.h>

/* The years that four digits can write, as moments. */
#define CIVIL_YEAR_0_MS INT64_C(-62167219200000)
#define CIVIL_YEAR_10000_MS INT64_C(253402300800000)

/* Days from 1970-01-01 to the first day of a month; month is 1 to 12. */
static inline int64_t civil_days(int64_t year, int month)
{
	/* Counting years from March puts the leap day at the end, so that months have fixed starts. */
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719468;
}

static inline int civil_month_days(int year, int month)
{
	static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 ? 28 + leap : days[month - 1];
}

#endif
