#!/bin/sh
# A development chain with a block every three seconds; its state outlives the container.
set -eu
exec anvil --host 0.0.0.0 --port 8545 --chain-id "$CHAIN_ID" --block-time 3 \
  --prune-history 64 --state /var/lib/ethereum/state.json --state-interval 15 --quiet
