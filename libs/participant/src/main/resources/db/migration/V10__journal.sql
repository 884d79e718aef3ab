-- What is to be created in a target, recorded before it is sent. One row for a source object in a migration, ever.
-- Payloads are sealed under the migration's staging key; tokens are kept as keyed hashes. The states and how they follow
-- each other: EffectivelyOnceWriter.
create table write_intent (
    id             uuid        primary key,
    seq            bigint      generated always as identity,
    migration_id   uuid        not null,
    step           text        not null,
    kind           text        not null,
    unit           text        not null,
    source_id      text        not null,
    payload        bytea       not null,
    payload_size   integer     not null,
    fingerprint    text        not null,
    present_before text[]      not null,
    state          text        not null check (state in
        ('INTENDED', 'SENT', 'ACCEPTED', 'REJECTED', 'CREATED', 'REFUSED', 'REMOVED')),
    target_id      text,
    reason         text,
    unit_limit     integer     not null default 2147483647,
    unit_size      integer     not null default 0,
    lone_failures  integer     not null default 0,
    repeated       boolean     not null default false,
    created_at     timestamptz not null default clock_timestamp(),
    first_sent_at  timestamptz,
    sent_at        timestamptz,
    settled_at     timestamptz,
    unique (migration_id, kind, source_id),
    check ((state in ('CREATED', 'REMOVED')) = (target_id is not null)),
    check (state <> 'REFUSED' or reason is not null)
);
create index write_intent_waiting on write_intent (migration_id, step, kind, unit, lone_failures, unit_limit desc, seq)
    where state = 'INTENDED';
create index write_intent_plan on write_intent (migration_id, step, kind, unit, seq);
create index write_intent_open on write_intent (migration_id, step, kind, unit)
    where state in ('SENT', 'ACCEPTED', 'REJECTED');
create index write_intent_token on write_intent (migration_id, kind, fingerprint);
