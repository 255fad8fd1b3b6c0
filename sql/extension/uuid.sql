CREATE FUNCTION lsce.uuid_v7()
RETURNS uuid
LANGUAGE c VOLATILE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_uuid_v7';
COMMENT ON FUNCTION lsce.uuid_v7() IS 'new UUID of version 7 (RFC 9562), greater than every earlier one of the same backend';

CREATE FUNCTION lsce.uuid_v7_time(id uuid)
RETURNS timestamptz
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_uuid_v7_time';
COMMENT ON FUNCTION lsce.uuid_v7_time(uuid) IS 'time in a UUID of version 7, to the millisecond; NULL for other UUIDs';
