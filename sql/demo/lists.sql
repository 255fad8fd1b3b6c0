-- What the demo draws from: places, names, specialties.  Weights are relative;
-- low .. high is the share of a row in [0, 1) within its country.  Ranks start
-- at 0, and low ranks are drawn more often.

CREATE TEMPORARY TABLE demo_place ON COMMIT DROP AS
SELECT ordinality::int AS place_no, t.*,
	(sum(t.weight) OVER w - t.weight)::double precision / sum(t.weight) OVER () AS low,
	(sum(t.weight) OVER w)::double precision / sum(t.weight) OVER () AS high
FROM ROWS FROM (unnest(
	'{US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US,US}'::text[],
	'{US-CA,US-CA,US-CA,US-CA,US-CA,US-NV,US-NV,US-AZ,US-AZ,US-OR,US-WA,US-WA,US-CO,US-UT,US-TX,US-TX,US-TX,US-OK,US-LA,US-IL,US-IL,US-MI,US-OH,US-OH,US-MN,US-MO,US-NY,US-NY,US-MA,US-CT,US-NJ,US-PA,US-MD,US-GA,US-FL,US-NC}'::text[],
	'{San Francisco,Oakland,San Jose,Los Angeles,San Diego,Reno,Las Vegas,Phoenix,Tucson,Portland,Seattle,Spokane,Denver,Salt Lake City,Houston,Dallas,San Antonio,Oklahoma City,New Orleans,Chicago,Springfield,Detroit,Cleveland,Columbus,Minneapolis,St. Louis,New York,Buffalo,Boston,Hartford,Newark,Philadelphia,Baltimore,Atlanta,Miami,Charlotte}'::text[],
	'{941,946,951,900,921,895,891,850,857,972,981,992,802,841,770,752,782,731,701,606,627,482,441,432,554,631,100,142,021,061,071,191,212,303,331,282}'::text[],
	'{west,west,west,west,west,west,west,west,west,west,west,west,central,central,south,south,south,south,south,central,central,central,central,central,central,central,northeast,northeast,northeast,northeast,northeast,northeast,south,south,south,south}'::text[],
	'{9,4,5,12,6,2,4,7,3,5,7,2,6,3,11,9,5,3,4,12,1,6,5,5,6,4,16,3,9,3,4,8,5,9,10,6}'::int[]
)) WITH ORDINALITY AS t (country_code, region_code, city, postal_prefix, area, weight, ordinality)
WINDOW w AS (ORDER BY ordinality)
UNION ALL
SELECT 100 + ordinality::int, t.*,
	(sum(t.weight) OVER w - t.weight)::double precision / sum(t.weight) OVER (),
	(sum(t.weight) OVER w)::double precision / sum(t.weight) OVER ()
FROM ROWS FROM (unnest(
	'{JP,JP,JP,JP,JP,JP,JP,JP,JP,JP,JP,JP,JP,JP,JP,JP,JP,JP}'::text[],
	'{JP-13,JP-13,JP-13,JP-14,JP-14,JP-11,JP-12,JP-08,JP-01,JP-04,JP-27,JP-27,JP-26,JP-28,JP-23,JP-22,JP-40,JP-34}'::text[],
	'{千代田区,新宿区,世田谷区,横浜市,川崎市,さいたま市,千葉市,水戸市,札幌市,仙台市,大阪市,堺市,京都市,神戸市,名古屋市,静岡市,福岡市,広島市}'::text[],
	'{100,160,154,231,210,330,260,310,060,980,530,590,604,650,460,420,810,730}'::text[],
	'{関東,関東,関東,関東,関東,関東,関東,関東,東日本,東日本,関西,関西,関西,関西,西日本,西日本,西日本,西日本}'::text[],
	'{10,12,8,10,5,5,4,2,6,4,12,3,6,5,8,3,6,4}'::int[]
)) WITH ORDINALITY AS t (country_code, region_code, city, postal_prefix, area, weight, ordinality)
WINDOW w AS (ORDER BY ordinality)
UNION ALL
SELECT 200 + ordinality::int, t.*,
	(sum(t.weight) OVER w - t.weight)::double precision / sum(t.weight) OVER (),
	(sum(t.weight) OVER w)::double precision / sum(t.weight) OVER ()
