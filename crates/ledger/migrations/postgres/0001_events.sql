-- The events of a season, each with the hash of the one before.
CREATE TABLE event (
    sequence BIGINT PRIMARY KEY CHECK (sequence >= 1),
    time     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    payload  TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
);

CREATE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an event of a ledger is never changed or deleted';
END
$$;

CREATE TRIGGER event_never_changed BEFORE UPDATE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_event();

CREATE TRIGGER event_never_deleted BEFORE DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_event();

CREATE TRIGGER event_never_truncated BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_event();
