/*-------------------------------------------------------------------------
 *
 * errors_list.h
 *	  The reason codes of lsce, once.
 *
 * There is deliberately no include guard: the including file defines
 * LSCE_REASON(name, a, b, c, text_en, text_ja, text_de, hint_en, hint_ja,
 * hint_de) to what it needs of a row.
 *
 * The SQLSTATE is 'L', 'S', a, b, c.  Rows stand in its order.  a b names the
 * group (see lsce_reason_group()).  Code and SQLSTATE are public contract: a
 * row is never renamed, renumbered or removed, and a new one takes a free
 * number of its group.
 *
 * A text says what was found, with {slots} for the deciding values; the three
 * languages of a row have the same slots.  A hint says what cures it and has
 * no slots.
 *
 * src/errors_list.h
 *
 *-------------------------------------------------------------------------
 */

/* 10x recipient */
LSCE_REASON(RECIPIENT_NOT_ELIGIBLE, '1', '0', '1',
			"{hcp} ({profession}) may not receive samples of {product} in {jurisdiction}.",
			"{hcp}({profession})は{jurisdiction}では{product}のサンプルを受け取れません。",
			"{hcp} ({profession}) darf in {jurisdiction} keine Muster von {product} erhalten.",
			"Choose a recipient whose profession may receive samples there.",
			"その地域でサンプルを受け取れる職種の受領者を選んでください。",
			"Wählen Sie einen Empfänger, dessen Beruf dort zum Empfang von Mustern berechtigt.")
LSCE_REASON(ACCOUNT_NOT_ACTIVE, '1', '0', '2',
			"{account} is {status} on {date}.",
			"{account}は{date}時点で{status}です。",
			"{account} hat am {date} den Status {status}.",
			"Activate the account, or use the account that survived its merge.",
			"アカウントを有効化するか、統合後の存続アカウントを使ってください。",
			"Aktivieren Sie den Account oder verwenden Sie den nach der Zusammenführung verbliebenen.")
LSCE_REASON(ACCOUNT_RESTRICTED, '1', '0', '3',
			"{account} is restricted for {product}: {rule}.",
			"{account}は{product}について制限されています: {rule}。",
			"{account} ist für {product} gesperrt: {rule}.",
			"End the restriction of the account for the product if it no longer holds.",
			"制限がもう当てはまらない場合は、この製品に対する制限を終了してください。",
			"Beenden Sie die Sperre des Accounts für das Produkt, wenn sie nicht mehr gilt.")

/* 11x and 12x license */
LSCE_REASON(LICENSE_MISSING, '1', '1', '0',
			"No {jurisdiction} licence on file for {hcp}.",
			"{hcp}の{jurisdiction}免許が登録されていません。",
			"Für {hcp} ist keine Zulassung für {jurisdiction} erfasst.",
			"Record the licence for the place of delivery and have it verified.",
			"提供先の地域の免許を登録し、確認を受けてください。",
			"Erfassen Sie die Zulassung für den Lieferort und lassen Sie sie prüfen.")
LSCE_REASON(LICENSE_EXPIRED, '1', '1', '1',
			"Licence {number} ({jurisdiction}) expired on {valid_to}.",
			"免許{number}({jurisdiction})は{valid_to}に失効しています。",
			"Die Zulassung {number} ({jurisdiction}) ist am {valid_to} abgelaufen.",
			"Record the renewed licence.",
			"更新された免許を登録してください。",
			"Erfassen Sie die verlängerte Zulassung.")
LSCE_REASON(LICENSE_NOT_ACTIVE, '1', '1', '2',
			"Licence {number} is {status}; sampling is blocked.",
			"免許{number}は{status}のためサンプル提供できません。",
			"Die Zulassung {number} hat den Status {status}; die Musterabgabe ist gesperrt.",
			"Wait until the authority reinstates the licence, then record its status.",
			"当局による免許の回復を待ち、その状態を登録してください。",
			"Warten Sie, bis die Behörde die Zulassung wieder in Kraft setzt, und erfassen Sie den Status.")
LSCE_REASON(LICENSE_WRONG_JURISDICTION, '1', '1', '3',
			"Delivery address is in {address_region}; the valid licence is for {license_region}.",
			"提供先は{address_region}ですが、有効な免許は{license_region}のものです。",
			"Die Lieferadresse liegt in {address_region}; die gültige Zulassung gilt für {license_region}.",
			"Deliver to an address in the region of the licence, or record a licence for this region.",
			"免許の地域内の住所に提供するか、この地域の免許を登録してください。",
			"Liefern Sie an eine Adresse im Geltungsbereich der Zulassung oder erfassen Sie eine Zulassung für diese Region.")
LSCE_REASON(LICENSE_UNVERIFIED, '1', '1', '4',
			"Licence {number} was last verified {verified_at}; re-verify with the authority (max age {max_age}).",
			"免許{number}の最終確認は{verified_at}です。当局への再確認が必要です(確認の有効期間{max_age})。",
			"Die Zulassung {number} wurde zuletzt am {verified_at} geprüft; erneute Prüfung bei der Behörde nötig (Höchstalter {max_age}).",
			"Verify the licence with the authority and record the date.",
			"当局に免許を確認し、確認日を登録してください。",
			"Lassen Sie die Zulassung bei der Behörde prüfen und erfassen Sie das Datum.")
LSCE_REASON(PRESCRIBING_SCOPE, '1', '1', '5',
			"{profession} in {jurisdiction} is not authorised to prescribe {product}.",
			"{jurisdiction}の{profession}には{product}の処方権限がありません。",
			"{profession} darf in {jurisdiction} {product} nicht verschreiben.",
			"Choose a practitioner who may prescribe the product there.",
			"その地域でこの製品を処方できる医療者を選んでください。",
			"Wählen Sie eine Fachperson, die das Produkt dort verschreiben darf.")
