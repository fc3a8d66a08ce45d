import { parseArgs } from 'node:util'
import { countTimes } from './count.ts'
import { digestCosts } from './digest.ts'
import { loopHolds } from './loop.ts'
import { measuredQuestions } from './questions.ts'
import { type Measured, storedRatios, storeRatios, worseRatios } from './ratios.ts'
import { measuredCosts, pageCosts } from './replies.ts'
import { startTimes } from './start.ts'

// Sizes and ratios, measured side by side on one machine: npm run bench [-- PART…] [--compare | --store]
// --compare fails where a ratio is clearly worse than the stored one (ratios.json), --store writes them anew.

const parts: Readonly<Record<string, () => Promise<Measured>>> = {
  replies: async () => joined(measuredCosts(await pageCosts()), await measuredQuestions()),
  start: () => startTimes(),
  count: () => countTimes(),
  digest: () => digestCosts(),
  loop: () => loopHolds(),
}

const joined = (one: Measured, other: Measured): Measured => ({
  lines: [...one.lines, '', ...other.lines],
  ratios: { ...one.ratios, ...other.ratios },
})

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { compare: { type: 'boolean' }, store: { type: 'boolean' } },
    allowPositionals: true,
  })
  const unknown = positionals.find((part) => !Object.hasOwn(parts, part))
  if (unknown !== undefined) {
    console.error(`There is no part ${unknown}: there are ${Object.keys(parts).join(', ')}.`)
    return 2
  }
  const ratios: Record<string, number> = {}
  for (const part of positionals.length > 0 ? positionals : Object.keys(parts)) {
    const measured = await parts[part]?.()
    for (const line of measured?.lines ?? []) console.log(line)
    console.log('')
    Object.assign(ratios, measured?.ratios)
  }
  if (values.store) storeRatios(ratios)
  const failures = values.compare ? worseRatios(ratios, storedRatios()) : []
  for (const failure of failures) console.log(`FAIL ${failure}`)
  return failures.length > 0 ? 1 : 0
}

process.exitCode = await main()
