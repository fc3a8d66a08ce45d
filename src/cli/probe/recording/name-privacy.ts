import type { Shape, ShapeObserver } from './shape.ts'
import { knownWords, vocabulary } from './vocabulary.ts'

// Decides whether a field name, or a word in a field, may be published in a recording.

const maxValues = 200_000

/** A name that fewer records have may be chosen by a person. */
const minSharedRecords = 3

/**
 * The values and names observed in an account. No value of it may be published as a field name or as a word of
 * Qualys.
 */
export class ObservedValues implements ShapeObserver {
  readonly #values = new Set<string>()
  readonly #names = new Map<string, number>()
  #isFull = false

  readonly onValue = (value: string, path: readonly string[]): void => {
    if (value.length > 64 || (mayBeEnum(path) && isPublicWord(value))) return
    if (this.#values.size >= maxValues) this.#isFull = true
    else this.#values.add(value.trim())
  }

  readonly onName = (name: string): void => {
    if (name.length > 64 || this.#names.size >= maxValues) return
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1)
  }

  /** True for a text that was observed as a value; true for any text if there were too many values to keep. */
  has(text: string): boolean {
    return this.#isFull || this.#values.has(text)
  }

  /** True for a name that several records have. */
  isShared(name: string): boolean {
    return (this.#names.get(name) ?? 0) >= minSharedRecords
  }
}

/** The words of a field name: `subType` has two. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

/** Last words in the names of fields with few values, all of them fixed by Qualys. */
const enumFieldWords = new Set(
  'status state type platform severity mode risk criticality frequency format level priority outcome'.split(
    ' ',
  ),
)

/** Words in the names of fields, or of their parents, that hold the account's own texts. */
const accountFieldWords = new Set(
  'name names title user users login mail email address company vendor tag tags host hosts dns fqdn ip id ids uuid guid key output outputs text result description comment comments note notes content message path filename url uri link params param parameter parameters value values label created customer recipients reviewer approver answer'.split(
    ' ',
  ),
)

/** True if a field's values are probably few and fixed by Qualys. */
function mayBeEnum(path: readonly string[]): boolean {
  const words = path.map(wordsOf).filter((parts) => parts.length > 0)
  return (
    enumFieldWords.has(words.at(-1)?.at(-1) ?? '') &&
    !words
      .slice(-2)
      .flat()
      .some((word) => accountFieldWords.has(word))
  )
}

/** True for the form of Qualys' constants. Other words may be the account's; two digits in a row are a number. */
const isConstant = (text: string): boolean =>
  text.length <= 30 && /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(text) && !/\d\d/.test(text)

const isPublicWord = (text: string): boolean => knownWords.has(text) || isConstant(text)

/**
 * The words of a field that may be published; none if there are many, or if one of them may be the account's.
 */
export function publishableWords(
  { words, hasMoreWords }: Shape,
  path: readonly string[],
  observed: ObservedValues,
): string[] {
  const nonEmpty = [...words].filter((word) => word !== '')
  if (hasMoreWords || !mayBeEnum(path) || !nonEmpty.every(isPublicWord)) return []
  return nonEmpty.filter((word) => !observed.has(word)).sort()
}

/** True for the form of an identifier in a program; two digits in a row are a number. */
const isIdentifier = (name: string): boolean =>
  /^[A-Za-z_$@#][A-Za-z\d_]{0,39}$/.test(name) && !/\d\d/.test(name)

/** True for the name of a module of the portal (saq-api.md 2.0). */
const isModule = (name: string): boolean => /^[A-Za-z_]{2,30}-VERSION$/.test(name)

const maxUnknownNames = 80

/** True if all members of an object have the same form, as in a map from names. */
function isMap(fields: readonly Shape[]): boolean {
  const [first, ...others] = fields.map((field) => [...field.fields.keys()].sort().join(' '))
  const isNested = fields.every(({ kinds }) => kinds.has('object') || kinds.has('list'))
  return isNested && others.length > 0 && others.every((names) => names === first)
}

/** Names of fields inside which people define names. */
const customFields = /custom|attribute|metadata|propert|label|extra/i

/** True if the records at a path have few names in common. Their names are then data. */
function isVaried(shape: Shape, unknown: readonly Shape[], isRoot: boolean): boolean {
  const records = shape.kinds.get('object') ?? 0
  const sparse = unknown.filter(({ count }) => count * 2 < records)
  const once = sparse.filter(({ count }) => count === 1)
  const hasCommon = [...shape.fields.values()].some(({ count }) => count * 2 >= records)
  return (once.length > 2 && once.length * 2 > unknown.length) || (!isRoot && !hasCommon && sparse.length > 2)
}

/** The names in an object that may be data and must not be published. */
export function privateNames(
  shape: Shape,
  path: readonly string[],
  observed: ObservedValues,
): ReadonlySet<string> {
  const isRoot = path.length === 0
  const unknown = [...shape.fields].filter(([name]) => !vocabulary.has(name))
  const all = new Set(unknown.map(([name]) => name))
  if (unknown.length > maxUnknownNames || customFields.test(path.at(-1) ?? '')) return all
  if (!isRoot && all.size === shape.fields.size && isMap([...shape.fields.values()])) return all
  const records = shape.kinds.get('object') ?? 0
  const areRecordsVaried = isVaried(
    shape,
    unknown.map(([, field]) => field),
    isRoot,
  )
  const mayBeData = ([name, { count }]: readonly [string, Shape]): boolean =>
    (areRecordsVaried && count * 2 < records) ||
    observed.has(name) ||
    !(isModule(name) || (isIdentifier(name) && observed.isShared(name)))
  return new Set(unknown.filter(mayBeData).map(([name]) => name))
}