LSCE_REASON(DELEGATION_MISSING, '1', '1', '6',
			"No current {agreement_type} covering samples for {hcp}.",
			"{hcp}のサンプルを対象とする有効な{agreement_type}がありません。",
			"Für {hcp} liegt keine gültige Vereinbarung ({agreement_type}) vor, die Muster umfasst.",
			"Record the signed agreement with the supervising physician.",
			"監督医師との署名済み合意書を登録してください。",
			"Erfassen Sie die unterzeichnete Vereinbarung mit dem aufsichtführenden Arzt.")
LSCE_REASON(DELEGATION_EXCLUDES_PRODUCT, '1', '1', '7',
			"The agreement of {hcp} does not list {product_class}.",
			"{hcp}の合意書に{product_class}が含まれていません。",
			"Die Vereinbarung von {hcp} umfasst {product_class} nicht.",
			"Have the agreement extended to the product class, or ask the supervising physician.",
			"合意書に製品クラスを追加するか、監督医師に依頼してください。",
			"Lassen Sie die Vereinbarung um die Produktklasse erweitern oder wenden Sie sich an den aufsichtführenden Arzt.")
LSCE_REASON(DEA_MISSING, '1', '1', '8',
			"A DEA number is required to request {product} (C-{schedule}).",
			"{product}(C-{schedule})の請求にはDEA番号が必要です。",
			"Für die Anforderung von {product} (C-{schedule}) ist eine DEA-Nummer erforderlich.",
			"Record the DEA registration of the practitioner.",
			"医療者のDEA登録を入力してください。",
			"Erfassen Sie die DEA-Registrierung der Fachperson.")
LSCE_REASON(DEA_INVALID, '1', '1', '9',
			"DEA number {value} fails its check digit.",
			"DEA番号{value}のチェックディジットが一致しません。",
			"Die Prüfziffer der DEA-Nummer {value} stimmt nicht.",
			"Correct the DEA number.",
			"DEA番号を訂正してください。",
			"Berichtigen Sie die DEA-Nummer.")
LSCE_REASON(DEA_SCHEDULE, '1', '2', '0',
			"DEA registration does not include schedule {schedule}.",
			"DEA登録にスケジュール{schedule}が含まれていません。",
			"Die DEA-Registrierung umfasst Schedule {schedule} nicht.",
			"Record a DEA registration that includes the schedule.",
			"このスケジュールを含むDEA登録を入力してください。",
			"Erfassen Sie eine DEA-Registrierung, die diesen Schedule umfasst.")

/* 13x targeting: specialty, affiliation, territory, who may act */
LSCE_REASON(SPECIALTY_NOT_ELIGIBLE, '1', '3', '0',
			"{product} may be {action} only to {allowed}; {hcp} has {actual}.",
			"{product}の{action}対象は{allowed}のみです({hcp}: {actual})。",
			"{product} ist für {action} nur bei {allowed} zugelassen; {hcp} hat {actual}.",
			"Choose an account with an allowed specialty, or record its missing specialty or certification.",
			"対象の専門科のアカウントを選ぶか、未登録の専門科・認定を登録してください。",
			"Wählen Sie einen Account mit zugelassener Fachrichtung oder erfassen Sie die fehlende Fachrichtung oder Zertifizierung.")
LSCE_REASON(AFFILIATION_REQUIRED, '1', '3', '1',
			"{hcp} has no active affiliation with {hco} on {date}.",
			"{hcp}には{date}時点で{hco}の有効な所属がありません。",
			"{hcp} ist am {date} nicht bei {hco} tätig.",
			"Record the affiliation with its dates.",
			"所属とその期間を登録してください。",
			"Erfassen Sie die Zugehörigkeit mit ihrem Zeitraum.")
LSCE_REASON(TERRITORY_NOT_ALIGNED, '1', '3', '2',
			"{user} is not aligned to {hcp} in a territory carrying {product}.",
			"{user}は{product}を扱うテリトリーで{hcp}に割り当てられていません。",
			"{user} ist {hcp} in keinem Gebiet zugeordnet, das {product} führt.",
			"Ask the territory administrator to align the account, or let the aligned user act.",
			"テリトリー管理者に割り当てを依頼するか、担当者に任せてください。",
			"Lassen Sie den Account durch die Gebietsverwaltung zuordnen oder den zuständigen Benutzer handeln.")
LSCE_REASON(REP_NOT_AUTHORISED, '1', '3', '3',
			"{user} ({role}) may not {action}.",
			"{user}({role})は{action}できません。",
			"{user} ({role}) ist hierzu nicht berechtigt: {action}.",
			"Let a user whose persona may do this act.",
			"権限のあるペルソナのユーザーが行ってください。",
			"Lassen Sie einen Benutzer mit berechtigter Rolle handeln.")
LSCE_REASON(TERRITORY_AMBIGUOUS, '1', '3', '4',
			"No single territory follows for {user} on {date}: {count} candidates.",
			"{user}のテリトリーが{date}時点で一つに決まりません(候補{count}件)。",
			"Für {user} ergibt sich am {date} kein eindeutiges Gebiet: {count} Kandidaten.",
			"Name the visit, or mark one roster entry of the user as primary for that day.",
			"訪問を指定するか、その日の担当のうち一つを主担当にしてください。",
			"Geben Sie den Besuch an oder kennzeichnen Sie eine Gebietszuordnung des Benutzers für diesen Tag als primär.")
LSCE_REASON(USER_NOT_QUALIFIED, '1', '3', '5',
			"{user} lacks the qualification {required} for {product} in {jurisdiction}.",
			"{user}には{jurisdiction}で{product}に必要な資格{required}がありません。",
			"{user} fehlt die Qualifikation {required} für {product} in {jurisdiction}.",
			"Complete the qualification and record it with its dates.",
			"資格を取得し、有効期間とともに登録してください。",
			"Erwerben Sie die Qualifikation und erfassen Sie sie mit ihrem Zeitraum.")
