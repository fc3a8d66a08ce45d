import { envelope, html, input, page, permission, spring } from './car-parts.ts'
import { type Outcome, type Shape, unclear } from './shape.ts'

// False successes, and successes that look like errors.

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

/** No page lists the codes of a success, or says whether work precedes them. */
const undocumented: Outcome = unclear(/refused the call/)

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
    effect: undocumented,
  },
  {
    name: 'a limit',
    body: envelope('1960', 'Too many'),
    all: ['busy', /limits the calls.*\(1960: "Too many"\)/, /Call again/],
    ...inFile,
    effect: undocumented,
  },
  {
    name: 'a conflict',
    body: envelope('409', 'Exists'),
    all: ['input', /conflict \(409: "Exists"\)/],
    ...inFile,
    effect: undocumented,
  },
  {
    name: 'a permission',
    body: envelope('403', 'No'),
    all: permission(/\(403: "No"\)/),
    ...inFile,
    effect: undocumented,
  },
  {
    name: 'an unknown id',
    body: envelope('404', 'Gone'),
    all: ['input', /no such id \(404: "Gone"\)/],
    ...inFile,
    effect: undocumented,
  },
  {
    name: 'an expired token',
    body: spring(401, 'Unauthorized', 'JWT expired'),
    all: ['setup', /refuses the token.*"JWT expired"/],
    ...inFile,
    effect: undocumented,
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
    name: 'a page after a comment',
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
