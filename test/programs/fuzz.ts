import { parseArgs } from 'node:util'
import { fuzz } from '../nightly/fuzz/fuzz.ts'
import { httpFuzz } from '../nightly/http-fuzz/http-fuzz.ts'

// Sends a hundred thousand messages to the built server that no client should send, and checks all of its output:
// npm run fuzz [-- --messages 100000 --seed 1 --http]. With --http they are requests to a service.

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    seed: { type: 'string' },
    http: { type: 'boolean', default: false },
  },
})
const messages = Number(values.messages)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
if (!Number.isSafeInteger(messages) || messages < 4 || !Number.isSafeInteger(seed))
  throw new Error('--messages and --seed are whole numbers, the first at least 4')

const tallied = (received: ReadonlyMap<string, number>): string =>
  [...received]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')

async function overStdio(): Promise<readonly string[]> {
  const { sent, protocol, alive, received, memory, complaints } = await fuzz(messages, seed, console.log)
  const share = Math.round((protocol / sent) * 100)
  console.log(
    `sent ${sent}, of them ${protocol} JSON-RPC (${share} %); asked ${alive} times whether it still answers`,
  )
  console.log(`heard ${tallied(received)}`)
  for (const [life, first, middle, last] of memory)
    console.log(`memory of ${life}: ${first} MiB at first, ${middle} MiB in the middle, ${last} MiB at last`)
  return [...complaints, ...(share < 50 ? ['less than half of it was JSON-RPC'] : [])]
}

async function overHttp(): Promise<readonly string[]> {
  const report = await httpFuzz(messages, seed, console.log)
  const { sent, connections, controls, received, usage, complaints } = report
  console.log(
    `sent ${sent} requests on ${connections} connections; asked ${controls} times whether it still answers`,
  )
  console.log(`heard ${tallied(received)}`)
  for (const [index, { memory, handles }] of usage.entries())
    console.log(`${['at first', 'in the middle', 'at last'][index]}: ${memory} MiB, ${handles} handles`)
  return complaints
}

const transport = values.http ? 'http' : 'stdio'
console.log(
  `fuzz: ${messages.toLocaleString('en')} messages over ${transport}, --seed ${seed}${values.http ? ' --http' : ''}`,
)
const began = Date.now()
const failures = await (values.http ? overHttp() : overStdio())
for (const failure of failures) console.log(`FAIL ${failure}`)
const seconds = Math.round((Date.now() - began) / 1_000)
console.log(`${failures.length === 0 ? 'PASS' : 'FAIL'} in ${seconds} s`)
process.exitCode = failures.length === 0 ? 0 : 1