LSCE_REASON(POLICY_MISSING, '1', '3', '6',
			"No approved policy covers {action} of {product} in {jurisdiction}.",
			"{jurisdiction}での{product}の{action}を定めた承認済みポリシーがありません。",
			"Keine freigegebene Richtlinie regelt {action} von {product} in {jurisdiction}.",
			"Create a policy row for the product and have a second person approve it.",
			"製品のポリシーを作成し、別の担当者の承認を受けてください。",
			"Legen Sie eine Richtlinie für das Produkt an und lassen Sie sie von einer zweiten Person freigeben.")
LSCE_REASON(PRODUCT_NOT_ALIGNED, '1', '3', '7',
			"{product} is not aligned to territory {territory} on {date}.",
			"{product}は{date}時点でテリトリー{territory}に割り当てられていません。",
			"{product} ist dem Gebiet {territory} am {date} nicht zugeordnet.",
			"Align the product to the territory or to one above it.",
			"製品をこのテリトリーまたは上位テリトリーに割り当ててください。",
			"Ordnen Sie das Produkt dem Gebiet oder einem übergeordneten Gebiet zu.")
LSCE_REASON(USER_MISSING, '1', '3', '8',
			"No user acts in this session; {action} needs one.",
			"このセッションで行動するユーザーが特定できません。{action}にはユーザーが必要です。",
			"In dieser Sitzung handelt kein Benutzer; {action} erfordert einen.",
			"Connect as the role of a user (app_user.db_role), or have lsce.login set to a login.",
			"ユーザーのロール(app_user.db_role)で接続するか、lsce.loginにログイン名を設定してください。",
			"Verbinden Sie sich mit der Rolle eines Benutzers (app_user.db_role) oder lassen Sie lsce.login auf einen Anmeldenamen setzen.")

/* 14x request */
LSCE_REASON(REQUEST_MISSING, '1', '4', '0',
			"A written request from the practitioner is required before delivery.",
			"提供前に医師の書面による請求が必要です。",
			"Vor der Abgabe ist eine schriftliche Anforderung der Fachperson erforderlich.",
			"Obtain a written, signed and dated request and record it.",
			"署名・日付のある書面の請求を受け取り、登録してください。",
			"Holen Sie eine schriftliche, unterschriebene und datierte Anforderung ein und erfassen Sie sie.")
LSCE_REASON(REQUEST_UNSIGNED, '1', '4', '1',
			"Request {request} is not signed and dated by the practitioner.",
			"請求{request}に医師の署名・日付がありません。",
			"Die Anforderung {request} ist von der Fachperson nicht unterschrieben und datiert.",
			"Have the practitioner sign and date the request.",
			"医師に請求への署名と日付の記入を依頼してください。",
			"Lassen Sie die Anforderung von der Fachperson unterschreiben und datieren.")
LSCE_REASON(REQUEST_FIELD_MISSING, '1', '4', '2',
			"Request {request} lacks: {fields}.",
			"請求{request}に不足項目があります: {fields}。",
			"In der Anforderung {request} fehlen: {fields}.",
			"Complete the named fields of the request before it is signed.",
			"署名の前に、請求の不足項目を補ってください。",
			"Ergänzen Sie die genannten Angaben der Anforderung vor der Unterschrift.")
LSCE_REASON(REQUEST_AFTER_DELIVERY, '1', '4', '3',
			"Request {request} is dated after the delivery ({delivered_at}).",
			"請求{request}の日付が提供日時({delivered_at})より後です。",
			"Die Anforderung {request} ist nach der Abgabe datiert ({delivered_at}).",
			"Use a request dated on or before the delivery.",
			"提供以前の日付の請求を使ってください。",
			"Verwenden Sie eine Anforderung, die nicht nach der Abgabe datiert ist.")
LSCE_REASON(REQUEST_STANDING, '1', '4', '4',
			"Open-ended/standing requests are not allowed; arrangement limit is {max_length}.",
			"継続的・無期限の請求は認められません(上限{max_length})。",
			"Unbefristete oder Daueranforderungen sind nicht zulässig; die Höchstdauer beträgt {max_length}.",
			"Obtain a request for stated quantities within the allowed time.",
			"許される期間内で数量を定めた請求を受け取ってください。",
			"Holen Sie eine Anforderung über bestimmte Mengen innerhalb der zulässigen Dauer ein.")
LSCE_REASON(REQUEST_EXHAUSTED, '1', '4', '5',
			"Request {request}: {fulfilled} of {requested} already delivered.",
			"請求{request}は{requested}のうち{fulfilled}が提供済みです。",
			"Anforderung {request}: {fulfilled} von {requested} bereits abgegeben.",
			"Obtain a new request.",
			"新しい請求を受け取ってください。",
			"Holen Sie eine neue Anforderung ein.")

/* 15x product */
LSCE_REASON(PRODUCT_CONTROLLED, '1', '5', '0',
			"{product} contains a controlled substance and cannot be sampled in {jurisdiction}.",
			"{product}は規制物質を含むため{jurisdiction}ではサンプル提供できません。",
			"{product} enthält ein Betäubungsmittel oder einen anderen kontrollierten Stoff; in {jurisdiction} sind Muster nicht zulässig.",
			"Do not sample this product there; offer information instead.",
			"この地域ではサンプルを提供せず、情報提供にとどめてください。",
			"Geben Sie dort keine Muster dieses Produkts ab; bieten Sie stattdessen Informationen an.")
LSCE_REASON(PRODUCT_NOT_SAMPLEABLE, '1', '5', '1',
			"{product} is excluded from sampling in {jurisdiction}: {rule}.",
			"{product}は{jurisdiction}でサンプル対象外です: {rule}。",
			"{product} ist in {jurisdiction} von der Musterabgabe ausgeschlossen: {rule}.",
			"Choose a product that may be sampled there, or complete its market entry.",
			"サンプル提供できる製品を選ぶか、市場情報の登録を完了してください。",
			"Wählen Sie ein dort zur Musterabgabe zugelassenes Produkt oder vervollständigen Sie dessen Marktdaten.")
