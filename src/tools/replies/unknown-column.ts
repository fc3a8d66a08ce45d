import { closestMatch } from 'leven'
import { nameInSentence, quoted } from '../../operations/sentences.ts'
import { InputError } from '../../shared/errors.ts'
import { formatNumber, texts } from '../../shared/format.ts'
import { countedColumns, expectedColumns, knownColumns, type ListColumns } from './known-columns.ts'

/** The guide to the columns of all lists. */
export const columnsGuide = 'qualys://guides/columns'

const maxListedNames = 30
const maxListedLength = 500
/** Rows may have a million fields. */
const maxCompared = 1_000
const maxNameLength = 80

/** A name as it is compared: in any case and notation, `asset_name` and `assetName` alike. */
const comparable = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** In a short name nearly any letter makes another word: `ip` is no slip of `id`. */
function maxDistanceFrom({ length }: string): number {
  if (length < 5) return length < 3 ? 0 : 1
  return Math.max(2, Math.floor(length / 3))
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
const firstPart = (name: string): string => name.split('.', 1)[0] ?? name

/** Words that people use for one another, by the word they are compared as. */
const synonyms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    asset: ['host', 'machine', 'computer', 'server', 'device', 'endpoint'],
    assetname: ['hostname', 'computername', 'machinename'],
    job: ['run', 'execution'],
    name: ['title'],
    operatingsystem: ['os'],
  }).flatMap(([word, others]) => others.map((other) => [other, word] as const)),
)

/** A name by what its words mean: `hosts.title` and `asset.name` alike. */
const meaning = (name: string): string =>
  (name.match(/\p{Lu}?[\p{Ll}\p{Lo}]+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu) ?? [])
    .map((part) => part.toLowerCase().replace(/(?<=..[^s])s$/, ''))
    .map((word) => synonyms.get(word) ?? word)
    .join('')

/** The columns by the keys of their whole names, their last parts, and their first ones. */
function columnsByKey(columns: readonly string[], keyOf: (name: string) => string): Map<string, string> {
  // A first part stands for the name of what it names: `script` for `script.title`.
  const namesFirst = [...columns].sort((a, b) => Number(isName(b)) - Number(isName(a)))
  const byKey = new Map<string, string>()
  for (const [partOf, names] of [
    [(column: string) => column, columns],
    [lastPart, columns],
    [firstPart, namesFirst],
  ] as const)
    for (const column of names) {
      const key = keyOf(partOf(column))
      if (!byKey.has(key)) byKey.set(key, column)
    }
  return byKey
}

const isName = (column: string): boolean => meaning(lastPart(column)) === 'name'

/** The column that was probably meant: its whole name comes before its last part, then its first one. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const compared = known.slice(0, maxCompared).filter((column) => !column.endsWith('*'))
  const asked = name.slice(0, maxNameLength)
  const wanted = comparable(asked)
  if (wanted.length < 2) return undefined
  const byKey = columnsByKey(compared, comparable)
  const alike = byKey.get(wanted) ?? columnsByKey(compared, meaning).get(meaning(asked))
  if (alike !== undefined) return alike
  const keys = [...byKey.keys()]
  const key =
    closestMatch(wanted, keys, { maxDistance: maxDistanceFrom(wanted) }) ??
    keys.find((key) => key.startsWith(wanted)) ??
    keys.find((key) => wanted.length > 2 && key.includes(wanted)) ??
    keys.find((key) => key.length > 3 && wanted.endsWith(key))
  return key === undefined ? undefined : byKey.get(key)
}

/** As many of the names as fit a few hundred characters, and the number of the others. */
function joinNames(names: readonly string[], nameOf: (name: string) => string): string {
  let used = 0
  const over = names.findIndex((name, at) => {
    used += name.length + 2
    return at >= maxListedNames || (at > 0 && used > maxListedLength)
  })
  const shown = over === -1 ? names : names.slice(0, over)
  const rest = names.length - shown.length
  return [...shown.map(nameOf), ...(rest > 0 ? [`${formatNumber(rest)} more`] : [])].join(', ')
}

/** The columns that rows have, for a sentence: what an assistant can go on with. */
export function presentColumns(present: readonly string[]): string {
  const names = present.filter(isWhole)
  if (names.length === 0) return 'no column'
  return joinNames(names, (name) => nameInSentence(name, maxNameLength))
}

/** Names that were asked for, in a sentence. */
const namedColumns = (names: readonly string[]): string =>
  joinNames(names, (name) => quoted(name, maxNameLength))

/** A longer name may be cut, and half a secret is still a secret. */
const isWhole = (name: string): boolean => name.length < maxNameLength

/** The sentence after that on unknown columns: the nearest, then all. `counted`: columns that no row shows. */
function nearestAndAll(
  unknown: readonly string[],
  known: readonly string[],
  counted: readonly string[] = [],
): string {
  const names = known.filter(isWhole)
  const compared = [...names, ...counted]
  const near = [...new Set(unknown.slice(0, maxListedNames).flatMap((name) => nearest(name, compared) ?? []))]
  const all = joinNames(names, (name) => nameInSentence(name, maxNameLength))
  const more = all.endsWith(' more') ? ` (${columnsGuide})` : ''
  const inSentence = near
    .map(
      (name) =>
        `${nameInSentence(name, maxNameLength)}${names.includes(name) ? '' : ' (a column to count by)'}`,
    )
    .join(', ')
  if (near.length === 0) return `There are: ${all}${more}.`
  return `The nearest ${near.length === 1 ? 'is' : 'are'} ${inSentence}; there are: ${all}${more}.`
}

/** The refusal of columns that no row has. */
export const unknownColumns = (unknown: readonly string[], known: readonly string[]): InputError =>
  new InputError(`No row has ${namedColumns(unknown)}.`, nearestAndAll(unknown, known))

/**
 * What is said about requested columns that none of some rows has, a sentence or two for each kind. `nobody`: `No row
 * here`.
 */
export function absentNotes(
  operation: ListColumns,
  absent: readonly string[],
  present: readonly string[],
  nobody: string,
): string[] {
  const counted = countedColumns(operation)
  const known = knownColumns(operation).map(({ name }) => name)
  const isKnown = (name: string): boolean => known.some((one) => one === name || one.startsWith(`${name}.`))
  const onlyCounted = absent.filter((name) => counted.includes(name))
  const others = absent.filter((name) => !counted.includes(name))
  const empty = others.filter(isKnown)
  const unknown = others.filter((name) => !isKnown(name))
  return texts(
    onlyCounted.length > 0 &&
      `Rows do not show ${namedColumns(onlyCounted)}: ${onlyCounted.length === 1 ? 'it is a column' : 'they are columns'} to count by.`,
    empty.length > 0 && `${nobody} has a value in ${namedColumns(empty)}.`,
    unknown.length > 0 &&
      `${nobody} has ${namedColumns(unknown)}. ${nearestAndAll(unknown, expectedColumns(operation, present), counted)}`,
  )
}
