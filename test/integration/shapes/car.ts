import { type Outcome, type Shape, unclear } from './places.ts'

// Answers of the gateway: every shape of qualys-platform.md 4.1, every status of 4.2, and what proxies make of them.

const page = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body><center><h1>${title}</h1></center><hr><center>nginx</center></body>\r\n</html>`
const html = { contentType: 'text/html' }
const spring = (status: number, error: string, message?: string): object => ({
  timestamp: '2026-11-22T08:00:00.000+00:00',
  status,
  error,
  ...(message !== undefined && { message }),
  path: '/sm/v1/x',
})
const envelope = (errorCode: unknown, message: string): object => ({ errorCode, message, body: null })

const arguments_ = /^Check the (filter|arguments)|^Change what the reason names/
const input = (says: RegExp): Outcome => ['input', says, arguments_]
const permission = (says: RegExp): Outcome => [
  'setup',
  says,
  /whether CAR is licensed, API access is on.*CAR role/,
]
const again = /^Try again in some minutes;/
/** The gateway knows the list, and does not publish the record, the file is documented again. */
const noPath = (status: number): Pick<Shape, 'list' | 'record' | 'file' | 'effect'> => ({
  list: [
    'setup',
    new RegExp(`Qualys answered ${status} to POST /sm/v2/jobs/search: .*may have been retired`),
    /QUALYS_ROUTES/,
  ],
  record: [
    'setup',
    new RegExp(`answered ${status} to GET .*is not public, and the guess does not hold`),
    /QUALYS_ROUTES=/,
  ],
  file: ['setup', new RegExp(`answered ${status} to GET /sm/v1/scripts/export: .*retired`), /qualys_status/],
  effect: [
    'setup',
    new RegExp(`answered ${status} to POST /sm/v1/scripts/\\{scriptId\\}/clone`),
    /qualys_status/,
  ],
})

export const bodies: readonly Shape[] = [
  {
    name: 'the envelope, failed',
    status: 400,
    body: envelope('CAR-17', 'Bad'),
    all: input(/refuses the request \(400: "Bad"\)/),
    code: 'CAR-17',
  },
  {
    name: 'message and errorCode',
    status: 400,
    body: { message: 'Bad', errorCode: 'X1' },
    all: input(/\(400: "Bad"\)/),
    code: 'X1',
  },
  {
    name: 'message alone',
    status: 400,
    body: { message: 'Invalid input Parameter.' },
    all: input(/"Invalid input Parameter\."/),
  },
  {
    name: '_error',
    status: 400,
    body: { _error: { code: 7, message: 'No such token' } },
    all: input(/"No such token"/),
    code: '7',
  },
  {
    name: 'Spring with a sentence',
    status: 400,
    body: spring(400, 'Bad Request', 'pageSize'),
    all: input(/\(400: "pageSize"\)/),
  },
  {
    name: 'Spring without one',
    status: 400,
    body: spring(400, 'Bad Request', ''),
    all: input(/\(400: "Bad Request"\)/),
  },
  {
    name: 'several sentences',
    status: 400,
    body: { message: ['a is odd', 'b is odd'] },
    all: input(/"a is odd; b is odd"/),
  },
  {
    name: 'CSAM',
    status: 400,
    body: { responseMessage: 'Bad', responseCode: 'FAILED', count: 0 },
    all: input(/"Bad"/),
    code: 'FAILED',
  },
  {
    name: 'PCRS',
    status: 400,
    body: [{ response: { datetime: 'x', code: 1905, text: 'Invalid value' } }],
    all: input(/\(400: "Invalid value"\)/),
    code: '1905',
  },
  { name: 'PCRS, an error in a list', status: 400, body: [{ error: 'No' }], all: input(/"No"/) },
  { name: 'no body', status: 400, all: input(/refuses the request \(400\)/) },
  {
    name: 'a sentence without JSON',
    status: 400,
    body: 'Bad Request',
    contentType: 'text/plain',
    all: input(/\(400\)/),
  },
  {
    name: 'a page of a web server',
    status: 400,
    body: page('400 The plain HTTP request was sent to HTTPS port'),
    ...html,
    all: [
      'setup',
      /^Not the Qualys API, but a web server.*\(400, with a web page\)/,
      /address, the proxy and the IP allow-list/,
    ],
  },
  {
    name: 'a client that CSAM does not know',
    status: 400,
    body: { message: 'Error validating customer from token - Invalid Subscription Id' },
    all: [
      'setup',
      /^CAR does not take this token, though it is a valid one \(400: "Error validating/,
      /whether the subscription and the user have CAR/,
    ],
  },
  {
    name: 'a client without the product',
    status: 401,
    body: spring(401, 'Unauthorized', 'There is no access for the application'),
    all: ['setup', /^CAR does not take this token.*"There is no access for the application"/, /have CAR/],
  },
  {
    name: 'an expired token',
    status: 401,
    body: spring(401, 'Unauthorized', 'JWT expired'),
    all: ['setup', /refuses the token, also a fresh one \(401: "JWT expired"\)/, /doctor/],
  },
  {
    name: 'no token',
    status: 401,
    body: spring(401, 'Unauthorized', 'Not authenticated'),
    all: ['setup', /"Not authenticated"/, /doctor/],
  },
  {
    name: '401 without a word',
    status: 401,
    all: ['setup', /refuses the token, also a fresh one \(401\)/, /doctor/],
  },
  {
    name: 'a licence that ended',
    status: 402,
    body: { message: 'Trial ended' },
    all: permission(/\(402: "Trial ended"\)/),
  },
  {
    name: 'no permission',
    status: 403,
    body: spring(403, 'Forbidden', 'Access is denied'),
    all: permission(/may not do that \(403: "Access is denied"\)/),
  },
  {
    name: '403 without a word',
    status: 403,
    all: [
      'setup',
      /may not do that \(403\)/,
      /CAR role.*; a firewall or the IP allow-list may be the cause, too\.$/,
    ],
  },
  {
    name: '403 of a firewall',
    status: 403,
    body: page('403 Forbidden'),
    ...html,
    all: ['setup', /^Not the Qualys API.*\(403, with a web page\)/, /IP allow-list/],
  },
  { name: 'no such path', status: 404, body: page('404 Not Found'), ...html, ...noPath(404) },
  {
    name: 'no such path, by Spring',
    status: 404,
    body: spring(404, 'Not Found', 'No handler found'),
    ...noPath(404),
  },
  {
    name: 'no such thing',
    status: 404,
    body: envelope('404', 'Script not found'),
    all: ['input', /^Qualys knows no such id \(404: "Script not found"\)/, /search tool.*outside the tags/],
    list: noPath(404).list as Outcome,
  },
  { name: 'no such method', status: 405, body: spring(405, 'Method Not Allowed', 'no'), ...noPath(405) },
  { name: 'gone', status: 410, ...noPath(410) },
]

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
    all: ['vendor', /failed \(500: "NullPointer"\)/, again],
    effect: unclear(/500: "NullPointer"/),
  },
  {
    name: '500 without a word',
    status: 500,
    all: ['vendor', /failed \(500\)/, again],
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

const noJson: Outcome = ['drift', /The answer is no JSON/, /doctor/]
const webPage: Outcome = ['drift', /is a web page, not the Qualys API/, /doctor/]
const nothing: Outcome = ['drift', /Qualys answered \w+ with nothing/, /Look the id up/]
const noRows: Outcome = ['drift', /holds no list of rows/, /qualys_status/]
const refused = (says: RegExp): Pick<Shape, 'all' | 'effect' | 'file'> => ({
  all: ['vendor', says, /ask Qualys support/],
  file: ['vendor', /^Qualys sent no file, but a refusal/, /^Check the arguments/],
  effect: unclear(says),
})
const inFile: Pick<Shape, 'file'> = { file: ['vendor', /^Qualys sent no file, but a refusal/] }

/** No page tells the codes of a success, nor whether the work was done before one was given. */
const untold: Outcome = unclear(/refused the call/)

export const successes: readonly Shape[] = [
  {
    name: 'an error inside',
    body: envelope('1001', 'Tenant is locked'),
    ...refused(/refused the call \((1001): "Tenant is locked"\)/),
    code: '1001',
  },
  { name: 'an error that says nothing', body: envelope('1001', ''), ...refused(/refused the call \(1001\)/) },
  {
    name: 'PCRS, as it is documented',
    body: [{ error: 'No' }],
    ...refused(/refused the call \(inside a success: "No"\)/),
  },
  {
    name: 'CSAM',
    body: { responseMessage: 'No', responseCode: 'FAILED', count: 0 },
    ...refused(/\(FAILED: "No"\)/),
  },
  { name: '_error', body: { _error: { message: 'No' } }, ...refused(/"No"/) },
  {
    name: 'maintenance',
    body: envelope('1999', 'Scheduled maintenance'),
    ...refused(/not available for the moment/),
    all: ['vendor', /not available for the moment \(200: "Scheduled maintenance"\)/, /status page/],
    effect: unclear(/maintenance/),
  },
  {
    name: 'a parameter',
    body: [{ response: { datetime: 'x', code: 1905, text: 'Bad' } }],
    all: input(/\(1905: "Bad"\)/),
    ...inFile,
    effect: untold,
  },
  {
    name: 'a limit',
    body: envelope('1960', 'Too many'),
    all: ['busy', /limits the calls.*\(1960: "Too many"\)/, /Call again/],
    ...inFile,
    effect: untold,
  },
  {
    name: 'a conflict',
    body: envelope('409', 'Exists'),
    all: ['input', /conflict \(409: "Exists"\)/],
    ...inFile,
    effect: untold,
  },
  {
    name: 'a permission',
    body: envelope('403', 'No'),
    all: permission(/\(403: "No"\)/),
    ...inFile,
    effect: untold,
  },
  {
    name: 'an unknown id',
    body: envelope('404', 'Gone'),
    all: ['input', /no such id \(404: "Gone"\)/],
    ...inFile,
    effect: untold,
  },
  {
    name: 'an expired token',
    body: spring(401, 'Unauthorized', 'JWT expired'),
    all: ['setup', /refuses the token.*"JWT expired"/],
    ...inFile,
    effect: untold,
  },
  { name: '204', status: 204, all: nothing, list: ['done', /^no jobs found$/], effect: ['done'] },
  { name: 'no body', all: ['drift', /The answer is empty/], file: nothing, effect: ['done'] },
  { name: 'blanks', body: ' \r\n', all: ['drift', /The answer is empty/], file: nothing, effect: ['done'] },
  { name: 'null', body: 'null', all: nothing, list: noRows, file: ['done'], effect: ['done'] },
  {
    name: 'a sentence in JSON',
    body: '"Done"',
    all: ['drift', /Qualys' answer to car_get_script has no id \(id: missing\)/],
    list: noRows,
    file: ['done'],
    effect: ['done'],
  },
  {
    name: 'the word false',
    body: 'false',
    all: nothing,
    list: noRows,
    file: ['done'],
    effect: unclear(/the word false/),
  },
  {
    name: 'false in the envelope',
    body: { errorCode: null, body: false },
    all: nothing,
    list: noRows,
    file: ['done'],
    effect: unclear(/the word false/),
  },
  { name: 'a page', body: page('Sign in'), ...html, all: webPage, effect: unclear(/web page/) },
  { name: 'a page that says it is JSON', body: page('Sign in'), all: webPage, effect: unclear(/web page/) },
  {
    name: 'a page behind a comment',
    body: `<!-- x -->\n<!DOCTYPE html>${page('x')}`,
    ...html,
    all: webPage,
    effect: unclear(/web page/),
  },
  {
    name: 'another markup',
    body: '<R><CODE>1</CODE></R>',
    contentType: 'text/xml',
    all: noJson,
    file: ['done'],
    effect: unclear(/no JSON/),
  },
  {
    name: 'half of the JSON',
    body: '{"errorCode":null,"body":{"li',
    all: noJson,
    file: ['drift', /says that it is JSON, and is none/],
    effect: unclear(/no JSON/),
  },
  {
    name: 'plain words',
    body: 'OK',
    contentType: 'text/plain',
    all: noJson,
    file: ['done'],
    effect: unclear(/no JSON/),
  },
  {
    name: 'bytes that are no text',
    base64: Buffer.from([0xff, 0xfe, 0, 0xd8]).toString('base64'),
    all: noJson,
    file: ['done'],
    effect: unclear(/no JSON/),
  },
]
