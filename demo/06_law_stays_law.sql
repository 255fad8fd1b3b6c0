-- title: Law stays law
-- expect: LS600, LS600, LS600
-- The rules of the law came with the model, with the place to read them. They
-- can not be turned into warnings, not even by the owner of the model.
\ir people.psql

SELECT code, authority, legal_ref, certainty, enforcement, status FROM limit_template WHERE country_code = 'US' ORDER BY code;
SET ROLE demo_olivia;
UPDATE limit_template SET enforcement = 'warning' WHERE code = 'US-PDMA-REP';
SET ROLE demo_owner;
UPDATE limit_template SET enforcement = 'warning' WHERE code = 'US-PDMA-REP';
UPDATE limit_template SET law_based = false WHERE code = 'US-PDMA-REP';
