-- When a participant last reported other numbers than before. It reports while it waits too, so progress_at alone does
-- not tell a step that moves from one that hangs.
alter table migration_step add column advanced_at timestamptz;
update migration_step set advanced_at = progress_at;
