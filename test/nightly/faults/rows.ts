import type { Fault } from '../../../src/sandbox/faults/faults.ts'

/** One row of the matrix: a fault as it is switched on, and the settings of the server under it. */
export interface FaultRow {
  /** What happens, in a few words, for the README. */
  readonly does: string
  readonly fault: Omit<Fault, 'route'>
  /** QUALYS_MAX_WAIT_SECONDS; 3 by default. */
  readonly waitSeconds?: number
  /** True where short time-outs are needed for the call to end. */
  readonly hasShortTimeouts?: true
}

/** Twice the wait that Qualys needs where it gives no hint, plus the jitter of the pause. */
const withoutHint = 5
/** Two tries that time out, with the pauses between them. */
const twoTimeouts = 8
const elsewhere = 'https://elsewhere.example/'
const failed = { errorCode: '404', message: 'Not found', body: null }

/** The rows of the matrix. Every kind of fault of the sandbox is in at least one of them. */
export const faultRows = {
  delay: { does: 'a slow answer', fault: { kind: 'delay', ms: 50 } },
  tooLate: {
    does: 'no answer in time, before any work',
    fault: { kind: 'delay', ms: 9_000 },
    waitSeconds: twoTimeouts,
    hasShortTimeouts: true,
  },
  slowHeaders: { does: 'work done, answer slow', fault: { kind: 'slowHeaders', ms: 50 } },
  lateHeaders: {
    does: 'work done, no answer in time',
    fault: { kind: 'slowHeaders', ms: 9_000 },
    waitSeconds: twoTimeouts,
    hasShortTimeouts: true,
  },
  reset: { does: 'connection reset before any work', fault: { kind: 'reset' } },
  resetAfterBody: { does: 'work done, connection reset', fault: { kind: 'resetAfterBody' } },
  notHttp: { does: 'an answer that is no HTTP', fault: { kind: 'notHttp' } },
  truncate: { does: 'half an answer, connection closed', fault: { kind: 'truncate' } },
  stall: {
    does: 'half an answer, then silence',
    fault: { kind: 'stall' },
    waitSeconds: twoTimeouts,
    hasShortTimeouts: true,
  },
  drip: { does: 'an answer in small pieces', fault: { kind: 'drip' } },
  slowDrip: {
    does: 'an answer in pieces, longer than any pause allowed',
    fault: { kind: 'drip', ms: 150 },
    hasShortTimeouts: true,
  },
  huge: { does: 'a body over 64 MiB, streamed', fault: { kind: 'huge' } },
  bomb: { does: '64 KiB of gzip that hold over 64 MiB', fault: { kind: 'bomb' } },
  gzip: { does: 'a body as gzip', fault: { kind: 'gzip' } },
  brotli: { does: 'a body as brotli', fault: { kind: 'brotli' } },
  brokenGzip: { does: 'corrupt gzip', fault: { kind: 'brokenGzip' } },
  plainAsGzip: {
    does: 'a plain body announced as gzip',
    fault: { kind: 'unknownEncoding', encoding: 'gzip' },
  },
  unknownEncoding: { does: 'an encoding that nobody asked for', fault: { kind: 'unknownEncoding' } },
  wrongType: { does: 'the right body as text/plain', fault: { kind: 'wrongType' } },
  htmlType: { does: 'the right body as text/html', fault: { kind: 'wrongType', contentType: 'text/html' } },
  badJson: { does: 'JSON or XML that ends too early', fault: { kind: 'badJson' } },
  latin1: { does: 'ISO-8859-1 letters, a comment before the XML', fault: { kind: 'latin1' } },
  byteOrderMark: { does: 'a byte order mark before the body', fault: { kind: 'byteOrderMark' } },
  emptyBody: { does: 'work done, 200 without a body', fault: { kind: 'emptyBody' } },
  empty: { does: '204', fault: { kind: 'empty' } },
  loginPage: { does: 'a web page with 200', fault: { kind: 'html', status: 200 } },
  firewallPage: { does: 'a web page with 403', fault: { kind: 'html', status: 403 } },
  proxyLogin: { does: 'a web page with 407', fault: { kind: 'html', status: 407 } },
  proxyPage: { does: 'a web page with 502', fault: { kind: 'html', status: 502 } },
  maintenance: { does: '503 with a page about maintenance', fault: { kind: 'maintenance' } },
  unavailable: {
    does: '503 with Retry-After',
    fault: { kind: 'status', status: 503, headers: { 'Retry-After': '1' } },
  },
  broken: { does: '500', fault: { kind: 'status', status: 500 } },
  badGateway: { does: '502', fault: { kind: 'status', status: 502 } },
  gatewayTimeout: { does: '504', fault: { kind: 'status', status: 504 } },
  afterWork: { does: 'work done, then 502', fault: { kind: 'statusAfterBody', status: 502 } },
  expired: { does: '401 JWT expired', fault: { kind: 'expired' } },
  unauthenticated: { does: '401 Not authenticated', fault: { kind: 'unauthenticated' } },
  badRequest: { does: '400', fault: { kind: 'status', status: 400 } },
  forbidden: { does: '403', fault: { kind: 'status', status: 403 } },
  noPath: { does: '404 of the gateway or web server', fault: { kind: 'status', status: 404 } },
  noObject: { does: "404 in CAR's envelope", fault: { kind: 'status', status: 404, body: failed } },
  wrongMethod: { does: '405', fault: { kind: 'status', status: 405 } },
  conflict: { does: '409 that is no limit', fault: { kind: 'status', status: 409 } },
  retired: { does: '410', fault: { kind: 'status', status: 410 } },
  moved: { does: 'the route is elsewhere', fault: { kind: 'move' } },
  errorInside: { does: '200 with an error inside', fault: { kind: 'errorInside' } },
  unauthorizedInside: {
    does: '200 with UNAUTHORIZED inside',
    fault: { kind: 'errorInside', code: 'UNAUTHORIZED' },
  },
  notFoundInside: {
    does: '200 with OBJECT_NOT_FOUND inside',
    fault: { kind: 'errorInside', code: 'OBJECT_NOT_FOUND' },
  },
  limitInside: {
    does: '200 with LIMIT_EXCEEDED inside',
    fault: { kind: 'errorInside', code: 'LIMIT_EXCEEDED' },
  },
  errorList: {
    does: '200 with a list of one error',
    fault: { kind: 'reply', body: [{ error: 'The service is not available' }] },
  },
  limit: { does: 'a limit, with seconds to wait', fault: { kind: 'limit' } },
  limit409: { does: 'the same with 409', fault: { kind: 'limit', status: 409 } },
  retryAfter: { does: 'a limit, with Retry-After', fault: { kind: 'limit', hint: 'retryAfter' } },
  windowOnly: {
    does: 'a limit that tells its window alone',
    fault: { kind: 'limit', hint: 'window' },
    waitSeconds: withoutHint,
  },
  noHint: {
    does: 'a limit without a hint',
    fault: { kind: 'limit', hint: 'none' },
    waitSeconds: withoutHint,
  },
  lateHint: {
    does: 'a limit whose hint comes the second time',
    fault: { kind: 'limit', hint: 'late' },
    waitSeconds: withoutHint,
  },
  emptyLimit: {
    does: 'a limit with seconds to wait and no body',
    fault: { kind: 'limit', emptyBody: true },
  },
  concurrency: {
    does: 'too many calls at once (1960)',
    fault: { kind: 'limit', code: 1960, spelling: 'joined' },
    waitSeconds: withoutHint,
  },
  registration: {
    does: '409 with code 2003, no limit',
    fault: { kind: 'limit', code: 2003, hint: 'none' },
    waitSeconds: withoutHint,
  },
  longLimit: { does: 'a limit for an hour', fault: { kind: 'limit', toWaitSec: 3_600 } },
  redirect: { does: '302 to another host', fault: { kind: 'redirect', location: elsewhere } },
  redirect307: {
    does: '307 to another host',
    fault: { kind: 'redirect', status: 307, location: elsewhere },
  },
  rename: { does: 'every field but id renamed', fault: { kind: 'rename' } },
  renameField: { does: 'title and name renamed', fault: { kind: 'renameField' } },
  dropField: { does: 'title and name missing', fault: { kind: 'dropField' } },
  dropId: { does: 'ids missing', fault: { kind: 'dropId' } },
  retype: { does: 'numbers as text, digits as numbers', fault: { kind: 'retype' } },
  retypeField: { does: 'title and name of another type', fault: { kind: 'retypeField' } },
  nullFields: { does: 'every field but id null', fault: { kind: 'nullFields' } },
  extraFields: { does: 'fields that nobody knows', fault: { kind: 'extraFields' } },
  clockSkew: { does: 'a clock five hours off', fault: { kind: 'clockSkew' } },
  echo: { does: '400 that quotes every secret', fault: { kind: 'status', status: 400 } },
} as const satisfies Readonly<Record<string, FaultRow>>

export type FaultName = keyof typeof faultRows
