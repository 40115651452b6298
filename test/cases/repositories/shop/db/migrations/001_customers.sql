CREATE TABLE customers (
  id bigint PRIMARY KEY,
  email text NOT NULL,
  password_hash text NOT NULL,
  tier text
);
