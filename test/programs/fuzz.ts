import { parseArgs } from 'node:util'
import { fuzz } from '../nightly/fuzz/fuzz.ts'

// Sends a hundred thousand messages to the built server that no client should send, and checks all of its output.

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '100000' }, seed: { type: 'string' } },
})
const messages = Number(values.messages)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
if (!Number.isSafeInteger(messages) || messages < 4 || !Number.isSafeInteger(seed))
  throw new Error('--messages and --seed are whole numbers, the first at least 4')

console.log(`fuzz: ${messages.toLocaleString('en')} messages over stdio, --seed ${seed}`)
const began = Date.now()
const { sent, protocol, alive, received, memory, complaints } = await fuzz(messages, seed, console.log)
const share = Math.round((protocol / sent) * 100)
console.log(
  `sent ${sent}, of them ${protocol} JSON-RPC (${share} %); asked ${alive} times whether it still answers`,
)
console.log(
  `heard ${[...received]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')}`,
)
for (const [life, first, middle, last] of memory)
  console.log(`memory of ${life}: ${first} MiB at first, ${middle} MiB in the middle, ${last} MiB at last`)
const failures = [...complaints, ...(share < 50 ? ['less than half of it was JSON-RPC'] : [])]
for (const failure of failures) console.log(`FAIL ${failure}`)
const seconds = Math.round((Date.now() - began) / 1_000)
console.log(`${failures.length === 0 ? 'PASS' : 'FAIL'} in ${seconds} s`)
process.exitCode = failures.length === 0 ? 0 : 1
