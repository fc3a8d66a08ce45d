import { envelope, html, input, noPath, page, spring, tryAgain } from './car-parts.ts'
import { type Outcome, type Shape, unclear } from './shape.ts'

// Refusals that are recognised by their status (qualys-platform.md 4.2), and versions changed by proxies.

const outside: Outcome = [
  'vendor',
  /^Qualys failed \(50[24]\): what stands in front of it/,
  /^Try again in some minutes;.*proxy/,
]

export const statuses: readonly Shape[] = [
  {
    name: 'not acceptable',
    status: 406,
    all: ['drift', /does not answer in the format that is asked for \(406\)/, /qualys_status/],
    effect: unclear(/\(406\)/),
  },
  {
    name: 'a proxy that wants a login',
    status: 407,
    body: page('407'),
    ...html,
    all: ['setup', /^A proxy in between asks for user name and password \(407\)/, /HTTPS_PROXY/],
  },
  {
    name: 'a request that never came whole',
    status: 408,
    all: ['vendor', /not whole \(408\)/, /^Try again;/],
    effect: unclear(/\(408\)/),
  },
  {
    name: 'a conflict',
    status: 409,
    body: envelope('9', 'Title exists'),
    all: ['input', /conflict \(409: "Title exists"\)/, /^Change what/],
    effect: ['input', /conflict \(409: "Title exists"\)/, /^Look at the object first\.$/],
    code: '9',
  },
  {
    name: '409 without a word',
    status: 409,
    all: ['busy', /for the moment \(409\), as it does at a limit/, /Call again in \d+ s/],
    effect: ['input', /conflict \(409\)/],
  },
  {
    name: 'a limit by its code',
    status: 409,
    body: { code: 1960, message: 'x' },
    all: ['busy', /limits the calls of this account \(409\)/, /Call again in \d+ s/],
  },
  {
    name: 'too large',
    status: 413,
    body: page('413'),
    ...html,
    all: ['input', /too large \(413\)/, /fewer ids, or shorter content/],
  },
  {
    name: 'too long',
    status: 414,
    body: page('414'),
    ...html,
    all: ['input', /too long \(414\)/, /Shorten the filter/],
  },
  {
    name: 'another format',
    status: 415,
    body: spring(415, 'Unsupported Media Type', 'no'),
    all: ['drift', /does not take the request in the format that is sent \(415: "no"\)/, /qualys_status/],
  },
  {
    name: 'too many rows',
    status: 416,
    body: { message: 'pageSize' },
    all: ['input', /does not send as much at once \(416: "pageSize"\)/, /smaller pageSize/],
    list: ['vendor', /\(416: "pageSize"\)/, /smaller pageSize/],
  },
  {
    name: 'a status that nobody knows',
    status: 418,
    all: ['vendor', /unexpected status \(418\)/, /^Report it/],
    effect: unclear(/418/),
  },
  {
    name: 'a wrong host',
    status: 421,
    all: ['setup', /does not answer for Qualys \(421\)/, /platform, or the two URLs/],
  },
  { name: 'unprocessable', status: 422, body: { message: 'pageSize' }, all: input(/\(422: "pageSize"\)/) },
  {
    name: 'locked',
    status: 423,
    body: { message: 'busy' },
    all: ['input', /is locked \(423: "busy"\)/, /somebody may be at work/],
  },
  {
    name: 'a limit without a word',
    status: 429,
    all: ['busy', /limits the calls of this account \(429\)/, /Call again in \d+ s/],
  },
  {
    name: 'a limit with a page',
    status: 429,
    body: page('429'),
    ...html,
    all: ['busy', /\(429\)/, /Call again in \d+ s/],
  },
  {
    name: 'headers too large',
    status: 431,
    all: ['setup', /headers of the request are too large \(431\)/, /length of the token/],
  },
  {
    name: 'blocked by law',
    status: 451,
    body: page('451'),
    ...html,
    all: ['setup', /blocked for legal reasons \(451\)/, /which proxy or firewall/],
  },
  {
    name: 'an exception',
    status: 500,
    body: spring(500, 'Internal Server Error', 'NullPointer'),
    all: ['vendor', /failed \(500: "NullPointer"\)/, tryAgain],
    effect: unclear(/500: "NullPointer"/),
  },
  {
    name: '500 without a word',
    status: 500,
    all: ['vendor', /failed \(500\)/, tryAgain],
    effect: unclear(/500/),
  },
  { name: 'not implemented', status: 501, ...noPath(501), effect: unclear(/501/) },
  {
    name: 'a bad gateway',
    status: 502,
    body: page('502 Bad Gateway'),
    ...html,
    all: outside,
    effect: unclear(/502/),
  },
  {
    name: 'maintenance',
    status: 503,
    body: page('503 Service Temporarily Unavailable'),
    ...html,
    all: ['vendor', /not available for the moment \(503\), which may be maintenance/, /status page/],
    effect: unclear(/503/),
  },
  {
    name: 'maintenance by its words',
    status: 500,
    body: { message: 'Down for maintenance until 6' },
    all: ['vendor', /not available.*\(500: "Down for maintenance until 6"\)/, /status page/],
    effect: unclear(/maintenance/),
  },
  { name: 'a gateway that waited', status: 504, all: outside, effect: unclear(/504/) },
  {
    name: 'a network that wants a login',
    status: 511,
    body: page('511'),
    ...html,
    all: ['setup', /log in before it lets anything through \(511\)/, /HTTPS_PROXY/],
    effect: unclear(/511/),
  },
]
