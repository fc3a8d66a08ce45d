import { type Environment, readSettings } from '../../src/config/settings.ts'
import { type Catalogue, catalogueOf } from '../../src/tools/server/catalogue.ts'
import { instructionsFor } from '../../src/tools/server/instructions.ts'
import { tokenCounter } from '../../src/tools/server/token-counter.ts'

// What a model reads before the first call: the list (name, description, input schema) and the instructions.

/** Created once, since its table is large. */
const counter = tokenCounter()

/** Most tokens of the list with the default settings, and with any that list less. */
const mostPerList = 12_000
/** Most tokens of one tool, and of the instructions. */
export const mostPerTool = 450
export const mostInstructions = 250

/** Some settings, and the most tokens that the list may cost with them. */
interface Selection {
  readonly env: Environment
  readonly budget: number
}

export const selections: readonly Selection[] = [
  { env: {}, budget: mostPerList },
  { env: { QUALYS_UNVERIFIED: 'all' }, budget: 13_000 },
  { env: { QUALYS_MODE: 'read-only' }, budget: mostPerList },
  { env: { QUALYS_TOOLSETS: 'car' }, budget: mostPerList },
  { env: { QUALYS_TOOLSETS: 'saq' }, budget: mostPerList },
  { env: { QUALYS_TOOLSETS: 'car', QUALYS_MODE: 'read-only' }, budget: 3_000 },
  { env: { QUALYS_TOOLSETS: 'saq', QUALYS_MODE: 'read-only' }, budget: mostPerList },
  { env: { QUALYS_TOOLSETS: 'car.runs', QUALYS_MODE: 'read-only' }, budget: mostPerList },
]

/** Tokens (o200k_base) of each tool of a list, by name. */
export async function toolCosts({ manifests }: Catalogue): Promise<ReadonlyMap<string, number>> {
  const count = await counter
  return new Map(
    manifests.map(({ name, description, schema }) => [
      name,
      count(JSON.stringify({ name, description, inputSchema: schema })),
    ]),
  )
}

/** What a selection costs. */
export interface Cost extends Selection {
  readonly tools: number
  readonly tokens: number
  readonly instructions: number
}

export async function costOf(selection: Selection): Promise<Cost> {
  const catalogue = catalogueOf(readSettings({}, selection.env).settings)
  const count = await counter
  const costs = [...(await toolCosts(catalogue)).values()]
  return {
    ...selection,
    tools: costs.length,
    tokens: costs.reduce((sum, cost) => sum + cost, 0),
    instructions: count(instructionsFor(catalogue)),
  }
}
