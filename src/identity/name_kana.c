/*-------------------------------------------------------------------------
 *
 * name_kana.c
 *	  One way to write each kana.
 *
 * Feeds of banks and insurers write small kana large and long vowels in three
 * ways; a reading typed at a desk does neither.
 *
 * Pure: no server, no allocation.
 *
 * src/identity/name_kana.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/name.h"

/* Katakana by the vowel they end in; a sound without one is in no row. */
static int
kana_vowel(uint32_t c)
{
	/* from U+30A1, the vowel of each */
	static const char vowels[] =
		"aaiiuueeooaaiiuueeooaaiiuueeooaaiiuuueeooaiueoaaaiiiuuueeeoooaiueoaauuooaiueoaaieo.uae";

	if (c < 0x30a1 || c >= 0x30a1 + sizeof(vowels) - 1 || vowels[c - 0x30a1] == '.')
		return 0;
	return vowels[c - 0x30a1];
}

/* Large katakana of a vowel. */
static uint32_t
vowel_kana(int vowel)
{
	switch (vowel)
	{
		case 'a':
			return 0x30a2;
		case 'i':
			return 0x30a4;
		case 'u':
			return 0x30a6;
		case 'e':
			return 0x30a8;
		default:
			return 0x30aa;
	}
}

/* One way to write each kana: large katakana, without historic pairs. */
static uint32_t
fold_kana(uint32_t c)
{
	if (c >= 0x3041 && c <= 0x3096)
		c += 0x60;
	switch (c)
	{
		case 0x30a1:			/* small vowels */
		case 0x30a3:
		case 0x30a5:
		case 0x30a7:
		case 0x30a9:
		case 0x30c3:			/* tsu */
		case 0x30e3:			/* ya, yu, yo, wa */
		case 0x30e5:
		case 0x30e7:
		case 0x30ee:
			return c + 1;
		case 0x30f5:			/* ka */
			return 0x30ab;
		case 0x30f6:			/* ke */
			return 0x30b1;
		case 0x30c2:			/* di: zi */
			return 0x30b8;
		case 0x30c5:			/* du: zu */
			return 0x30ba;
		case 0x30f0:			/* wi, we, wo */
			return 0x30a4;
		case 0x30f1:
			return 0x30a8;
		case 0x30f2:
			return 0x30aa;
		default:
			return c;
	}
}

/*
 * The katakana under which "c" is filed behind "last" (0 at the beginning);
 * *replace: it takes the place of the last.  A long vowel is written by its
 * mark, by repeating the vowel, or by u after o and i after e: all become the
 * repeated vowel.  va, vi, vu, ve and vo are written ba, bi, bu, be, bo.
 */
uint32_t
lsce_name_kana(uint32_t last, uint32_t c, bool *replace)
{
	int			vowel = kana_vowel(last);

	if (c == 0x30fc)
		return vowel ? vowel_kana(vowel) : c;
	if (c == 0x30f4)
		return 0x30d6;			/* vu: bu */
	if (last == 0x30d6 && (c == 0x30a1 || c == 0x30a3 || c == 0x30a7 || c == 0x30a9))
	{
		/* bu and a small vowel can only come from vu */
		*replace = true;
		return c == 0x30a1 ? 0x30d0 : c == 0x30a3 ? 0x30d3 : c == 0x30a7 ? 0x30d9 : 0x30dc;
	}
	c = fold_kana(c);
	if (c == 0x30a6 && vowel == 'o')
		return 0x30aa;
	if (c == 0x30a4 && vowel == 'e')
		return 0x30a8;
	return c;
}
