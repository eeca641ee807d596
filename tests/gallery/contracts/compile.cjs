// Compiles one contract: node compile.cjs NODE_MODULES SOURCE.sol > contract.json
'use strict'
const fs = require('node:fs')
const path = require('node:path')

const [modules, source] = process.argv.slice(2)
const solc = require(path.join(path.resolve(modules), 'solc'))
const file = path.basename(source)
const name = path.basename(source, '.sol')

const input = {
  language: 'Solidity',
  sources: { [file]: { content: fs.readFileSync(source, 'utf8') } },
  settings: {
    evmVersion: 'cancun',
    optimizer: { enabled: true, runs: 200 },
    outputSelection: {
      '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.methodIdentifiers'] }
    }
  }
}

function readImport (name) {
  try {
    return { contents: fs.readFileSync(path.join(modules, name), 'utf8') }
  } catch (error) {
    return { error: error.message }
  }
}

const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }))
const faults = (output.errors ?? []).filter((entry) => entry.severity === 'error')
if (faults.length > 0) {
  for (const fault of faults) console.error(fault.formattedMessage)
  process.exit(1)
}
const contract = output.contracts[file][name]
console.log(JSON.stringify({
  name,
  compiler: solc.version(),
  abi: contract.abi,
  methods: contract.evm.methodIdentifiers,
  bytecode: `0x${contract.evm.bytecode.object}`,
  deployedBytecode: `0x${contract.evm.deployedBytecode.object}`
}))
