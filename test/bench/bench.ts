import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem, type } from 'node:os'
import { parseArgs } from 'node:util'
import { performancePage } from './page.ts'
import { parts } from './parts.ts'
import { closeServers } from './processes.ts'
import { storedFigures, storeFigures, worseFigures } from './stored.ts'
import { type Circumstances, type Figure, jsonForm, tableLines } from './table.ts'

// Speed, memory and sizes, held against goals: docs/performance.md.

const help = `npm run bench [PART…] [-- OPTION…]
parts: ${[...parts.keys()].join(', ')}
--quick    about a minute: fewer rounds, at most 100,000 rows, no digest
--json     the table as JSON
--store    stores the figures (stored.json)
--compare  fails if a figure is clearly worse than the stored one
--write    writes docs/performance.md`

const page = new URL('../../docs/performance.md', import.meta.url)

function writePage(circumstances: Circumstances, figures: readonly Figure[]): void {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : ''
  writeFileSync(page, performancePage(circumstances, figures, before))
}

function circumstancesOf(quick: boolean): Circumstances {
  const gigabytes = Math.round(totalmem() / 1e9)
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    machine: `${cpus().length} processor cores and ${gigabytes} GB of memory (${type()})`,
    quick,
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      help: { type: 'boolean' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean' },
      store: { type: 'boolean' },
      compare: { type: 'boolean' },
      write: { type: 'boolean' },
    },
    allowPositionals: true,
  })
  const unknown = positionals.find((part) => !parts.has(part))
  if (values.help || unknown !== undefined) {
    console.log(unknown === undefined ? help : `There is no part ${unknown}.\n${help}`)
    return unknown === undefined ? 0 : 2
  }
  if (values.write && positionals.length > 0) {
    console.log('--write needs all parts.')
    return 2
  }
  const figures: Figure[] = []
  const details: string[] = []
  for (const [name, measure] of parts) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const measured = await measure(values.quick)
    figures.push(...measured.figures)
    if (positionals.length > 0 && measured.details) details.push('', ...(await measured.details()))
  }
  const circumstances = circumstancesOf(values.quick)
  if (values.json) console.log(JSON.stringify(jsonForm(circumstances, figures), undefined, 2))
  else for (const line of [...tableLines(figures), ...details]) console.log(line)
  if (values.store) storeFigures(figures)
  if (values.write) writePage(circumstances, figures)
  const failures = values.compare ? worseFigures(figures, storedFigures()) : []
  for (const failure of failures) console.error(`FAIL ${failure}`)
  return failures.length > 0 ? 1 : 0
}

try {
  process.exitCode = await main()
} finally {
  await closeServers()
}
