-- Gives the role that runs this the password in the file. psql reads it inside the container, so neither a command
-- line nor an environment variable holds it.
\set password `cat /run/secrets/postgres-password`
ALTER ROLE CURRENT_USER PASSWORD :'password';
