#include "sim/plan.h"

/* One letter is PLAN_CELL_MM square, the first row is the north wall. Rooms must be connected. Every drawing has
 * the lift (E) at the same letters. */

#define BLUE 0x1A00FFFF
#define SKY 0x039AFEFF
#define RED 0xFF0000FF
#define MINT 0x00FF7FFF
#define AMBER 0xFFB000FF
#define GREY 0x808080A0
#define PLUM 0x8E44ADFF
#define TEAL 0x16A085FF

/* letter, type, name, capacity, middle of it, door to, second door to, traffic sensor, unwatched, colour */

static const struct plan_room_spec ground_floor_rooms[] = {
	{'L', "entrance", "Reception", 20, 10, '.', PLAN_OUTSIDE, true, false, MINT},
	{'.', "intcirculation", "Corridor 0", 0, 0, 0, 0, false, false, GREY},
	{'A', "hotdesk", "Hot Desks North", 8, 4, '.', 0, false, false, RED},
	{'K', "kitchen", "Canteen", 16, 8, '.', 0, true, false, AMBER},
	{'C', "confroom", "Hudson", 8, 4, '.', 0, false, false, BLUE},
	{'D', "confroom", "Battery", 8, 4, '.', 0, false, false, BLUE},
	{'P', "phoneroom", "Phone Booth 1", 1, 1, '.', 0, false, false, SKY},
	{'Q', "phoneroom", "Phone Booth 2", 1, 1, '.', 0, false, false, SKY},
	{'M', "office", "Mail Room", 4, 2, '.', 0, false, false, MINT},
	{'W', "wc", "Restroom", 0, 0, '.', 0, false, true, GREY},
	{'E', "elevator", "Lift", 0, 0, '.', 0, false, true, GREY},
	{'S', "storage", "Storage", 0, 0, 'L', 0, false, true, GREY},
	{'F', "hotdesk", "Support Desk", 6, 3, '.', 0, true, false, RED},
	{'G', "bedroom", "First Aid", 0, 0, '.', 0, false, false, PLUM},
};

static const struct plan_room_spec open_floor_rooms[] = {
	{'.', "intcirculation", "Corridor 1", 0, 0, 0, 0, false, false, GREY},
	{'A', "hotdesk", "Hot Desks", 12, 6, '.', 0, true, false, RED},
	{'P', "phoneroom", "Phone Booth 1", 1, 1, '.', 0, false, false, SKY},
	{'Q', "phoneroom", "Phone Booth 2", 1, 1, '.', 0, false, false, SKY},
	{'B', "confroom", "Central Park", 8, 4, '.', 0, false, false, BLUE},
	{'C', "confroom", "Bryant", 6, 3, '.', 0, false, false, BLUE},
	{'D', "office", "Design Studio", 0, 0, '.', 0, false, false, MINT},
	{'K', "kitchen", "Kitchen", 10, 5, '.', 0, true, false, AMBER},
	{'W', "wc", "Restroom", 0, 0, '.', 0, false, true, GREY},
	{'E', "elevator", "Lift", 0, 0, '.', 0, false, true, GREY},
	{'F', "livingroom", "Lounge", 6, 3, '.', 0, false, false, TEAL},
	{'I', "library", "Archive", 0, 0, '.', 0, false, true, GREY},
	{'G', "hotdesk", "Engineering", 12, 6, '.', 0, true, false, RED},
	{'H', "confroom", "会議室 桜", 6, 3, '.', 0, false, false, BLUE},
};

static const struct plan_room_spec quiet_floor_rooms[] = {
	{'.', "intcirculation", "Corridor 2", 0, 0, 0, 0, false, false, GREY},
	{'A', "office", "Office 2.01", 2, 1, '.', 0, false, false, MINT},
	{'B', "office", "Office 2.02", 2, 1, '.', 0, false, false, MINT},
	{'C', "office", "Office 2.03", 2, 1, '.', 0, false, false, MINT},
	{'T', "confroom", "Boardroom", 14, 7, '.', 0, true, false, BLUE},
	{'P', "phoneroom", "Phone Booth 1", 1, 1, '.', 0, false, false, SKY},
	{'Q', "phoneroom", "Phone Booth 2", 0, 0, '.', 0, false, false, SKY},
	{'G', "hotdesk", "Finance", 8, 4, '.', 0, false, false, RED},
	{'F', "library", "Reading Room", 4, 2, '.', 0, false, false, TEAL},
	{'W', "wc", "Restroom", 0, 0, '.', 0, false, true, GREY},
	{'E', "elevator", "Lift", 0, 0, '.', 0, false, true, GREY},
	{'U', "hotdesk", "Open Plan", 18, 9, '.', 0, true, false, RED},
	{'K', "kitchenette", "Coffee Point", 6, 3, 'U', 0, true, false, AMBER},
	{'H', "gamesroom", "Games Room", 0, 0, '.', 0, false, false, TEAL},
};

