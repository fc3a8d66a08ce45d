import type { Fault } from '../../../src/sandbox/faults/faults.ts'

// Faults that the one request of a CAR effect may meet.

/** A fault, for a request on any route. */
export type Faults = readonly Omit<Fault, 'route'>[]
const answer: Omit<Fault, 'route'> = { kind: 'reply', body: { errorCode: '0', message: 'Done', body: {} } }
const page = '<html><body>Sign in</body></html>'
const refusal = (status: number): Faults => [
  { kind: 'reply', status, body: { errorCode: String(status), message: 'No, because', body: null } },
]

interface FaultCase {
  readonly name: string
  readonly faults: Faults
}

/** Faults that leave the outcome unclear. The answer is canned, so that no fault changes what the next one finds. */
export const unclearFaults: readonly (FaultCase & { readonly status?: number })[] = [
  {
    name: 'a refusal inside a success, by a code that is a status',
    faults: [{ kind: 'reply', body: { errorCode: '403', message: 'No' } }],
  },
  { name: 'a reset before it is looked at', faults: [{ kind: 'reset' }] },
  { name: 'a reset instead of the answer', faults: [answer, { kind: 'resetAfterBody' }] },
  { name: 'half an answer', faults: [answer, { kind: 'truncate' }] },
  ...[500, 502, 503, 504, 599].map((status) => ({
    name: `${status}`,
    faults: [{ kind: 'status', status }] as const,
    status,
  })),
  { name: 'a page with 502', faults: [{ kind: 'html', status: 502 }], status: 502 },
  {
    name: '503 with a hint when to come again',
    faults: [{ kind: 'status', status: 503, headers: { 'Retry-After': '1' } }],
    status: 503,
  },
  { name: 'a page with 200', faults: [{ kind: 'reply', body: page, contentType: 'text/html' }] },
  // The message may say that part of the work was done.
  {
    name: 'an error inside a success, by a code that nobody knows',
    faults: [{ kind: 'reply', body: { errorCode: '7', message: 'No' } }],
    status: 200,
  },
  { name: 'JSON that ends too early', faults: [{ kind: 'reply', body: '{"errorCode":"0","body":{"id' }] },
]

/** Refusals: nothing happened. The error says who can solve the problem. */
export const refusalFaults: readonly (FaultCase & { readonly kind: string; readonly seconds?: number })[] = [
  { name: '400', faults: refusal(400), kind: 'input' },
  { name: '403', faults: refusal(403), kind: 'setup' },
  { name: '409', faults: refusal(409), kind: 'input' },
  { name: '422', faults: refusal(422), kind: 'input' },
  { name: '404 of CAR', faults: refusal(404), kind: 'input' },
  { name: '404 of a gateway', faults: [{ kind: 'status', status: 404 }], kind: 'setup' },
  { name: '410', faults: [{ kind: 'status', status: 410 }], kind: 'setup' },
  {
    name: 'a redirect',
    faults: [{ kind: 'redirect', status: 307, location: 'https://login.example.com/' }],
    kind: 'setup',
  },
  { name: 'a limit', faults: [{ kind: 'limit', toWaitSec: 0.02 }], kind: 'busy', seconds: 1 },
  {
    name: 'a longer limit',
    faults: [{ kind: 'limit', hint: 'retryAfter', toWaitSec: 7 }],
    kind: 'busy',
    seconds: 7,
  },
  {
    name: 'a limit without a hint',
    faults: [{ kind: 'limit', hint: 'none', emptyBody: true }],
    kind: 'busy',
    seconds: 60,
  },
  {
    name: 'a limit with 409',
    faults: [{ kind: 'limit', status: 409, toWaitSec: 9 }],
    kind: 'busy',
    seconds: 9,
  },
  {
    name: 'a limit by its code alone',
    faults: [{ kind: 'reply', status: 409, body: '<R><CODE>1965</CODE></R>', contentType: 'text/xml' }],
    kind: 'busy',
    seconds: 60,
  },
]

/** Empty answers: the status alone means success. */
export const emptyAnswerFaults: readonly FaultCase[] = [
  { name: '204', faults: [{ kind: 'empty' }] },
  { name: '200 without a body', faults: [{ kind: 'reply' }] },
  { name: '201 with blanks', faults: [{ kind: 'reply', status: 201, body: ' \r\n' }] },
]
