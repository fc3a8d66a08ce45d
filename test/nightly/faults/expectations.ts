import type { Effect, Operation } from '../../../src/operations/operation.ts'
import type { ErrorKind } from '../../../src/shared/errors.ts'
import type { FaultName } from './rows.ts'

/**
 * The expected end of a call. same: the rows as without the fault. ids: as many rows, with the same ids. rows: as
 * many rows. none: no rows, and no error. done: the reply as without the fault, and the change made once. told: the
 * same reply, but nothing was done, since the fault fakes a success. Any other word is the kind of an error: after
 * `unclear` the change may have been made once; after the others nothing has changed.
 */
export type End = 'same' | 'ids' | 'rows' | 'none' | 'done' | 'told' | ErrorKind

/**
 * An end, and the maximum number of requests at the route of the operation; after the slash: where the fault occurs
 * every time.
 */
export type Expected = `${End} ${number}` | `${End} ${number} / ${End} ${number}`

/** The kind of result that an operation has. */
export type Kind = 'list' | 'record' | 'file' | Exclude<Effect, 'read'>

export const kindOf = ({ effect, returns }: Operation): Kind =>
  effect !== 'read' ? effect : returns === 'rows' ? 'list' : returns

type Product = 'car' | 'saq'
type Group = 'reads' | 'effects' | Kind

/** The most specific entry applies: a product's kind, a kind, a product's group, a group. */
interface Entry extends Readonly<Partial<Record<Group | `${Product} ${Group}`, Expected>>> {
  readonly reads: Expected
  readonly effects: Expected
}

/** Repeated after a failure that may pass; effects are sent once, and their outcome is unknown (design 6). */
const retriable: Entry = { reads: 'same 2 / vendor 4', effects: 'unclear 1' }
/** Everything here is a valid answer of Qualys. */
const harmless: Entry = { reads: 'same 1', effects: 'done 1' }
/**
 * Reads wait as the hint says, within their retry budget; effects get an error that says when to call again (design
 * 6).
 */
const limited: Entry = { reads: 'same 2 / busy 4', effects: 'busy 1' }
const refusedBy = (kind: ErrorKind): Entry => ({ reads: `${kind} 1`, effects: `${kind} 1` })
/** A token is replaced, once; a password has no replacement (design 6). */
const refusedLogin: Entry = {
  reads: 'setup 1',
  effects: 'setup 1',
  'car reads': 'same 2 / setup 2',
  'car effects': 'done 2 / setup 2',
}
/** Rows, and a note about what changed: only the id is required (issue 6). */
const drifting: Entry = { reads: 'ids 1', effects: 'done 1' }
/** A retry would be as large. */
const tooLarge: Entry = { reads: 'vendor 1', effects: 'unclear 1' }
/** Not an answer of Qualys: an intermediary sent it, or the API has changed. */
const unreadable: Entry = { reads: 'drift 1', effects: 'unclear 1' }

/** A success whose body holds an error with an unknown code. */
const errorCodeInSuccess: Entry = { reads: 'vendor 1', effects: 'unclear 1' }

