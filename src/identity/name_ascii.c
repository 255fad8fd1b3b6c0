/*-------------------------------------------------------------------------
 *
 * name_ascii.c
 *	  Keys of names in ASCII.
 *
 * src/identity/name_ascii.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/name.h"

#include <unicode/utf8.h>

/*
 * A key in ASCII letters and digits, for trigram indexes: what a trigram is
 * depends on the locale of the database for any other character, and a kanji
 * name of two characters would have next to none.  Each character outside ASCII
 * becomes four digits of base 36.  Returns the number of bytes; what does not
 * fit into out_size is left out.
 */
size_t
lsce_name_ascii(const char *key, size_t len, char *out, size_t out_size)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	size_t		n = 0;

	for (int32_t i = 0; i < (int32_t) len;)
	{
		UChar32		c;

		U8_NEXT(key, i, (int32_t) len, c);
		if (c < 0)
			continue;
		if (n + 4 > out_size)
			break;
		if (c < 0x80)
			out[n++] = (char) c;
		else
		{
			out[n++] = digits[c / (36 * 36 * 36)];
			out[n++] = digits[c / (36 * 36) % 36];
			out[n++] = digits[c / 36 % 36];
			out[n++] = digits[c % 36];
		}
	}
	return n;
}
