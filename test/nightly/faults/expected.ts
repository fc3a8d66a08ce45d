import type { Effect, Operation } from '../../../src/operations/operation.ts'
import type { ErrorKind } from '../../../src/shared/errors.ts'
import type { FaultName } from './rows.ts'

/**
 * How a call may end. same: the rows that come without the fault. ids: as many of them, with the same ids. rows: as many of them. none: no
 * rows, and no error. done: what comes without the fault, and the change made once. told: the same, but nothing was
 * done, for the fault lies. Any other word is the kind of an error: `unclear` may have changed something, once; with
 * the others nothing has changed.
 */
export type End = 'same' | 'ids' | 'rows' | 'none' | 'done' | 'told' | ErrorKind

/** An end and the most requests at the route of the operation; behind the stroke, where the fault strikes every time. */
export type Expected = `${End} ${number}` | `${End} ${number} / ${End} ${number}`

/** What an operation is, for whoever waits for it. */
export type Kind = 'list' | 'record' | 'file' | Exclude<Effect, 'read'>

export const kindOf = ({ effect, returns }: Operation): Kind =>
  effect !== 'read' ? effect : returns === 'rows' ? 'list' : returns

type Product = 'car' | 'saq'
type Group = 'reads' | 'effects' | Kind

/** The most special entry counts: of a product's kind, of a kind, of a product's group, of a group. */
interface Entry extends Readonly<Partial<Record<Group | `${Product} ${Group}`, Expected>>> {
  readonly reads: Expected
  readonly effects: Expected
}

/** Asked again after a failure that may pass; effects are sent once, and nobody knows (design 6). */
const passing: Entry = { reads: 'same 2 / vendor 4', effects: 'unclear 1' }
/** Nothing that an answer of Qualys may not be. */
const harmless: Entry = { reads: 'same 1', effects: 'done 1' }
/** Reads wait as told, as long as they may; effects are told to come again (design 6). */
const limited: Entry = { reads: 'same 2 / busy 4', effects: 'busy 1' }
const refusedBy = (kind: ErrorKind): Entry => ({ reads: `${kind} 1`, effects: `${kind} 1` })
/** A token is replaced, once; with a password there is nothing else to show (design 6). */
const refusedLogin: Entry = {
  reads: 'setup 1',
  effects: 'setup 1',
  'car reads': 'same 2 / setup 2',
  'car effects': 'done 2 / setup 2',
}
/** Rows, and a note about what changed: only the id cannot be missed (issue 6). */
const drifting: Entry = { reads: 'ids 1', effects: 'done 1' }
/** No second try makes it smaller. */
const tooLarge: Entry = { reads: 'vendor 1', effects: 'unclear 1' }
/** Not what Qualys answers: somebody stands in between, or the API has changed. */
const unreadable: Entry = { reads: 'drift 1', effects: 'unclear 1' }

/** A success whose body says that it is none, in words that nobody knows. */
const coded: Entry = { reads: 'vendor 1', effects: 'unclear 1' }

