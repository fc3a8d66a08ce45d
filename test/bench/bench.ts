import { countTimes } from './count.ts'
import { costTable, pageCosts } from './replies.ts'
import { startTimes } from './start.ts'

// `npm run bench [PART…]`: sizes and ratios, measured side by side on one machine.

const parts: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  replies: async () => costTable(await pageCosts()),
  start: () => startTimes(),
  count: () => countTimes(),
}

const wanted = process.argv.slice(2)
const wrong = wanted.find((part) => !Object.hasOwn(parts, part))
if (wrong !== undefined) {
  console.error(`There is no part ${wrong}: there are ${Object.keys(parts).join(', ')}.`)
  process.exitCode = 2
} else {
  for (const part of wanted.length > 0 ? wanted : Object.keys(parts)) {
    for (const line of (await parts[part]?.()) ?? []) console.log(line)
    console.log('')
  }
}
