import { createHash } from 'node:crypto'
import type { Effect, Operation, Touched } from '../../operations/operation.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import { oneLine } from '../../session/untrusted.ts'
import type { Hosts } from './hosts.ts'
import { idsIn, type Scene, type Seen } from './scene.ts'

const longestValue = 80
const mostNames = 10
const mostLines = 12

type Args = Readonly<Record<string, unknown>>

/** Everything a preview is made of. */
export interface Shown {
  readonly operation: Operation
  readonly effect: Effect
  readonly args: Args
  readonly touched: Touched
  readonly scene: Scene
  /** The hosts on which code runs; undefined where none does. */
  readonly hosts: Hosts | undefined
  readonly account: string
}

/** A value on one line, between quotes that it cannot close. Nothing of ours follows it on its line. */
function value(text: unknown): string {
  return `"${oneLine(typeof text === 'string' ? text : JSON.stringify(text), longestValue).replaceAll('"', "'")}"`
}

const line = (label: string, ...values: readonly unknown[]): string =>
  `${label}: ${values.map(value).join(', ')}`

const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`

const field = (row: Row | undefined, ...names: readonly string[]): unknown =>
  names.map((name) => row?.[name]).find((found) => found !== undefined && found !== null && found !== '')

function scriptLines({ id, row }: Seen): string[] {
  if (!row) return [`script ${id} could not be looked up`]
  const facts = [field(row, 'platform'), field(row, 'severity'), field(row, 'status')]
  const labels = ['platform', 'severity', 'state']
  return [
    line(`script ${id}`, field(row, 'title', 'name') ?? 'no title'),
    ...labels.flatMap((label, index) =>
      facts[index] === undefined ? [] : [line(`  ${label}`, String(facts[index]))],
    ),
    // A yes is to this content: what is changed behind the same title is shown anew.
    ...(typeof row['content'] === 'string' ? [`  ${contentFacts(row['content'])}`] : []),
  ]
}

function scheduleLines({ id, row }: Seen): string[] {
  if (!row) return [`schedule ${id} could not be looked up`]
  const scripts = idsIn(row['scripts'])
  return [
    line(`schedule ${id}`, field(row, 'title') ?? 'no title'),
    ...(field(row, 'startTime') === undefined ? [] : [line('  start', row['startTime'])]),
    ...(row['activate'] === undefined ? [] : [`  ${row['activate'] === true ? 'active' : 'not active'}`]),
    ...(scripts ? [line('  scripts', ...scripts)] : []),
  ]
}

/** Up to ten by name, and before them how many there are. */
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

const linesOf = (content: string): string[] => content.replace(/\n$/, '').split('\n')

function contentFacts(content: string): string {
  const hash = createHash('sha256').update(content).digest('hex')
  return `content: ${count(linesOf(content).length, 'line')}, ${count(content.length, 'character')}, sha256 ${hash}`
}

function contentLines(content: string): string[] {
  const lines = linesOf(content)
  return [
    contentFacts(content),
    ...lines.slice(0, mostLines).map((text) => `  ${value(text)}`),
    ...(lines.length > mostLines ? [`  (${count(lines.length - mostLines, 'more line')})`] : []),
  ]
}

/** `path=C:\` for a parameter, `19218 path=C:\` for a script with some, JSON for anything else that is no plain value. */
function plain(part: unknown): string {
  if (!isObject(part)) return typeof part === 'string' ? part : JSON.stringify(part)
  const { id, title, params, key, value: given, secret, ...rest } = part
  if (Object.keys(rest).length > 0) return JSON.stringify(part)
  if (typeof key === 'string')
    return secret === undefined ? `${key}=${String(given)}` : `${key}=(secret ${String(secret)})`
  const passed = Array.isArray(params) ? params.map(plain) : []
  return [id, title, ...passed].filter((word) => word !== undefined).join(' ')
}

function argumentLines(name: string, given: unknown): string[] {
  if (name === 'content' && typeof given === 'string') return contentLines(given)
  const parts = (Array.isArray(given) ? given : [given]).map(plain)
  const cut = parts.some((part) => part.length > longestValue)
  const label = `${name}${parts.length > mostNames ? `, the first ${mostNames} of ${parts.length}` : ''}`
  return [
    line(
      cut
        ? `${label} (cut to ${longestValue} characters; ${parts.reduce((sum, part) => sum + part.length, 0)} in all)`
        : label,
      ...parts.slice(0, mostNames),
    ),
  ]
}

/** Arguments that only name what is shown by its own name: one for each list, so that nothing else is left out. */
function naming({ touched, args }: Shown): ReadonlySet<string | undefined> {
  const { scripts = [], schedules = [], assets = [], tags = [], excludedAssets = [] } = touched
  const names = [scripts, schedules, assets, tags, excludedAssets].map((ids) =>
    Object.keys(args).find((name) => {
      const list = [args[name]].flat()
      return ids.length > 0 && ids.length === list.length && ids.every((id, index) => id === list[index])
    }),
  )
  return new Set(names)
}

function countsOf({ scene, hosts, touched }: Shown): string[] {
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

/** What a person reads before saying yes: counts first, then what, on what, and what cannot be undone. */
export function previewOf(shown: Shown): string {
  const { operation, effect, args, scene, hosts, account } = shown
  const counts = countsOf(shown)
  const through = scene.through ?? []
  const named = naming(shown)
  const others = Object.entries(args).filter(([name, given]) => given !== undefined && !named.has(name))
  const members = hosts && hosts.members.length > 0 ? hosts.members : scene.assets
  return [
    `${operation.title} (${effect})${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
    ...scene.scripts.flatMap(scriptLines),
    ...scene.schedules.flatMap(scheduleLines),
    ...nameLines('host', members),
    ...nameLines('tag', scene.tags),
    ...nameLines('excluded host', scene.excludedAssets),
    ...nameLines('active schedule', through),
    ...others.flatMap(([name, given]) => argumentLines(name, given)),
    ...(operation.change?.warnings?.(args) ?? []).map((sentence) => `! ${sentence}`),
    line('account', account),
  ].join('\n')
}