LSCE_REASON(SAMPLING_PROHIBITED, '1', '5', '2',
			"Sampling is prohibited in {jurisdiction}.",
			"{jurisdiction}ではサンプル提供が禁止されています。",
			"Die Abgabe von Arzneimustern ist in {jurisdiction} verboten.",
			"Do not deliver samples to this place.",
			"この場所にはサンプルを提供しないでください。",
			"Geben Sie an diesem Ort keine Muster ab.")
LSCE_REASON(WINDOW_CLOSED, '1', '5', '3',
			"Sampling window {template} closed on {window_end}.",
			"サンプル提供期間{template}は{window_end}に終了しました。",
			"Der Abgabezeitraum {template} endete am {window_end}.",
			"No further samples may be given under this window.",
			"この期間ではこれ以上サンプルを提供できません。",
			"In diesem Zeitraum dürfen keine weiteren Muster abgegeben werden.")
LSCE_REASON(WINDOW_NOT_OPEN, '1', '5', '4',
			"Sampling window {template} opens on {window_start}.",
			"サンプル提供期間{template}は{window_start}からです。",
			"Der Abgabezeitraum {template} beginnt am {window_start}.",
			"Deliver on or after the first day of the window.",
			"期間の初日以降に提供してください。",
			"Geben Sie die Muster frühestens am ersten Tag des Zeitraums ab.")
LSCE_REASON(PACK_SIZE, '1', '5', '5',
			"Pack {pack} is not allowed: {rule}.",
			"包装{pack}は認められません: {rule}。",
			"Die Packung {pack} ist nicht zulässig: {rule}.",
			"Use a pack of an allowed size.",
			"認められた大きさの包装を使ってください。",
			"Verwenden Sie eine zulässige Packungsgröße.")

/* 16x limit */
LSCE_REASON(QTY_LIMIT_EXCEEDED, '1', '6', '0',
			"{template}: {used} used of {limit} in {period}; {requested} requested, {remaining} left.",
			"{template}: {period}の上限{limit}のうち{used}使用済み。請求{requested}、残り{remaining}。",
			"{template}: {used} von {limit} in {period} verbraucht; {requested} angefordert, {remaining} verfügbar.",
			"Reduce the quantity to what is left, or wait until the period frees some.",
			"残りの数量まで減らすか、期間の経過を待ってください。",
			"Verringern Sie die Menge auf den verfügbaren Rest oder warten Sie, bis der Zeitraum wieder Menge freigibt.")
LSCE_REASON(LIMIT_NOT_CONFIGURED, '1', '6', '1',
			"{template} has no numeric limit; a company limit must be configured.",
			"{template}には数値上限がありません。社内上限を設定してください。",
			"{template} enthält keine Mengenangabe; ein firmeneigenes Limit muss festgelegt werden.",
			"Add a company limit for the product and have it approved.",
			"製品の社内上限を追加し、承認を受けてください。",
			"Legen Sie ein firmeneigenes Limit für das Produkt an und lassen Sie es freigeben.")

/* 17x stock and delivery */
LSCE_REASON(LOT_MISSING, '1', '7', '0',
			"A lot or control number is required.",
			"ロット番号が必要です。",
			"Eine Chargenbezeichnung oder Kontrollnummer ist erforderlich.",
			"Name the lot of the units given.",
			"提供する品目のロットを指定してください。",
			"Geben Sie die Charge der abgegebenen Einheiten an.")
LSCE_REASON(LOT_UNUSABLE, '1', '7', '1',
			"Lot {lot} is {state}.",
			"ロット{lot}は{state}です。",
			"Die Charge {lot} hat den Status {state}.",
			"Use a released lot of the product that has not expired and is not recalled.",
			"出荷可能で、期限内かつ回収対象でないロットを使ってください。",
			"Verwenden Sie eine freigegebene, nicht verfallene und nicht zurückgerufene Charge des Produkts.")
LSCE_REASON(INVENTORY_SHORT, '1', '7', '2',
			"{user} holds {on_hand} of {product} lot {lot}; {requested} requested.",
			"{user}の在庫は{product}ロット{lot}が{on_hand}です(請求{requested})。",
			"{user} hat {on_hand} von {product}, Charge {lot}; {requested} angefordert.",
			"Reduce the quantity, use another lot, or receive stock first.",
			"数量を減らすか、別のロットを使うか、先に入庫してください。",
			"Verringern Sie die Menge, verwenden Sie eine andere Charge oder buchen Sie zuerst einen Zugang.")
LSCE_REASON(CHANNEL_NOT_ALLOWED, '1', '7', '3',
			"{channel} is not an allowed delivery path in {jurisdiction}.",
			"{jurisdiction}では{channel}による提供は認められません。",
			"{channel} ist in {jurisdiction} kein zulässiger Abgabeweg.",
			"Deliver by an allowed path.",
			"認められた方法で提供してください。",
			"Wählen Sie einen zulässigen Abgabeweg.")

/* 18x gift */
LSCE_REASON(GIFT_LIMIT_EXCEEDED, '1', '8', '0',
			"{state} gift cap {cap} for {year}: {used} used, {value} proposed.",
			"{state}の{year}年ギフト上限{cap}: 使用{used}、予定{value}。",
			"Obergrenze für Zuwendungen in {state}, {year}: {cap}; {used} verbraucht, {value} vorgesehen.",
			"Lower the value, or wait for the next year.",
			"金額を下げるか、翌年まで待ってください。",
			"Verringern Sie den Wert oder warten Sie bis zum nächsten Jahr.")
LSCE_REASON(GIFT_PROHIBITED, '1', '8', '1',
			"This item is a prohibited gift in {state}.",
			"{state}ではこの品目は禁止された贈答です。",
			"Dieser Gegenstand ist in {state} eine verbotene Zuwendung.",
			"Do not give this item there.",
			"この地域ではこの品目を渡さないでください。",
			"Geben Sie diesen Gegenstand dort nicht ab.")

