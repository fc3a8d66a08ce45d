import { type Fault, type FaultKind, faultKinds } from './faults.ts'

type Detail = Exclude<keyof Fault, 'route' | 'kind'>
type Check = readonly [what: string, holds: (value: unknown) => boolean]

const isText = (value: unknown): value is string => typeof value === 'string'
const number = (least: number): Check => [
  `a number, at least ${least}`,
  (value) => typeof value === 'number' && value >= least,
]
const oneOf = (...words: readonly string[]): Check => [
  `one of ${words.join(', ')}`,
  (value) => isText(value) && words.includes(value),
]
const text: Check = ['a text', isText]
const texts: Check = ['an object of texts', isTexts]

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

function isTexts(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText)
  )
}

/** The type of each detail, for all faults that take it. */
const details: Readonly<Record<Detail, Check>> = {
  times: number(1),
  skip: number(0),
  ms: number(0),
  status: number(200),
  body: ['anything', () => true],
  base64: text,
  contentType: text,
  headers: texts,
  location: text,
  hint: oneOf('toWait', 'retryAfter', 'window', 'none', 'late'),
  toWaitSec: number(0),
  code: ['a number or a text', (value) => isText(value) || typeof value === 'number'],
  emptyBody: ['true or false', (value) => typeof value === 'boolean'],
  spelling: oneOf('hyphen', 'joined'),
  fields: ['a list of names, or an object of them', (value) => isNames(value) || isTexts(value)],
  to: ['`METHOD /path`', (value) => isText(value) && /^[A-Z]+ \/\S*$/.test(value)],
  encoding: text,
  seconds: ['a number', (value) => typeof value === 'number'],
}

/** Why the value is not a valid list of faults; undefined if it is. */
export function faultComplaint(faults: unknown): string | undefined {
  if (!Array.isArray(faults)) return 'faults are an array'
  return faults.map(complaint).find((found) => found !== undefined)
}

function complaint(fault: Partial<Fault> | null): string | undefined {
  if (!isText(fault?.route)) return 'each fault needs a route, such as "POST /auth", or "*"'
  const { route, kind, ...given } = fault
  if (kind === undefined || !Object.hasOwn(faultKinds, kind)) {
    return `no fault is called ${kind}; there are ${Object.keys(faultKinds).join(', ')}`
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(details, name)) {
      return `no fault takes ${name}; there are ${Object.keys(details).join(', ')}`
    }
    const [what, holds] = details[name as Detail]
    if (!holds(value)) return `${name} is ${what}`
  }
  return complainers[kind]?.(route, given)
}

type Complainer = (route: string, given: Omit<Partial<Fault>, 'route' | 'kind'>) => string | undefined

const listed: Complainer = (_, { fields }) =>
  fields === undefined || isNames(fields) ? undefined : 'its fields are a list'

/** Checks of single faults: missing and unsupported details. */
const complainers: Partial<Record<FaultKind, Complainer>> = {
  redirect: (_, { location }) => (location ? undefined : 'redirect needs a location'),
  dropField: listed,
  retypeField: listed,
  renameField: (_, { fields }) =>
    fields === undefined || isTexts(fields) ? undefined : 'its fields are an object, old name to new',
  move: misplaced,
}

const holes = (route: string): string => (route.match(/\{\w+\}/g) ?? []).sort().join()

/** Checks a `move` fault: it is permanent, and the new path must keep the placeholders. */
function misplaced(route: string, { to, times, skip }: Partial<Fault>): string | undefined {
  if (times !== undefined || skip !== undefined) return 'move takes neither times nor skip'
  if (to === undefined) return undefined
  if (route === '*') return 'not every route can be moved to one place'
  return holes(route) === holes(to) ? undefined : `${to} needs the holes of ${route}`
}
