// An IPFS node without peers: RPC API on 5001, gateway on 8080, repository in IPFS_PATH.
import './polyfill.mjs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

// A node that was killed leaves its lock behind; the volume is this container's alone.
await rm(join(process.env.IPFS_PATH, 'repo.lock'), { recursive: true, force: true })

const { create, HttpApi, HttpGateway } = await import('../node/ipfs.mjs')

const listen = process.env.IPFS_LISTEN ?? '0.0.0.0'
const node = await create({
  repo: process.env.IPFS_PATH,
  offline: true,
  silent: true,
  preload: { enabled: false },
  init: { emptyRepo: true, algorithm: 'Ed25519', profiles: ['test'] },
  config: {
    Addresses: {
      Swarm: [],
      Announce: [],
      Delegates: [],
      API: `/ip4/${listen}/tcp/${process.env.IPFS_API_PORT ?? 5001}`,
      Gateway: `/ip4/${listen}/tcp/${process.env.IPFS_GATEWAY_PORT ?? 8080}`
    },
    Bootstrap: [],
    Discovery: { MDNS: { Enabled: false }, webRTCStar: { Enabled: false } },
    Pubsub: { Enabled: false }
  }
})
const servers = [new HttpApi(node), new HttpGateway(node)]
for (const server of servers) await server.start()
console.log('ipfs: ready')

let stopping = false
async function stop () {
  if (stopping) return
  stopping = true
  await Promise.allSettled(servers.map((server) => server.stop()))
  await node.stop()
  process.exit(0)
}
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop)
