-- Drops what attack_fixture.sql made.
\set ECHO none
RESET SESSION AUTHORIZATION;
SET client_min_messages = warning;
SELECT format('DROP OWNED BY %1$I; DROP ROLE %1$I', rolname) FROM pg_roles WHERE rolname LIKE 'regress\_att\_%' \gexec
SET lsce.login = '';
CALL lsce.drop_model(:'model', :'model');
DROP FUNCTION public.id(text), public.request_of(text, date), public.attempt(text);
DROP PROCEDURE public.give(text, text, numeric, date, text, int, text);
RESET client_min_messages;
\set ECHO all
