-- What the events up to one of them have led to, so that they need not all be read again. It can be lost without harm.
CREATE TABLE snapshot (
    one      BIGINT PRIMARY KEY CHECK (one = 1),
    format   BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    hash     TEXT NOT NULL,
    checksum TEXT NOT NULL,
    state    BYTEA NOT NULL
);

-- Packing it takes longer than reading it.
ALTER TABLE snapshot ALTER COLUMN state SET STORAGE EXTERNAL;
