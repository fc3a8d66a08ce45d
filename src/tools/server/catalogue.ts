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

/** The setting whose selection excludes a tool; undefined if none does. */
function exclusionSetting({ name, toolset, always }: ToolManifest, settings: Settings): string | undefined {
  const { excludeTools, toolsets, tools } = settings
  if (excludeTools.includes(name)) return 'QUALYS_EXCLUDE_TOOLS'
  const isInToolset = toolsets?.some(
    (selected) => toolset === undefined || toolset === selected || toolset.startsWith(`${selected}.`),
  )
  if (always || tools?.includes(name) || isInToolset || !(tools || toolsets)) return undefined
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
  return {
    manifests,
    withheldTools,
    products: new Set(manifests.map(({ name }) => name.split('_')[0] ?? '')),
  }
}
