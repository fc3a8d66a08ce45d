import { parseArgs } from 'node:util'
import { soak } from '../nightly/soak/soak.ts'

// Calls the built server for a while, with faults, revoked tokens and cancelled calls, and compares each answer
// with the rows of the sandbox: npm run soak [-- --seconds 60 --seed 1 --http]

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    http: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
if (!Number.isSafeInteger(seconds) || seconds < 1 || !Number.isSafeInteger(seed))
  throw new Error('--seconds and --seed are whole numbers, the first at least 1')

const transport = values.http ? 'http' : 'stdio'
const again = `--seconds ${seconds} --seed ${seed}${values.http ? ' --http' : ''}`
console.log(`soak over ${transport}: ${again}`)
const { tally, effects, memory, handles } = await soak({ seconds, seed, transport, print: console.log })
const errors = [...tally.errors].map(([kind, count]) => `${count} ${kind}`).join(', ')
console.log(`${tally.calls} calls: ${tally.ok} ok, ${tally.cancelled} cancelled, errors: ${errors || 'none'}`)
const done = (answered: string): number => effects.filter((effect) => effect.answered === answered).length
console.log(`effects: ${done('done')} done, ${done('unclear')} unclear, ${done('not done')} not done`)
if (memory) {
  const [middle, last, most] = [memory.middle, memory.last, memory.most].map(Math.round)
  console.log(
    `memory: median of the middle third ${middle} MiB, of the last third ${last} MiB; most ${most} MiB`,
  )
}
if (handles) console.log(`handles: ${handles.before} before the first call, ${handles.after} after the last`)
for (const wrong of tally.wrong.slice(0, 50)) console.log(`FAIL ${wrong}`)
console.log(
  tally.wrong.length === 0
    ? 'PASS: no wrong answer'
    : `FAIL: ${tally.wrong.length} wrong; the same faults again: ${again}`,
)
process.exitCode = tally.wrong.length === 0 ? 0 : 1
