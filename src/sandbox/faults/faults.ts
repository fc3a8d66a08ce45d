/**
 * The fault kinds, and the details that each takes. Stages: place: where a route is served; clock: the
 * server's time; wait: a delay before or after the request is handled; answer: replaces the route's reply;
 * bend: changes the route's reply; wrap: changes the bytes of the reply; wreck: changes how they are sent. At
 * most one fault of `answer` and one of `wreck` apply to a request, and any number of the others.
 */
const stages = {
  place: {
    move: 'the route is served at `to` alone (`METHOD /path`, with the same holes), or nowhere; its path is unknown',
  },
  wait: {
    delay: 'waits `ms` milliseconds, then goes on',
    slowHeaders: 'does the work, then waits `ms` milliseconds before the answer begins',
  },
  wreck: {
    reset: 'resets the connection before anything is done',
    resetAfterBody: 'does the work, then resets the connection without an answer',
    truncate: 'announces the whole answer, sends half of it, closes the connection',
    stall: 'announces the whole answer, sends half of it, then hangs',
    drip: 'the whole answer in twenty pieces, with `ms` (5) milliseconds between them',
    huge: 'the answer behind 65 MiB of blanks, streamed, without its length',
    notHttp: 'bytes that are no HTTP instead of an answer; nothing is done',
  },
  answer: {
    html: 'an HTML page with `status`, as a proxy sends',
    maintenance: '503 with a page that speaks of maintenance, and no hint',
    status: '`status` with `body`, `headers`, `contentType`; without body what the server says there',
    errorInside: '200 with an error inside: `code` ("500"; on /qps INVALID_REQUEST)',
    empty: '`status` (204) without a body',
    expired: '401 JWT expired; on /qps INVALID_CREDENTIALS',
    unauthenticated: '401 Not authenticated; on /qps INVALID_CREDENTIALS',
    limit:
      '`status` (429; on /qps 409) with `hint` toWait | retryAfter | window (in headers), text | item (in the body alone), none | late (from the second on), `toWaitSec` (1), `emptyBody`; `code` (on /qps 1965; 1960 for concurrency, without hint), `spelling` hyphen | joined of its headers',
    reply: 'a canned answer: `status` (200), `body` or `base64`, `contentType`, `headers`',
    redirect: '302 (or `status`) to `location`',
  },
  bend: {
    statusAfterBody: 'does the work, then answers as `status` does',
    emptyBody: 'does the work, then answers `status` (200) without a body',
    rename: 'every key or element of every row but `id` gets another name',
    renameField:
      'rows with other names for `fields`: an object, old name to new ({"title": "heading", "name": "label"})',
    dropId: 'rows come without their id',
    dropField: 'rows come without `fields` (["title", "name"]), with dots for what is within',
    retype: 'numbers in rows become strings, and numeric strings numbers; not in XML',
    retypeField:
      '`fields` of rows (["title", "name"]): numbers as text, text as a number or a list; in XML within a `value`',
    nullFields: 'every field of every row but `id` is null; in XML empty',
    extraFields: 'rows come with three fields that nobody knows',
  },
  clock: {
    clockSkew:
      'the clock behind this answer, its Date and the times in its token, is `seconds` (-18,000) off',
  },
  wrap: {
    badJson: 'JSON or XML that ends too early, at its announced length',
    latin1: 'letters as ISO-8859-1 bytes, whatever is announced; XML behind a comment that has one',
    byteOrderMark: 'the answer behind a byte order mark',
    wrongType: 'the answer under another `contentType` (text/plain)',
    gzip: 'the answer as gzip, asked for or not',
    brotli: 'the answer as brotli, asked for or not',
    bomb: 'the answer behind 65 MiB of blanks, as some 65 KiB of gzip',
    brokenGzip: 'the answer as gzip whose second half is corrupt',
    unknownEncoding: 'the answer as it is, announced as `encoding` (zstd)',
  },
} as const

export type Stage = keyof typeof stages
type Kinds = { [Name in Stage]: keyof (typeof stages)[Name] }
export type FaultKind = Kinds[Stage]

export const faultKinds = Object.fromEntries(
  Object.entries(stages).flatMap(([stage, kinds]) =>
    Object.entries(kinds).map(([kind, does]) => [kind, { stage, does }]),
  ),
) as Readonly<Record<FaultKind, { stage: Stage; does: string }>>

type Check<Value> = readonly [expected: string, accepts: (value: unknown) => value is Value]

export const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isAnything = (_: unknown): _ is unknown => true
export const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
export const isTextRecord = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText)

const anyText: Check<string> = ['a text', isText]
const atLeast = (min: number): Check<number> => [
  `a number, at least ${min}`,
  (value): value is number => isNumber(value) && value >= min,
]
const oneOf = <Word extends string>(...words: readonly Word[]): Check<Word> => [
  `one of ${words.join(', ')}`,
  (value): value is Word => words.some((word) => word === value),
]

/** The details of faults, and the values that they take. */
export const faultDetails = {
  /** The number of requests that it applies to; absent: all. */
  times: atLeast(1),
  /** The number of requests to skip first. */
  skip: atLeast(0),
  ms: atLeast(0),
  status: atLeast(200),
  body: ['anything', isAnything],
  /** For `reply`: the bytes of the body. */
  base64: anyText,
  contentType: anyText,
  headers: ['an object of texts', isTextRecord],
  location: anyText,
  hint: oneOf('toWait', 'retryAfter', 'window', 'text', 'item', 'none', 'late'),
  toWaitSec: atLeast(0),
  /** For `limit` and `errorInside`. */
  code: ['a number or a text', (value): value is number | string => isText(value) || isNumber(value)],
  emptyBody: ['true or false', (value): value is boolean => typeof value === 'boolean'],
  /** `X-Concurrency-Limit-…` or `X-ConcurrencyLimit-…` (qualys-platform.md 3.1). */
  spelling: oneOf('hyphen', 'joined'),
  /** Field names, with dots for nested fields; for renaming, old name to new name. */
  fields: [
    'a list of names, or an object of them',
    (value): value is string[] | Record<string, string> => isTextList(value) || isTextRecord(value),
  ],
  /** For `move`: `METHOD /path/{placeholder}`. */
  to: ['`METHOD /path`', (value): value is string => isText(value) && /^[A-Z]+ \/\S*$/.test(value)],
  encoding: anyText,
  seconds: ['a number', isNumber],
} satisfies Record<string, Check<unknown>>

type ValueOf<Entry> = Entry extends Check<infer Value> ? Value : never
export type FaultDetails = { [Name in keyof typeof faultDetails]?: ValueOf<(typeof faultDetails)[Name]> }

export interface Fault extends FaultDetails {
  /** `METHOD /path/{placeholder}` as in the route table, or `*`. */
  route: string
  kind: FaultKind
}