/** What each fault has to end in, by the design and by what is known of the platform; not by what the code does. */
const table: Readonly<Record<FaultName, Entry>> = {
  delay: harmless,
  tooLate: passing,
  slowHeaders: harmless,
  lateHeaders: passing,
  reset: passing,
  resetAfterBody: passing,
  notHttp: passing,
  truncate: passing,
  stall: passing,
  drip: harmless,
  slowDrip: harmless,
  huge: tooLarge,
  bomb: tooLarge,
  gzip: harmless,
  brotli: harmless,
  brokenGzip: passing,
  plainAsGzip: passing,
  unknownEncoding: passing,
  // What a body is decides, not what it is called; a file is nothing but what it is called.
  wrongType: { ...harmless, file: 'ids 1' },
  htmlType: { ...harmless, file: 'drift 1' },
  badJson: unreadable,
  // A letter may be lost, a row may not.
  latin1: { reads: 'ids 1', effects: 'done 1' },
  byteOrderMark: { ...harmless, file: 'ids 1' },
  // 2xx says that it was done; where the answer has an envelope, one without says nothing.
  emptyBody: { reads: 'drift 1', effects: 'done 1', 'saq effects': 'unclear 1' },
  // "no records" on the gateway (qualys-platform.md 4.2); of QPS nobody has seen it.
  empty: { reads: 'drift 1', effects: 'told 1', 'car list': 'none 1', 'saq effects': 'unclear 1' },
  loginPage: unreadable,
  firewallPage: refusedBy('setup'),
  proxyLogin: refusedBy('setup'),
  proxyPage: passing,
  maintenance: passing,
  unavailable: { reads: 'same 2 / busy 4', effects: 'unclear 1' },
  // 500 is no passing trouble (qualys-platform.md 3.5), but may come after the work.
  broken: { reads: 'vendor 1', effects: 'unclear 1' },
  badGateway: passing,
  gatewayTimeout: passing,
  afterWork: passing,
  expired: refusedLogin,
  unauthenticated: refusedLogin,
  badRequest: refusedBy('input'),
  forbidden: refusedBy('setup'),
  noPath: refusedBy('setup'),
  // What a list misses is its path; anything else may miss its object.
  noObject: { ...refusedBy('setup'), 'car record': 'input 1', file: 'input 1', 'car effects': 'input 1' },
  wrongMethod: refusedBy('setup'),
  // Nothing that reads can be in conflict: of the API server it is a limit that lost its code (qualys-platform.md 0.5).
  conflict: { ...refusedBy('input'), 'saq reads': 'busy 1' },
  retired: refusedBy('setup'),
  moved: refusedBy('setup'),
  // The codes of QPS are known; those of CAR are not, nor whether anything was done before one was given.
  errorInside: { ...coded, 'saq reads': 'input 1', 'saq effects': 'input 1' },
  unauthorizedInside: { ...coded, 'saq reads': 'setup 1', 'saq effects': 'setup 1' },
  notFoundInside: { ...coded, 'saq reads': 'input 1', 'saq effects': 'input 1' },
  // The word for a limit is the same on either host; a file is told as refused by its words.
  limitInside: { ...coded, reads: 'busy 1', file: 'vendor 1', 'saq effects': 'busy 1' },
  // CAR speaks JSON, if not this; SAQ speaks XML.
  errorList: { ...coded, 'saq reads': 'drift 1' },
  limit: limited,
  limit409: limited,
  retryAfter: limited,
  windowOnly: limited,
  noHint: limited,
  // Asked for as often as the patience allows, which here is that for a limit without a hint.
  lateHint: { reads: 'same 2 / busy 6', effects: 'busy 1' },
  emptyLimit: limited,
  concurrency: limited,
  registration: { ...limited, 'saq reads': 'setup 1', 'saq effects': 'setup 1' },
  longLimit: refusedBy('busy'),
  // Sent on, perhaps after the work; 307 asks to do it elsewhere.
  redirect: { reads: 'setup 1', effects: 'unclear 1' },
  redirect307: refusedBy('setup'),
  rename: drifting,
  renameField: drifting,
  dropField: drifting,
  dropId: { reads: 'drift 1', effects: 'done 1', file: 'same 1' },
  retype: drifting,
  retypeField: drifting,
  nullFields: drifting,
  extraFields: drifting,
  clockSkew: harmless,
  echo: refusedBy('input'),
}

/** An operation that ends otherwise than its kind. */
interface Exception {
  readonly tools: readonly Operation['name'][]
  readonly faults: readonly FaultName[]
  readonly ends: Expected
  readonly because: string
}

const exceptions: readonly Exception[] = [
  {
    tools: [
      'car_list_script_types',
      'car_list_script_languages',
      'car_search_blocked_commands',
      'car_list_reports',
    ],
    faults: ['dropId'],
    ends: 'rows 1',
    because: 'no page shows that these rows have an id; a report has another one beside it',
  },
  {
    tools: [
      'saq_get_version',
      'saq_count_templates',
      'saq_count_campaigns',
      'saq_count_questionnaires',
      'saq_count_users',
    ],
    faults: ['dropId'],
    ends: 'same 1',
    because: 'a number and a version have no id',
  },
  {
    tools: ['car_download_report'],
    faults: ['badJson'],
    ends: 'same 1',
    because: 'a report is CSV, which that fault leaves alone',
  },
  {
    tools: ['car_create_schedule'],
    faults: ['emptyBody', 'dropId'],
    ends: 'unclear 1',
    because:
      'what is stored is read back (part of it is guessed), by an id that such an answer does not tell',
  },
  {
    tools: ['saq_publish_template'],
    faults: ['nullFields'],
    ends: 'unclear 1',
    because: 'the state in the answer is how one learns that it is published',
  },
  {
    tools: ['car_create_schedule', 'car_update_schedule'],
    faults: ['empty'],
    ends: 'unclear 1',
    because: 'what is stored is read back, and here is not what was sent',
  },
]

/** An end, and the most requests until then. */
export interface Ending {
  readonly end: End
  readonly most: number
}

/** What is expected of a call whose route fails once, and of one whose route always fails. */
export interface Expectation {
  readonly once: Ending
  readonly always: Ending
  /** Why it is not what the others of its kind end in. */
  readonly because?: string
}

export function readExpected(text: string): Expectation {
  const [once, always = once] = text.split(' / ').map((part): Ending => {
    const [end, most] = part.split(' ')
    return { end: end as End, most: Number(most) }
  })
  if (!once || !always) throw new Error(`"${text}" is no expectation`)
  return { once, always }
}

export function expectationOf(operation: Operation, fault: FaultName): Expectation {
  const { name, effect } = operation
  const own = exceptions.find(({ tools, faults }) => tools.includes(name) && faults.includes(fault))
  if (own) return { ...readExpected(own.ends), because: own.because }
  const product: Product = name.startsWith('car_') ? 'car' : 'saq'
  const group = effect === 'read' ? 'reads' : 'effects'
  const kind = kindOf(operation)
  const entry = table[fault]
  return readExpected(
    entry[`${product} ${kind}`] ?? entry[kind] ?? entry[`${product} ${group}`] ?? entry[group],
  )
}
