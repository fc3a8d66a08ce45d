/**
 * The fault kinds, and the details that each takes. Stages: place: where a route is served; clock: the
 * server's time; wait: a delay before or after the request is handled; answer: replaces the route's reply;
 * bend: changes the route's reply; wrap: changes the bytes of the reply; wreck: changes how they are sent. At
 * most one fault of `answer` and one of `wreck` apply to a request, and any number of the others.
 */
export const faultKinds = {
  move: {
    stage: 'place',
    does: 'the route is served at `to` alone (`METHOD /path`, with the same holes), or nowhere; its path is unknown',
  },
  delay: { stage: 'wait', does: 'waits `ms` milliseconds, then goes on' },
  slowHeaders: {
    stage: 'wait',
    does: 'does the work, then waits `ms` milliseconds before the answer begins',
  },
  reset: { stage: 'wreck', does: 'resets the connection before anything is done' },
  resetAfterBody: { stage: 'wreck', does: 'does the work, then resets the connection without an answer' },
  truncate: { stage: 'wreck', does: 'announces the whole answer, sends half of it, closes the connection' },
  stall: { stage: 'wreck', does: 'announces the whole answer, sends half of it, then hangs' },
  drip: {
    stage: 'wreck',
    does: 'the whole answer in twenty pieces, with `ms` (5) milliseconds between them',
  },
  huge: { stage: 'wreck', does: 'the answer behind 65 MiB of blanks, streamed, without its length' },
  notHttp: { stage: 'wreck', does: 'bytes that are no HTTP instead of an answer; nothing is done' },
  html: { stage: 'answer', does: 'an HTML page with `status`, as a proxy sends' },
  maintenance: { stage: 'answer', does: '503 with a page that speaks of maintenance, and no hint' },
  status: {
    stage: 'answer',
    does: '`status` with `body`, `headers`, `contentType`; without body what the server says there',
  },
  errorInside: {
    stage: 'answer',
    does: '200 with an error inside: `code` ("500"; on /qps INVALID_REQUEST)',
  },
  empty: { stage: 'answer', does: '`status` (204) without a body' },
  expired: { stage: 'answer', does: '401 JWT expired; on /qps INVALID_CREDENTIALS' },
  unauthenticated: { stage: 'answer', does: '401 Not authenticated; on /qps INVALID_CREDENTIALS' },
  limit: {
    stage: 'answer',
    does: '`status` (429; on /qps 409) with `hint` toWait | retryAfter | window | none | late (from the second on), `toWaitSec` (1), `emptyBody`; `code` (on /qps 1965; 1960 for concurrency, without hint), `spelling` hyphen | joined of its headers',
  },
  reply: {
    stage: 'answer',
    does: 'a canned answer: `status` (200), `body` or `base64`, `contentType`, `headers`',
  },
  redirect: { stage: 'answer', does: '302 (or `status`) to `location`' },
  statusAfterBody: { stage: 'bend', does: 'does the work, then answers as `status` does' },
  emptyBody: { stage: 'bend', does: 'does the work, then answers `status` (200) without a body' },
  rename: { stage: 'bend', does: 'every key or element of every row but `id` gets another name' },
  renameField: {
    stage: 'bend',
    does: 'rows with other names for `fields`: an object, old name to new ({"title": "heading", "name": "label"})',
  },
  dropId: { stage: 'bend', does: 'rows come without their id' },
  dropField: {
    stage: 'bend',
    does: 'rows come without `fields` (["title", "name"]), with dots for what is within',
  },
  retype: { stage: 'bend', does: 'numbers in rows become strings, and numeric strings numbers; not in XML' },
  retypeField: {
    stage: 'bend',
    does: '`fields` of rows (["title", "name"]): numbers as text, text as a number or a list; in XML within a `value`',
  },
  nullFields: { stage: 'bend', does: 'every field of every row but `id` is null; in XML empty' },
  extraFields: { stage: 'bend', does: 'rows come with three fields that nobody knows' },
  clockSkew: {
    stage: 'clock',
    does: 'the clock behind this answer, its Date and the times in its token, is `seconds` (-18,000) off',
  },
  badJson: { stage: 'wrap', does: 'JSON or XML that ends too early, at its announced length' },
  latin1: {
    stage: 'wrap',
    does: 'letters as ISO-8859-1 bytes, whatever is announced; XML behind a comment that has one',
  },
  byteOrderMark: { stage: 'wrap', does: 'the answer behind a byte order mark' },
  wrongType: { stage: 'wrap', does: 'the answer under another `contentType` (text/plain)' },
  gzip: { stage: 'wrap', does: 'the answer as gzip, asked for or not' },
  brotli: { stage: 'wrap', does: 'the answer as brotli, asked for or not' },
  bomb: { stage: 'wrap', does: 'the answer behind 65 MiB of blanks, as some 65 KiB of gzip' },
  brokenGzip: { stage: 'wrap', does: 'the answer as gzip whose second half is corrupt' },
  unknownEncoding: { stage: 'wrap', does: 'the answer as it is, announced as `encoding` (zstd)' },
} as const

export type FaultKind = keyof typeof faultKinds
export type Stage = (typeof faultKinds)[FaultKind]['stage']

export interface Fault {
  /** `METHOD /path/{placeholder}` as in the route table, or `*`. */
  route: string
  kind: FaultKind
  /** The number of requests that it applies to; absent: all. */
  times?: number
  /** The number of requests to skip first. */
  skip?: number
  ms?: number
  status?: number
  body?: unknown
  /** For `reply`: the bytes of the body. */
  base64?: string
  contentType?: string
  headers?: Record<string, string>
  location?: string
  hint?: 'toWait' | 'retryAfter' | 'window' | 'none' | 'late'
  toWaitSec?: number
  /** For `limit` and `errorInside`. */
  code?: number | string
  emptyBody?: boolean
  /** `X-Concurrency-Limit-…` or `X-ConcurrencyLimit-…` (qualys-platform.md 3.1). */
  spelling?: 'hyphen' | 'joined'
  /** Field names, with dots for nested fields; for renaming, old name to new name. */
  fields?: string[] | Record<string, string>
  /** For `move`: `METHOD /path/{placeholder}`. */
  to?: string
  encoding?: string
  seconds?: number
}
