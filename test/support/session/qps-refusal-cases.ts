import { refusal, response, row, simpleReturn, simpleReturnWithDtd, success } from './qps-answers.ts'

// Errors that the API server may send instead of an answer.

export const list = { tool: 'saq_search_users', args: {} }
const one = { tool: 'saq_get_user', args: { userId: 1 } }
const count = { tool: 'saq_count_users', args: {} }
const unverified = { tool: 'saq_get_template', args: { templateId: 1 } }

const page =
  '<!DOCTYPE html>\n<html><head><title>502</title></head><body><h1>Bad <b>Gateway</b></h1><br></body></html>'
const xhtml = '<html><head><title>Login</title></head><body><form/></body></html>'
const authentication = ['Authentication failed', 'Verify both, user and password credentials.'] as const
const noApi = [
  'You are not authorized to access the application through the API.',
  'If you think this is an error, please contact your account manager.',
] as const
const loginAdvice =
  /SAQ refuses user name and password at http.*check user name and password, the platform.*30 s/
const permissionAdvice = /This user may not do that.*whether SAQ is licensed, API access is on.*SAQ role/

/** An answer, the kind of error it becomes, and its text; the host, if it matters. */
export type QpsRefusalCase = [
  status: number,
  name: string,
  body: unknown,
  kind: string,
  says: RegExp,
  on?: { tool: string; args: object },
]
export const qpsRefusalCases: readonly QpsRefusalCase[] = [
  // saq-api.md 1.5, as recorded.
  [200, 'a wrong password', refusal('INVALID_CREDENTIALS', ...authentication), 'setup', loginAdvice],
  [
    200,
    'a wrong password, for one thing',
    refusal('INVALID_CREDENTIALS', ...authentication),
    'setup',
    /INVALID_CREDENTIALS: "Authentication failed Verify both, user and password credentials\."/,
    one,
  ],
  [200, 'a user without API access', refusal('UNAUTHORIZED', ...noApi), 'setup', permissionAdvice],
  [200, 'a role without the permission', refusal('INSUFFICIENT_PERMISSION', 'No'), 'setup', permissionAdvice],
  [200, 'a trial that ended', refusal('EVALUATION_EXPIRED', 'Trial ended'), 'setup', permissionAdvice],
  [
    200,
    'criteria that make no sense',
    refusal(
      'INVALID_REQUEST',
      "Criteria: Invalid value format for criteria 'id' (abc).",
      'Specify criteria value(s) as Long.',
    ),
    'input',
    /refuses the request \(INVALID_REQUEST: "Criteria: Invalid value format for criteria 'id' \(abc\)\. Specify criteria value\(s\) as Long\."\)\. Check the arguments/,
  ],
  [
    200,
    'an unknown id',
    refusal('OBJECT_NOT_FOUND', 'Object not found'),
    'input',
    /knows no such id \(OBJECT_NOT_FOUND: "Object not found"\).*search tool.*outside the scope/,
    one,
  ],
  [
    200,
    'a limit in words',
    refusal('LIMIT_EXCEEDED', 'Too many calls'),
    'busy',
    /limits the calls.*Call again in \d+ s/,
  ],
  [
    200,
    'an unknown code',
    refusal('CA_1001_DUPLICATE_KEY', 'Dup', 'Use another'),
    'vendor',
    /refused the call \(CA_1001_DUPLICATE_KEY: "Dup Use another"\).*not public/,
  ],
  [200, 'a code alone', refusal('NOT_FOUND'), 'vendor', /refused the call \(NOT_FOUND\)/],
  [200, 'a code in small letters', refusal(' unauthorized'), 'setup', permissionAdvice],
  [
    200,
    'a code that JavaScript knows',
    refusal('constructor', 'x'),
    'vendor',
    /refused the call \(constructor: "x"\)/,
  ],
  [200, 'a refusal for a count', refusal('UNAUTHORIZED', ...noApi), 'setup', permissionAdvice, count],
  [
    200,
    'a refusal in JSON',
    {
      ServiceResponse: {
        responseCode: 'INVALID_REQUEST',
        responseErrorDetails: { errorMessage: 'Bad', errorResolution: 'Mend it' },
      },
    },
    'input',
    /INVALID_REQUEST: "Bad Mend it"/,
  ],
  [
    200,
    'a refusal with data beside',
    response(`<responseCode>UNAUTHORIZED</responseCode><data>${row('User', 1)}</data>`),
    'setup',
    permissionAdvice,
  ],
  // The same with the correct status.
  [
    400,
    'criteria that make no sense',
    refusal('INVALID_REQUEST', 'Criteria: Invalid'),
    'input',
    /INVALID_REQUEST: "Criteria: Invalid"/,
  ],
  [400, 'no reason', '', 'input', /refuses the request \(400\)/],
  [401, 'a wrong password', refusal('INVALID_CREDENTIALS', ...authentication), 'setup', loginAdvice],
  [401, 'a web page', page, 'setup', loginAdvice],
  [401, 'nothing at all', '', 'setup', loginAdvice],
  // What users mistake for a wrong password (qualys-platform.md 4.3).
  [401, 'a module that is not licensed', refusal('UNAUTHORIZED', ...noApi), 'setup', permissionAdvice],
  [403, 'a module that is not licensed', refusal('UNAUTHORIZED', ...noApi), 'setup', permissionAdvice],
  [403, 'a proxy says no', page, 'setup', /Not the Qualys API.*\(403, with a web page\).*allow-list/],
  [404, 'an unknown id', refusal('OBJECT_NOT_FOUND', 'Object not found'), 'input', /knows no such id/, one],
  [
    404,
    'an unknown id in a code of its own',
    refusal('NO_SUCH_USER', 'Gone'),
    'input',
    /knows no such id/,
    one,
  ],
  [
    404,
    'no path',
    page,
    'setup',
    /404 to POST \/qps\/rest\/1\.0\/search\/saq\/user:.*retired, or SAQ is not enabled.*QUALYS_ROUTES/,
  ],
  [404, 'no path, by a page that is XML', xhtml, 'setup', /SAQ is not enabled/, one],
  [404, 'no path, of a tool that is regular', page, 'setup', /SAQ is not enabled/, unverified],
  [405, 'no such method', page, 'setup', /405 to POST .*SAQ is not enabled/],
  [410, 'gone', '', 'setup', /410 to GET .*retired/, one],
  [409, 'a conflict', refusal('DUPLICATE', 'Name exists'), 'input', /conflict \(409: "Name exists"\)/],
  [
    409,
    'a request that is refused',
    refusal('INVALID_REQUEST', 'Name exists'),
    'input',
    /INVALID_REQUEST: "Name exists"/,
  ],
  [409, 'a limit of the framework', refusal('LIMIT_EXCEEDED', 'Slow down'), 'busy', /Call again in \d+ s/],
  [
    409,
    'the limit of parallel calls',
    simpleReturn('1960', 'This API cannot be run again until 1 currently running instance has finished.'),
    'busy',
    /limits the calls.*Call again in \d+ s/,
  ],
  [
    409,
    'the limit of calls',
    simpleReturn('1965', 'This API cannot be run again for another 9 seconds.'),
    'busy',
    /limits the calls.*Call again in \d+ s/,
  ],
  [
    409,
    'the same with its DTD',
    simpleReturnWithDtd('1965', 'Not for 9 seconds.'),
    'busy',
    /limits the calls/,
  ],
  [
    409,
    'an account that was never activated',
    simpleReturn('2003', 'Registration must be completed'),
    'setup',
    /SAQ refuses .*2003: "Registration must be completed"/,
  ],
  [
    401,
    'a wrong password, or platform',
    simpleReturn(undefined, 'Bad Login/Password'),
    'setup',
    /SAQ refuses .*"Bad Login\/Password".*a wrong one looks like a wrong password/,
  ],
  [200, 'the same within a success', simpleReturn(undefined, 'Bad Login/Password'), 'setup', loginAdvice],
  [403, 'the same with 403', simpleReturn('1', 'Bad Login/Password'), 'setup', loginAdvice],
  [
    200,
    'another word of the API server',
    simpleReturn('999', 'Internal error'),
    'vendor',
    /"Internal error"/,
  ],
  [406, 'not acceptable', '', 'drift', /does not answer in the format.*\(406\)/],
  [415, 'wrong media type', page, 'drift', /does not take the request in the format.*\(415\)/],
  [429, 'a limit without a word', '', 'busy', /limits the calls.*Call again in \d+ s/],
  [429, 'a limit of a proxy', page, 'busy', /Call again in \d+ s/],
  [500, 'an exception', refusal('INTERNAL_ERROR', 'NullPointer'), 'vendor', /failed \(500: "NullPointer"/],
  [500, 'a web page', page, 'vendor', /failed \(500\)/],
  [502, 'a bad gateway', page, 'vendor', /failed \(502\)/],
  [503, 'maintenance', page, 'vendor', /not available for the moment \(503\).*status page/],
  [504, 'a gateway that waited', '', 'vendor', /failed \(504\)/],
  [302, 'a login page elsewhere', '', 'setup', /redirects elsewhere \(302\)/],
  // Empty answers.
  [200, 'a web page', page, 'drift', /web page/],
  [200, 'a web page that is XML', xhtml, 'drift', /web page/],
  [200, 'a web page for a count', page, 'drift', /web page/, count],
  [
    200,
    'half of the XML',
    success(`<data>${row('User', 1)}</data>`).slice(0, -40),
    'vendor',
    /stops in the middle: the end of its XML is missing/,
  ],
  [
    200,
    'XML with a DTD that defines something',
    success('<count>&x;</count>').replace('<Serv', '<!DOCTYPE a [<!ENTITY x "1">]><Serv'),
    'drift',
    /cannot be read/,
  ],
  [200, 'XML of another kind', '<?xml version="1.0"?><rss><channel/></rss>', 'drift', /cannot be read/],
  [200, 'an envelope without its code', response('<count>1</count>'), 'drift', /cannot be read/],
  [
    200,
    'an envelope with two codes',
    response('<responseCode>SUCCESS</responseCode><responseCode>FAILED</responseCode>'),
    'drift',
    /cannot be read/,
  ],
  [200, 'an empty envelope', '<ServiceResponse/>', 'drift', /cannot be read/],
  [200, 'JSON of another kind', { body: { list: [] } }, 'drift', /cannot be read/],
  [200, 'half of the JSON', '{"ServiceResponse":{"responseCode":"SUCC', 'drift', /cannot be read/],
  [200, 'plain words', 'OK', 'drift', /cannot be read/],
  [200, 'nothing', '', 'drift', /is empty/],
  [204, 'nothing', '', 'drift', /is empty/],
]
