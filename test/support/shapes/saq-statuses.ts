import { response, success } from '../session/qps-answers.ts'
import { busy, input, login, noPath, page } from './saq-parts.ts'
import { type Shape, unclear } from './shape.ts'

// Answers of the API server, and of intermediaries in front of it, by their status; and successes that are none.

export const statuses: readonly Shape[] = [
  { name: 'no body', status: 400, all: input(/\(400\)/) },
  {
    name: 'a page of a web server',
    status: 400,
    body: page('400 Bad Request'),
    all: ['setup', /^Not the Qualys API.*\(400, with a web page\)/, /proxy/],
  },
  { name: 'no body', status: 401, all: login(/SAQ refuses .*\(401\)/) },
  { name: 'a page', status: 401, body: page('401 Authorization Required'), all: login(/\(401\)/) },
  {
    name: 'no body',
    status: 403,
    all: ['setup', /may not do that \(403\)/, /SAQ role.*allow-list may be the cause/],
  },
  {
    name: 'a page',
    status: 403,
    body: page('403 Forbidden'),
    all: ['setup', /^Not the Qualys API.*\(403/, /allow-list/],
  },
  { name: 'a page', status: 404, body: page('404 Not Found'), all: noPath(404) },
  { name: 'a page', status: 405, body: page('405'), all: noPath(405) },
  {
    name: 'no body',
    status: 406,
    all: ['drift', /format that is asked for \(406\)/],
    effect: unclear(/406/),
  },
  { name: 'a proxy', status: 407, body: page('407'), all: ['setup', /^A proxy in between/, /HTTPS_PROXY/] },
  { name: 'no body', status: 408, all: ['vendor', /not whole \(408\)/], effect: unclear(/408/) },
  {
    name: 'no body',
    status: 409,
    all: busy(/for the moment \(409\)/),
    effect: ['input', /conflict \(409\)/, /^Look at the object first/],
  },
  { name: 'no body', status: 410, all: noPath(410) },
  { name: 'no body', status: 413, all: ['input', /too large \(413\)/] },
  { name: 'a page', status: 414, body: page('414'), all: ['input', /too long \(414\)/] },
  { name: 'a page', status: 415, body: page('415'), all: ['drift', /format that is sent \(415\)/] },
  { name: 'no body', status: 429, all: busy(/limits the calls of this account \(429\)/) },
  {
    name: 'an exception',
    status: 500,
    body: page('500'),
    all: ['vendor', /failed \(500\)/, /Qualys support/],
    effect: unclear(/500/),
  },
  {
    name: 'a bad gateway',
    status: 502,
    body: page('502'),
    all: ['vendor', /stands in front of it/, /proxy/],
    effect: unclear(/502/),
  },
  {
    name: 'maintenance',
    status: 503,
    body: page('503'),
    all: ['vendor', /not available.*503.*maintenance/, /status page/],
    effect: unclear(/503/),
  },
  {
    name: 'a gateway that waited',
    status: 504,
    all: ['vendor', /stands in front of it/],
    effect: unclear(/504/),
  },
]

const drift = (says: RegExp): Pick<Shape, 'all' | 'effect'> => ({
  all: ['drift', says, /doctor/],
  effect: unclear(says),
})
const cannot = drift(/The answer cannot be read/)
const empty = drift(/The answer is empty/)

export const successes: readonly Shape[] = [
  { name: '204', status: 204, ...empty },
  { name: 'no body', ...empty },
  { name: 'blanks', body: ' \r\n', ...empty },
  { name: 'a page', body: page('Sign in'), contentType: 'text/html', ...drift(/web page/) },
  {
    name: 'a page that says it is XML',
    body: `<?xml version="1.0"?>\n${page('Sign in')}`,
    contentType: 'text/xml',
    ...drift(/web page/),
  },
  { name: 'a page that is JSON by its type', body: page('Sign in'), ...drift(/web page/) },
  {
    name: 'half of the XML',
    body: success('<data><User><id>1</id></User></data>').slice(0, -40),
    all: ['vendor', /the end of its XML is missing/],
    effect: unclear(/the end of its XML is missing/),
  },
  { name: 'XML of something else', body: '<rss><channel/></rss>', ...cannot },
  { name: 'an envelope without a code', body: response('<count>1</count>'), ...cannot },
  { name: 'an empty code', body: response('<responseCode> </responseCode>'), ...cannot },
  { name: 'null', body: 'null', ...cannot },
  { name: 'JSON of something else', body: { body: { list: [] } }, ...cannot },
  { name: 'plain words', body: 'OK', contentType: 'text/plain', ...cannot },
  {
    name: 'a code that is spelled otherwise',
    body: response(
      '<responseCode> Success\n</responseCode><count>1</count><data><User><id>339590</id></User></data>',
    ),
    all: ['done'],
  },
  {
    name: 'a byte order mark',
    body: `\ufeff${success('<count>1</count><data><User><id>339590</id></User></data>')}`,
    contentType: 'text/html',
    all: ['done'],
  },
  {
    name: 'a byte order mark before JSON',
    body: `\ufeff${JSON.stringify({ ServiceResponse: { responseCode: 'SUCCESS', count: 1, data: [{ User: { id: 339590 } }] } })}`,
    all: ['done'],
  },
]
