#!/bin/sh
# Makes the cluster at the first start, then becomes the server.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  umask 077
  # Made beside its place: a start that is cut short leaves nothing that passes for a cluster.
  made=$PGDATA.new
  rm -rf "$made" "$PGDATA"
  printf '%s' "$POSTGRES_PASSWORD" > /tmp/password
  initdb --no-sync -D "$made" -U "$POSTGRES_USER" -A scram-sha-256 --pwfile=/tmp/password -E UTF8 --locale=C.UTF-8 > /dev/null
  rm /tmp/password
  cp /opt/gallery/config/postgresql.conf "$made/postgresql.auto.conf"
  {
    echo 'host all all all scram-sha-256'
    echo 'host replication all all scram-sha-256'
  } >> "$made/pg_hba.conf"
  echo "CREATE DATABASE \"$POSTGRES_DB\"" | postgres --single -D "$made" postgres > /dev/null
  mv -T "$made" "$PGDATA"
fi
exec postgres -D "$PGDATA"
