import type { Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { searchAssets } from '../assets.ts'
import { type Key, keyOf, keysIn } from '../names/keys.ts'
import { type NamedTag, nameTags } from '../names/tag-names.ts'
import { nextRunOf } from '../timetable/next-run.ts'

type Row = Readonly<Record<string, unknown>>
type Tags = ReadonlyMap<string, NamedTag>

/** More targets are only counted. */
const maxShown = 3

/** The tags of schedules, by what their records call them. */
function namesOfTags(rows: readonly Row[], lists: Lists<Operation>): Promise<Tags> {
  const keys = rows
    .flatMap(({ assetTags }) => keysIn(assetTags) ?? [])
    .flatMap(({ id, uuid, name }) => (name === undefined || id === undefined ? (id ?? uuid ?? []) : []))
  return nameTags(new Set(keys), lists, 'schedules')
}

/** A row whose tags have ids and names, as far as a list shows them. */
function withTagNames(row: Row, tags: Tags): Row {
  const { assetTags } = row
  if (!Array.isArray(assetTags) || tags.size === 0) return row
  const named = assetTags.map((entry: unknown) => {
    const { id, uuid } = keyOf(entry)
    const tag = tags.get(id ?? '') ?? tags.get(uuid ?? '')
    if (!tag) return entry
    const fields = typeof entry === 'object' ? entry : { id: tag.id }
    return { ...fields, ...(id === undefined && { id: tag.id }), name: tag.name }
  })
  return { ...row, assetTags: named }
}

/** `Servers (7512829)`; what a list does not show is left out. */
const textOf = (noun: string, { id, uuid, name }: Key): string => {
  const plain = id ?? uuid
  if (name === undefined) return `${noun} ${plain ?? 'without id'}`
  return plain === undefined ? name : `${name} (${plain})`
}

/** The targets of a schedule in a few words; undefined if its record does not show them. */
function targetsText(row: Row, hosts: ReadonlyMap<string, string>): string | undefined {
  const tags = keysIn(row['assetTags'])
  const assets = keysIn(row['assets'])
  if (!tags && !assets) return undefined
  const tagTexts = tags?.map((tag) => textOf('tag', tag)) ?? []
  const hostTexts =
    assets?.map((host) => {
      const name = hosts.get(host.id ?? '')
      return name === undefined ? textOf('host', host) : `host ${textOf('', { ...host, name })}`
    }) ?? []
  const count = tagTexts.length + hostTexts.length
  if (count === 0) return tags && assets ? 'none' : undefined
  const shownTags = tagTexts.slice(0, maxShown)
  const shown = [
    ...(row['allTagsForAssetsEnabled'] === true ? [shownTags.join(' + ')] : shownTags),
    ...hostTexts.slice(0, maxShown - shownTags.length),
  ].filter((text) => text !== '')
  const excluded = keysIn(row['excludedAssets'])?.length ?? 0
  return [
    shown.join(', '),
    ...(count > maxShown ? [`and ${count - maxShown} more`] : []),
    ...(excluded > 0 ? [`without ${excluded} excluded`] : []),
  ].join(' ')
}

/** The names of hosts that pages showed lately: none is looked up for its name. */
const recentNames = (lists: Lists<Operation>): ReadonlyMap<string, string> =>
  new Map(
    lists
      .recent(searchAssets)
      .flatMap(({ id, name }) => (typeof name === 'string' && name !== '' ? [[String(id), name]] : [])),
  )

/** A schedule with the names of its tags, and its next run. */
export async function completeRecord(rows: readonly Row[], lists: Lists<Operation>): Promise<readonly Row[]> {
  const tags = await namesOfTags(rows, lists)
  return rows.map((row) => ({ ...withTagNames(row, tags), nextRun: nextRunOf(row, lists.now) }))
}

/** The same for the rows of the list, which also show their targets in a few words. */
export async function completeRows(rows: readonly Row[], lists: Lists<Operation>): Promise<readonly Row[]> {
  const completed = await completeRecord(rows, lists)
  const hosts = rows.some(({ assets }) => Array.isArray(assets) && assets.length > 0)
    ? recentNames(lists)
    : new Map<string, string>()
  return completed.map((row) => {
    const targets = targetsText(row, hosts)
    return targets === undefined ? row : { ...row, targets }
  })
}
