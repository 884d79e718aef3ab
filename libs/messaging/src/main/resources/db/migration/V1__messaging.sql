-- Messages to send. The payload is what goes to Kafka, byte for byte. Sent rows are deleted.
create table outbox_message (
    id           bigint generated always as identity primary key,
    message_id   uuid        not null unique,
    topic        text        not null,
    record_key   text,
    message_type text        not null,
    payload      bytea       not null,
    causation_id uuid,
    traceparent  text,
    created_at   timestamptz not null default clock_timestamp()
);

-- Messages that were handled.
create table inbox_message (
    message_id  uuid        not null,
    consumer    text        not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (message_id, consumer)
);
create index inbox_message_received_at on inbox_message (received_at);

-- Steps that this service carries out. One row for a step and one for its compensation, so that two attempts of a step
-- cannot run at once. Leases are measured by this database's clock; epoch counts the claims of a row.
create table step_job (
    migration_id  uuid        not null,
    step          text        not null,
    undo          boolean     not null,
    attempt       integer     not null,
    state         text        not null check (state in ('READY', 'RUNNING', 'HALTING', 'REPLACING', 'DONE')),
    command       text        not null,
    command_id    uuid        not null,
    traceparent   text,
    reply         text,
    epoch         bigint      not null default 0,
    lease_until   timestamptz,
    takeovers     integer     not null default 0,
    tries         integer     not null default 0,
    failing_since timestamptz,
    next_run_at   timestamptz not null default clock_timestamp(),
    updated_at    timestamptz not null default clock_timestamp(),
    primary key (migration_id, step, undo)
);
create index step_job_unfinished on step_job (next_run_at) where state <> 'DONE';
