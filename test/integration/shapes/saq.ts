import { refusal, response, simple, simpleWithDtd, success } from '../../support/session/qps.ts'
import { type Outcome, type Shape, unclear } from './places.ts'

// Answers of the API server: the codes of qualys-platform.md 4.3 and saq-api.md 1.5, those of the oldest API, the error
// messages of error_messages.htm, and what stands in front of it.

const page = (title: string): string =>
  `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${title}</title>\n</head><body>\n<h1>${title}</h1>\n</body></html>`

const input = (says: RegExp): Outcome => [
  'input',
  says,
  /^Check the (filter|arguments)|^Change what the reason names/,
]
const permission = (says: RegExp): Outcome => [
  'setup',
  says,
  /whether SAQ is licensed, API access is on.*SAQ role/,
]
const login = (says: RegExp): Outcome => [
  'setup',
  says,
  /user name and password, the platform .* not tried again for 30 s/,
]
const busy = (says: RegExp): Outcome => ['busy', says, /^Call again in \d+ s\.$/]
const unknown = (says: RegExp): Pick<Shape, 'all' | 'effect'> => ({
  all: ['vendor', says, /ask Qualys support/],
  effect: unclear(says),
})
const noPath = (status: number): Outcome => [
  'setup',
  new RegExp(`answered ${status} to \\w+ /qps/rest/1\\.0/.*retired, or SAQ is not enabled`),
  /QUALYS_ROUTES|Ask the operator/,
]