FROM ROWS FROM (unnest(
	'{DE,DE,DE,DE,DE,DE,DE,DE,DE,DE,DE,DE,DE,DE,DE,DE}'::text[],
	'{DE-BE,DE-HH,DE-HB,DE-NI,DE-SH,DE-MV,DE-NW,DE-NW,DE-NW,DE-HE,DE-BY,DE-BY,DE-BW,DE-BW,DE-SN,DE-SN}'::text[],
	'{Berlin,Hamburg,Bremen,Hannover,Kiel,Rostock,Köln,Düsseldorf,Münster,Frankfurt am Main,München,Nürnberg,Stuttgart,Freiburg im Breisgau,Leipzig,Dresden}'::text[],
	'{101,200,281,301,241,180,506,402,481,603,803,904,701,791,041,010}'::text[],
	'{nord,nord,nord,nord,nord,nord,west,west,west,west,süd,süd,süd,süd,nord,nord}'::text[],
	'{14,10,3,4,2,2,8,6,3,8,12,4,6,3,5,5}'::int[]
)) WITH ORDINALITY AS t (country_code, region_code, city, postal_prefix, area, weight, ordinality)
WINDOW w AS (ORDER BY ordinality);


CREATE TEMPORARY TABLE demo_family_name ON COMMIT DROP AS
SELECT 'US' AS country_code, (ordinality - 1)::int AS rank, name, NULL::text AS reading
FROM unnest('{Smith,Johnson,Garcia,Nguyen,Patel,Williams,Brown,Kim,Jones,Miller,Davis,Rodriguez,Martinez,Lee,Chen,Hernandez,Lopez,Wilson,Anderson,Thomas,Taylor,Moore,Jackson,Martin,Shah,Thompson,White,Harris,Clark,Lewis,Robinson,Walker,Young,Allen,King,Wright,Singh,Torres,Hill,Green,Adams,Baker,Nelson,Carter,Mitchell,Perez,Roberts,Turner,Phillips,Campbell,Parker,Evans,Edwards,Collins,Stewart,Sanchez,Morris,Rogers,Reed,O''Brien}'::text[]) WITH ORDINALITY AS n (name, ordinality)
UNION ALL
SELECT 'DE', (ordinality - 1)::int, name, NULL
FROM unnest('{Müller,Schmidt,Schneider,Fischer,Weber,Meyer,Wagner,Becker,Schulz,Hoffmann,Schäfer,Koch,Bauer,Richter,Klein,Wolf,Schröder,Neumann,Schwarz,Zimmermann,Braun,Krüger,Hofmann,Hartmann,Lange,Schmitt,Werner,Krause,Meier,Lehmann,Köhler,König,Yılmaz,Kaiser,Fuchs,Groß,Weiß,Jäger,von Berg,Öztürk}'::text[]) WITH ORDINALITY AS n (name, ordinality)
UNION ALL
SELECT 'JP', (ordinality - 1)::int, name, reading
FROM ROWS FROM (unnest(
	'{佐藤,鈴木,高橋,田中,伊藤,渡辺,山本,中村,小林,加藤,吉田,山田,佐々木,山口,松本,井上,木村,林,斎藤,清水,山崎,森,池田,橋本,阿部,石川,山下,中島,石井,小川,前田,岡田,長谷川,藤田,後藤,近藤,村上,遠藤,髙橋,渡邊}'::text[],
	'{サトウ,スズキ,タカハシ,タナカ,イトウ,ワタナベ,ヤマモト,ナカムラ,コバヤシ,カトウ,ヨシダ,ヤマダ,ササキ,ヤマグチ,マツモト,イノウエ,キムラ,ハヤシ,サイトウ,シミズ,ヤマザキ,モリ,イケダ,ハシモト,アベ,イシカワ,ヤマシタ,ナカジマ,イシイ,オガワ,マエダ,オカダ,ハセガワ,フジタ,ゴトウ,コンドウ,ムラカミ,エンドウ,タカハシ,ワタナベ}'::text[]
)) WITH ORDINALITY AS n (name, reading, ordinality);

