import type { Faults } from '../car-faults.ts'

// Faults that the one request of an effect of SAQ may meet.

export const xml = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ServiceResponse>${inner}</ServiceResponse>`
export const replying = (body: string, status = 200, contentType = 'application/xml'): Faults => [
  { kind: 'reply', status, body, contentType },
]
const success = xml(
  '<responseCode>SUCCESS</responseCode><count>1</count><data><User><id>1</id></User></data>',
)
const page = '<!DOCTYPE html><html><body>Sign in</body></html>'
const refusal = (code: string, status = 200): Faults =>
  replying(
    xml(`<responseCode>${code}</responseCode><responseErrorDetails>
      <errorMessage>It says no.</errorMessage><errorResolution>Because.</errorResolution>
      </responseErrorDetails>`),
    status,
  )

/** Faults that leave the outcome unclear. The answer is canned, so that no fault changes what the next one finds. */
export const unclearFaults: Readonly<Record<string, Faults>> = {
  'a reset before it is looked at': [{ kind: 'reset' }],
  'a reset instead of the answer': [...replying(success), { kind: 'resetAfterBody' }],
  'half an answer': [...replying(success), { kind: 'truncate' }],
  ...Object.fromEntries(
    [500, 502, 503, 504, 599].map((status) => [`${status}`, [{ kind: 'status', status }] as Faults]),
  ),
  '500 with an envelope': refusal('INVALID_REQUEST', 500),
  'a page with 502': [{ kind: 'html', status: 502 }],
  '503 with a hint when to come again': [{ kind: 'status', status: 503, headers: { 'Retry-After': '1' } }],
  'a page with 200': replying(page, 200, 'text/html'),
  'XML that ends too early': replying(success.slice(0, -30)),
  'XML with crossed elements': replying(success.replace('</User></data>', '</data></User>')),
  'XML of something else': replying('<Other><responseCode>SUCCESS</responseCode></Other>'),
  'XML that brings a DTD': replying(success.replace('<ServiceR', '<!DOCTYPE a [<!ENTITY b "c">]><ServiceR')),
  'an envelope without a code': replying(xml('<count>1</count>')),
  'JSON of something else': replying('{"done":true}', 200, 'application/json'),
  'JSON that ends too early': replying('{"ServiceResponse":{"responseCode":"SUCC', 200, 'application/json'),
  'a word': replying('OK', 200, 'text/plain'),
  'bytes that are no text': [
    { kind: 'reply', base64: Buffer.from([0xff, 0xfe, 0, 0xd8]).toString('base64') },
  ],
  // The message may say that part of the work was done.
  'an unknown code': refusal('TEAPOT'),
  // A redirect, which may follow after the work.
  'a redirect': [{ kind: 'redirect', status: 302, location: 'https://login.example.com/' }],
  '408': [{ kind: 'status', status: 408 }],
  '204': [{ kind: 'empty' }],
  '200 without a body': [{ kind: 'reply' }],
  '201 with blanks': replying(' \r\n', 201),
}

interface RefusalCase {
  readonly faults: Faults
  readonly kind: string
  readonly says: RegExp
}

/** Refusals: nothing happened. The error says who can solve the problem. */
export const refusalFaults: Readonly<Record<string, RefusalCase>> = {
  'INVALID_REQUEST within 200': {
    faults: refusal('INVALID_REQUEST'),
    kind: 'input',
    says: /^Qualys refuses the request \(INVALID_REQUEST: "It says no\. Because\."\)\. \S+/,
  },
  'UNAUTHORIZED within 200': {
    faults: refusal('UNAUTHORIZED'),
    kind: 'setup',
    says: /^This user may not do that \(UNAUTHORIZED: "It says no\. Because\."\)\. Ask the operator whether SAQ is/,
  },
  'INSUFFICIENT_PERMISSION within 200': {
    faults: refusal('INSUFFICIENT_PERMISSION'),
    kind: 'setup',
    says: /^This user may not do that \(INSUFFICIENT_PERMISSION: .* Ask the operator/,
  },
  'EVALUATION_EXPIRED within 200': {
    faults: refusal('EVALUATION_EXPIRED'),
    kind: 'setup',
    says: /EVALUATION_EXPIRED.* Ask the operator/,
  },
  'OBJECT_NOT_FOUND within 200': {
    faults: refusal('OBJECT_NOT_FOUND'),
    kind: 'input',
    says: /^Qualys knows no such id \(OBJECT_NOT_FOUND: .* Look the id up with .* outside the scope/,
  },
  'LIMIT_EXCEEDED within 200': {
    faults: refusal('LIMIT_EXCEEDED'),
    kind: 'busy',
    says: /^Qualys limits the calls of this account .* Call again in \d+ s\.$/,
  },
  '400 with a code': { faults: refusal('INVALID_REQUEST', 400), kind: 'input', says: /INVALID_REQUEST/ },
  '403': { faults: [{ kind: 'status', status: 403 }], kind: 'setup', says: /Ask the operator/ },
  '405 of a web server': { faults: [{ kind: 'status', status: 405 }], kind: 'setup', says: /405/ },
  '410 of a web server': { faults: [{ kind: 'status', status: 410 }], kind: 'setup', says: /410/ },
  'a redirect that asks to do it elsewhere': {
    faults: [{ kind: 'redirect', status: 307, location: 'https://login.example.com/' }],
    kind: 'setup',
    says: /redirects elsewhere \(307\), which is refused/,
  },
  'a limit': { faults: [{ kind: 'limit', toWaitSec: 7 }], kind: 'busy', says: /Call again in 7 s\.$/ },
  'too many at once': {
    faults: [{ kind: 'limit', code: 1960 }],
    kind: 'busy',
    says: /Call again in \d+ s\.$/,
  },
}
