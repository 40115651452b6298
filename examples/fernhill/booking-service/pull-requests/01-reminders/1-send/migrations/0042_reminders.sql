alter table patient add column phone_number text;

create table reminder (
  appointment bigint not null references appointment (id),
  message text primary key,
  status text
);
