/*-------------------------------------------------------------------------
 *
 * name_title.c
 *	  Words around a name that are no part of it, and kanji that are written in
 *	  more than one way.
 *
 * Pure: no server, no allocation.
 *
 * src/identity/name_title.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/name.h"

#include <string.h>

#include <unicode/utf8.h>

/* Folded words, each between blanks. */
static const char prefix_titles[] =
	" dr drs prof professor doctor doktor mr mrs ms miss mister sir dame herr herrn frau mme mlle "
	"monsieur madame docteur professeur dott dottssa dottore dottoressa dra sra lek pd priv "
	"privatdozent privdoz doz dozent dozentin oberarzt oberaerztin chefarzt chefaerztin ";

/* What may stand around a title, and never by itself. */
static const char degrees[] =
	" med dent vet rer nat phil habil hc mult medic univ apl pharm oec biol hum sc jur theol dipl ing "
	"mag et ";

static const char suffixes[] =
	" md phd dds dmd dpm np pac rn bsn msn mph mba facp facs faap facc facog fccp faan facep jr sr "
	"esq frcp frcs mrcp mrcs mrcgp mbbs mbchb mbbch pharmd rph aprn arnp fnp fnpc crnp crna dnp cnm "
	"lpn dvm psyd edd msc bsc mhs mms iii inc llc llp ltd corp gmbh mbh kg plc pllc incorporated "
	"limited ";

/* Suffixes that are names too: dropped only where the writing says so. */
static const char doubtful_suffixes[] = " do pa od ma ms bs ag pc co sa ii iv ba ";

/* Longer ones before those they end in. */
static const char *const cjk_suffixes[] = {
	"株式会社", "有限会社", "合同会社", "(株)", "(有)", "歯科医師", "医学博士", "名誉教授", "薬剤師", "看護師", "准教授", "副院長", "先生", "医師", "教授",
	"院長", "部長", "医長", "博士", "さん", "さま", "様", "殿", "氏"
};

static const char *const cjk_prefixes[] = {
	"社会医療法人", "医療法人社団", "医療法人財団", "医療法人", "社会福祉法人", "独立行政法人",
	"国立大学法人", "学校法人", "株式会社", "有限会社", "合同会社", "(株)", "(有)", "(医)", "(財)", "(社)"
};

/* What people write, and behind it the form under which it is filed. */
static const char kanji_variants[] =
	"髙高﨑崎澤沢邉辺邊辺齋斎齊斎斉斎廣広濱浜濵浜櫻桜國国嶋島嶌島藏蔵壽寿眞真惠恵冨富條条瀨瀬"
	"龍竜德徳會会學学榮栄禮礼靜静豐豊瀧滝縣県鐵鉄";

/* Is the word in a list of ASCII words? */
static bool
in_list(const char *list, const uint32_t *chars, int len)
{
	char		word[24];
	int			n = 0;

	if (len < 1 || len > (int) sizeof(word) - 3)
		return false;
	word[n++] = ' ';
	for (int i = 0; i < len; i++)
	{
		if (chars[i] <= ' ' || chars[i] >= 0x80)
			return false;
		word[n++] = (char) chars[i];
	}
	word[n++] = ' ';
	word[n] = '\0';
	return strstr(list, word) != NULL;
}

bool
lsce_name_is_prefix_title(const uint32_t *chars, int len)
{
	return in_list(prefix_titles, chars, len);
}

bool
lsce_name_is_degree(const uint32_t *chars, int len)
{
	return in_list(degrees, chars, len);
}

bool
lsce_name_is_suffix(const uint32_t *chars, int len)
{
	return in_list(suffixes, chars, len);
}

bool
lsce_name_is_doubtful_suffix(const uint32_t *chars, int len)
{
	return in_list(doubtful_suffixes, chars, len);
}

/* How many characters of "text" are at the beginning of chars, all of them or 0. */
static int
same_text(const char *text, const uint32_t *chars, int len)
{
	int32_t		i = 0;
	int32_t		text_len = (int32_t) strlen(text);
	int			n = 0;

	while (i < text_len)
	{
		UChar32		c;

		U8_NEXT(text, i, text_len, c);
		if (n >= len || chars[n] != (uint32_t) c)
			return 0;
		n++;
	}
	return n;
}

/* Number of characters of a form of address at the end of a word, or 0. */
int
lsce_name_cjk_suffix(const uint32_t *chars, int len)
{
	for (size_t s = 0; s < sizeof(cjk_suffixes) / sizeof(cjk_suffixes[0]); s++)
	{
		for (int start = len - 1; start >= 0 && start >= len - 4; start--)
		{
			int			n = same_text(cjk_suffixes[s], chars + start, len - start);

			if (n > 0 && n == len - start)
				return n;
		}
	}
	return 0;
}

/* Number of characters of a legal form at the beginning of a word, or 0. */
int
lsce_name_cjk_prefix(const uint32_t *chars, int len)
{
	for (size_t p = 0; p < sizeof(cjk_prefixes) / sizeof(cjk_prefixes[0]); p++)
	{
		int			n = same_text(cjk_prefixes[p], chars, len);

		if (n > 0)
			return n;
	}
	return 0;
}

/* The form under which a kanji is filed: itself, unless it is a variant. */
uint32_t
lsce_name_kanji(uint32_t c)
{
	int32_t		i = 0;
	int32_t		size = (int32_t) sizeof(kanji_variants) - 1;

	while (i < size)
	{
		UChar32		from;
		UChar32		to;

		U8_NEXT(kanji_variants, i, size, from);
		U8_NEXT(kanji_variants, i, size, to);
		if ((uint32_t) from == c)
			return (uint32_t) to;
	}
	return c;
}