static const struct plan_room_spec lisbon_ground_rooms[] = {
	{'L', "hall", "Recepção", 20, 10, '.', PLAN_OUTSIDE, true, false, MINT},
	{'.', "intcirculation", "Corredor 0", 0, 0, 0, 0, false, false, GREY},
	{'K', "kitchen", "Cozinha", 12, 6, '.', 0, true, false, AMBER},
	{'A', "hotdesk", "Sala Aberta", 12, 6, '.', 0, true, false, RED},
	{'C', "confroom", "São Jorge", 10, 5, '.', 0, false, false, BLUE},
	{'P', "phoneroom", "Cabine 1", 1, 1, '.', 0, false, false, SKY},
	{'Q', "phoneroom", "Cabine 2", 1, 1, '.', 0, false, false, SKY},
	{'W', "wc", "WC", 0, 0, '.', 0, false, true, GREY},
	{'S', "pantry", "Despensa", 0, 0, '.', 0, false, true, GREY},
	{'E', "elevator", "Elevador", 0, 0, '.', 0, false, true, GREY},
	{'B', "livingroom", "Sala de Estar", 8, 4, '.', 0, false, false, TEAL},
};

static const struct plan_room_spec lisbon_upper_rooms[] = {
	{'.', "intcirculation", "Corredor 1", 0, 0, 0, 0, false, false, GREY},
	{'A', "hotdesk", "Engenharia", 16, 8, '.', 0, true, false, RED},
	{'P', "phoneroom", "Cabine 3", 1, 1, '.', 0, false, false, SKY},
	{'Q', "phoneroom", "Cabine 4", 1, 1, '.', 0, false, false, SKY},
	{'R', "closet", "Arrumos", 0, 0, '.', 0, false, true, GREY},
	{'C', "confroom", "Alfama", 8, 4, '.', 0, false, false, BLUE},
	{'D', "office", "Direcção", 2, 1, '.', 0, false, false, MINT},
	{'K', "kitchen", "Copa", 10, 5, '.', 0, true, false, AMBER},
	{'W', "wc", "WC", 0, 0, '.', 0, false, true, GREY},
	{'E', "elevator", "Elevador", 0, 0, '.', 0, false, true, GREY},
	{'B', "office", "Apoio ao Cliente", 6, 3, '.', 0, false, false, MINT},
	{'F', "confroom", "Belém", 6, 3, '.', 0, false, false, BLUE},
	{'G', "gym", "Ginásio", 0, 0, '.', 0, false, false, TEAL},
};

#define ROOMS(table) .rooms = (table), .room_count = (int)(sizeof(table) / sizeof(table[0]))

