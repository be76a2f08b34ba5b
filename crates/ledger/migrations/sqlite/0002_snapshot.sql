-- What the events up to one of them have led to, so that they need not all be read again. It can be lost without harm.
CREATE TABLE snapshot (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    format   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash     TEXT NOT NULL,
    checksum TEXT NOT NULL,
    state    BLOB NOT NULL
) STRICT;