CREATE TEMPORARY TABLE demo_given_name ON COMMIT DROP AS
SELECT 'US' AS country_code, (ordinality - 1)::int AS rank, name, NULL::text AS reading
FROM unnest('{Maria,James,Michael,Jennifer,David,Linda,Robert,Susan,Daniel,Karen,William,Priya,John,Lisa,Wei,Sarah,Joseph,Emily,Thomas,Ana,Christopher,Michelle,Andrew,Laura,Anthony,Grace,Kevin,Rachel,Steven,Amy,Mark,Nicole,Paul,Angela,Jason,Megan,Brian,Olivia,Eric,Hannah}'::text[]) WITH ORDINALITY AS n (name, ordinality)
UNION ALL
SELECT 'DE', (ordinality - 1)::int, name, NULL
FROM unnest('{Thomas,Andreas,Sabine,Michael,Petra,Jürgen,Susanne,Stefan,Monika,Christian,Claudia,Martin,Anna,Wolfgang,Katrin,Matthias,Julia,Peter,Birgit,Jörg,Ursula,Frank,Nicole,Bernd,Barbara,Tobias,Heike,Björn,Ayşe,Sören}'::text[]) WITH ORDINALITY AS n (name, ordinality)
UNION ALL
SELECT 'JP', (ordinality - 1)::int, name, reading
FROM ROWS FROM (unnest(
	'{健一,陽子,浩,美咲,翔太,直樹,恵子,大輔,由美子,誠,裕子,拓也,明美,修,智子,隆,真由美,和夫,久美子,健太,彩,博之,幸子,哲也,千春,亮,麻衣,正樹,恵美,達也}'::text[],
	'{ケンイチ,ヨウコ,ヒロシ,ミサキ,ショウタ,ナオキ,ケイコ,ダイスケ,ユミコ,マコト,ユウコ,タクヤ,アケミ,オサム,トモコ,タカシ,マユミ,カズオ,クミコ,ケンタ,アヤ,ヒロユキ,サチコ,テツヤ,チハル,リョウ,マイ,マサキ,エミ,タツヤ}'::text[]
)) WITH ORDINALITY AS n (name, reading, ordinality);

CREATE TEMPORARY TABLE demo_specialty ON COMMIT DROP AS
SELECT t.*,
	(sum(t.weight) OVER w - t.weight)::double precision / sum(t.weight) OVER () AS low,
	(sum(t.weight) OVER w)::double precision / sum(t.weight) OVER () AS high
FROM (VALUES
	('physician.internal_medicine', 18, false, 'ABIM', 'JMSB'),
	('physician.family_medicine', 15, false, 'ABFM', 'JMSB'),
	('physician.pediatrics', 9, false, 'ABP', 'JMSB'),
	('physician.internal_medicine.pulmonary_disease', 9, true, 'ABIM', 'JRS'),
	('physician.allergy_immunology', 6, true, 'ABAI', 'JSA'),
	('physician.internal_medicine.allergy_immunology', 2, true, 'ABAI', 'JSA'),
	('physician.pediatrics.pediatric_allergy_immunology', 2, true, 'ABAI', 'JSA'),
	('physician.pediatrics.pediatric_pulmonology', 2, true, 'ABP', 'JRS'),
	('physician.otolaryngology.otolaryngic_allergy', 1, true, NULL, 'JSA'),
	('physician.otolaryngology', 3, false, NULL, 'JMSB'),
	('physician.dermatology', 4, false, 'ABD', 'JMSB'),
	('physician.internal_medicine.cardiovascular_disease', 5, false, 'ABIM', 'JMSB'),
	('physician.internal_medicine.gastroenterology', 3, false, 'ABIM', 'JMSB'),
	('physician.internal_medicine.rheumatology', 2, false, 'ABIM', 'JMSB'),
	('physician.internal_medicine.endocrinology', 2, false, 'ABIM', 'JMSB'),
	('physician.internal_medicine.critical_care_medicine', 2, false, 'ABIM', 'JMSB'),
	('physician.internal_medicine.nephrology', 2, false, 'ABIM', 'JMSB'),
	('physician.internal_medicine.hematology_oncology', 2, false, 'ABIM', 'JMSB'),
	('physician.emergency_medicine', 3, false, NULL, 'JMSB'),
	('physician.general_practice', 3, false, NULL, NULL),
	('physician.psychiatry_neurology.neurology', 2, false, NULL, 'JMSB'),
	('physician.surgery', 3, false, NULL, 'JMSB')
) AS t (path, weight, asthma, board_us, board_jp)
WINDOW w AS (ORDER BY t.path COLLATE "C");
