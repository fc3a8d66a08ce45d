import { closestMatch } from 'leven'
import type { Settings } from '../../config/settings.ts'
import { SettingsError } from '../../shared/errors.ts'
import { oneLine } from '../../shared/safe-text.ts'
import type { ToolManifest } from '../tool.ts'
import { checkRoutes } from './routes.ts'
import manifestJson from './tool-manifest.json' with { type: 'json' }

/** The tools that an assistant sees, in order, and those that settings withhold. */
export interface Catalogue {
  readonly manifests: readonly ToolManifest[]
  /** Tool name to the setting that withholds it. */
  readonly withheldTools: ReadonlyMap<string, string>
  /** Products with at least one tool; the others are not called. */
  readonly products: ReadonlySet<string>
}

/**
 * Every tool. Generated from the code (npm run docs): building the list takes longer than the rest of the
 * start.
 */
const storedManifests = manifestJson as readonly ToolManifest[]

/** Toolset names, including the short ones (`car`). */
const toolsetNames = (manifests: readonly ToolManifest[]): string[] => [
  ...new Set(manifests.flatMap(({ toolset }) => (toolset ? [toolset.split('.')[0] ?? '', toolset] : []))),
]

function refuseUnknown(env: string, kind: string, given: readonly string[], known: readonly string[]): void {
  const wrong = given.find((name) => !known.includes(name))
  if (wrong === undefined) return
  const suggestion = closestMatch(wrong, known, { maxDistance: Math.max(3, Math.floor(wrong.length / 3)) })
  const advice = suggestion ? `did you mean ${suggestion}?` : `there are ${known.join(', ')}.`
  throw new SettingsError(`${env} names the ${kind} "${oneLine(wrong, 60)}", which does not exist: ${advice}`)
}

/** True for a tool of one of these toolsets. What belongs to none, such as exports, belongs to all. */
const isInToolset = (
  { toolset }: { readonly toolset?: string | undefined },
  toolsets: readonly string[],
): boolean =>
  toolsets.some(
    (selected) => toolset === undefined || toolset === selected || toolset.startsWith(`${selected}.`),
  )

/** The setting whose selection excludes a tool; undefined if none does. */
function exclusionSetting({ name, toolset, always }: ToolManifest, settings: Settings): string | undefined {
  const { excludeTools, toolsets, tools } = settings
  if (excludeTools.includes(name)) return 'QUALYS_EXCLUDE_TOOLS'
  const isSelected = toolsets && isInToolset({ toolset }, toolsets)
  if (always || tools?.includes(name) || isSelected || !(tools || toolsets)) return undefined
  return toolsets ? 'QUALYS_TOOLSETS' : 'QUALYS_TOOLS'
}

/** The setting that withholds a tool; undefined if none does. The first that applies wins. */
function withholdingSetting(manifest: ToolManifest, settings: Settings): string | undefined {
  const { effect, evidence = 'documented' } = manifest
  const { mode, unverified } = settings
  if (mode === 'read-only' && effect !== 'read') return 'QUALYS_MODE=read-only'
  const exclusion = exclusionSetting(manifest, settings)
  if (exclusion !== undefined) return exclusion
  const isVerified =
    evidence === 'documented' || (unverified !== 'none' && (evidence === 'regular' || effect === 'read'))
  return isVerified || unverified === 'all' ? undefined : `QUALYS_UNVERIFIED=${unverified}`
}

/** A catalogue of these tools, besides which others are withheld. */
const catalogueWith = (
  manifests: readonly ToolManifest[],
  withheldTools: ReadonlyMap<string, string>,
): Catalogue => ({
  manifests,
  withheldTools,
  products: new Set(manifests.map(({ name }) => name.split('_')[0] ?? '')),
})

/** What a caller of the service may use of a catalogue. */
export interface CallerRights {
  /** True if the caller may ask for effects. */
  readonly mayChange: boolean
  /** Only these toolsets; absent for all. */
  readonly toolsets?: readonly string[] | undefined
}

/** Why a caller does not get a tool, in place of the name of a setting. */
function withholdingRight(manifest: ToolManifest, { mayChange, toolsets }: CallerRights): string | undefined {
  if (manifest.effect !== 'read' && !mayChange) return 'the roles of this caller'
  if (!toolsets || manifest.always || isInToolset(manifest, toolsets)) return undefined
  return 'the toolsets of this caller'
}

/** The part of a catalogue that a caller gets: lists and calls, resources and prompts follow from it alike. */
export function narrowCatalogue({ manifests, withheldTools }: Catalogue, rights: CallerRights): Catalogue {
  const withheld = manifests.flatMap((manifest) => {
    const reason = withholdingRight(manifest, rights)
    return reason === undefined ? [] : [[manifest.name, reason] as const]
  })
  const names = new Set(withheld.map(([name]) => name))
  return catalogueWith(
    manifests.filter(({ name }) => !names.has(name)),
    new Map([...withheldTools, ...withheld]),
  )
}

/** The tools that the settings allow. Throws a SettingsError for an unknown name in them. */
export function catalogueOf(settings: Settings, allManifests = storedManifests): Catalogue {
  const toolNames = allManifests.map(({ name }) => name)
  refuseUnknown('QUALYS_TOOLSETS', 'toolset', settings.toolsets ?? [], toolsetNames(allManifests))
  refuseUnknown('QUALYS_TOOLS', 'tool', settings.tools ?? [], toolNames)
  refuseUnknown('QUALYS_EXCLUDE_TOOLS', 'tool', settings.excludeTools, toolNames)
  refuseUnknown('QUALYS_ROUTES', 'tool', Object.keys(settings.routes), toolNames)
  checkRoutes(settings.routes, allManifests)
  const withheldTools = new Map(
    allManifests.flatMap((manifest) => {
      const setting = withholdingSetting(manifest, settings)
      return setting === undefined ? [] : [[manifest.name, setting] as const]
    }),
  )
  const manifests = allManifests.filter(({ name }) => !withheldTools.has(name))
  return catalogueWith(manifests, withheldTools)
}
