#!/bin/sh
# bundle.sh OUT: beside an installed node_modules, puts what the image runs into OUT:
# js-ipfs as one file (thousands of small ones are slow to import and to remove)
# with its native part, and the development chain's binary.
set -eu
out=$1
cd "$(dirname "$0")"
mkdir -p "$out/bin" "$out/prebuilds"

# Names that are only known at run time cannot be followed into one file.
sed -i "s#require(implName)#require('./fetch.node')#" node_modules/ipfs-utils/src/http/fetch.js
sed -i "s#require(impl)#require('native-fetch')#" node_modules/ipfs-utils/src/fetch.js
sed -i "s#req('../../package.json')#{ name: 'ssdp', version: '0' }#" node_modules/@achingbrain/ssdp/dist/src/ssdp.js

banner="import { createRequire as makeRequire } from 'node:module'
import { dirname as folderOf } from 'node:path'
import { fileURLToPath as pathOf } from 'node:url'
const require = makeRequire(import.meta.url)
const __filename = pathOf(import.meta.url)
const __dirname = folderOf(__filename)"

node_modules/@esbuild/linux-x64/bin/esbuild ipfs-entry.mjs --bundle --minify --keep-names --platform=node \
  --format=esm --external:electron-webrtc --external:wrtc --banner:js="$banner" --outfile="$out/ipfs.mjs" \
  --log-level=warning
cp -r node_modules/classic-level/prebuilds/linux-x64 "$out/prebuilds/"
cp node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil "$out/bin/"
