#!/usr/bin/env bash
# Run once by the image of PostgreSQL, when its volume is empty: the two users of docs/operations.md#two-roles.
set -euo pipefail
psql --username="${POSTGRES_USER:-postgres}" --dbname=postgres --set=ON_ERROR_STOP=1 \
  --set=owner_password="$LAUREL_DB_PASSWORD" --set=engine_password="$LAUREL_DB_ENGINE_PASSWORD" <<'SQL'
CREATE ROLE laurel_app NOLOGIN;
CREATE ROLE laurel LOGIN PASSWORD :'owner_password';
CREATE ROLE laurel_engine LOGIN PASSWORD :'engine_password';
GRANT laurel_app TO laurel, laurel_engine;
CREATE DATABASE laurel OWNER laurel;
SQL
