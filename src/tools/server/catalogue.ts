import { closestMatch } from 'leven'
import type { Settings } from '../../config/settings.ts'
import { SettingsError } from '../../shared/errors.ts'
import { oneLine } from '../../shared/safe-text.ts'
import type { Listing } from '../tool.ts'
import { checkRoutes } from './routes.ts'
import kept from './tool-manifest.json' with { type: 'json' }

/** The tools that an assistant sees, in order, and those that settings withhold. */
export interface Catalogue {
  readonly listings: readonly Listing[]
  /** Tool name to the setting that withholds it. */
  readonly withheld: ReadonlyMap<string, string>
  /** Products with at least one tool; the others are not called. */
  readonly products: ReadonlySet<string>
}

/**
 * Every tool. Generated from the code (npm run docs): building the list takes longer than the rest of the
 * start.
 */
const everything = kept as readonly Listing[]

const toolNames = everything.map(({ name }) => name)
/** Toolset names, including the short ones (`car`). */
const setNames = [
  ...new Set(everything.flatMap(({ toolset }) => (toolset ? [toolset.split('.')[0] ?? '', toolset] : []))),
]

function refuseUnknown(env: string, kind: string, given: readonly string[], known: readonly string[]): void {
  const wrong = given.find((name) => !known.includes(name))
  if (wrong === undefined) return
  const near = closestMatch(wrong, known, { maxDistance: Math.max(3, Math.floor(wrong.length / 3)) })
  const advice = near ? `did you mean ${near}?` : `there are ${known.join(', ')}.`
  throw new SettingsError(`${env} names the ${kind} "${oneLine(wrong, 60)}", which does not exist: ${advice}`)
}

/** The operator's selection that leaves a tool out; undefined if none does. */
function leftOutBy({ name, toolset, always }: Listing, settings: Settings): string | undefined {
  const { excludeTools, toolsets, tools } = settings
  if (excludeTools.includes(name)) return 'QUALYS_EXCLUDE_TOOLS'
  const inSet = toolsets?.some(
    (wanted) => toolset === undefined || toolset === wanted || toolset.startsWith(`${wanted}.`),
  )
  if (always || tools?.includes(name) || inSet || !(tools || toolsets)) return undefined
  return toolsets ? 'QUALYS_TOOLSETS' : 'QUALYS_TOOLS'
}

/** The setting that withholds a tool; undefined if none does. The first that applies wins. */
function withholder(listing: Listing, settings: Settings): string | undefined {
  const { effect, evidence = 'documented' } = listing
  const { mode, unverified } = settings
  if (mode === 'read-only' && effect !== 'read') return 'QUALYS_MODE=read-only'
  const by = leftOutBy(listing, settings)
  if (by !== undefined) return by
  const verified =
    evidence === 'documented' || (unverified !== 'none' && (evidence === 'regular' || effect === 'read'))
  return verified || unverified === 'all' ? undefined : `QUALYS_UNVERIFIED=${unverified}`
}

/** The tools that the settings leave. Throws a SettingsError for an unknown name in them. */
export function catalogueOf(settings: Settings): Catalogue {
  refuseUnknown('QUALYS_TOOLSETS', 'toolset', settings.toolsets ?? [], setNames)
  refuseUnknown('QUALYS_TOOLS', 'tool', settings.tools ?? [], toolNames)
  refuseUnknown('QUALYS_EXCLUDE_TOOLS', 'tool', settings.excludeTools, toolNames)
  refuseUnknown('QUALYS_ROUTES', 'tool', Object.keys(settings.routes), toolNames)
  checkRoutes(settings.routes, everything)
  const withheld = new Map(
    everything.flatMap((listing) => {
      const by = withholder(listing, settings)
      return by === undefined ? [] : [[listing.name, by] as const]
    }),
  )
  const listings = everything.filter(({ name }) => !withheld.has(name))
  return {
    listings,
    withheld,
    products: new Set(listings.map(({ name }) => name.split('_')[0] ?? '')),
  }
}
