#include "ui/widget/wrap.h"

#include "base/text.h"

#include <string.h>

/* The bytes of the next line; *skip gets what lies between it and the one after. */
static size_t next_line(const char *text, int cells, size_t *skip)
{
	size_t used, all = strcspn(text, "\n"), fits = text_fit(text, all, (size_t)cells, &used), end = fits;
	*skip = 0;
	if (fits == all) {
		*skip = text[all] == '\n';
		return all;
	}
	while (end > 0 && text[end] != ' ')
		end--;
	if (end == 0)
		return fits > 0 ? fits : text_cluster(text, all, &(unsigned){0});
	*skip = strspn(text + end, " ");
	return end;
}

int wrap_draw(struct canvas *canvas, int x, int y, int cells, int lines, const char *text, struct style style)
{
	int n = 0;
	while (cells > 0 && text && *text) {
		size_t skip, length = next_line(text, cells, &skip);
		/* The last line that there is room for says by its mark that more would follow. */
		if (n < lines)
			canvas_textf(canvas, x, y + n, cells, style, "%.*s",
				     n + 1 == lines ? (int)strlen(text) : (int)length, text);
		text += length + skip;
		n++;
	}
	return n;
}
