-- Consent: triggers and functions.

CREATE TRIGGER t10_check BEFORE INSERT ON consent_event
	FOR EACH ROW EXECUTE FUNCTION lsce.consent_event_check();
COMMENT ON TRIGGER t10_check ON consent_event IS 'checks and completes a new event, whoever inserts it';
