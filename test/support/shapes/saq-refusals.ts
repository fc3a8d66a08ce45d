import { refusal, simpleReturn, simpleReturnWithDtd } from '../session/qps-answers.ts'
import { busy, input, login, permission, unknown } from './saq-parts.ts'
import { type Shape, unclear } from './shape.ts'

// Refusals of the API server by their code (qualys-platform.md 4.3, saq-api.md 1.5), and those of the oldest API
// (appendix_d.htm, error_messages.htm).

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
    body: simpleReturnWithDtd(undefined, 'Bad Login/Password'),
    all: login(/"Bad Login\/Password"/),
  },
  {
    name: 'the same',
    body: simpleReturn(undefined, 'Bad Login/Password'),
    all: login(/"Bad Login\/Password"/),
  },
  {
    name: 'a registration that is not complete',
    status: 409,
    body: simpleReturn('2003', 'Registration must be completed'),
    all: login(/2003: "Registration must be completed"/),
    code: '2003',
  },
  ...['1959', '1960', '1965', '1966', '1920'].map(
    (code): Shape => ({
      name: `the limit ${code}`,
      status: 409,
      body: simpleReturn(code, 'x'),
      all: busy(/limits the calls of this account \(409\)/),
    }),
  ),
  ...['1920', '1960'].map(
    (code): Shape => ({
      name: `the limit ${code}`,
      body: simpleReturn(code, 'x'),
      all: busy(/limits the calls of this account \(\d{3,4}/),
    }),
  ),
  { name: 'the limit 1965', status: 400, body: simpleReturn('1965', 'x'), all: busy(/limits the calls/) },
  {
    name: 'an unknown code',
    status: 409,
    body: simpleReturn('1234', 'Odd'),
    all: ['input', /conflict \(409: "Odd"\)/],
    code: '1234',
  },
  {
    name: 'an unknown code',
    body: simpleReturn('999', 'Internal error'),
    ...unknown(/refused the call \(999: "Internal error"\)/),
    code: '999',
  },
  {
    name: 'a parameter',
    status: 400,
    body: simpleReturn('1905', 'x has invalid value'),
    all: input(/"x has invalid value"/),
    code: '1905',
  },
  {
    name: 'a parameter',
    body: simpleReturn('1905', 'x has invalid value'),
    all: input(/1905: "x has invalid value"/),
  },
]
