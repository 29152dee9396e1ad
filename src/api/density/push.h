/* What Density pushes: the presence and the counts of a floor, merged over the rooms of the last poll (density.md §7). Pure. */
#ifndef LODGE_API_DENSITY_PUSH_H
#define LODGE_API_DENSITY_PUSH_H

#include "api/density/now.h"
#include "api/source.h"

#define DENS_PUSH_MESSAGE ((size_t)8 << 20) /* bytes of a message */
#define DENS_PUSH_SPACES 50000              /* spaces remembered of one channel */
#define DENS_SILENCE_MS 150000              /* a full state comes about once a minute */

struct dens_push {
	struct rows *base;    /* rooms of the last poll; NULL: none yet */
	struct dens_now *now; /* by row */
	int64_t polled_ms;    /* when it began */
	GHashTable *channels; /* name → struct dens_channel * */
	GPtrArray *names;     /* what dens_push_channels gave */
	size_t floors_most;
};

void dens_push_init(struct dens_push *push, size_t floors_most);
void dens_push_fini(struct dens_push *push);
/* Takes the rooms of a poll that was about all of them; `now` by index of the tree, `now_ms` when the poll began. */
void dens_push_polled(struct dens_push *push, const struct rows *rooms, const struct dens_tree *tree,
		      const struct dens_now *now, int64_t now_ms);
/* The rooms of a poll with what was pushed over them: an answer may be older than what the channels said meanwhile. `polled_ms`: when the poll began. */
void dens_push_over(const struct dens_push *push, struct rows *rooms, const struct dens_tree *tree,
		    const struct dens_now *now, int64_t polled_ms, int64_t now_ms);

/* As in struct source_push, for a struct dens_push. */
size_t dens_push_channels(struct dens_push *push, const char **names, size_t most);
int dens_push_request(const char *channel, const char **method, struct buf *path);
int dens_push_address(const char *bytes, size_t length, struct buf *url);
int dens_push_message(struct dens_push *push, const char *channel, const char *bytes, size_t length,
		      int64_t now_ms, bool *changed);
void dens_push_lost(struct dens_push *push, const char *channel, int64_t now_ms);
struct rows *dens_push_rows(struct dens_push *push, const char *account, int64_t now_ms);

#endif