/* 2xx consent */
LSCE_REASON(CONSENT_MISSING, '2', '0', '0',
			"No consent for {purpose}/{channel} by {controller}.",
			"{controller}による{purpose}/{channel}の同意がありません。",
			"Keine Einwilligung für {purpose}/{channel} gegenüber {controller}.",
			"Obtain the consent and record it with its evidence.",
			"同意を取得し、証跡とともに登録してください。",
			"Holen Sie die Einwilligung ein und erfassen Sie sie mit Nachweis.")
LSCE_REASON(CONSENT_WITHDRAWN, '2', '0', '1',
			"{hcp} withdrew on {at}; {channel} is blocked.",
			"{hcp}は{at}に同意を撤回しました。{channel}は使えません。",
			"{hcp} hat die Einwilligung am {at} widerrufen; {channel} ist gesperrt.",
			"Contact only after a new consent of the person.",
			"本人から新たな同意を得るまで連絡しないでください。",
			"Nehmen Sie erst nach neuer Einwilligung der Person Kontakt auf.")
LSCE_REASON(CONSENT_EXPIRED, '2', '0', '2',
			"Consent lapsed on {valid_to} ({rule}).",
			"同意は{valid_to}に失効しました({rule})。",
			"Die Einwilligung ist am {valid_to} erloschen ({rule}).",
			"Ask for the consent again and record it.",
			"あらためて同意を取得し、登録してください。",
			"Holen Sie die Einwilligung erneut ein und erfassen Sie sie.")
LSCE_REASON(CONSENT_UNCONFIRMED, '2', '0', '3',
			"Double opt-in not confirmed yet.",
			"ダブルオプトインが未確認です。",
			"Das Double-Opt-in ist noch nicht bestätigt.",
			"Wait until the person confirms, or send the confirmation link again.",
			"本人の確認を待つか、確認リンクを再送してください。",
			"Warten Sie auf die Bestätigung der Person oder senden Sie den Bestätigungslink erneut.")
LSCE_REASON(CONSENT_CONTROLLER, '2', '0', '4',
			"Consent was given to {given_to}, not {controller}.",
			"同意の相手は{given_to}であり{controller}ではありません。",
			"Die Einwilligung wurde gegenüber {given_to} erteilt, nicht gegenüber {controller}.",
			"Obtain a consent for this company, or let the company that holds it act.",
			"この会社への同意を取得するか、同意を得ている会社が行ってください。",
			"Holen Sie eine Einwilligung für dieses Unternehmen ein oder lassen Sie das berechtigte Unternehmen handeln.")
LSCE_REASON(CONSENT_PURPOSE, '2', '0', '5',
			"Consent covers {given}, not {purpose}.",
			"同意の目的は{given}であり{purpose}は含まれません。",
			"Die Einwilligung umfasst {given}, nicht {purpose}.",
			"Obtain a consent for this purpose.",
			"この目的への同意を取得してください。",
			"Holen Sie eine Einwilligung für diesen Zweck ein.")
LSCE_REASON(CONSENT_EVIDENCE, '2', '0', '6',
			"Consent record {id} lacks evidence: {fields}.",
			"同意記録{id}の証跡が不足しています: {fields}。",
			"Der Einwilligung {id} fehlen Nachweise: {fields}.",
			"Record the consent again with the missing evidence.",
			"不足している証跡を添えて同意を登録し直してください。",
			"Erfassen Sie die Einwilligung erneut mit den fehlenden Nachweisen.")
LSCE_REASON(LEGAL_BASIS_NOT_ALLOWED, '2', '0', '7',
			"{basis} is not a valid basis for {channel} in {jurisdiction}.",
			"{jurisdiction}の{channel}では{basis}を根拠にできません。",
			"{basis} ist in {jurisdiction} keine gültige Rechtsgrundlage für {channel}.",
			"Obtain an opt-in, or use a channel for which the basis holds.",
			"オプトインを取得するか、その根拠が有効なチャネルを使ってください。",
			"Holen Sie ein Opt-in ein oder wählen Sie einen Kanal, für den die Rechtsgrundlage gilt.")
LSCE_REASON(CONTACT_WINDOW, '2', '0', '8',
			"Contact outside permitted hours ({local_time}).",
			"許可時間外の連絡です({local_time})。",
			"Kontakt außerhalb der zulässigen Zeiten ({local_time}).",
			"Make contact within the permitted hours of the recipient's local time.",
			"受領者の現地時間の許可時間内に連絡してください。",
			"Nehmen Sie innerhalb der zulässigen Ortszeit des Empfängers Kontakt auf.")
LSCE_REASON(OBJECTION, '2', '0', '9',
			"{hcp} objected to direct marketing on {at}.",
			"{hcp}は{at}にダイレクトマーケティングに異議を申し立てました。",
			"{hcp} hat der Direktwerbung am {at} widersprochen.",
			"Only a later opt-in of the person reopens its own scope.",
			"本人の後日のオプトインがあれば、その範囲に限り再開できます。",
			"Nur ein späteres Opt-in der Person öffnet dessen eigenen Umfang wieder.")
LSCE_REASON(CONSENT_TOKEN, '2', '1', '0',
			"The confirmation token is {state}.",
			"確認トークンは{state}です。",
			"Der Bestätigungscode hat den Status {state}.",
			"Send a new confirmation link.",
			"新しい確認リンクを送ってください。",
			"Senden Sie einen neuen Bestätigungslink.")

/* 3xx content and medical */
LSCE_REASON(OFF_LABEL, '3', '0', '0',
			"Indication {indication} is not approved for {product} in {jurisdiction}.",
			"適応{indication}は{jurisdiction}で{product}の承認範囲外です。",
			"Die Indikation {indication} ist für {product} in {jurisdiction} nicht zugelassen.",
			"Keep to approved indications; route an unsolicited question to medical information.",
			"承認された適応に限り、自発的な質問はメディカルに回してください。",
			"Bleiben Sie bei zugelassenen Indikationen; leiten Sie unaufgeforderte Fragen an die medizinische Information weiter.")