export const codes: readonly Shape[] = [
  {
    name: 'a wrong password',
    body: refusal('INVALID_CREDENTIALS', 'Authentication failed'),
    all: login(
      /SAQ refuses user name and password at http\S+ \(INVALID_CREDENTIALS: "Authentication failed"\)/,
    ),
    code: 'INVALID_CREDENTIALS',
  },
  {
    name: 'no API access',
    body: refusal('UNAUTHORIZED', 'You are not authorized'),
    all: permission(/UNAUTHORIZED: "You are not authorized"/),
  },
  {
    name: 'no API access',
    status: 401,
    body: refusal('UNAUTHORIZED', 'No'),
    all: permission(/UNAUTHORIZED: "No"/),
  },
  {
    name: 'no API access',
    status: 403,
    body: refusal('UNAUTHORIZED', 'No'),
    all: permission(/UNAUTHORIZED: "No"/),
  },
  {
    name: 'no permission',
    body: refusal('INSUFFICIENT_PERMISSION', 'No'),
    all: permission(/INSUFFICIENT_PERMISSION/),
  },
  {
    name: 'a trial that ended',
    body: refusal('EVALUATION_EXPIRED', 'Ended'),
    all: permission(/EVALUATION_EXPIRED/),
  },
  {
    name: 'criteria that make no sense',
    body: refusal('INVALID_REQUEST', "Invalid value for 'id' (abc).", 'Specify a Long.'),
    all: input(/INVALID_REQUEST: "Invalid value for 'id' \(abc\)\. Specify a Long\."/),
  },
  {
    name: 'an element that is missing',
    status: 400,
    body: refusal('INVALID_REQUEST', 'Attribute.value: Element is required.'),
    all: input(/"Attribute\.value: Element is required\."/),
  },
  {
    name: 'too many at once',
    body: refusal(
      'INVALID_REQUEST',
      'You have reached the maximum number of concurrent running scans (10) for your account',
      'Please wait until your previous scans have completed',
    ),
    all: busy(/limits the calls.*INVALID_REQUEST: "You have reached/),
  },
  {
    name: 'a feature that is off',
    body: refusal('INVALID_REQUEST', 'The feature is not enabled for your account.'),
    all: permission(/INVALID_REQUEST: "The feature is not enabled/),
  },
  {
    name: 'an unknown id',
    body: refusal('OBJECT_NOT_FOUND', 'Gone'),
    all: ['input', /no such id \(OBJECT_NOT_FOUND: "Gone"\)/, /outside the scope/],
  },
  {
    name: 'an unknown id',
    status: 404,
    body: refusal('OBJECT_NOT_FOUND', 'Gone'),
    all: ['input', /no such id \(OBJECT_NOT_FOUND: "Gone"\)/, /outside the scope/],
  },
  {
    name: 'a limit',
    body: refusal('LIMIT_EXCEEDED', 'Slow down'),
    all: busy(/limits the calls.*LIMIT_EXCEEDED/),
  },
  {
    name: 'a code of a module',
    body: refusal('CA_1001_DUPLICATE_KEY', 'Dup'),
    ...unknown(/refused the call \(CA_1001_DUPLICATE_KEY: "Dup"\)/),
    code: 'CA_1001_DUPLICATE_KEY',
  },
  { name: 'a code alone', body: refusal('WHATEVER'), ...unknown(/refused the call \(WHATEVER\)/) },
  {
    name: 'a code in small letters',
    body: refusal('object_not_found', 'Gone'),
    all: ['input', /no such id/],
  },
  {
    name: 'a code in JSON',
    body: { ServiceResponse: { responseCode: 'UNAUTHORIZED', responseErrorDetails: { errorMessage: 'No' } } },
    all: permission(/UNAUTHORIZED: "No"/),
  },
  {
    name: 'a failure of theirs',
    status: 500,
    body: refusal('INTERNAL_ERROR', 'Oops'),
    all: ['vendor', /failed \(500: "Oops"\)/],
    effect: unclear(/500: "Oops"/),
  },
  {
    name: 'maintenance by its words',
    body: refusal('SERVICE_DOWN', 'Scheduled maintenance until 6'),
    all: ['vendor', /not available for the moment \(200: "Scheduled maintenance until 6"\)/, /status page/],
    effect: unclear(/maintenance/),
  },
]

export const simples: readonly Shape[] = [
  {
    name: 'a wrong password, or platform',
    status: 401,
    body: simpleWithDtd(undefined, 'Bad Login/Password'),
    all: login(/"Bad Login\/Password"/),
  },
  { name: 'the same', body: simple(undefined, 'Bad Login/Password'), all: login(/"Bad Login\/Password"/) },
  {
    name: 'a registration that is not complete',
    status: 409,
    body: simple('2003', 'Registration must be completed'),
    all: login(/2003: "Registration must be completed"/),
    code: '2003',
  },
  ...['1959', '1960', '1965', '1966', '1920'].map(
    (code): Shape => ({
      name: `the limit ${code}`,
      status: 409,
      body: simple(code, 'x'),
      all: busy(/limits the calls of this account \(409\)/),
    }),
  ),
  ...['1920', '1960'].map(
    (code): Shape => ({
      name: `the limit ${code}`,
      body: simple(code, 'x'),
      all: busy(/limits the calls of this account \(\d{3,4}/),
    }),
  ),
  { name: 'the limit 1965', status: 400, body: simple('1965', 'x'), all: busy(/limits the calls/) },
  {
    name: 'a code that nobody knows',
    status: 409,
    body: simple('1234', 'Odd'),
    all: ['input', /conflict \(409: "Odd"\)/],
    code: '1234',
  },
  {
    name: 'a code that nobody knows',
    body: simple('999', 'Internal error'),
    ...unknown(/refused the call \(999: "Internal error"\)/),
    code: '999',
  },
  {
    name: 'a parameter',
    status: 400,
    body: simple('1905', 'x has invalid value'),
    all: input(/"x has invalid value"/),
    code: '1905',
  },
  {
    name: 'a parameter',
    body: simple('1905', 'x has invalid value'),
    all: input(/1905: "x has invalid value"/),
  },
]

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
  { name: 'half of the XML', body: success('<data><User><id>1</id></User></data>').slice(0, -40), ...cannot },
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
