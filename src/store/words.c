#include "store/private.h"

#include <string.h>

struct word {
	int64_t number;
	char *text;
};

static void word_free(void *data)
{
	struct word *word = data;

	g_free(word->text);
	g_free(word);
}

void words_init(struct word_cache *words)
{
	words->by_text = g_hash_table_new(g_str_hash, g_str_equal);
	words->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, word_free);
}

void words_fini(struct word_cache *words)
{
	g_hash_table_destroy(words->by_text);
	g_hash_table_destroy(words->by_id);
}

void words_forget(struct word_cache *words)
{
	g_hash_table_remove_all(words->by_text);
	g_hash_table_remove_all(words->by_id);
}

void words_trim(struct word_cache *words)
{
	if (g_hash_table_size(words->by_id) >= WORDS_MARKED)
		words_forget(words);
}

static struct word *remember(struct word_cache *words, int64_t number, const char *text)
{
	struct word *word = g_new0(struct word, 1);

	word->number = number;
	word->text = g_strdup(text);
	g_hash_table_insert(words->by_id, &word->number, word);
	g_hash_table_insert(words->by_text, word->text, word);
	return word;
}

static int add(struct store *store, const char *text, int64_t *number)
{
	sqlite3_stmt *statement = db_statement(&store->db, "INSERT INTO words(word) VALUES(?1)");
	int rc;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	db_bind_text(statement, 1, text);
	rc = sqlite3_step(statement);
	db_done(statement);
	*number = sqlite3_last_insert_rowid(store->db.sqlite);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int word_number(struct store *store, const char *text, bool create, int64_t *number)
{
	struct word *word;
	sqlite3_stmt *statement;
	int rc;

	*number = 0;
	if (text == NULL)
		return SQLITE_OK;
	word = g_hash_table_lookup(store->words.by_text, text);
	if (word != NULL) {
		*number = word->number;
		return SQLITE_OK;
	}
	statement = db_statement(&store->db, "SELECT id FROM words WHERE word = ?1");
	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	db_bind_text(statement, 1, text);
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*number = sqlite3_column_int64(statement, 0);
	db_done(statement);
	if (rc == SQLITE_DONE && create)
		rc = add(store, text, number);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE && rc != SQLITE_OK)
		return rc;
	if (*number != 0)
		remember(&store->words, *number, text);
	return SQLITE_OK;
}

const char *word_text(struct store *store, int64_t number)
{
	struct word *word = number == 0 ? NULL : g_hash_table_lookup(store->words.by_id, &number);
	sqlite3_stmt *statement;

	if (number == 0 || word != NULL)
		return word == NULL ? NULL : word->text;
	statement = db_statement(&store->db, "SELECT word FROM words WHERE id = ?1");
	if (statement == NULL)
		return NULL;
	sqlite3_bind_int64(statement, 1, number);
	if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0) != NULL)
		word = remember(&store->words, number, (const char *)sqlite3_column_text(statement, 0));
	db_done(statement);
	return word == NULL ? NULL : word->text;
}
