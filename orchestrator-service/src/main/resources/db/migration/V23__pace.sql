-- What participants reported lately, one row for each change of their numbers. A step's pace is what it did within the last
-- seconds; all rows before those are removed but the latest, which says where the window begins.
create table step_sample (
    migration_id uuid        not null references migration (id),
    step         text        not null,
    at           timestamptz not null,
    done         bigint      not null,
    bytes_done   bigint      not null,
    primary key (migration_id, step, at)
);