/** How each fault has to end, by the design and by what is known of the platform; not by what the code does. */
const expectedEnds: Readonly<Record<FaultName, Entry>> = {
  delay: harmless,
  tooLate: retriable,
  slowHeaders: harmless,
  lateHeaders: retriable,
  reset: retriable,
  resetAfterBody: retriable,
  notHttp: retriable,
  truncate: retriable,
  stall: retriable,
  drip: harmless,
  slowDrip: harmless,
  huge: tooLarge,
  bomb: tooLarge,
  gzip: harmless,
  brotli: harmless,
  brokenGzip: retriable,
  plainAsGzip: retriable,
  unknownEncoding: retriable,
  // The content of a body counts, not its content type; of a file only its content type is known.
  wrongType: { ...harmless, file: 'ids 1' },
  htmlType: { ...harmless, file: 'drift 1' },
  // The end of the root element tells that XML is whole; it is asked for again otherwise.
  badJson: { ...unreadable, 'saq reads': 'same 2 / vendor 4' },
  // A letter may be lost, a row may not.
  latin1: { reads: 'ids 1', effects: 'done 1' },
  byteOrderMark: { ...harmless, file: 'ids 1' },
  // 2xx means that it was done; where answers have an envelope, one without it means nothing.
  emptyBody: { reads: 'drift 1', effects: 'done 1', 'saq effects': 'unclear 1' },
  // "no records" on the gateway (qualys-platform.md 4.2); not documented for QPS.
  empty: { reads: 'drift 1', effects: 'told 1', 'car list': 'none 1', 'saq effects': 'unclear 1' },
  loginPage: unreadable,
  firewallPage: refusedBy('setup'),
  proxyLogin: refusedBy('setup'),
  proxyPage: retriable,
  maintenance: retriable,
  unavailable: { reads: 'same 2 / busy 4', effects: 'unclear 1' },
  // 500 is not retried (qualys-platform.md 3.5), but may come after the work.
  broken: { reads: 'vendor 1', effects: 'unclear 1' },
  badGateway: retriable,
  gatewayTimeout: retriable,
  afterWork: retriable,
  expired: refusedLogin,
  unauthenticated: refusedLogin,
  badRequest: refusedBy('input'),
  forbidden: refusedBy('setup'),
  noPath: refusedBy('setup'),
  // For a list the path is missing; for anything else the object may be missing.
  noObject: { ...refusedBy('setup'), 'car record': 'input 1', file: 'input 1', 'car effects': 'input 1' },
  wrongMethod: refusedBy('setup'),
  // Reads cannot be in conflict: from the API server this is a limit without its code (qualys-platform.md 0.5).
  conflict: { ...refusedBy('input'), 'saq reads': 'busy 1' },
  retired: refusedBy('setup'),
  moved: refusedBy('setup'),
  // The codes of QPS are known; those of CAR are not, nor whether anything was done before the code was sent.
  errorInside: { ...errorCodeInSuccess, 'saq reads': 'input 1', 'saq effects': 'input 1' },
  unauthorizedInside: { ...errorCodeInSuccess, 'saq reads': 'setup 1', 'saq effects': 'setup 1' },
  notFoundInside: { ...errorCodeInSuccess, 'saq reads': 'input 1', 'saq effects': 'input 1' },
  // The word for a limit is the same on both hosts; for a file the refusal is only quoted.
  limitInside: { ...errorCodeInSuccess, reads: 'busy 1', file: 'vendor 1', 'saq effects': 'busy 1' },
  // CAR answers in JSON, if not in this form; SAQ answers in XML.
  errorList: { ...errorCodeInSuccess, 'saq reads': 'drift 1' },
  limit: limited,
  limit409: limited,
  retryAfter: limited,
  windowOnly: limited,
  noHint: limited,
  // Repeated within the retry budget, which is that for a limit without a hint here.
  lateHint: { reads: 'same 2 / busy 6', effects: 'busy 1' },
  emptyLimit: limited,
  concurrency: limited,
  registration: { ...limited, 'saq reads': 'setup 1', 'saq effects': 'setup 1' },
  longLimit: refusedBy('busy'),
  // Redirected, perhaps after the work; 307 asks to repeat it elsewhere.
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

/** An operation that ends differently from the others of its kind. */
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
    tools: ['saq_get_version'],
    faults: ['badJson'],
    ends: 'drift 1',
    because: 'its answer is JSON',
  },
  {
    tools: ['car_download_report'],
    faults: ['badJson'],
    ends: 'same 1',
    because: 'a report is CSV, which that fault leaves alone',
  },
  {
    tools: ['saq_publish_template'],
    faults: ['nullFields'],
    ends: 'unclear 1',
    because: 'the state in the answer is how one learns that it is published',
  },
  {
    tools: ['car_update_schedule'],
    faults: ['empty'],
    ends: 'unclear 1',
    because: 'what is stored is read back, and here is not what was sent',
  },
]

/** An end, and the maximum number of requests until then. */
export interface ExpectedEnd {
  readonly end: End
  readonly most: number
}

/** What is expected of a call whose route fails once, and of one whose route always fails. */
export interface Expectation {
  readonly once: ExpectedEnd
  readonly always: ExpectedEnd
  /** Why it ends differently from the others of its kind. */
  readonly because?: string
}

export function readExpected(text: string): Expectation {
  const [once, always = once] = text.split(' / ').map((part): ExpectedEnd => {
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
  const entry = expectedEnds[fault]
  return readExpected(
    entry[`${product} ${kind}`] ?? entry[kind] ?? entry[`${product} ${group}`] ?? entry[group],
  )
}
