-- The file of the unit that its holder is moving, and how many of its bytes have passed. Noted every few seconds, so that a
-- large file is seen moving. It says nothing once the file has an outcome or the holder's lease has run out.
alter table transfer_unit add column file_under_way text;
alter table transfer_unit add column bytes_under_way bigint not null default 0;