LSCE_REASON(CONTENT_NOT_APPROVED, '3', '0', '1',
			"Content {content} version {version} is {state} for {jurisdiction}.",
			"コンテンツ{content} v{version}は{jurisdiction}で{state}です。",
			"Der Inhalt {content}, Version {version}, hat für {jurisdiction} den Status {state}.",
			"Use a version that is approved and current for the country.",
			"その国で承認済みの現行版を使ってください。",
			"Verwenden Sie eine für das Land freigegebene, aktuelle Version.")
LSCE_REASON(AUDIENCE_NOT_ALLOWED, '3', '0', '2',
			"Content {content} is for {allowed}; {hcp} does not qualify.",
			"コンテンツ{content}の対象は{allowed}です({hcp}は対象外)。",
			"Der Inhalt {content} ist für {allowed} bestimmt; {hcp} gehört nicht dazu.",
			"Choose content for this audience.",
			"この対象者向けのコンテンツを選んでください。",
			"Wählen Sie einen Inhalt für diese Zielgruppe.")
LSCE_REASON(MSL_FIREWALL, '3', '0', '3',
			"{role} cannot perform {action}: medical/commercial separation.",
			"{role}は{action}を実行できません(メディカル/コマーシャル分離)。",
			"{role} darf dies nicht ausführen: {action} (Trennung von Medizin und Vertrieb).",
			"Hand the task over to the other side of the separation.",
			"分離の相手側の担当者に引き継いでください。",
			"Übergeben Sie die Aufgabe der zuständigen Seite.")
LSCE_REASON(MIR_UNDOCUMENTED, '3', '0', '4',
			"No unsolicited-request record with the question, requester and date.",
			"自発的な照会の記録(質問・照会者・日付)がありません。",
			"Keine Dokumentation der unaufgeforderten Anfrage mit Frage, Anfragendem und Datum.",
			"Record the inquiry with question, requester and date first.",
			"先に照会を質問・照会者・日付とともに登録してください。",
			"Erfassen Sie zuerst die Anfrage mit Frage, Anfragendem und Datum.")

/* 4xx identifiers */
LSCE_REASON(ID_FORMAT, '4', '0', '0',
			"{system} {value} has the wrong format.",
			"{system} {value}の形式が正しくありません。",
			"{system} {value} hat ein falsches Format.",
			"Correct the identifier.",
			"識別子を訂正してください。",
			"Berichtigen Sie die Kennung.")
LSCE_REASON(ID_CHECK_DIGIT, '4', '0', '1',
			"{system} {value} fails its check digit (expected {expected}).",
			"{system} {value}のチェックディジット不一致(期待値{expected})。",
			"Die Prüfziffer von {system} {value} stimmt nicht (erwartet {expected}).",
			"Look for a mistyped or transposed digit.",
			"数字の打ち間違いや入れ替わりを確認してください。",
			"Suchen Sie nach einer falschen oder vertauschten Ziffer.")
LSCE_REASON(UNKNOWN_ACCOUNT, '4', '1', '0',
			"Account {value} does not exist or is not visible.",
			"アカウント{value}は存在しないか、参照できません。",
			"Der Account {value} existiert nicht oder ist nicht sichtbar.",
			"Check the id, and that the account is in one of your territories.",
			"IDと、アカウントが担当テリトリーにあることを確認してください。",
			"Prüfen Sie die ID und ob der Account in einem Ihrer Gebiete liegt.")
LSCE_REASON(UNKNOWN_PRODUCT, '4', '1', '1',
			"Product {value} does not exist or is not visible.",
			"製品{value}は存在しないか、参照できません。",
			"Das Produkt {value} existiert nicht oder ist nicht sichtbar.",
			"Check the id or the code of the product.",
			"製品のIDまたはコードを確認してください。",
			"Prüfen Sie die ID oder den Code des Produkts.")
LSCE_REASON(UNKNOWN_USER, '4', '1', '2',
			"User {value} does not exist or is not visible.",
			"ユーザー{value}は存在しないか、参照できません。",
			"Der Benutzer {value} existiert nicht oder ist nicht sichtbar.",
			"Check the login, and that the user has been onboarded.",
			"ログイン名と、ユーザーが登録済みであることを確認してください。",
			"Prüfen Sie den Anmeldenamen und ob der Benutzer angelegt ist.")
LSCE_REASON(UNKNOWN_RECORD, '4', '1', '3',
			"{record} {value} does not exist or is not visible.",
			"{record} {value}は存在しないか、参照できません。",
			"{record} {value} existiert nicht oder ist nicht sichtbar.",
			"Check the id, and that the row was stored before it is named.",
			"IDと、その行が先に登録されていることを確認してください。",
			"Prüfen Sie die ID und ob die Zeile gespeichert wurde, bevor sie genannt wird.")

LSCE_REASON(MERGE_REFUSED, '4', '2', '0',
			"Account {loser} cannot be merged into {winner}: {problem}.",
			"アカウント{loser}は{winner}に統合できません: {problem}。",
			"Der Account {loser} kann nicht mit {winner} zusammengeführt werden: {problem}.",
			"Merge two records of one kind, each not merged yet; undo later merges before earlier ones.",
			"同じ種別でまだ統合されていない2件を統合し、取り消しは後の統合から行ってください。",
			"Führen Sie zwei noch nicht zusammengeführte Datensätze gleicher Art zusammen; machen Sie spätere Zusammenführungen zuerst rückgängig.")
LSCE_REASON(ACCOUNT_MERGED, '4', '2', '1',
			"Account {account} was merged into {survivor} and takes no more rows of {table}.",
			"アカウント{account}は{survivor}に統合済みのため、{table}の行を追加できません。",
			"Der Account {account} ist in {survivor} aufgegangen und nimmt keine Zeilen von {table} mehr auf.",
			"Store the row for the account that survived; account(system, value) finds it by any key.",
			"存続アカウントに対して登録してください。account(system, value)はどのキーからでも見つけます。",
			"Speichern Sie die Zeile beim verbliebenen Account; account(system, value) findet ihn mit jedem Schlüssel.")

