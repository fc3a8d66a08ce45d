import type { Shape, Watcher } from './shape.ts'
import { vendorWords, vocabulary } from './vocabulary.ts'

// Decides whether a field name, or a word in a field, may be published in a recording.

const mostSightings = 200_000

/** A name that fewer records have may have been chosen by a person. */
const fewRecords = 3

/**
 * The values and names seen in an account. No value of it may be published as a field name or as a word of
 * Qualys.
 */
export class Sightings implements Watcher {
  readonly #values = new Set<string>()
  readonly #names = new Map<string, number>()
  #full = false

  readonly value = (value: string, path: readonly string[]): void => {
    if (value.length > 64 || (mayEnumerate(path) && isWord(value))) return
    if (this.#values.size >= mostSightings) this.#full = true
    else this.#values.add(value.trim())
  }

  readonly name = (name: string): void => {
    if (name.length > 64 || this.#names.size >= mostSightings) return
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1)
  }

  /** True for a text that was seen as a value; true for any text if there were too many values to keep. */
  has(text: string): boolean {
    return this.#full || this.#values.has(text)
  }

  /** True for a name that several records have. */
  isShared(name: string): boolean {
    return (this.#names.get(name) ?? 0) >= fewRecords
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

/** Last words of the names of fields with few fixed values of Qualys. */
const enumerated = new Set(
  'status state type platform severity mode risk criticality frequency format level priority outcome'.split(
    ' ',
  ),
)

/** Words in the names of fields, or of their parents, that hold the account's own texts. */
const own = new Set(
  'name names title user users login mail email address company vendor tag tags host hosts dns fqdn ip id ids uuid guid key output outputs text result description comment comments note notes content message path filename url uri link params param parameter parameters value values label created customer recipients reviewer approver answer'.split(
    ' ',
  ),
)

/** True if a field's values are probably few and fixed by Qualys. */
function mayEnumerate(path: readonly string[]): boolean {
  const words = path.map(wordsOf).filter((parts) => parts.length > 0)
  return (
    enumerated.has(words.at(-1)?.at(-1) ?? '') &&
    !words
      .slice(-2)
      .flat()
      .some((word) => own.has(word))
  )
}

/** The form of Qualys' constants. Other words may be somebody's; two digits in a row are a number. */
const isConstant = (text: string): boolean =>
  text.length <= 30 && /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(text) && !/\d\d/.test(text)

const isWord = (text: string): boolean => vendorWords.has(text) || isConstant(text)

/**
 * The words of a field that may be published; none if there are many, or if one of them may be somebody's.
 */
export function tellableWords({ words, crowded }: Shape, path: readonly string[], seen: Sightings): string[] {
  const told = [...words].filter((word) => word !== '')
  if (crowded || !mayEnumerate(path) || !told.every(isWord)) return []
  return told.filter((word) => !seen.has(word)).sort()
}

/** The form of an identifier in a program; two digits in a row are a number. */
const isIdentifier = (name: string): boolean =>
  /^[A-Za-z_$@#][A-Za-z\d_]{0,39}$/.test(name) && !/\d\d/.test(name)

/** A module of the portal (saq-api.md 2.0). */
const isModule = (name: string): boolean => /^[A-Za-z_]{2,30}-VERSION$/.test(name)

const mostNames = 80

/** True if all members of an object have the same form, as in a map from names. */
function isMap(fields: readonly Shape[]): boolean {
  const [first, ...others] = fields.map((field) => [...field.fields.keys()].sort().join(' '))
  const nested = fields.every(({ kinds }) => kinds.has('object') || kinds.has('list'))
  return nested && others.length > 0 && others.every((names) => names === first)
}

/** Fields under which people define names. */
const defined = /custom|attribute|metadata|propert|label|extra/i

/** True if the records at a path have little in common: their names are then data, not a form. */
function isVaried(shape: Shape, strange: readonly Shape[], root: boolean): boolean {
  const records = shape.kinds.get('object') ?? 0
  const sparse = strange.filter(({ count }) => count * 2 < records)
  const once = sparse.filter(({ count }) => count === 1)
  const common = [...shape.fields.values()].some(({ count }) => count * 2 >= records)
  return (once.length > 2 && once.length * 2 > strange.length) || (!root && !common && sparse.length > 2)
}

/** The names in an object that may be data and must not be published. */
export function untellable(shape: Shape, path: readonly string[], seen: Sightings): ReadonlySet<string> {
  const root = path.length === 0
  const strange = [...shape.fields].filter(([name]) => !vocabulary.has(name))
  const all = new Set(strange.map(([name]) => name))
  if (strange.length > mostNames || defined.test(path.at(-1) ?? '')) return all
  if (!root && all.size === shape.fields.size && isMap([...shape.fields.values()])) return all
  const records = shape.kinds.get('object') ?? 0
  const varied = isVaried(
    shape,
    strange.map(([, field]) => field),
    root,
  )
  const mayBeData = ([name, { count }]: readonly [string, Shape]): boolean =>
    (varied && count * 2 < records) ||
    seen.has(name) ||
    !(isModule(name) || (isIdentifier(name) && seen.isShared(name)))
  return new Set(strange.filter(mayBeData).map(([name]) => name))
}
