-- One saga instance. Its messages, its history and its change of state are written in one transaction.
create table migration (
    id                       uuid        primary key,
    version                  bigint      not null default 0,
    status                   text        not null,
    waiting_for              text,
    direction                text        not null,
    step                     text        not null,
    halting                  text,
    failure_step             text,
    failure_code             text,
    failure_detail           text,
    -- Terms, last completion event of each step, plan: ids, counts and claim checks.
    data                     text        not null,
    source_connection        uuid        not null,
    source_organization      text        not null,
    source_server            text        not null,
    target_connection        uuid        not null,
    -- Null while it is still to be created.
    target_organization      text,
    target_server            text        not null,
    -- Personal data, sealed under the migration's key; removed with the keys.
    new_organization_name    bytea,
    new_organization_billing bytea,
    -- The one timer: a deadline for a reply, or the next time to ask for members.
    timer_kind               text        check (timer_kind in ('REPLY', 'MEMBERS')),
    timer_step               text,
    timer_attempt            integer,
    timer_at                 timestamptz,
    created_at               timestamptz not null default clock_timestamp(),
    finished_at              timestamptz
);
-- Connections are forgotten when no active migration uses them, so nothing refers to them by a foreign key.
create index migration_created_at on migration (created_at desc, id);
create index migration_timer_at on migration (timer_at) where timer_at is not null;
-- Two migrations into one organization would undo each other's work.
create unique index migration_active_target on migration (lower(target_organization)) where finished_at is null;

create table migration_step (
    migration_id    uuid        not null references migration (id),
    step            text        not null,
    status          text        not null,
    attempt         integer     not null,
    overdue         boolean     not null,
    started_at      timestamptz,
    attempt_at      timestamptz,
    finished_at     timestamptz,
    done            bigint      not null default 0,
    total           bigint      not null default 0,
    bytes_done      bigint      not null default 0,
    bytes_total     bigint      not null default 0,
    progress_at     timestamptz,
    primary key (migration_id, step)
);

-- Every transition. Append-only: it is the audit log.
create table migration_history (
    sequence     bigint      generated always as identity primary key,
    migration_id uuid        not null references migration (id),
    from_status  text        not null,
    input        text        not null,
    to_status    text        not null,
    waiting_for  text,
    step         text        not null,
    attempt      integer     not null,
    note         text        not null,
    at           timestamptz not null default clock_timestamp()
);
create index migration_history_of on migration_history (migration_id, sequence);
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end
$$;
create trigger migration_history_is_append_only before update or delete or truncate on migration_history
    for each statement execute function refuse_change();

-- Documents of finished steps whose exceptions are still to be read.
create table outcome_intake (
    migration_id uuid        not null references migration (id),
    step         text        not null,
    attempt      integer     not null,
    location     text        not null,
    sha256       text        not null,
    size         bigint      not null,
    next_try_at  timestamptz not null default clock_timestamp(),
    primary key (migration_id, step)
);

-- Objects that did not arrive as they were, and why. Ids and codes only.
create table object_exception (
    id           bigint generated always as identity primary key,
    migration_id uuid   not null references migration (id),
    step         text   not null,
    kind         text   not null,
    source_id    text,
    target_id    text,
    outcome      text   not null,
    reason       text   not null
);
create index object_exception_of on object_exception (migration_id, step);

-- The reconciliation: one line for each object.
create table report_line (
    migration_id uuid   not null references migration (id),
    line         bigint not null,
    kind         text   not null,
    source_id    text,
    target_id    text,
    outcome      text   not null,
    reason       text,
    verdict      text   not null,
    primary key (migration_id, line)
);

create table idempotency_key (
    key          text        primary key,
    body_sha256  text        not null,
    migration_id uuid        not null references migration (id),
    created_at   timestamptz not null default clock_timestamp()
);
