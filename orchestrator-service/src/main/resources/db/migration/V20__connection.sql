-- One account on one server. Everything about it is sealed under a key that is not in this database.
CREATE TABLE connection (
    id         uuid        PRIMARY KEY,
    sealed     bytea       NOT NULL,
    created_at timestamptz NOT NULL
);
