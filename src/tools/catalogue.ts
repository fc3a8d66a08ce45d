import { closestMatch } from 'leven'
import { oneLine } from '../session/untrusted.ts'
import { type Settings, SettingsError } from '../settings.ts'
import kept from './listings.json' with { type: 'json' }
import { checkRoutes } from './routes.ts'
import type { Listing } from './tool.ts'

/** The tools an assistant sees, in reading order, and those that settings keep back. */
export interface Catalogue {
  readonly listings: readonly Listing[]
  /** Tool name -> the setting that withholds it. */
  readonly withheld: ReadonlyMap<string, string>
  /** Products of which a tool is left: nothing is asked of the others. */
  readonly products: ReadonlySet<string>
}

/** Every tool there is: written from the code (npm run docs), since building it takes longer than all the rest of a start. */
const everything = kept as readonly Listing[]

const toolNames = everything.map(({ name }) => name)
/** Toolset names, the short ones (`car`) included. */
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

/** Which choice of the operator leaves a tool out. */
function leftOutBy({ name, toolset, always }: Listing, settings: Settings): string | undefined {
  const { excludeTools, toolsets, tools } = settings
  if (excludeTools.includes(name)) return 'QUALYS_EXCLUDE_TOOLS'
  const inSet = toolsets?.some(
    (wanted) => toolset === undefined || toolset === wanted || toolset.startsWith(`${wanted}.`),
  )
  if (always || tools?.includes(name) || inSet || !(tools || toolsets)) return undefined
  return toolsets ? 'QUALYS_TOOLSETS' : 'QUALYS_TOOLS'
}

/** Which setting keeps a tool back; undefined when none does. One precedence: the first that applies wins. */
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

/** The tools that the settings leave; a name in them that does not exist stops the start. */
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
