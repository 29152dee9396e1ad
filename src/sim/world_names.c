#include "sim/world_inner.h"

/* The first row serves buildings in America, the second those elsewhere. */
const char *const world_first_names[2][24] = {
	{"Olivia", "James",  "Maya",  "Robert", "Priya",  "Michael", "Emma",  "David",
	 "Sofia",  "Daniel", "Grace", "Kevin",  "Hannah", "Marcus",  "Aisha", "Peter",
	 "Naomi",  "Carlos", "Julia", "Wei",    "Zoe",    "Andre",   "Ruth",  "Samir"},
	{"Inês",   "João",   "Marta",  "Tiago", "Ana",      "Rui",    "Beatriz",  "Pedro",
	 "Sofia",  "Miguel", "Leonor", "André", "Catarina", "Nuno",   "Carolina", "Hugo",
	 "Helena", "Vasco",  "Rita",   "Luís",  "Joana",    "Duarte", "Teresa",   "Bruno"},
};

const char *const world_last_names[2][24] = {
	{"Carter", "Nguyen",   "Patel",  "Johnson", "Rivera", "O'Brien", "Kim",     "Brooks",
	 "Cohen",  "Sanders",  "Diaz",   "Fischer", "Walsh",  "Okafor",  "Bennett", "Rossi",
	 "Hayes",  "Lindgren", "Moreno", "Chang",   "Murphy", "Adams",   "Novak",   "Grant"},
	{"Silva",   "Santos",    "Ferreira",  "Pereira",  "Oliveira", "Costa",   "Rodrigues", "Martins",
	 "Sousa",   "Fernandes", "Gonçalves", "Gomes",    "Lopes",    "Marques", "Alves",     "Almeida",
	 "Ribeiro", "Pinto",     "Carvalho",  "Teixeira", "Moreira",  "Correia", "Mendes",    "Nunes"},
};
