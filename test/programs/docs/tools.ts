import { toolsets } from '../../../src/operations/index.ts'
import type { ToolManifest } from '../../../src/tools/tool.ts'
import { type Cost, costOf, everyTool, mostInstructions, mostPerTool, selections } from '../costs.ts'
import { code, folded, pluralize, table, withoutTags } from './table.ts'

// Blocks about tools.

/** The manifest that the server reads at its start, one line a tool, so that diffs are readable. */
export const listingsText = `[\n${everyTool.map((listing) => `  ${JSON.stringify(listing)}`).join(',\n')}\n]\n`

const optional = (text: string | undefined): string => (text === undefined ? '' : code(text))

export function toolTable(): string {
  return table(
    ['tool', 'what it is for', 'Qualys call', 'effect', 'evidence', 'toolset'],
    everyTool.map(({ name, description, route, effect, evidence = '', toolset }) => [
      code(name),
      description,
      route === undefined ? 'ours' : code(route),
      effect,
      evidence,
      optional(toolset),
    ]),
  )
}

function foldedTools(title: string, tools: readonly ToolManifest[]): string {
  return folded(
    `${title}: ${pluralize(tools.length, 'tool')}`,
    tools.map(({ name, description }) => `- ${code(name)}: ${withoutTags(description)}`).join('\n'),
  )
}

const productOf = (toolset: string): string => toolset.split('.')[0] ?? ''

/** Keeps the order within a product. */
const byProduct = (one: string, other: string): number => productOf(one).localeCompare(productOf(other))

/** Tools by toolset, each folded; those of every toolset first. */
export function toolsetList(): string {
  const inSet = (set: string | undefined): ToolManifest[] =>
    everyTool.filter(({ toolset }) => toolset === set)
  // Some hold our own tools alone.
  const own = everyTool.flatMap(({ toolset }) => toolset ?? [])
  return [
    foldedTools('Always listed', inSet(undefined)),
    ...[...new Set([...Object.keys(toolsets), ...own])]
      .sort(byProduct)
      .map((set) => foldedTools(`<code>${set}</code>`, inSet(set))),
  ].join('\n')
}

export function guessedTable(): string {
  return table(
    ['tool', 'route it uses', 'effect'],
    everyTool
      .filter(({ evidence }) => evidence === 'guessed')
      .map(({ name, route, effect }) => [code(name), optional(route), effect]),
  )
}

/** What each selection of tools costs a model. */
const costs: readonly Cost[] = selections.map(costOf)

const shown = (value: number): string => value.toLocaleString('en')

export function costTable(): string {
  return table(
    ['settings', 'tools', 'tokens of the list', 'at most', 'and of the instructions'],
    costs.map(({ env, tools, tokens, instructions, budget }) => [
      Object.entries(env)
        .map(([name, value]) => code(`${name}=${value}`))
        .join(' ') || 'nothing set',
      shown(tools),
      shown(tokens),
      budget === undefined ? '' : shown(budget),
      shown(instructions),
    ]),
  )
}

/** A sentence for each tool, list or instructions that cost too much. */
export function costFaults(): string[] {
  const advice = 'make descriptions shorter, or raise the limit in test/programs/costs.ts.'
  const tools = everyTool.filter(({ tokens }) => tokens > mostPerTool)
  const lists = costs.filter(
    ({ tokens, budget = tokens, instructions }) => tokens > budget || instructions > mostInstructions,
  )
  return [
    ...tools.map(
      ({ name, tokens }) =>
        `Over budget: ${name} costs ${tokens} tokens of at most ${mostPerTool}; ${advice}`,
    ),
    ...lists.map(
      ({ env, tokens, budget = tokens, instructions }) =>
        `Over budget with ${JSON.stringify(env)}: the list costs ${shown(tokens)} tokens of at most ${shown(budget)}, the instructions ${instructions} of at most ${mostInstructions}; ${advice}`,
    ),
  ]
}
