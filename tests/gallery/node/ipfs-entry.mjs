// What ipfs/start.mjs takes from js-ipfs.
export { create } from 'ipfs-core'
export { HttpApi } from 'ipfs-http-server'
export { HttpGateway } from 'ipfs-http-gateway'