/* 5xx records */
LSCE_REASON(RECORD_IMMUTABLE, '5', '0', '0',
			"{table} is append-only; post a reversing entry.",
			"{table}は追記専用です。取消仕訳を登録してください。",
			"{table} lässt nur Anfügen zu; buchen Sie einen Storno.",
			"Post a reversing entry instead of changing or deleting the row.",
			"行を変更・削除せず、取消仕訳を登録してください。",
			"Buchen Sie einen Storno, statt die Zeile zu ändern oder zu löschen.")
LSCE_REASON(AUDIT_REASON_REQUIRED, '5', '0', '1',
			"A reason is required to change {field}.",
			"{field}の変更には理由が必要です。",
			"Für die Änderung von {field} ist eine Begründung erforderlich.",
			"Give the reason of the change.",
			"変更の理由を入力してください。",
			"Geben Sie den Grund der Änderung an.")
LSCE_REASON(SIGNATURE_INCOMPLETE, '5', '0', '2',
			"Electronic signature lacks: {fields}.",
			"電子署名に不足があります: {fields}。",
			"Der elektronischen Signatur fehlen: {fields}.",
			"Sign again with all parts of the signature.",
			"署名の要素をすべて揃えて署名し直してください。",
			"Signieren Sie erneut mit allen Bestandteilen.")
LSCE_REASON(SIGNATURE_BROKEN, '5', '0', '3',
			"Signed record {record} changed after signing.",
			"署名後に記録{record}が変更されています。",
			"Der signierte Datensatz {record} wurde nach der Signatur geändert.",
			"Investigate the change, then have the record signed again.",
			"変更を調査し、あらためて署名を受けてください。",
			"Klären Sie die Änderung und lassen Sie den Datensatz erneut signieren.")
LSCE_REASON(RETENTION_ACTIVE, '5', '0', '4',
			"{record} must be kept until {until}.",
			"{record}は{until}まで保存が必要です。",
			"{record} muss bis {until} aufbewahrt werden.",
			"Wait until the retention period has ended.",
			"保存期間の終了を待ってください。",
			"Warten Sie das Ende der Aufbewahrungsfrist ab.")
LSCE_REASON(RECONCILIATION_CONFLICT, '5', '0', '5',
			"Inventory of {rep} may not be counted by {counter}.",
			"{rep}の棚卸を{counter}が行うことはできません。",
			"Der Bestand von {rep} darf nicht von {counter} gezählt werden.",
			"Let a person count who neither holds the stock nor supervises its holder.",
			"在庫の保有者でもその上司でもない人が数えてください。",
			"Lassen Sie eine Person zählen, die den Bestand weder führt noch dem Bestandsführer vorgesetzt ist.")
LSCE_REASON(REPORT_OVERDUE, '5', '0', '6',
			"{report} was due {due}.",
			"{report}の期限は{due}でした。",
			"{report} war am {due} fällig.",
			"File the report and record the date.",
			"報告書を提出し、提出日を登録してください。",
			"Reichen Sie den Bericht ein und erfassen Sie das Datum.")
LSCE_REASON(PAYLOAD_DIFFERS, '5', '0', '7',
			"{record} already exists with other values: {fields}.",
			"{record}は別の値で登録済みです: {fields}。",
			"{record} ist bereits mit anderen Werten vorhanden: {fields}.",
			"Use a new id for a new fact; correct a stored one by a reversal.",
			"新しい事実には新しいIDを使い、登録済みのものは取消で訂正してください。",
			"Verwenden Sie für einen neuen Vorgang eine neue ID; berichtigen Sie einen gespeicherten durch Storno.")
LSCE_REASON(JUSTIFICATION_REQUIRED, '5', '0', '8',
			"A justification is required because of: {rules}.",
			"次の警告には正当な理由の記入が必要です: {rules}。",
			"Eine Begründung ist erforderlich wegen: {rules}.",
			"Give a justification; it opens a discrepancy for review.",
			"正当な理由を入力してください。確認対象の差異として登録されます。",
			"Geben Sie eine Begründung an; sie eröffnet eine Abweichung zur Prüfung.")
LSCE_REASON(NOT_PERMITTED, '5', '0', '9',
			"{record} has no permitting decision of its own.",
			"{record}には自身を許可する決定がありません。",
			"{record} hat keine eigene genehmigende Entscheidung.",
			"Insert the row without a decision id and let the engine decide.",
			"決定IDを指定せずに行を登録し、エンジンに判定させてください。",
			"Fügen Sie die Zeile ohne Entscheidungs-ID ein und lassen Sie die Regelprüfung entscheiden.")
LSCE_REASON(VISIT_STATE, '5', '1', '0',
			"Visit {visit} is {state}: {rule}.",
			"訪問{visit}は{state}です: {rule}。",
			"Der Besuch {visit} hat den Status {state}: {rule}.",
			"Use a visit in the right state and within the back-dating window, or have it reopened.",
			"適切な状態で遡及入力期間内の訪問を使うか、訪問の再開を依頼してください。",
			"Verwenden Sie einen Besuch im passenden Status innerhalb der Rückdatierungsfrist oder lassen Sie ihn wieder öffnen.")
LSCE_REASON(VISIT_MISSING, '5', '1', '1',
			"A visit is required for {action}.",
			"{action}には訪問の登録が必要です。",
			"Für {action} ist ein Besuch erforderlich.",
			"Record the visit first and name it.",
			"先に訪問を登録し、それを指定してください。",
			"Erfassen Sie zuerst den Besuch und geben Sie ihn an.")
LSCE_REASON(DEVICE_CLOCK, '5', '1', '2',
			"Captured at {captured_at}, received at {received_at}: ahead by more than {tolerance}.",
			"取得時刻{captured_at}が受信時刻{received_at}より{tolerance}を超えて進んでいます。",
			"Erfasst um {captured_at}, empfangen um {received_at}: mehr als {tolerance} voraus.",
			"Set the clock of the device and send the batch again with the right times.",
			"端末の時計を合わせ、正しい時刻で再送してください。",
			"Stellen Sie die Uhr des Geräts und senden Sie die Daten mit den richtigen Zeiten erneut.")
