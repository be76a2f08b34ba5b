-- The events of a season, each with the hash of the one before.
CREATE TABLE event (
    sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
    time     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    payload  TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
) STRICT;

CREATE TRIGGER event_never_changed BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'an event of a ledger is never changed');
END;

CREATE TRIGGER event_never_deleted BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'an event of a ledger is never deleted');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER event_only_appended BEFORE INSERT ON event
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM event)
BEGIN
    SELECT RAISE(ABORT, 'an event of a ledger comes after the one before');
END;
