import type { Touched } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { idsIn, type Scene, type Seen } from '../targets/car-targets.ts'
import type { Hosts } from '../targets/hosts.ts'
import { contentFacts, count, excerpt, line, linesOf, type Parts } from './preview.ts'

// The part of a preview about scripts, schedules, hosts and tags.

const mostLinesOfRun = 12
const mostNames = 10

type Args = Readonly<Record<string, unknown>>

const field = (row: Row | undefined, ...names: readonly string[]): unknown =>
  names.map((name) => row?.[name]).find((found) => found !== undefined && found !== null && found !== '')

function scriptLines({ id, row, raw }: Seen, runs: boolean): string[] {
  if (!row) return [`script ${id} could not be looked up`]
  const facts = [field(row, 'platform'), field(row, 'severity'), field(row, 'status')]
  const labels = ['platform', 'severity', 'state']
  const { content } = row
  return [
    line(`script ${id}`, field(row, 'title', 'name') ?? 'no title'),
    ...labels.flatMap((label, index) =>
      facts[index] === undefined ? [] : [line(`  ${label}`, String(facts[index]))],
    ),
    // An approval covers this content. If it changes under the same title, the preview changes too.
    ...(typeof raw?.['content'] === 'string' ? [`  ${contentFacts(raw['content'])}`] : []),
    ...(runs && typeof content === 'string' ? excerpt(linesOf(content), mostLinesOfRun) : []),
  ]
}

/** Stored options of a schedule that no argument shows and that affect the hosts. */
const switches = ['rebootAfterScriptExecution', 'executionPolicyBypassEnabled', 'allTagsForAssetsEnabled']

function scheduleLines({ id, row }: Seen): string[] {
  if (!row) return [`schedule ${id} could not be looked up`]
  const scripts = idsIn(row['scripts'])
  return [
    line(`schedule ${id}`, field(row, 'title') ?? 'no title'),
    ...(field(row, 'startTime') === undefined ? [] : [line('  start', row['startTime'])]),
    ...(row['activate'] === undefined ? [] : [`  ${row['activate'] === true ? 'active' : 'not active'}`]),
    ...(scripts ? [line('  scripts', ...scripts)] : []),
    ...(row['recurrence'] == null ? [] : [line('  recurrence', row['recurrence'])]),
    ...(row['endDate'] == null ? [] : [line('  end', row['endDate'])]),
    ...switches.filter((name) => row[name] === true).map((name) => `  ! ${name}`),
  ]
}

/** Up to ten names, and the number of all. */
function nameLines(noun: string, all: readonly Seen[]): string[] {
  if (all.length === 0) return []
  const shown = all.slice(0, mostNames)
  const label = all.length > mostNames ? `${noun}s, the first ${mostNames} of ${all.length}` : `${noun}s`
  const found = shown.filter(({ row }) => row)
  const lost = shown.filter(({ row }) => !row).map(({ id }) => id)
  return [
    ...(found.length > 0
      ? [line(label, ...found.map(({ id, row }) => field(row, 'name', 'title') ?? id))]
      : []),
    ...(lost.length > 0 ? [line(`${noun}s that could not be looked up`, ...lost)] : []),
  ]
}

/**
 * The arguments whose ids the preview shows by name, at most one per list: all other arguments are shown as
 * they are.
 */
function naming(touched: Touched, args: Args): ReadonlySet<string | undefined> {
  const { scripts = [], schedules = [], assets = [], tags = [], excludedAssets = [] } = touched
  const names = [scripts, schedules, assets, tags, excludedAssets].map((ids) =>
    Object.keys(args).find((name) => {
      const list = [args[name]].flat()
      return ids.length > 0 && ids.length === list.length && ids.every((id, index) => id === list[index])
    }),
  )
  return new Set(names)
}

function countsOf(touched: Touched, scene: Scene, hosts: Hosts | undefined): string[] {
  const { scripts, schedules, assets, tags, excludedAssets, through } = scene
  const counts: (readonly [number | undefined, string])[] = [
    [hosts?.count ?? (hosts ? undefined : assets.length), 'host'],
    [tags.length, 'tag'],
    [excludedAssets.length, 'excluded host'],
    [scripts.length, 'script'],
    [schedules.length, 'schedule'],
    [touched.throughSchedules ? through?.length : 0, 'active schedule'],
  ]
  return counts.flatMap(([number, noun]) =>
    number === undefined || number === 0 ? [] : [count(number, noun)],
  )
}

/** A warning for hosts of another platform than the script's. */
function platformWarning(scene: Scene, hosts: Hosts | undefined): string[] {
  const own = new Set(scene.scripts.map(({ row }) => field(row, 'platform')))
  const others = (hosts?.members ?? []).filter(({ row }) => {
    const platform = field(row, 'platform')
    return platform !== undefined && !own.has(platform)
  })
  if (own.size === 0 || own.has(undefined) || others.length === 0) return []
  return [`${count(others.length, 'host')} of another platform than the script.`]
}

/** The preview of an effect on the fleet. `hosts`: where code runs; undefined if none runs. */
export function fleetParts(touched: Touched, scene: Scene, hosts: Hosts | undefined, args: Args): Parts {
  const members = hosts && hosts.members.length > 0 ? hosts.members : scene.assets
  return {
    counts: countsOf(touched, scene, hosts),
    lines: [
      ...scene.scripts.flatMap((seen) => scriptLines(seen, hosts !== undefined)),
      ...scene.schedules.flatMap(scheduleLines),
      ...nameLines('host', members),
      ...nameLines('tag', scene.tags),
      ...nameLines('excluded host', scene.excludedAssets),
      ...nameLines('active schedule', scene.through ?? []),
    ],
    named: naming(touched, args),
    warnings: platformWarning(scene, hosts),
  }
}