const struct plan_spec plan_specs[PLAN_COUNT] = {
	{
		.rows =
			{
				"AAAAAAAAAAKKKKKKKKKKCCCCCCDDDDDD",
				"AAAAAAAAAAKKKKKKKKKKCCCCCCDDDDDD",
				"AAAAAAAAAAKKKKKKKKKKCCCCCCDDDDDD",
				"AAAAAAAAAAKKKKKKKKKKCCCCCCDDDDDD",
				"AAAAAAAAAAKKKKPPQQKKCCCCCCDDDDDD",
				"AAAAAAAAAAKKKKPPQQKKCCCCCCDDDDDD",
				"................................",
				"................................",
				"MMMMWWWWEEEELLLLLLLLLL..FFFFFFFF",
				"MMMMWWWWEEEELLLLLLLLLL..FFFFFFFF",
				"MMMMWWWWSSSSLLLLLLLLLL..FFFFFFFF",
				"MMMMWWWWSSSSLLLLLLLLLL..FFFFFFFF",
				"MMMMMMMMSSSSLLLLLLLLLL..GGGGGGGG",
				"MMMMMMMMSSSSLLLLLLLLLL..GGGGGGGG",
			},
		ROOMS(ground_floor_rooms),
	},
	{
		.rows =
			{
				"AAAAAAAAAAAABBBBBBCCCCCCDDDDDDDD",
				"AAAAAAAAAAAABBBBBBCCCCCCDDDDDDDD",
				"AAAAAAAAAAAABBBBBBCCCCCCDDDDDDDD",
				"AAAAAAAAAAAABBBBBBCCCCCCDDDDDDDD",
				"AAAAAAAAPPQQBBBBBBCCCCCCDDDDDDDD",
				"AAAAAAAAPPQQBBBBBBCCCCCCDDDDDDDD",
				"................................",
				"................................",
				"KKKKKKWWEEEEFFFFFF..GGGGGGHHHHHH",
				"KKKKKKWWEEEEFFFFFF..GGGGGGHHHHHH",
				"KKKKKKWWWWWWFFFFFF..GGGGGGHHHHHH",
				"KKKKKKWWWWWWFFFFFF..GGGGGGHHHHHH",
				"KKKKKKIIIIIIIIIIII..GGGGGGGGGGGG",
				"KKKKKKIIIIIIIIIIII..GGGGGGGGGGGG",
			},
		ROOMS(open_floor_rooms),
	},
	{
		.rows =
			{
				"AAAABBBBCCCCTTTTTTTTTTTTGGGGGGGG",
				"AAAABBBBCCCCTTTTTTTTTTTTGGGGGGGG",
				"AAAABBBBCCCCTTTTTTTTTTTTGGGGGGGG",
				"AAAABBBBCCCCPPTTTTTTTTQQGGGGGGGG",
				"AAAABBBBCCCCPPTTTTTTTTQQGGGGGGGG",
				"AAAABBBBCCCCPPTTTTTTTTQQGGGGGGGG",
				"................................",
				"................................",
				"FFFFWWWWEEEEUUUUUUUUUUUUUUUUHHHH",
				"FFFFWWWWEEEEUUUUUUUUUUUUUUUUHHHH",
				"FFFFWWWWUUUUUUUUUUUUUUUUUUUUHHHH",
				"FFFFWWWWUUUUUUUUKKKKKKKKUUUUHHHH",
				"FFFFFFFFUUUUUUUUKKKKKKKKUUUUHHHH",
				"FFFFFFFFUUUUUUUUKKKKKKKKUUUUHHHH",
			},
		ROOMS(quiet_floor_rooms),
	},
	{
		.rows =
			{
				"KKKKKKKKAAAAAAAAAAAACCCCCCCC",
				"KKKKKKKKAAAAAAAAAAAACCCCCCCC",
				"KKKKKKKKAAAAAAAAAAAACCCCCCCC",
				"KKKKKKKKAAAAAAAAAAAACCCCCCCC",
				"KKKKKKKKAAAAAAAAAAAACCCCPPQQ",
				"KKKKKKKKAAAAAAAAAAAACCCCPPQQ",
				"............................",
				"............................",
				"WWWWSSSSEEEELLLLLLLLLLBBBBBB",
				"WWWWSSSSEEEELLLLLLLLLLBBBBBB",
				"WWWWSSSSLLLLLLLLLLLLLLBBBBBB",
				"WWWWSSSSLLLLLLLLLLLLLLBBBBBB",
				"WWWWSSSSLLLLLLLLLLLLLLBBBBBB",
				"WWWWSSSSLLLLLLLLLLLLLLBBBBBB",
			},
		ROOMS(lisbon_ground_rooms),
	},
	{
		.rows =
			{
				"AAAAAAAAAAAAAAAAAACCCCCCDDDD",
				"AAAAAAAAAAAAAAAAAACCCCCCDDDD",
				"AAAAAAAAAAAAAAAAAACCCCCCDDDD",
				"AAAAAAPPQQRRAAAAAACCCCCCDDDD",
				"AAAAAAPPQQRRAAAAAACCCCCCDDDD",
				"AAAAAAPPQQRRAAAAAACCCCCCDDDD",
				"............................",
				"............................",
				"KKKKKKWWEEEEBBBBBBFFFFFGGGGG",
				"KKKKKKWWEEEEBBBBBBFFFFFGGGGG",
				"KKKKKKWWWWWWBBBBBBFFFFFGGGGG",
				"KKKKKKWWWWWWBBBBBBFFFFFGGGGG",
				"KKKKKKKKKKKKBBBBBBFFFFFGGGGG",
				"KKKKKKKKKKKKBBBBBBFFFFFGGGGG",
			},
		ROOMS(lisbon_upper_rooms),
	},
};
