-- Purposes and channels, and what the law of the recipient's country wants for
-- them, with the place to read it.  certainty A: the primary text was read; B: a
-- secondary source was read; C: from memory.  Rows of certainty C stay drafts,
-- which the engine does not read: then consent is needed, as everywhere else
-- where no row speaks.

INSERT INTO data_use_purpose (purpose, parent, description, has_channel) VALUES
	('marketing', NULL, 'advertising of products in any form', true),
	('newsletter', 'marketing', 'recurring promotional message', true),
	('event_invitation', 'marketing', 'invitation to an event that presents products', true),
	('market_research', NULL, 'questions about opinions and habits', true),
	('medical_information', NULL, 'non-promotional answers of the medical department', true),
	('service', NULL, 'messages about a delivery, a request or an appointment', true),
	('sample_receipt', NULL, 'receiving samples of medicines', false);

INSERT INTO channel_type (channel, contact_kind) VALUES
	('email', 'email'),
	('sms', 'phone'),
	('phone', 'phone'),
	('post', 'address'),
	('video', 'email'),
	('fax', 'phone'),
	('chat', 'social'),
	('portal', 'email'),
	('in_person', 'address');

INSERT INTO consent_regime (regime_id, country_code, purpose, channel, default_state, admissible_basis,
	double_opt_in, confirm_unless_method, expires_after, expires_from, basis_ages, hours_from, hours_to,
	stop_within_business_days, retain_for, obligations, legal_ref, certainty, status, authored_by, approved_by, approved_at)
SELECT md5('consent_regime:' || r.country_code || ':' || r.purpose || ':' || coalesce(r.channel, ''))::uuid,
	r.country_code, r.purpose, r.channel, r.default_state, r.admissible_basis::text[],
	r.confirm_unless_method IS NOT NULL, coalesce(r.confirm_unless_method, '{}')::text[],
	r.expires_after::interval, r.expires_from, r.basis_ages::jsonb, r.hours_from::time, r.hours_to::time,
	r.stop_within_business_days::int, r.retain_for::interval, r.obligations::text[], r.legal_ref, r.certainty,
	CASE WHEN r.certainty = 'C' THEN 'draft' ELSE 'approved' END, 'seed',
	CASE WHEN r.certainty <> 'C' THEN 'seed.reviewer' END,
	CASE WHEN r.certainty <> 'C' THEN TIMESTAMPTZ '2026-01-15 00:00+00' END
