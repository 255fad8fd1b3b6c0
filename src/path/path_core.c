/*-------------------------------------------------------------------------
 *
 * path_core.c
 *	  Operations on stored paths: levels and parts.
 *
 * Pure: no server, no allocation.  Every argument is a valid path in the
 * format of path_core.h; nothing here can fail.
 *
 * src/path/path_core.c
 *
 *-------------------------------------------------------------------------
 */
#include "path/path_core.h"

/* Number of labels, 1 to 32. */
int
lsce_path_levels(const char *path, size_t len)
{
	int			levels = 1;

	for (size_t i = 0; i < len; i++)
		levels += path[i] == LSCE_PATH_SEPARATOR;
	return levels;
}

/*
 * Length in bytes of the first "levels" labels with the separators between
 * them; the whole length if there are no more labels than that, 0 for none.
 */
size_t
lsce_path_prefix(const char *path, size_t len, int levels)
{
	if (levels <= 0)
		return 0;
	for (size_t i = 0; i < len; i++)
	{
		if (path[i] == LSCE_PATH_SEPARATOR && --levels == 0)
			return i;
	}
	return len;
}

/*
 * Longest path that both a and b are within.  Returns its length in bytes, 0
 * if the roots differ, and sets *levels to its number of labels.
 */
size_t
lsce_path_common(const char *a, size_t a_len, const char *b, size_t b_len,
				 int *levels)
{
	size_t		shorter = a_len < b_len ? a_len : b_len;
	size_t		common = 0;
	size_t		i;

	*levels = 0;
	for (i = 0; i < shorter && a[i] == b[i]; i++)
	{
		if (a[i] == LSCE_PATH_SEPARATOR)
		{
			common = i;
			(*levels)++;
		}
	}

	/* the last label of one may be whole in the other, too */
	if (i == shorter &&
		(i == a_len || a[i] == LSCE_PATH_SEPARATOR) &&
		(i == b_len || b[i] == LSCE_PATH_SEPARATOR))
	{
		common = i;
		(*levels)++;
	}
	return common;
}

/*
 * Find count labels from label number start.  start counts from 0, or back
 * from the end if negative.  Without a count everything to the end is meant; a
 * negative count leaves off that many labels at the end.  What lies outside of
 * the path is cut off.  Returns false if no label remains; otherwise sets
 * *offset and *slice_len, in bytes.
 */
bool
lsce_path_slice(const char *path, size_t len,
				int64_t start, bool has_count, int64_t count,
				size_t *offset, size_t *slice_len)
{
	int			levels = lsce_path_levels(path, len);
	int64_t		first = start < 0 ? levels + start : start;
	int64_t		end;

	if (!has_count)
		end = levels;
	else if (count < 0)
		end = levels + count;
	else
		end = first + count;

	if (first < 0)
		first = 0;
	if (end > levels)
		end = levels;
	if (first >= end)
		return false;

	*offset = lsce_path_prefix(path, len, (int) first);
	if (first > 0)
		(*offset)++;			/* the separator itself */
	*slice_len = lsce_path_prefix(path, len, (int) end) - *offset;
	return true;
}
