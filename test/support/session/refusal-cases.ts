// Errors that the gateway may send instead of an answer.

export const jobs = { tool: 'car_search_jobs', args: {} }
const types = { tool: 'car_list_script_types', args: {} }
const blocked = { tool: 'car_search_blocked_commands', args: {} }
const scripts = { tool: 'car_search_scripts', args: {} }
const one = { tool: 'car_get_script', args: { scriptId: 1 } }
const file = { tool: 'car_export_scripts', args: { ids: [16515] } }

// The bodies of qualys-platform.md 4.1.
const page = '<html><head><title>502</title></head><body><h1>Bad <b>Gateway</b></h1></body></html>'
const car = (errorCode: string, message: string): object => ({ errorCode, message, body: null })
const empty = { errorCode: null, message: null, body: null }
const gateway = (error: string, message: string): object => ({ status: 401, error, message })
const spring = (message: string): object => ({
  timestamp: '2026-11-22T08:00:00.000+00:00',
  error: 'Some Error',
  message,
  path: '/sm/v2/jobs/search',
})
const pcrs = [{ response: { datetime: '2026-11-22', code: 1905, text: 'Invalid value' } }]
const limited =
  '<SIMPLE_RETURN><RESPONSE><CODE>1965</CODE><TEXT>not for 9 seconds</TEXT></RESPONSE></SIMPLE_RETURN>'

/** An answer, the kind of error it becomes, and its text; the host, if it matters. */
export type RefusalCase = [
  status: number,
  name: string,
  body: unknown,
  kind: string,
  says: RegExp,
  on?: { tool: string; args: object },
]
export const refusalCases: readonly RefusalCase[] = [
  [400, 'the envelope, failed', car('400', 'Invalid filter: x'), 'input', /"Invalid filter: x".*filter/],
  [400, 'a code of its own', { message: 'Bad sort', errorCode: 'CAR-17' }, 'input', /"Bad sort"/],
  [400, 'message alone', { message: 'Invalid input Parameter.' }, 'input', /"Invalid input Parameter\."/],
  [400, '_error', { _error: { message: 'No such token', code: 7 } }, 'input', /"No such token"/],
  [400, 'the array of PCRS', pcrs, 'input', /400/],
  [400, 'a web page', page, 'setup', /Not the Qualys API.*\(400, with a web page\).*proxy/],
  [400, 'a call without filter', { message: 'no' }, 'input', /arguments/, types],
  [422, 'unprocessable', spring('pageSize'), 'input', /"pageSize"/],
  [401, 'expired, again and again', gateway('Unauthorized', 'JWT expired'), 'setup', /"JWT expired"/],
  [401, 'not authenticated', gateway('Unauthorized', 'Not authenticated'), 'setup', /"Not authenticated"/],
  [403, 'no permission', spring('Access is denied'), 'setup', /"Access is denied".*licensed.*role/],
  [403, 'a proxy says no', page, 'setup', /Not the Qualys API.*\(403, with a web page\).*allow-list/],
  [
    404,
    'an unknown id',
    car('404', 'Script not found: 1'),
    'input',
    /no such id.*"Script not found: 1"/,
    one,
  ],
  [404, 'an unknown id of a file', car('404', 'Script not found'), 'input', /no such id/, file],
  [
    404,
    'no path, guessed',
    spring('No handler found'),
    'setup',
    /get_script is not public.*QUALYS_ROUTES/,
    one,
  ],
  [404, 'no path, guessed list', page, 'setup', /search_scripts is not public.*QUALYS_ROUTES/, scripts],
  [405, 'no such method, guessed', spring('not supported'), 'setup', /is not public.*QUALYS_ROUTES/, scripts],
  [410, 'gone, guessed', spring('gone'), 'setup', /is not public.*QUALYS_ROUTES/, scripts],
  [
    404,
    'no path, documented',
    spring('No handler found'),
    'setup',
    /v2\/jobs\/search.*may have been retired/,
  ],
  [405, 'no such method, documented', spring('not supported'), 'setup', /may have been retired/],
  [410, 'gone, documented', '', 'setup', /410.*may have been retired/],
  [410, 'gone, with known ends', '', 'setup', /block-commands\/\{id\} ended 2026-06/, blocked],
  [406, 'not acceptable', '', 'drift', /does not answer in the format.*\(406\).*qualys_status/],
  [414, 'too long', page, 'input', /too long \(414\).*Shorten the filter/],
  [
    415,
    'wrong media type',
    spring('not supported'),
    'drift',
    /does not take the request in the format.*\(415: "not supported"\)/,
  ],
  [409, 'a conflict', car('409', 'Title exists'), 'input', /conflict.*"Title exists"/],
  [409, 'a limit', limited, 'busy', /limits the calls.*Call again in \d+ s/],
  [429, 'a limit without a word', '', 'busy', /limits the calls.*Call again in \d+ s/],
  [429, 'a limit of the gateway', spring('API limit exceeded'), 'busy', /Call again in \d+ s/],
  [500, 'an exception', spring('NullPointer'), 'vendor', /failed \(500: "NullPointer"/],
  [502, 'a bad gateway', page, 'vendor', /failed \(502\)/],
  [503, 'maintenance', page, 'vendor', /not available for the moment \(503\).*maintenance.*status page/],
  [504, 'a gateway that waited', '', 'vendor', /failed \(504\)/],
  [200, 'a failure inside a success', car('1001', 'Tenant is locked'), 'vendor', /"Tenant is locked"/],
  [200, 'a login page', page, 'drift', /web page/],
  [200, 'plain words', 'OK', 'drift', /no JSON/],
  [200, 'half of the JSON', '{"errorCode":null,"body":{"li', 'drift', /no JSON/],
  [200, 'an empty envelope', empty, 'drift', /no list/],
  [200, 'a sentence for a list', { body: 'Done' }, 'drift', /no list/],
  [200, 'a list of another name', { body: { totalCount: 1, items: [] } }, 'drift', /no list/],
  [200, 'an error in an array', [{ error: 'no' }], 'vendor', /refused the call \(inside a success: "no"\)/],
  [204, 'nothing for a record', '', 'drift', /car_get_script/, one],
  [200, 'an empty envelope for a record', empty, 'drift', /car_get_script/, one],
]
