import type { Shape, Watcher } from './shape.ts'
import { vendorWords, vocabulary } from './vocabulary.ts'

// Whether a name of a field, or a word in it, may stand in a transcript that anybody may read.

const mostSightings = 200_000

/** A name that fewer records have may be one that somebody gave. */
const fewRecords = 3

/** What was met in an account: none of its values is a field's name, or a word of Qualys'. */
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

  /** True of a text that was a value; of any, where there were too many to tell. */
  has(text: string): boolean {
    return this.#full || this.#values.has(text)
  }

  /** True of a name that several records have. */
  isShared(name: string): boolean {
    return (this.#names.get(name) ?? 0) >= fewRecords
  }
}

/** The words that a field's name is made of: `subType` has two. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

/** What a field with few words of Qualys' own ends in. */
const enumerated = new Set(
  'status state type platform severity mode risk criticality frequency format level priority outcome'.split(
    ' ',
  ),
)

/** What a field of the account's own words has in its name, or in that of the field around it. */
const own = new Set(
  'name names title user users login mail email address company vendor tag tags host hosts dns fqdn ip id ids uuid guid key output outputs text result description comment comments note notes content message path filename url uri link params param parameter parameters value values label created customer recipients reviewer approver answer'.split(
    ' ',
  ),
)

/** True where the words of a field are likely to be few, and Qualys' own. */
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

/** As Qualys spells its constants. Words of other forms may be somebody's; two digits in a row count something. */
const isConstant = (text: string): boolean =>
  text.length <= 30 && /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(text) && !/\d\d/.test(text)

const isWord = (text: string): boolean => vendorWords.has(text) || isConstant(text)

/** The words of a field that may be told; none where they are many, or one of them may be somebody's. */
export function tellableWords({ words, crowded }: Shape, path: readonly string[], seen: Sightings): string[] {
  const told = [...words].filter((word) => word !== '')
  if (crowded || !mayEnumerate(path) || !told.every(isWord)) return []
  return told.filter((word) => !seen.has(word)).sort()
}

/** Like a name in a program; two digits in a row count something. */
const isIdentifier = (name: string): boolean =>
  /^[A-Za-z_$@#][A-Za-z\d_]{0,39}$/.test(name) && !/\d\d/.test(name)

/** A module of the portal (saq-api.md 2.0). */
const isModule = (name: string): boolean => /^[A-Za-z_]{2,30}-VERSION$/.test(name)

const mostNames = 80

/** True where the parts of an object are things of one sort, as in a map by name. */
function isMap(fields: readonly Shape[]): boolean {
  const [first, ...others] = fields.map((field) => [...field.fields.keys()].sort().join(' '))
  const nested = fields.every(({ kinds }) => kinds.has('object') || kinds.has('list'))
  return nested && others.length > 0 && others.every((names) => names === first)
}

/** What people define the names in. */
const defined = /custom|attribute|metadata|propert|label|extra/i

/** True where what the records of a place have in common is little: names of somebody's, not of a form. */
function isVaried(shape: Shape, strange: readonly Shape[], root: boolean): boolean {
  const records = shape.kinds.get('object') ?? 0
  const sparse = strange.filter(({ count }) => count * 2 < records)
  const once = sparse.filter(({ count }) => count === 1)
  const common = [...shape.fields.values()].some(({ count }) => count * 2 >= records)
  return (once.length > 2 && once.length * 2 > strange.length) || (!root && !common && sparse.length > 2)
}

/** Names of an object's fields that may be data: those are not told. */
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