FROM (VALUES
	-- Germany: prior express consent for electronic mail, business recipients
	-- included; a link in an e-mail proves the mailbox, a signature the person
	('DE', 'marketing', 'email', 'opt_in', '{consent,prior_express_written}', '{tablet_signature,paper_signature}',
		NULL, 'opt_in', '{}', NULL, NULL, NULL, NULL, '{OPT_OUT_LINK}',
		'UWG s.7(2) (electronic mail); GDPR Art. 7; BGH 10.02.2011 I ZR 164/09 (double opt-in)', 'B'),
	('DE', 'marketing', 'sms', 'opt_in', '{consent,prior_express_written}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, NULL, NULL, '{OPT_OUT_LINK}',
		'UWG s.7(2) (electronic mail); GDPR Art. 7', 'A'),
	('DE', 'marketing', 'fax', 'opt_in', '{consent,prior_express_written}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, NULL, NULL, '{OPT_OUT_LINK}',
		'UWG s.7(2) (fax); GDPR Art. 7', 'A'),
	-- to a professional presumed consent will do: a proven interest of his trade
	('DE', 'marketing', 'phone', 'opt_in', '{consent,prior_express_written,legitimate_interest}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, NULL, '5 years', '{RETAIN}',
		'UWG s.7(2) (telephone), s.7a (evidence kept 5 years from each use)', 'A'),
	-- France: a professional may be written to about his work until he objects
	('FR', 'marketing', 'email', 'opt_in', '{consent,prior_express_written,legitimate_interest}', NULL,
		'3 years', 'last_contact', '{}', NULL, NULL, NULL, NULL, '{OPT_OUT_LINK}',
		'CPCE L34-5; CNIL: 3 years from last contact', 'B'),
	-- United States
	('US', 'marketing', 'email', 'opt_out', '{consent,prior_express_written,legitimate_interest,implied_existing_business,address_notified_in_writing}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, '10', NULL, '{OPT_OUT_LINK}',
		'15 U.S.C. 7704 (CAN-SPAM)', 'B'),
	('US', 'marketing', 'sms', 'opt_in', '{prior_express_written}', NULL,
		NULL, 'opt_in', '{}', '08:00', '21:00', '10', NULL, '{OPT_OUT_LINK}',
		'47 CFR 64.1200(a)(2), (c)(1) (TCPA)', 'B'),
	('US', 'marketing', 'phone', 'opt_in', '{prior_express_written}', NULL,
		NULL, 'opt_in', '{}', '08:00', '21:00', '10', NULL, '{}',
		'47 CFR 64.1200(a)(2), (c)(1) (TCPA)', 'B'),
	-- Canada
	('CA', 'marketing', 'email', 'opt_in', '{consent,prior_express_written,implied_existing_business,address_notified_in_writing}', NULL,
		NULL, 'opt_in', '{"purchase": "2 years", "contract": "2 years", "inquiry": "6 months"}', NULL, NULL, '10', NULL, '{OPT_OUT_LINK}',
		'CASL s.6, s.10(9)-(10), s.11(3), s.13', 'A'),
	('CA', 'marketing', 'sms', 'opt_in', '{consent,prior_express_written,implied_existing_business,address_notified_in_writing}', NULL,
		NULL, 'opt_in', '{"purchase": "2 years", "contract": "2 years", "inquiry": "6 months"}', NULL, NULL, '10', NULL, '{OPT_OUT_LINK}',
		'CASL s.6, s.10(9)-(10), s.11(3), s.13', 'A'),
	-- Japan
	('JP', 'marketing', 'email', 'opt_in', '{consent,prior_express_written,address_notified_in_writing,implied_existing_business}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, NULL, '1 month', '{OPT_OUT_LINK,RETAIN}',
		'特定電子メール法 3条1項・3項; 施行規則 2条・4条', 'B'),
	-- from memory
	('GB', 'marketing', 'email', 'opt_in', '{consent,prior_express_written}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, NULL, NULL, '{OPT_OUT_LINK}',
		'PECR 2003 reg. 22; UK GDPR Art. 7, 21', 'C'),
	('GB', 'marketing', 'sms', 'opt_in', '{consent,prior_express_written}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, NULL, NULL, '{OPT_OUT_LINK}',
		'PECR 2003 reg. 22; UK GDPR Art. 7, 21', 'C'),
	('GB', 'marketing', 'fax', 'opt_in', '{consent,prior_express_written}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, NULL, NULL, '{OPT_OUT_LINK}',
		'PECR 2003 reg. 20; UK GDPR Art. 7, 21', 'C'),
	('BR', 'marketing', NULL, 'opt_in', '{consent,prior_express_written}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, NULL, NULL, '{OPT_OUT_LINK}',
		'LGPD Art. 7, 8', 'C'),
	('CN', 'marketing', NULL, 'opt_in', '{consent,prior_express_written}', NULL,
		NULL, 'opt_in', '{}', NULL, NULL, NULL, NULL, '{OPT_OUT_LINK}',
		'PIPL Art. 13-16', 'C')
) AS r (country_code, purpose, channel, default_state, admissible_basis, confirm_unless_method,
	expires_after, expires_from, basis_ages, hours_from, hours_to, stop_within_business_days, retain_for,
	obligations, legal_ref, certainty);

-- The other member states of the European Union have Art. 13 of the ePrivacy
-- directive: prior consent for electronic mail, text messages and fax.
INSERT INTO consent_regime (regime_id, country_code, purpose, channel, default_state, admissible_basis, obligations,
	legal_ref, certainty, status, authored_by, approved_by, approved_at)
SELECT md5('consent_regime:' || c.country_code || ':marketing:' || h.channel)::uuid,
	c.country_code, 'marketing', h.channel, 'opt_in', '{consent,prior_express_written}', '{OPT_OUT_LINK}',
	'Directive 2002/58/EC Art. 13; GDPR Art. 4(11), 7, 21(2)-(3)', 'B', 'approved', 'seed', 'seed.reviewer', TIMESTAMPTZ '2026-01-15 00:00+00'
FROM unnest('{AT,BE,BG,CY,CZ,DK,EE,ES,FI,FR,GR,HR,HU,IE,IT,LT,LU,LV,MT,NL,PL,PT,RO,SE,SI,SK}'::text[]) AS c (country_code)
CROSS JOIN unnest('{email,sms,fax}'::text[]) AS h (channel)
WHERE NOT EXISTS (SELECT FROM consent_regime AS r
	WHERE r.country_code = c.country_code AND r.purpose = 'marketing' AND r.channel = h.channel);