LSCE_REASON(LEDGER_UNBALANCED, '5', '1', '3',
			"Operation {operation}, lot {lot}: entries sum to {sum}, not 0.",
			"操作{operation}、ロット{lot}: 仕訳の合計が0ではなく{sum}です。",
			"Vorgang {operation}, Charge {lot}: die Buchungen ergeben {sum} statt 0.",
			"Post all entries of an operation in one statement, summing to zero for each lot.",
			"操作の全仕訳を一つの文で、ロットごとに合計0で登録してください。",
			"Buchen Sie alle Zeilen eines Vorgangs in einer Anweisung und je Charge mit Summe null.")
LSCE_REASON(REVERSAL_EXCEEDS, '5', '1', '4',
			"{given} given, {reversed} already reversed; {requested} more requested.",
			"提供{given}、取消済み{reversed}に対し、さらに{requested}の取消が請求されました。",
			"{given} abgegeben, {reversed} bereits storniert; weitere {requested} angefordert.",
			"Reverse at most what is left.",
			"残りの数量以内で取り消してください。",
			"Stornieren Sie höchstens die verbleibende Menge.")
LSCE_REASON(RECEIPT_EXCEEDS, '5', '1', '5',
			"{given} given, {acknowledged} already acknowledged; {requested} more signed for.",
			"提供{given}、受領確認済み{acknowledged}に対し、さらに{requested}の受領が署名されました。",
			"{given} abgegeben, {acknowledged} bereits bestätigt; {requested} weitere quittiert.",
			"Have the recipient sign for what arrived; record units that were given besides as a hand-over of their own.",
			"実際に届いた数量の受領署名をもらい、別に提供した分は別の提供として登録してください。",
			"Lassen Sie den Empfänger das Erhaltene quittieren; erfassen Sie zusätzlich abgegebene Einheiten als eigene Abgabe.")
LSCE_REASON(HIERARCHY_CYCLE, '5', '2', '0',
			"{account} would be above itself in the hierarchy.",
			"{account}が階層の中で自分自身の上位になってしまいます。",
			"{account} stünde in der Hierarchie über sich selbst.",
			"Take one of those in the cycle out of its parent first.",
			"先に、循環の中のいずれかを親から外してください。",
			"Lösen Sie zuerst einen Eintrag des Kreises von seinem übergeordneten.")
LSCE_REASON(HIERARCHY_TYPE, '5', '2', '1',
			"{child} ({child_type}) may not stand under {parent} ({parent_type}).",
			"{child}({child_type})は{parent}({parent_type})の下に置けません。",
			"{child} ({child_type}) darf nicht unter {parent} ({parent_type}) stehen.",
			"Choose a parent of a type that product_edge_rule allows, or add the pair there.",
			"product_edge_ruleで認められた種別の親を選ぶか、組み合わせを追加してください。",
			"Wählen Sie eine Ebene, die product_edge_rule zulässt, oder nehmen Sie das Paar dort auf.")

/* 6xx model and administration */
LSCE_REASON(LAW_RULE_PROTECTED, '6', '0', '0',
			"{rule} is a law row and cannot be weakened to {severity}.",
			"{rule}は法令に基づく規則のため{severity}に緩和できません。",
			"{rule} beruht auf Gesetz und kann nicht auf {severity} abgeschwächt werden.",
			"Leave the law row as it is; add a stricter company rule if needed.",
			"法令の規則は変更せず、必要ならより厳しい社内規則を追加してください。",
			"Lassen Sie die gesetzliche Regel unverändert; ergänzen Sie bei Bedarf eine strengere Firmenregel.")
LSCE_REASON(RULE_NOT_APPROVED, '6', '0', '1',
			"{rule} needs the approval of someone other than its author {author}.",
			"{rule}には作成者{author}以外の承認が必要です。",
			"{rule} muss von einer anderen Person als {author} freigegeben werden.",
			"Let a second person approve the rule.",
			"別の担当者に規則の承認を依頼してください。",
			"Lassen Sie die Regel von einer zweiten Person freigeben.")
LSCE_REASON(MODEL_VERSION, '6', '1', '0',
			"Model {model} has version {model_version}; the code has version {code_version}.",
			"モデル{model}の版は{model_version}ですが、コードの版は{code_version}です。",
			"Das Modell {model} hat Version {model_version}, der Code Version {code_version}.",
			"Call lsce.upgrade_model() for an older model; install the newer lsce for a newer one.",
			"古いモデルにはlsce.upgrade_model()を実行し、新しいモデルには新しいlsceを導入してください。",
			"Rufen Sie für ein älteres Modell lsce.upgrade_model() auf; installieren Sie für ein neueres das neuere lsce.")
LSCE_REASON(MODEL_NAME, '6', '1', '1',
			"Schema {model} cannot be used: {problem}.",
			"スキーマ{model}は使えません: {problem}。",
			"Das Schema {model} kann nicht verwendet werden: {problem}.",
			"Choose a free name for a new model; lsce.models() lists those that exist.",
			"新しいモデルには未使用の名前を選んでください。既存のモデルはlsce.models()で確認できます。",
			"Wählen Sie für ein neues Modell einen freien Namen; lsce.models() listet die vorhandenen auf.")
LSCE_REASON(OWNER_REQUIRED, '6', '1', '2',
			"Only {owner}, the owner of model {model}, may do this: {action}.",
			"{action}はモデル{model}の所有者{owner}のみが実行できます。",
			"Nur {owner}, Eigentümer des Modells {model}, darf dies ausführen: {action}.",
			"SET ROLE to the owner of the model.",
			"SET ROLEでモデルの所有者になってください。",
			"Wechseln Sie mit SET ROLE zum Eigentümer des Modells.")
