import { platformOf } from '../../../operations/car/hosts.ts'
import type { Input } from '../../../operations/operation.ts'
import { counted } from '../../../shared/format.ts'
import type { Redact } from '../../../shared/secrets.ts'
import type { CarTargets } from '../targets/car-targets.ts'
import type { Hosts } from '../targets/hosts.ts'
import type { Target } from '../targets/lookup.ts'
import { kindOf } from '../targets/records.ts'
import { languageOf } from '../targets/script-language.ts'
import { type ContentPreview, storedContent } from './content/content-preview.ts'
import { contentFacts, contentIn, type Script, scriptOf } from './content/facts.ts'
import { maskWarnings } from './content/masks.ts'
import {
  blocksOf,
  type Count,
  countTexts,
  fieldBelow,
  labelled,
  type PreviewBlock,
  type PreviewParts,
  sentenceBelow,
} from './preview.ts'
import { commandSets } from './targets/commands.ts'
import { recordBlocks } from './targets/records.ts'
import { field, hostRows, tagRows, targetRows } from './targets/rows.ts'
import { comparedArguments, scheduleBlocks, storedOptionWarnings } from './targets/schedules.ts'

// The part of a preview about scripts, schedules, hosts and tags.

/** The content of a stored script, if Qualys shows it. */
function storedScript({ raw }: Target, cover: Redact): Script | undefined {
  const stored = contentIn(raw?.['content'])
  return stored && scriptOf(stored, cover(stored.text))
}

function scriptLines(
  { id, row, raw }: Target,
  script: Script | undefined,
  runsCode: boolean,
): readonly PreviewBlock[] {
  if (!row) return [`script ${id} could not be looked up`]
  const facts = { platform: 'platform', severity: 'severity', state: 'status' }
  const lines = blocksOf<PreviewBlock>(
    labelled(`script ${id}`, field(row, 'title', 'name') ?? 'no title'),
    Object.entries(facts).flatMap(([label, name]) => {
      const fact = field(row, name)
      return fact === undefined ? [] : fieldBelow(label, [fact])
    }),
    // An approval covers this content. If it changes under the same title, the preview changes too.
    // A text that Qualys sent as such has no bytes to compare with a pin.
    script !== undefined && raw?.['content'] === script.content && sentenceBelow(contentFacts(script)),
  )
  return script && runsCode ? [...lines, storedContent(script, languageOf(raw))] : lines
}

/** The names of inputs that take ids of objects. */
const takesIds = /ids?$|assets$|tags$/i

/**
 * The arguments whose ids the preview shows by name, at most one per list: all other arguments are shown as
 * they are.
 */
function coveredArguments({ named, records }: CarTargets, args: Input): ReadonlySet<string | undefined> {
  const { scripts = [], schedules = [], assets = [], tags = [], excludedAssets = [] } = named
  const recordIds = records
    .filter(({ kind }) => !kindOf(kind).isBeside)
    .map(({ targets }) => targets.map(({ id }) => id))
  const names = [scripts, schedules, assets, tags, excludedAssets, ...recordIds].map((ids) =>
    Object.keys(args).find((name) => {
      if (!takesIds.test(name)) return false
      const list = [args[name]].flat()
      return ids.length > 0 && ids.length === list.length && ids.every((id, index) => id === list[index])
    }),
  )
  return new Set([...names, named.newCommands && 'commands'])
}

function countsOf(targets: CarTargets, hosts: Hosts | undefined): string[] {
  const { named, scripts, schedules, assets, tags, excludedAssets, records, activeSchedules } = targets
  return countTexts([
    [hosts?.count ?? (hosts ? undefined : assets.length), 'host'],
    [tags.length, 'tag'],
    [excludedAssets.length, 'excluded host'],
    [scripts.length, 'script'],
    [schedules.length, 'schedule'],
    [named.runsBySchedules ? activeSchedules?.length : 0, 'active schedule'],
    ...records.flatMap(({ kind, targets }): Count[] => {
      const { noun, isBeside } = kindOf(kind)
      return isBeside ? [] : [[targets.length, noun]]
    }),
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

/** What a preview shows besides the targets, and how. */
export interface CarView {
  /** Covers the secrets of a stored script. */
  readonly cover: Redact
  readonly redact: Redact
  /** The preview of new content, if any is sent. */
  readonly content?: ContentPreview | undefined
  /** The hosts of a schedule or of tags that no code reaches by this effect. */
  readonly reach?: Hosts | undefined
  /** The arguments that are sent as they are stored. */
  readonly taken?: readonly string[]
}

/** The hosts, tags and excluded hosts: those that the call names, and those that a schedule keeps. */
function targetBlocks(targets: CarTargets, hosts: Hosts | undefined): PreviewBlock[] {
  const { named, assets, tags, excludedAssets, stored } = targets
  const members = hosts?.members ?? []
  return [
    ...hostRows('hosts', members.length > 0 ? members : named.assets ? assets : (stored?.assets ?? assets)),
    ...tagRows('tags', named.tags ? tags : (stored?.tags ?? tags), hosts?.tagCounts),
    ...hostRows(
      'excluded hosts',
      named.excludedAssets ? excludedAssets : (stored?.excludedAssets ?? excludedAssets),
    ),
  ]
}

/** The preview of an effect on CAR targets. `hosts`: where code runs; undefined if none runs. */
export function carPreview(
  targets: CarTargets,
  hosts: Hosts | undefined,
  args: Input,
  { cover, redact, content, reach, taken = [] }: CarView,
): PreviewParts {
  const scripts = targets.scripts.map((target) => ({ target, script: storedScript(target, cover) }))
  const runsStored = hosts !== undefined && !content
  const masks = scripts.flatMap(({ target, script }) =>
    script && runsStored ? maskWarnings(script.lines, [], ` of script ${target.id}`) : [],
  )
  const commands = commandSets(targets)
  return {
    counts: countsOf(targets, hosts),
    lines: [
      ...scripts.flatMap(({ target, script }) => scriptLines(target, script, runsStored)),
      ...scheduleBlocks(targets, args, { hosts, reach, redact, taken }),
      ...targetBlocks(targets, hosts ?? reach),
      ...targetRows('active schedules', targets.activeSchedules ?? [], [
        ['title', ({ row }) => field(row, 'title')],
        ['start', ({ row }) => field(row, 'startTime')],
      ]),
      ...commands.blocks,
      ...targets.records.filter(({ kind }) => kind !== 'commandSets').flatMap(recordBlocks),
    ],
    content: content ? [content.content] : [],
    coveredArguments: new Set([
      ...coveredArguments(targets, args),
      ...comparedArguments(targets, args, taken),
      ...taken,
      content && 'content',
    ]),
    warnings: [
      ...commands.warnings,
      ...(hosts ? storedOptionWarnings(targets, args) : []),
      ...masks,
      ...(content?.warnings ?? []),
      ...platformWarning(targets, hosts),
    ],
  }
}
