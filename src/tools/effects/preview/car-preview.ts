import { platformOf } from '../../../operations/car/hosts.ts'
import type { Input } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { counted, texts } from '../../../shared/format.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { type CarTargets, idsIn } from '../targets/car-targets.ts'
import type { Hosts } from '../targets/hosts.ts'
import type { Target } from '../targets/lookup.ts'
import { languageOf } from '../targets/script-language.ts'
import type { ContentPreview } from './content/content-preview.ts'
import { excerpt } from './content/excerpt.ts'
import { contentFacts, contentIn, type Script, scriptOf } from './content/facts.ts'
import { maskWarnings } from './content/masks.ts'
import { segmentsOf } from './content/segments.ts'
import { countTexts, line, type PreviewParts } from './preview.ts'

// The part of a preview about scripts, schedules, hosts and tags.

const maxScriptLines = 12
const maxNames = 10

const field = (row: Row | undefined, ...names: readonly string[]): unknown =>
  names.map((name) => row?.[name]).find((found) => found !== undefined && found !== null && found !== '')

/** The content of a stored script, if Qualys shows it. */
function storedScript({ raw }: Target, cover: Redact): Script | undefined {
  const stored = contentIn(raw?.['content'])
  return stored && scriptOf(stored, cover(stored.text))
}

function scriptLines({ id, row, raw }: Target, script: Script | undefined, runsCode: boolean): string[] {
  if (!row) return [`script ${id} could not be looked up`]
  const facts = { platform: 'platform', severity: 'severity', state: 'status' }
  return texts(
    line(`script ${id}`, field(row, 'title', 'name') ?? 'no title'),
    Object.entries(facts).flatMap(([label, name]) => {
      const fact = field(row, name)
      return fact === undefined ? [] : line(`  ${label}`, String(fact))
    }),
    // An approval covers this content. If it changes under the same title, the preview changes too.
    // A text that Qualys sent as such has no bytes to compare with a pin.
    script && raw?.['content'] === script.content && `  ${contentFacts(script)}`,
    script && runsCode && excerpt(segmentsOf(script.lines, languageOf(raw)), maxScriptLines),
  )
}

/** Stored options of a schedule that no argument shows and that affect the hosts. */
const optionNames = ['rebootAfterScriptExecution', 'executionPolicyBypassEnabled', 'allTagsForAssetsEnabled']

function scheduleLines({ id, row }: Target): string[] {
  if (!row) return [`schedule ${id} could not be looked up`]
  const scripts = idsIn(row['scripts'])
  return texts(
    line(`schedule ${id}`, field(row, 'title') ?? 'no title'),
    field(row, 'startTime') !== undefined && line('  start', row['startTime']),
    row['activate'] !== undefined && `  ${row['activate'] === true ? 'active' : 'not active'}`,
    scripts && line('  scripts', ...scripts),
    row['recurrence'] != null && line('  recurrence', row['recurrence']),
    row['endDate'] != null && line('  end', row['endDate']),
    optionNames.filter((name) => row[name] === true).map((name) => `  ! ${name}`),
  )
}

/** Up to ten names, and the number of all. */
function nameLines(noun: string, all: readonly Target[]): string[] {
  if (all.length === 0) return []
  const shown = all.slice(0, maxNames)
  const label = all.length > maxNames ? `${noun}s, the first ${maxNames} of ${all.length}` : `${noun}s`
  const found = shown.filter(({ row }) => row)
  const missing = shown.filter(({ row }) => !row).map(({ id }) => id)
  return texts(
    found.length > 0 && line(label, ...found.map(({ id, row }) => field(row, 'name', 'title') ?? id)),
    missing.length > 0 && line(`${noun}s that could not be looked up`, ...missing),
  )
}

/**
 * The arguments whose ids the preview shows by name, at most one per list: all other arguments are shown as
 * they are.
 */
function coveredArguments({ named }: CarTargets, args: Input): ReadonlySet<string | undefined> {
  const { scripts = [], schedules = [], assets = [], tags = [], excludedAssets = [] } = named
  const names = [scripts, schedules, assets, tags, excludedAssets].map((ids) =>
    Object.keys(args).find((name) => {
      const list = [args[name]].flat()
      return ids.length > 0 && ids.length === list.length && ids.every((id, index) => id === list[index])
    }),
  )
  return new Set(names)
}

function countsOf(targets: CarTargets, hosts: Hosts | undefined): string[] {
  const { named, scripts, schedules, assets, tags, excludedAssets, activeSchedules } = targets
  return countTexts([
    [hosts?.count ?? (hosts ? undefined : assets.length), 'host'],
    [tags.length, 'tag'],
    [excludedAssets.length, 'excluded host'],
    [scripts.length, 'script'],
    [schedules.length, 'schedule'],
    [named.runsBySchedules ? activeSchedules?.length : 0, 'active schedule'],
  ])
}

/** A warning for hosts of another platform than the script's. */
function platformWarning({ scripts }: CarTargets, hosts: Hosts | undefined): string[] {
  const scriptPlatforms = new Set(scripts.map(({ row }) => field(row, 'platform')))
  const others = (hosts?.members ?? []).filter(({ row }) => {
    const platform = row && platformOf(row)
    return platform !== undefined && !scriptPlatforms.has(platform)
  })
  if (scriptPlatforms.size === 0 || scriptPlatforms.has(undefined) || others.length === 0) return []
  return [`${counted(others.length, 'host')} of another platform than the script.`]
}

/** How the contents of scripts are shown. */
export interface ScriptView {
  /** Covers the secrets of a stored script. */
  readonly cover: Redact
  /** The preview of new content, if any is sent. */
  readonly content?: ContentPreview | undefined
}

/** The preview of an effect on CAR targets. `hosts`: where code runs; undefined if none runs. */
export function carPreview(
  targets: CarTargets,
  hosts: Hosts | undefined,
  args: Input,
  { cover, content }: ScriptView,
): PreviewParts {
  const scripts = targets.scripts.map((target) => ({ target, script: storedScript(target, cover) }))
  const runsStored = hosts !== undefined && !content
  const masks = scripts.flatMap(({ target, script }) =>
    script && runsStored ? maskWarnings(script.lines, [], ` of script ${target.id}`) : [],
  )
  const members = hosts && hosts.members.length > 0 ? hosts.members : targets.assets
  return {
    counts: countsOf(targets, hosts),
    lines: [
      ...scripts.flatMap(({ target, script }) => scriptLines(target, script, runsStored)),
      ...targets.schedules.flatMap(scheduleLines),
      ...nameLines('host', members),
      ...nameLines('tag', targets.tags),
      ...nameLines('excluded host', targets.excludedAssets),
      ...nameLines('active schedule', targets.activeSchedules ?? []),
    ],
    content: content?.lines ?? [],
    coveredArguments: new Set([...coveredArguments(targets, args), content && 'content']),
    warnings: [...masks, ...(content?.warnings ?? []), ...platformWarning(targets, hosts)],
  }
}
