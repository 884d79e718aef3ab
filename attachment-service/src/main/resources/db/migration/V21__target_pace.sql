-- How fast a server may be asked, by all instances together. What the columns mean stands at PaceState.
create table target_pace (
    origin text primary key, -- SHA-256 of scheme, host and port
    ceiling double precision,
    sure boolean not null,
    since timestamptz not null,
    sent bigint not null,
    busy_seconds double precision not null,
    refusals integer not null,
    not_before timestamptz not null,
    next_turn timestamptz not null,
    latest_turn timestamptz not null,
    epoch bigint not null,
    window_start timestamptz not null,
    window_sent bigint not null,
    measured double precision not null
);

-- Who has nothing to do helps with what nobody has begun, the largest first.
create index transfer_unit_largest on transfer_unit (bytes desc) where not done;
