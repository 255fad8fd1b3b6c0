-- Decision cases typed by hand, in the form of compliance_cases.json: the
-- partners of its cases at the other side of a boundary, and reasons that it
-- lacks.  Each line stands alone; its situation is undone.
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/compliance_fixture.sql
\set adapter :dir /data/compliance_adapter.sql
\set model compliance_partners
\i :fixture
\i :adapter
CREATE TEMPORARY TABLE partner (n int GENERATED ALWAYS AS IDENTITY, title text, jurisdiction text, as_of text, given jsonb, what jsonb, reasons text[], details jsonb);
-- title | jurisdiction | as of | given | when | reasons | details
\copy partner (title, jurisdiction, as_of, given, what, reasons, details) FROM pstdin WITH (DELIMITER '|', NULL '')
licence in force|US|2026-03-02|{"hcp": {"type": "physician", "licenses": [{"region": "PA", "status": "active", "valid_to": "2026-12-31"}]}}|{"action": "deliver_sample", "qty": 1}|{}|{}
licence expires today|US|2026-03-02|{"hcp": {"licenses": [{"region": "PA", "valid_to": "2026-03-02"}]}}|{"action": "deliver_sample", "qty": 1}|{}|{}
licence expired yesterday|US|2026-03-02|{"hcp": {"licenses": [{"region": "PA", "valid_to": "2026-03-01"}]}}|{"action": "deliver_sample", "qty": 1}|{LICENSE_EXPIRED}|{}
licence suspended|US|2026-03-02|{"hcp": {"licenses": [{"region": "PA", "status": "suspended"}]}}|{"action": "deliver_sample", "qty": 1}|{LICENSE_NOT_ACTIVE}|{}
licence of another state|US|2026-03-02|{"hcp": {"licenses": [{"region": "PA"}]}}|{"action": "deliver_sample", "qty": 1, "address_region": "NJ"}|{LICENSE_WRONG_JURISDICTION}|{}
licences of both states|US|2026-03-02|{"hcp": {"licenses": [{"region": "PA"}, {"region": "NJ"}]}}|{"action": "deliver_sample", "qty": 1, "address_region": "NJ"}|{}|{}
no licence|US|2026-03-02|{"hcp": {"licenses": []}, "request": {"signed": true}}|{"action": "deliver_sample", "qty": 1}|{LICENSE_MISSING}|{}
licence verified 365 days ago|US|2026-03-02|{"hcp": {"licenses": [{"region": "PA", "verified_at": "2025-03-02"}]}}|{"action": "deliver_sample", "qty": 1}|{}|{}
licence verified 366 days ago|US|2026-03-02|{"hcp": {"licenses": [{"region": "PA", "verified_at": "2025-03-01"}]}}|{"action": "deliver_sample", "qty": 1}|{LICENSE_UNVERIFIED}|{}
a nurse in the United States|US|2026-03-02|{"hcp": {"type": "nurse"}}|{"action": "deliver_sample", "qty": 1}|{RECIPIENT_NOT_ELIGIBLE}|{}
nobody may contact her|US|2026-03-02|{"hcp": {"no_contact": true}}|{"action": "deliver_sample", "qty": 1}|{ACCOUNT_RESTRICTED}|{}
hospital pharmacy, asked for by a nurse|US|2026-03-02|{"recipient": {"kind": "hospital_pharmacy"}, "hcp": {"type": "nurse"}}|{"action": "deliver_sample", "qty": 1}|{PRESCRIBING_SCOPE,RECIPIENT_NOT_ELIGIBLE}|{}
hospital pharmacy, asked for by a prescriber|US|2026-03-02|{"recipient": {"kind": "hospital_pharmacy"}, "hcp": {"type": "physician"}}|{"action": "deliver_sample", "qty": 1}|{}|{"count_against": "requesting_hcp"}
request of the minute before|US|2026-03-02|{"request": {"signed": true, "signed_at": "2026-03-02T15:09"}}|{"action": "deliver_sample", "qty": 1, "delivered_at": "2026-03-02T15:10"}|{}|{}
request not signed|US|2026-03-02|{"request": {"signed": false}}|{"action": "deliver_sample", "qty": 1}|{REQUEST_UNSIGNED}|{}
request with every field|US|2026-03-02|{"request": {"fields": ["name", "address", "title", "licence_no", "strength", "manufacturer"]}}|{"action": "validate_request"}|{}|{}
the last of what was asked for|US|2026-03-02|{"request": {"signed_at": "2026-03-01", "qty": 4, "fulfilled": 3}}|{"action": "deliver_sample", "qty": 1}|{}|{}
more than was asked for, by mail|US|2026-03-02|{"request": {"signed_at": "2026-03-01", "qty": 1}}|{"action": "deliver_sample", "mode": "mail", "qty": 2}|{REQUEST_EXHAUSTED}|{"requested": 1, "fulfilled": 0, "remaining": 1}
by mail, as asked for|US|2026-03-02|{"request": {"signed_at": "2026-03-01", "qty": 2}}|{"action": "deliver_sample", "mode": "mail", "qty": 2}|{}|{}
order repeating for six months|CA|2026-03-02|{"request": {"signed_at": "2026-03-02", "repeat_months": 6}}|{"action": "validate_request"}|{}|{}
order repeating for seven months|CA|2026-03-02|{"request": {"signed_at": "2026-03-02", "repeat_months": 7}}|{"action": "validate_request"}|{REQUEST_STANDING}|{"max_length": "6 months"}
controlled, registered for the schedule|US|2026-03-02|{"hcp": {"dea": {"number": "AB1234563", "schedules": ["IV"]}}, "product": {"schedule": "IV"}}|{"action": "deliver_sample", "qty": 1}|{}|{}
controlled, in Germany|DE|2026-03-02|{"product": {"schedule": "BtM III"}}|{"action": "deliver_sample", "qty": 1}|{PRODUCT_CONTROLLED}|{}
a physician assistant of Pennsylvania meets no rule of Ohio|US-PA|2026-03-02|{"hcp": {"type": "physician_assistant"}}|{"action": "deliver_sample", "qty": 1}|{}|{}
not a sample|DE|2026-03-02|{"product": {"sampleable": false}}|{"action": "deliver_sample", "qty": 1}|{PRODUCT_NOT_SAMPLEABLE}|{"rule": "not_sampleable"}
Germany, second of the year|DE|2026-09-10|{"template": "DE-AMG47-4", "history": [{"date": "2026-02-01", "qty": 1}]}|{"action": "deliver_sample", "qty": 1}|{}|{"used": 1, "limit": 2, "remaining": 1}
Germany, one of two came back|DE|2026-09-10|{"template": "DE-AMG47-4", "history": [{"date": "2026-02-01", "qty": 2}, {"date": "2026-03-01", "qty": -1}]}|{"action": "deliver_sample", "qty": 1}|{}|{"used": 1, "limit": 2, "remaining": 1}
Germany, the smallest pack|DE|2026-05-10|{"template": "DE-AMG47-4", "product": {"smallest_pack": 20, "pack": 20}}|{"action": "deliver_sample", "qty": 1}|{}|{}
Heilpraktiker, without prescription|DE|2026-05-10|{"hcp": {"type": "heilpraktiker"}, "product": {"class_": "otc"}, "template": "DE-AMG47-3-HP", "history": [{"date": "2026-02-01", "qty": 1}]}|{"action": "deliver_sample", "qty": 1}|{}|{"used": 1, "limit": 2}
Heilpraktiker, third of the year|DE|2026-05-10|{"hcp": {"type": "heilpraktiker"}, "product": {"class_": "otc"}, "template": "DE-AMG47-3-HP", "history": [{"date": "2026-02-01", "qty": 2}]}|{"action": "deliver_sample", "qty": 1}|{QTY_LIMIT_EXCEEDED}|{"used": 2, "limit": 2, "requested": 1, "remaining": 0}
Austria, thirty in the first year|AT|2026-08-31|{"template": "AT-AMG58-Y1", "history": [{"date": "2026-01-10", "qty": 29}], "product": {"first_supply": "2025-09-01"}}|{"action": "deliver_sample", "qty": 1}|{}|{"used": 29, "limit": 30}
Austria, the thirty-first|AT|2026-08-31|{"template": "AT-AMG58-Y1", "history": [{"date": "2026-01-10", "qty": 30}], "product": {"first_supply": "2025-09-01"}}|{"action": "deliver_sample", "qty": 1}|{QTY_LIMIT_EXCEEDED}|{"used": 30, "limit": 30, "remaining": 0}
Austria, two on one request|AT|2026-10-01|{"template": "AT-AMG58-REQ", "product": {"first_supply": "2025-09-01"}}|{"action": "deliver_sample", "qty": 2}|{}|{"used": 0, "limit": 2}
France, last day of the window|FR|2026-03-01|{"template": "FR-R5122-17", "product": {"first_marketing": "2024-03-01"}}|{"action": "deliver_sample", "qty": 1}|{}|{"window_end": "2026-03-01"}
France, new strength without new indication|FR|2026-03-02|{"template": "FR-R5122-17", "product": {"first_marketing": "2020-03-01", "new_strength_marketed": "2025-06-01", "indication_extension": false}}|{"action": "deliver_sample", "qty": 1}|{WINDOW_CLOSED}|{"window_end": "2022-03-01"}
France, reclassified|FR|2026-03-02|{"template": "FR-R5122-17", "product": {"first_marketing": "2020-03-01", "reclassified": "2025-01-10"}}|{"action": "deliver_sample", "qty": 1}|{}|{"window_end": "2027-01-10"}
Italy, three in a visit|IT|2026-06-20|{"template": "IT-125-3-VISIT", "product": {"first_marketing": "2025-01-15"}}|{"action": "deliver_sample", "qty": 3}|{QTY_LIMIT_EXCEEDED}|{"used": 0, "limit": 2, "requested": 3, "remaining": 2}
Italy, another dosage|IT|2026-06-20|{"template": "IT-125-3-YEAR", "product": {"name": "D", "first_marketing": "2025-01-15"}, "history": [{"date": "2026-01-10", "qty": 2, "product": "A"}, {"date": "2026-02-10", "qty": 2, "product": "A"}, {"date": "2026-03-10", "qty": 2, "product": "A"}, {"date": "2026-04-10", "qty": 2, "product": "A"}]}|{"action": "deliver_sample", "qty": 1}|{}|{"used": 0, "limit": 8}
Spain, the tenth|ES|2026-11-01|{"template": "ES-RD1416-16", "history": [{"date": "2026-02-01", "qty": 9}], "product": {"ma_date": "2025-03-01"}}|{"action": "deliver_sample", "qty": 1}|{}|{"used": 9, "limit": 10}
United Kingdom, within two years of the first request|GB|2026-03-02|{"template": "UK-ABPI21", "first_request": "2024-03-02"}|{"action": "deliver_sample", "qty": 1}|{}|{"window_end": "2026-03-02"}
United Kingdom, a day later|GB|2026-03-03|{"template": "UK-ABPI21", "first_request": "2024-03-02"}|{"action": "deliver_sample", "qty": 1}|{WINDOW_CLOSED}|{"window_end": "2026-03-02"}
Hungary, reimbursed, end of the following year|HU|2025-12-31|{"template": "HU-GYFTV", "product": {"launch": "2024-05-01", "reimbursed_pct": 55}}|{"action": "deliver_sample", "qty": 1}|{}|{"window_end": "2025-12-31"}
India, thirteen a year|IN|2026-10-01|{"template": "IN-UCPMP-12", "history": [{"date": "2026-02-01", "qty": 12}]}|{"action": "deliver_sample", "qty": 1}|{QTY_LIMIT_EXCEEDED}|{"used": 12, "limit": 12, "remaining": 0}
India, exactly two percent|IN|2026-10-01|{"template": "IN-UCPMP-2PCT", "domestic_sales_value": 1000000000, "sample_value_used": 19950000}|{"action": "deliver_sample", "value": 50000}|{}|{"limit": 20000000, "used": 19950000, "remaining": 50000}
Russia, any sample|RU|2026-03-02|{}|{"action": "deliver_sample", "qty": 1}|{SAMPLING_PROHIBITED}|{}
Japan, to look at|JP|2026-03-02|{"product": {"sample_kind": "seizai_mihon"}, "hcp": {"type": "nurse"}, "request": {"purpose": "appearance_check"}}|{"action": "deliver_sample", "qty": 1}|{}|{}
Japan, to be tried by a nurse|JP|2026-03-02|{"product": {"sample_kind": "rinsho_shiyo"}, "hcp": {"type": "nurse"}, "request": {"purpose": "clinical_trial_use"}}|{"action": "deliver_sample", "qty": 1}|{RECIPIENT_NOT_ELIGIBLE}|{}
Switzerland, with a company figure|CH|2026-03-02|{"template": "CH-AWV10", "company_limit": 3}|{"action": "deliver_sample", "qty": 3}|{}|{}
Switzerland, a pharmacist|CH|2026-03-02|{"hcp": {"type": "pharmacist"}, "company_limit": 3}|{"action": "deliver_sample", "qty": 1}|{}|{}
one a call|GB|2026-04-01|{"templates": [{"code": "CO-GB-PER-CALL", "limit": 1}]}|{"action": "deliver_sample", "qty": 1}|{}|{}
the hospital still has two|US|2026-03-02|{"templates": [{"code": "CO-HCO-MONTH", "subject": "hco", "limit": 20, "period": "calendar_month"}], "history": [{"date": "2026-03-01", "qty": 18, "hcp": "A", "hco": "H1"}]}|{"action": "deliver_sample", "qty": 2, "hcp": "C", "hco": "H1"}|{}|{"used": 18, "limit": 20}
another hospital|US|2026-03-02|{"templates": [{"code": "CO-HCO-MONTH", "subject": "hco", "limit": 20, "period": "calendar_month"}], "history": [{"date": "2026-03-01", "qty": 18, "hcp": "A", "hco": "H1"}]}|{"action": "deliver_sample", "qty": 4, "hcp": "C", "hco": "H2"}|{}|{"used": 0, "limit": 20}
the month before|US|2026-04-01|{"templates": [{"code": "CO-HCO-MONTH", "subject": "hco", "limit": 20, "period": "calendar_month"}], "history": [{"date": "2026-03-31", "qty": 18, "hcp": "A", "hco": "H1"}]}|{"action": "deliver_sample", "qty": 4, "hcp": "C", "hco": "H1"}|{}|{"used": 0, "period": "calendar_month 2026-04"}
a cardiologist|US|2026-03-02|{"hcp": {"specialties": [{"system": "NUCC", "code": "207RC0000X"}]}, "policy": {"allowed": ["207K00000X", "207RP1001X"]}}|{"action": "deliver_sample", "qty": 1}|{SPECIALTY_NOT_ELIGIBLE}|{}
an allergist, presented to|US|2026-03-02|{"hcp": {"specialties": [{"system": "NUCC", "code": "207K00000X"}]}, "policy": {"allowed": ["207K00000X", "207RP1001X"]}}|{"action": "promote"}|{}|{}
aligned where the product is not|US|2026-03-02|{"actor": {"id": "R7", "role": "rep", "territories": ["T-NE"]}, "hcp": {"territories": ["T-NE"]}, "product": {"territories": ["T-SW"]}}|{"action": "deliver_sample", "qty": 1}|{PRODUCT_NOT_ALIGNED}|{}
aligned to both|US|2026-03-02|{"actor": {"id": "R7", "role": "rep", "territories": ["T-NE"]}, "hcp": {"territories": ["T-NE", "T-SW"]}, "product": {"territories": ["T-NE", "T-SW"]}}|{"action": "deliver_sample", "qty": 1}|{}|{}
no consent of this controller|DE|2026-03-02|{"consents": [{"controller": "OTHER", "purpose": "marketing", "channel": "email", "state": "opt_in", "from_": "2026-01-15", "evidence": {"text_version": "v3", "method": "tablet_signature"}}]}|{"action": "send", "channel": "email", "purpose": "marketing", "controller": "ACME"}|{CONSENT_CONTROLLER}|{}
an opt-in not yet confirmed|DE|2026-03-02|{"consents": [{"controller": "ACME", "purpose": "marketing", "channel": "email", "state": "pending", "from_": "2026-01-15", "evidence": {"text_version": "v3", "method": "web_form"}}]}|{"action": "send", "channel": "email", "purpose": "marketing", "controller": "ACME"}|{CONSENT_UNCONFIRMED}|{}
legitimate interest in Germany|DE|2026-03-02|{"consents": [{"controller": "ACME", "channel": "email", "basis": "legitimate_interest", "informed_at": "2026-01-10"}]}|{"action": "send", "channel": "email", "purpose": "marketing", "controller": "ACME"}|{LEGAL_BASIS_NOT_ALLOWED}|{}
Canada, last day after a purchase|CA|2026-03-10|{"consents": [{"controller": "ACME", "channel": "email", "basis": "implied_existing_business", "event": "purchase", "event_date": "2024-03-10"}]}|{"action": "send", "channel": "email", "purpose": "marketing", "controller": "ACME"}|{}|{"valid_to": "2026-03-10"}
a text at eight in the evening|US|2026-03-02T20:00-05:00|{"consents": [{"controller": "ACME", "channel": "sms", "purpose": "marketing", "basis": "prior_express_written", "from_": "2026-01-15", "evidence": {"text_version": "v3", "method": "tablet_signature"}}]}|{"action": "send", "channel": "sms", "purpose": "marketing", "controller": "ACME"}|{}|{}
objection to another channel's brand|AT|2026-04-01|{"consents": [{"controller": "ACME", "purpose": "marketing", "channel": "*", "state": "objection", "from_": "2026-02-01"}, {"controller": "ACME", "purpose": "marketing", "channel": "email", "brand": "X", "state": "opt_in", "from_": "2026-03-15", "evidence": {"text_version": "v3", "method": "tablet_signature"}}]}|{"action": "send", "channel": "email", "purpose": "marketing", "brand": "Y", "controller": "ACME"}|{OBJECTION}|{}
DELETE of a hand-over|*|2026-03-03|{"table": "disbursement"}|{"action": "sql_delete"}|{RECORD_IMMUTABLE}|{}
a signature in full|*|2026-03-03|{"signature": {"name": "Dr A", "signed_at": "2026-03-03T10:00Z", "meaning": "I request these samples"}}|{"action": "sign_record"}|{}|{}
a signature without name and time|*|2026-03-03|{"signature": {"name": " ", "signed_at": null, "meaning": "request"}}|{"action": "sign_record"}|{SIGNATURE_INCOMPLETE}|{"missing": ["printed_name", "signed_at"]}
\.
CREATE TEMPORARY TABLE result AS
	SELECT p.n, p.title, r.* FROM partner AS p,
		run_case(moved_back(jsonb_build_object('jurisdiction', p.jurisdiction, 'as_of', p.as_of, 'given', p.given, 'when', p.what,
			'then', jsonb_build_object('decision', CASE p.reasons WHEN '{}' THEN 'ALLOW' ELSE 'DENY' END, 'reasons', p.reasons, 'details', p.details))::text)) AS r;
\set ECHO all
SELECT title, got, verdict FROM result ORDER BY n;
SELECT count(*) AS cases, count(*) FILTER (WHERE verdict LIKE 'ok%') AS ok FROM result;
\set ECHO none
CALL lsce.drop_model('compliance_partners', 'compliance_partners');
