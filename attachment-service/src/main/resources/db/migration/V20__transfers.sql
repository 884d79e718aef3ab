create table transfer (
    migration_id uuid primary key,
    attempt integer not null,
    active boolean not null
);

create table transfer_unit (
    unit_id uuid primary key,
    migration_id uuid not null references transfer,
    files integer not null,
    bytes bigint not null,
    done boolean not null default false,
    epoch bigint not null default 0,
    lease_until timestamptz,
    published_at timestamptz,
    retry_at timestamptz,
    tries integer not null default 0,
    failure text,
    failure_detail text
);
create index transfer_unit_open on transfer_unit (migration_id) where not done;

create table transfer_file (
    migration_id uuid not null references transfer,
    source_attachment text not null,
    unit_id uuid not null references transfer_unit,
    position integer not null,
    size bigint not null,
    file bytea not null, -- the manifest's line, sealed under the migration's staging key
    outcome text,
    target_attachment text,
    reason text,
    primary key (migration_id, source_attachment)
);
create index transfer_file_unit on transfer_file (unit_id);
