import { type Fault, type FaultKind, faultKinds } from './faults.ts'

type Detail = Exclude<keyof Fault, 'route' | 'kind'>
type Check = readonly [expected: string, accepts: (value: unknown) => boolean]

const isText = (value: unknown): value is string => typeof value === 'string'
const minCheck = (min: number): Check => [
  `a number, at least ${min}`,
  (value) => typeof value === 'number' && value >= min,
]
const oneOfCheck = (...words: readonly string[]): Check => [
  `one of ${words.join(', ')}`,
  (value) => isText(value) && words.includes(value),
]
const textCheck: Check = ['a text', isText]
const textRecordCheck: Check = ['an object of texts', isTextRecord]

const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

function isTextRecord(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText)
  )
}

/** The type of each detail, for all faults that take it. */
const detailChecks: Readonly<Record<Detail, Check>> = {
  times: minCheck(1),
  skip: minCheck(0),
  ms: minCheck(0),
  status: minCheck(200),
  body: ['anything', () => true],
  base64: textCheck,
  contentType: textCheck,
  headers: textRecordCheck,
  location: textCheck,
  hint: oneOfCheck('toWait', 'retryAfter', 'window', 'none', 'late'),
  toWaitSec: minCheck(0),
  code: ['a number or a text', (value) => isText(value) || typeof value === 'number'],
  emptyBody: ['true or false', (value) => typeof value === 'boolean'],
  spelling: oneOfCheck('hyphen', 'joined'),
  fields: ['a list of names, or an object of them', (value) => isTextList(value) || isTextRecord(value)],
  to: ['`METHOD /path`', (value) => isText(value) && /^[A-Z]+ \/\S*$/.test(value)],
  encoding: textCheck,
  seconds: ['a number', (value) => typeof value === 'number'],
}

/** Why the value is not a valid list of faults; undefined if it is. */
export function validateFaults(faults: unknown): string | undefined {
  if (!Array.isArray(faults)) return 'faults are an array'
  return faults.map(validateFault).find((problem) => problem !== undefined)
}

function validateFault(fault: Partial<Fault> | null): string | undefined {
  if (!isText(fault?.route)) return 'each fault needs a route, such as "POST /auth", or "*"'
  const { route, kind, ...details } = fault
  if (kind === undefined || !Object.hasOwn(faultKinds, kind)) {
    return `no fault is called ${kind}; there are ${Object.keys(faultKinds).join(', ')}`
  }
  for (const [name, value] of Object.entries(details)) {
    if (!Object.hasOwn(detailChecks, name)) {
      return `no fault takes ${name}; there are ${Object.keys(detailChecks).join(', ')}`
    }
    const [expected, accepts] = detailChecks[name as Detail]
    if (!accepts(value)) return `${name} is ${expected}`
  }
  return kindValidators[kind]?.(route, details)
}

type Validator = (route: string, details: Omit<Partial<Fault>, 'route' | 'kind'>) => string | undefined

const validateFieldList: Validator = (_, { fields }) =>
  fields === undefined || isTextList(fields) ? undefined : 'its fields are a list'

/** Further checks of some kinds: missing and unsupported details. */
const kindValidators: Partial<Record<FaultKind, Validator>> = {
  redirect: (_, { location }) => (location ? undefined : 'redirect needs a location'),
  dropField: validateFieldList,
  retypeField: validateFieldList,
  renameField: (_, { fields }) =>
    fields === undefined || isTextRecord(fields) ? undefined : 'its fields are an object, old name to new',
  move: validateMove,
}

const placeholders = (route: string): string => (route.match(/\{\w+\}/g) ?? []).sort().join()

/** Checks a `move` fault: it is permanent, and the new path must keep the placeholders. */
function validateMove(route: string, { to, times, skip }: Partial<Fault>): string | undefined {
  if (times !== undefined || skip !== undefined) return 'move takes neither times nor skip'
  if (to === undefined) return undefined
  if (route === '*') return 'not every route can be moved to one place'
  return placeholders(route) === placeholders(to) ? undefined : `${to} needs the holes of ${route}`
}
