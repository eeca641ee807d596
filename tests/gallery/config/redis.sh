#!/bin/sh
# The password comes from the environment, so that no command line shows it.
set -eu
exec redis-server - <<CONF
bind 0.0.0.0
port 6379
dir /var/lib/redis
requirepass $REDIS_PASSWORD
appendonly yes
save 60 1
maxmemory 64mb
maxmemory-policy noeviction
CONF
