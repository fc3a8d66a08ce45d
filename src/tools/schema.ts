import { closestMatch } from 'leven'
import { z } from 'zod'
import { formatNumber } from '../shared/format.ts'
import { groupBy } from '../shared/group.ts'
import { isObject } from '../shared/json.ts'
import { oneLine } from '../shared/safe-text.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * Keywords that are removed from listed schemas: some clients and model providers do not support them, and
 * bounds are better explained by an error message. Validation still applies them.
 */
const omittedKeywords = new Set([
  '$schema',
  'additionalProperties',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'pattern',
  // Marks for this program alone: an input that may be empty, what to do if it is, an object that is sent with
  // all its members, and one that may be given as text.
  'emptiable',
  'whenEmpty',
  'sentWhole',
  'takesText',
])

/** `listedItems` is what is listed of the items of a list, where all of them would cost too many tokens. */
const withListedItems = ({ listedItems, ...node }: Json): Json =>
  listedItems === undefined ? node : { ...node, items: listedItems }

/**
 * Some clients turn a schema into a signature, in which a required parameter must not follow an optional one.
 */
function requiredFirst(schema: Json): Json {
  const { properties, required } = schema
  if (!isObject(properties) || !Array.isArray(required)) return schema
  const rank = ([name]: readonly [string, unknown]): number => (required.includes(name) ? 0 : 1)
  const sorted = Object.entries(properties).sort((a, b) => rank(a) - rank(b))
  return { ...schema, properties: Object.fromEntries(sorted) }
}

function simplify(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(simplify)
  if (!isObject(node)) return node
  const kept = Object.entries(withListedItems(node))
    // An argument may have the name of a keyword: its schema is an object with members.
    .filter(([key, value]) => !omittedKeywords.has(key) || (isObject(value) && Object.keys(value).length > 0))
    .map(([key, value]) => [key, simplify(value)])
  return requiredFirst(Object.fromEntries(kept))
}

function unknownArgumentMessage(keys: readonly string[], known: readonly string[]): string {
  const names = keys.slice(0, 3).map((key) => oneLine(key, 60))
  const suggestions = names.map((name) =>
    closestMatch(name, known, { maxDistance: Math.max(2, Math.floor(name.length / 3)) }),
  )
  // All that there are: said once, behind the last name that is like none of them.
  const lastUnlike = suggestions.lastIndexOf(undefined)
  return names
    .map((name, at) => {
      const said = `there is no argument ${JSON.stringify(name)}`
      if (suggestions[at] !== undefined) return `${said}; did you mean ${suggestions[at]}?`
      if (at < lastUnlike) return said
      return `${said}; there ${known.length > 0 ? `are ${known.join(', ')}` : 'is none at all'}`
    })
    .join('; ')
}

/** The error message for a wrong object or text, at any depth. All other messages are in the schemas. */
export function errorMessage({ code, keys, inst, expected }: z.core.$ZodRawIssue): string | undefined {
  if (code === 'invalid_type' && expected === 'string') return 'must be text'
  if (!(inst instanceof z.ZodObject)) return undefined
  const known = Object.keys(inst.shape)
  return code === 'unrecognized_keys'
    ? unknownArgumentMessage(keys, known)
    : `must be an object of ${known.join(', ')}`
}

/** The plain JSON Schema of a tool's arguments. */
export function toJsonSchema(shape: z.ZodRawShape): Json {
  return simplify(z.toJSONSchema(z.strictObject(shape), { io: 'input' })) as Json
}

/** Without `items: {}`, which says nothing of a list and stands in the output schema of every tool. */
const withoutOpenItems = (schema: Json): Json =>
  JSON.parse(
    JSON.stringify(schema, (name, value: unknown) =>
      name === 'items' && isObject(value) && Object.keys(value).length === 0 ? undefined : value,
    ),
  )

/** The JSON Schema of a structured reply. */
export const outputJsonSchema = (schema: z.ZodObject): Json =>
  withoutOpenItems(simplify(z.toJSONSchema(schema, { io: 'output' })) as Json)

/** One thing that is wrong, and where. */
export interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

// As many as a list of new users has rows by default: all of them can be mended at once.
const maxIssues = 100
/** Items that follow each other are one place. */
const maxPlaces = 30
/** Where each of many messages is long: about 3,000 tokens. */
const maxCharacters = 12_000

/** Neighbours in a list: `step` of their paths runs up to `last`. */
interface PathRun {
  readonly path: readonly PropertyKey[]
  readonly step: number
  last: number
  count: number
}

/** True if a path is that of the next item of a list, with the same members. */
const continues = ({ path, step, last }: PathRun, next: readonly PropertyKey[]): boolean =>
  next.length === path.length && next.every((name, at) => name === (at === step ? last + 1 : path[at]))

function pathRuns(issues: readonly Issue[]): readonly PathRun[] {
  const runs: PathRun[] = []
  for (const { path } of issues) {
    const open = runs.at(-1)
    const step = path.findLastIndex((name) => typeof name === 'number')
    if (open && continues(open, path)) {
      open.last++
      open.count++
    } else runs.push({ path, step, last: Number(path[step]), count: 1 })
  }
  return runs
}

/** `users.2-9.firstName`. */
const runText = ({ path, step, last, count }: PathRun): string =>
  path.map((name, at) => (at === step && count > 1 ? `${String(name)}-${last}` : String(name))).join('.')

function placesOf(others: readonly Issue[]): string {
  if (others.length === 0) return ''
  const shown = pathRuns(others).slice(0, maxPlaces)
  const rest = others.length - shown.reduce((sum, { count }) => sum + count, 0)
  return ` (also at ${shown.map(runText).join(', ')}${rest > 0 ? ` and ${formatNumber(rest)} more` : ''})`
}

/**
 * Each message once per argument, with the other places where it holds. The number of messages is bounded: a list
 * may be wrong in a hundred thousand places. `explain`: what is said of an issue.
 */
export function summarize<T extends Issue>(
  issues: readonly T[],
  explain: (issue: T) => string = ({ message }) => message,
): readonly Issue[] {
  const groups = [...groupBy(issues, ({ path, message }) => `${String(path[0])} ${message}`).values()]
  const shown: Issue[] = []
  let size = 0
  for (const [issue, ...others] of groups.slice(0, maxIssues)) {
    // A group has at least one.
    if (!issue || size >= maxCharacters) break
    const message = `${explain(issue)}${placesOf(others)}`
    size += message.length
    shown.push({ path: issue.path, message })
  }
  const rest = groups.length - shown.length
  return rest > 0 ? [...shown, { path: [], message: `and ${formatNumber(rest)} more` }] : shown
}

/** What a validation finds: the value, or what is wrong with it. */
export type Outcome<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly Issue[]; readonly value?: undefined }
