import { readFileSync, writeFileSync } from 'node:fs'
import { platforms } from '../../src/platforms.ts'
import { specs } from '../../src/setting-specs.ts'
import { flagOf } from '../../src/settings.ts'
import { everyListing } from '../../src/tools/toolbox.ts'
import { costOf, mostInstructions, selections } from './costs.ts'

// Writes the README's tables and the listed schemas from the code; with --check it only says whether they are current.

const readme = new URL('../../README.md', import.meta.url)
const listings = new URL('../../src/tools/listings.json', import.meta.url)

const everyTool = everyListing()

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function toolTable(): string {
  const rows = everyTool.map(({ name, description, route, effect, evidence = '', toolset }) => [
    `\`${name}\``,
    description,
    route === undefined ? 'ours' : `\`${route}\``,
    effect,
    evidence,
    toolset === undefined ? '' : `\`${toolset}\``,
  ])
  return table(['tool', 'what it is for', 'Qualys call', 'effect', 'evidence', 'toolset'], rows)
}

function settingTable(): string {
  const rows = Object.values(specs).map((spec) => {
    const flag = flagOf(spec)
    const file = 'secret' in spec && spec.env.startsWith('QUALYS_') ? `, \`${spec.env}_FILE\`` : ''
    const fallback = 'fallback' in spec && spec.fallback ? `\`${spec.fallback}\`` : ''
    return [`\`${spec.env}\`${file}`, flag === undefined ? '' : `\`${flag}\``, fallback, spec.help]
  })
  return table(['variable', 'flag', 'default', 'meaning'], rows)
}

function platformTable(): string {
  const host = (url: string): string => `\`${new URL(url).host}\``
  return table(
    ['`QUALYS_PLATFORM`', 'gateway (CAR)', 'API server (SAQ)'],
    platforms.map(({ code, gatewayUrl, apiUrl }) => [`\`${code}\``, host(gatewayUrl), host(apiUrl)]),
  )
}

const costs = await Promise.all(selections.map(costOf))

function costTable(): string {
  const number = (value: number): string => value.toLocaleString('en')
  const rows = costs.map(({ env, tools, tokens, instructions, budget }) => [
    Object.entries(env)
      .map(([name, value]) => `\`${name}=${value}\``)
      .join(' ') || 'nothing set',
    number(tools),
    number(tokens),
    budget === undefined ? '' : number(budget),
    number(instructions),
  ])
  return table(['settings', 'tools', 'tokens of the list', 'at most', 'and of the instructions'], rows)
}

const parts: Readonly<Record<string, () => string>> = {
  tools: toolTable,
  settings: settingTable,
  platforms: platformTable,
  costs: costTable,
}

function readmeAfter(before: string): string {
  return Object.entries(parts).reduce((text, [name, make]) => {
    const marks = new RegExp(`(<!-- ${name}: npm run docs -->\n)[^]*?(<!-- /${name} -->)`)
    if (!marks.test(text))
      throw new Error(
        `README.md has no place for the ${name}: <!-- ${name}: npm run docs --> … <!-- /${name} -->`,
      )
    return text.replace(marks, (_whole, open: string, close: string) => `${open}${make()}\n${close}`)
  }, before)
}

/** One line a tool, so that a change shows where it is. */
function listingsAfter(): string {
  return `[\n${everyTool.map((listing) => `  ${JSON.stringify(listing)}`).join(',\n')}\n]\n`
}

const generated = [
  { file: readme, make: readmeAfter },
  { file: listings, make: listingsAfter },
]

for (const { file, make } of generated) {
  const before = readFileSync(file, 'utf8')
  const after = make(before)
  if (after === before) continue
  if (process.argv.includes('--check')) {
    console.error(`${file.pathname.split('/').at(-1)} is stale: run npm run docs and commit it.`)
    process.exitCode = 1
  } else writeFileSync(file, after)
}

for (const { env, tokens, instructions, budget = Number.POSITIVE_INFINITY } of costs) {
  if (tokens <= budget && instructions <= mostInstructions) continue
  console.error(`Over budget with ${JSON.stringify(env)}: ${tokens} tokens, instructions ${instructions}.`)
  process.exitCode = 1
}
