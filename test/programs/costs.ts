import { type Environment, readSettings } from '../../src/config/settings.ts'
import { catalogueOf } from '../../src/tools/server/catalogue.ts'
import { instructionsFor } from '../../src/tools/server/instructions.ts'
import { buildManifests } from '../../src/tools/server/tool-registry.ts'
import { countTokens } from './token-counter.ts'

// What a model reads before the first call: the list (name, description, input schema) and the instructions.

/** Most tokens of one tool, and of the instructions. */
export const mostPerTool = 450
export const mostInstructions = 250

/** Every tool as the code has it, so that a stale manifest changes no cost. */
export const everyTool = buildManifests(countTokens)

/** Some settings, and the most tokens that the list may cost with them. */
interface Selection {
  readonly env: Environment
  readonly budget?: number
}

export const selections: readonly Selection[] = [
  { env: {}, budget: 12_000 },
  { env: { QUALYS_UNVERIFIED: 'all' }, budget: 13_000 },
  { env: { QUALYS_MODE: 'read-only' } },
  { env: { QUALYS_TOOLSETS: 'car' } },
  { env: { QUALYS_TOOLSETS: 'saq' } },
  { env: { QUALYS_TOOLSETS: 'car', QUALYS_MODE: 'read-only' } },
  { env: { QUALYS_TOOLSETS: 'saq', QUALYS_MODE: 'read-only' } },
  { env: { QUALYS_TOOLSETS: 'car.runs', QUALYS_MODE: 'read-only' } },
]

/** What a selection costs. */
export interface Cost extends Selection {
  readonly tools: number
  readonly tokens: number
  readonly instructions: number
}

export function costOf(selection: Selection): Cost {
  const catalogue = catalogueOf(readSettings({}, selection.env).settings, everyTool)
  return {
    ...selection,
    tools: catalogue.manifests.length,
    tokens: catalogue.manifests.reduce((sum, { tokens }) => sum + tokens, 0),
    instructions: countTokens(instructionsFor(catalogue)),
  }
}
