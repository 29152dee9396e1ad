#include "sim/butlr_types.h"

#include "sim/butlr.h"
#include "sim/butlr_page.h"

#include <string.h>

struct type {
	const char *key;
	const char *name[3]; /* en-US, pt-PT, fr-FR */
};

/* The English names are those of the document, blanks at the end and slips included. */
static const struct type room_types[] = {
	{"entrance", {"Entrance Hall", "Átrio de entrada", "Hall d'entrée"}},
	{"livingroom", {"Living Room", "Sala de estar", "Salon"}},
	{"diningroom", {"Dining Room", "Sala de jantar", "Salle à manger"}},
	{"bedroom", {"Bedroom ", "Quarto", "Chambre"}},
	{"bedroom2", {"Second / Guest bedrooms", "Segundo quarto / hóspedes", "Chambres d'amis"}},
	{"bathroom", {"Bathroom", "Casa de banho", "Salle de bains"}},
	{"bathroom2", {"Second / Guests' Bathroom", "Casa de banho de hóspedes", "Salle de bains d'amis"}},
	{"wc", {"Small Bathroom/Washroom", "Lavabo", "Toilettes"}},
	{"kitchen", {"Kitchen", "Cozinha", "Cuisine"}},
	{"pantry", {"Pantry", "Despensa", "Garde-manger"}},
	{"storage", {"Storage", "Arrumos", "Débarras"}},
	{"closet", {"Walk-in closets/Wardrobe", "Roupeiro", "Dressing"}},
	{"balcony", {"Balcony", "Varanda", "Balcon"}},
	{"scullery", {"Scullery", "Copa", "Arrière-cuisine"}},
	{"library", {"Library", "Biblioteca", "Bibliothèque"}},
	{"laundry", {"Laundry Room", "Lavandaria", "Buanderie"}},
	{"office", {"Office", "Escritório", "Bureau"}},
	{"clearing", {"Clearing", "Zona livre", "Espace dégagé"}},
	{"smokehouse", {"Smokehouse", "Fumeiro", "Fumoir"}},
	{"kitchenette", {"Kitchennete / Bar", "Kitchenette / Bar", "Kitchenette / Bar"}},
	{"stairs", {"Stairs", "Escadas", "Escaliers"}},
	{"spa", {"Spa", "Spa", "Spa"}},
	{"garbage", {"Garbage Room", "Sala do lixo", "Local poubelles"}},
	{"garage", {"Garage", "Garagem", "Garage"}},
	{"patio", {"Patio", "Pátio", "Patio"}},
	{"gym", {"Gym", "Ginásio", "Salle de sport"}},
	{"antechamber", {"Antechamber", "Antecâmara", "Antichambre"}},
	{"extcirculation", {"External Circulation ", "Circulação exterior", "Circulation extérieure"}},
	{"intcirculation", {"Internal Circulation ", "Circulação interior", "Circulation intérieure"}},
	{"hall", {"Hall", "Hall", "Hall"}},
	{"em", {"Electromechanical Equipment Room", "Sala eletromecânica", "Local électromécanique"}},
	{"hyd", {"Hydraulics Room", "Sala hidráulica", "Local hydraulique"}},
	{"elevator", {"Elevator", "Elevador", "Ascenseur"}},
	{"attic", {"Attic", "Sótão", "Grenier"}},
	{"gamesroom", {"Games Room", "Sala de jogos", "Salle de jeux"}},
};

static const struct type fixture_types[] = {
	{"wall", {"Wall", "Parede", "Mur"}},
	{"chair", {"Chair", "Cadeira", "Chaise"}},
	{"door", {"Door", "Porta", "Porte"}},
	{"table", {"Table", "Mesa", "Table"}},
	{"sofa", {"Sofa", "Sofá", "Canapé"}},
	{"box", {"Box", "Caixa", "Boîte"}},
	{"roundtable", {"Round Table", "Mesa redonda", "Table ronde"}},
	{"sink", {"Sink", "Lava-loiça", "Évier"}},
	{"toilet", {"Toilet", "Sanita", "Toilettes"}},
	{"bed", {"Bed", "Cama", "Lit"}},
};

static const char *const languages[] = {"en-US", "pt-PT", "fr-FR"};

static const struct {
	const char *code, *name;
} offered[] = {
	{"en-US", "English (United States)"},
	{"pt-PT", "Portuguese (Portugal)"},
	{"fr-FR", "French (France)"},
	{"zh-Hans", "Chinese (Simplified)"},
};

struct listing {
	const struct type *types;
	int language;
};

static void write_type(struct sim_call *call, void *context, unsigned index)
{
	const struct listing *listing = context;

	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "key", listing->types[index].key);
	jsonw_kstr(&call->json, "name", listing->types[index].name[listing->language]);
	jsonw_close(&call->json, '}');
}

static void list_types(struct sim_call *call, const char *kind, const struct type *types, unsigned count)
{
	const char *lang = sim_call_query(call, "lang");
	struct listing listing = {.types = types, .language = -1};

	for (unsigned i = 0; i < G_N_ELEMENTS(languages); i++)
		if (strcmp(lang ? lang : "en-US", languages[i]) == 0)
			listing.language = (int)i;
	if (listing.language < 0) {
		sim_butlr_invalid(call, "lang is none of en-US, pt-PT, fr-FR");
		return;
	}
	sim_butlr_page(call, &(struct sim_page){
				     .kind = kind,
				     .count = count,
				     .write = write_type,
				     .context = &listing,
				     .data_first = true,
			     });
}

void sim_butlr_room_types(struct sim_call *call)
{
	list_types(call, "room-types", room_types, G_N_ELEMENTS(room_types));
}

void sim_butlr_fixture_types(struct sim_call *call)
{
	list_types(call, "fixture-types", fixture_types, G_N_ELEMENTS(fixture_types));
}

bool sim_butlr_is_room_type(const char *key)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(room_types); i++)
		if (strcmp(room_types[i].key, key) == 0)
			return true;
	/* used by the samples beside the list (butlr.md §4.1) */
	return strcmp(key, "hotdesk") == 0 || strcmp(key, "phoneroom") == 0 || strcmp(key, "confroom") == 0;
}

bool sim_butlr_is_fixture_type(const char *key)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(fixture_types); i++)
		if (strcmp(fixture_types[i].key, key) == 0)
			return true;
	return strcmp(key, "desk") == 0 || strcmp(key, "placeholdersensor") == 0;
}

void sim_butlr_languages(struct sim_call *call)
{
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kstr(w, "default", "en-US");
	jsonw_key(w, "languages");
	jsonw_open(w, '{');
	for (unsigned i = 0; i < G_N_ELEMENTS(offered); i++)
		jsonw_kstr(w, offered[i].code, offered[i].name);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

void sim_butlr_get_preferences(struct sim_call *call)
{
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "language", sim_butlr_of(call)->language);
	jsonw_close(&call->json, '}');
}

void sim_butlr_put_preferences(struct sim_call *call)
{
	const cJSON *language = jsonx_get(sim_call_body(call), "language");

	for (unsigned i = 0; cJSON_IsString(language) && i < G_N_ELEMENTS(offered); i++) {
		if (strcmp(language->valuestring, offered[i].code) == 0) {
			sim_estate_set(&sim_butlr_of(call)->language, offered[i].code);
			sim_butlr_get_preferences(call);
			return;
		}
	}
	sim_butlr_invalid(call, "language is none of those offered");
}
