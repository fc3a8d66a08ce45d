import { describe, expect, test } from 'vitest'
import { type StartInput, startError } from '../../support/command-line/start-check.ts'

// What prevents the start: one sentence that says what to do.

interface Bad extends StartInput {
  readonly name: string
  readonly says: RegExp
}

const url = (gateway: string): Record<string, string> => ({ QUALYS_GATEWAY_URL: gateway })
const routes = (text: string): Record<string, string> => ({ QUALYS_ROUTES: text })

const flags: readonly Bad[] = [
  { name: 'unknown flag', args: ['--toolset', 'car'], says: /no flag --toolset: did you mean --toolsets\?/ },
  {
    name: 'unknown flag, near one of another command',
    args: ['--moed=confirm'],
    says: /did you mean --mode\?/,
  },
  { name: 'unknown flag, nothing near', args: ['--zzzzzzzzzz'], says: /--zzzzzzzzzz: see qualys-mcp --help/ },
  { name: 'unknown short flag', args: ['-x'], says: /no flag -x/ },
  { name: 'flag of another command', args: ['tools', '--port', '1'], says: /--port is no flag of this/ },
  { name: 'flag without its value', args: ['--mode'], says: /--mode needs a value/ },
  { name: 'flag with an empty value', args: ['--mode='], says: /--mode needs a value/ },
  { name: 'value for a flag that takes none', args: ['tools', '--json=1'], says: /--json takes no value/ },
  { name: 'recording without a file', args: ['doctor', '--record'], says: /--record needs a value/ },
  { name: 'comparing nothing', args: ['doctor', '--compare', ''], says: /--compare needs a value/ },
  {
    name: 'recording with another command',
    args: ['tools', '--record', 'a'],
    says: /--record is no flag of this command/,
  },
  {
    name: 'password flag',
    args: ['--password', 'x'],
    says: /--password is no flag.*QUALYS_PASSWORD or QUALYS_PASSWORD_FILE/,
  },
  { name: 'client secret flag', args: ['--client-secret=x'], says: /set QUALYS_CLIENT_SECRET or/ },
  { name: 'unknown command', args: ['doctr'], says: /no command "doctr": did you mean doctor\?/ },
  {
    name: 'unknown command, nothing near',
    args: ['frobnicate'],
    says: /"frobnicate": see qualys-mcp --help/,
  },
  { name: 'a word of JavaScript', args: ['toString'], says: /no command "toString"/ },
  { name: 'too many arguments', args: ['tools', 'car'], says: /Too many arguments: qualys-mcp tools/ },
]

const values: readonly Bad[] = [
  {
    name: 'mode',
    args: ['--mode', 'readonly'],
    says: /^--mode must be one of read-only, confirm, unattended/,
  },
  { name: 'sandbox', env: { QUALYS_SANDBOX: 'perhaps' }, says: /QUALYS_SANDBOX must be 1 or 0/ },
  { name: 'number', env: { QUALYS_CONCURRENCY: '17' }, says: /QUALYS_CONCURRENCY .*from 1 to 16/ },
  { name: 'platform', env: { QUALYS_PLATFORM: 'EU9' }, says: /US1, US2.*did you mean EU/ },
  {
    name: 'toolset',
    args: ['--toolsets', 'car.rnus', '--sandbox'],
    says: /toolset "car\.rnus", which does not exist: did you mean car\.runs\?/,
  },
  {
    name: 'tool in QUALYS_TOOLS',
    env: { QUALYS_TOOLS: 'car_search_job' },
    says: /QUALYS_TOOLS names the tool "car_search_job".*did you mean car_search_jobs\?/,
  },
  {
    name: 'tool in QUALYS_EXCLUDE_TOOLS',
    env: { QUALYS_EXCLUDE_TOOLS: 'car_xyz' },
    says: /QUALYS_EXCLUDE_TOOLS names the tool "car_xyz", which does not exist/,
  },
]

const variables: readonly Bad[] = [
  {
    name: 'misspelt',
    env: { QUALYS_PASSWRD: 'x' },
    says: /QUALYS_PASSWRD is no setting.*use QUALYS_PASSWORD/,
  },
  ...['QUALYS_READ_ONLY', 'QUALYS_DRY_RUN'].map((name) => ({
    name,
    env: { [name]: '1' },
    says: new RegExp(`${name} is no setting.*use QUALYS_MODE=read-only`),
  })),
  {
    name: 'platform and URLs',
    env: { QUALYS_PLATFORM: 'US1', ...url('https://gateway.example.com') },
    says: /Both QUALYS_PLATFORM and QUALYS_GATEWAY_URL/,
  },
  {
    name: 'sandbox and platform',
    args: ['--sandbox'],
    env: { QUALYS_PLATFORM: 'US1' },
    says: /The sandbox and a real platform are both set/,
  },
  {
    name: 'sandbox and URL',
    env: { QUALYS_SANDBOX: '1', QUALYS_API_URL: 'https://api.example.com' },
    says: /The sandbox and a real platform are both set/,
  },
  {
    name: 'http away from here',
    env: url('http://10.0.0.1'),
    says: /QUALYS_GATEWAY_URL must start with https/,
  },
  { name: 'http, almost local', env: url('http://localhost.example.com'), says: /must start with https/ },
  { name: 'URL with path', env: url('https://a.example.com/api'), says: /without path or credentials/ },
  { name: 'URL with query', env: url('https://a.example.com/?x=1'), says: /without path or credentials/ },
  {
    name: 'URL with credentials',
    env: url('https://u:p@a.example.com'),
    says: /without path or credentials/,
  },
  { name: 'no URL at all', env: url('gateway'), says: /must be an address such as https/ },
  { name: 'proxy', env: { HTTPS_PROXY: 'ftp://proxy' }, says: /HTTPS_PROXY must be an address such as http/ },
  {
    name: 'secret twice',
    env: { QUALYS_PASSWORD: 'x', QUALYS_PASSWORD_FILE: '/x' },
    says: /Both QUALYS_PASSWORD and QUALYS_PASSWORD_FILE are set/,
  },
  {
    name: 'secret from a file that is not there',
    env: { QUALYS_CLIENT_SECRET_FILE: '/nonexistent' },
    says: /QUALYS_CLIENT_SECRET_FILE names cannot be read/,
  },
  { name: 'routes, no JSON', env: routes('{'), says: /QUALYS_ROUTES must be a JSON object such as/ },
  { name: 'routes, no route', env: routes('{"car_get_script":"/sm/v1"}'), says: /must be a JSON object/ },
  {
    name: 'routes, unknown tool',
    env: routes('{"car_get_scripts":"GET /sm/v1"}'),
    says: /QUALYS_ROUTES names the tool "car_get_scripts".*did you mean car_get_script\?/,
  },
  {
    name: 'routes, unknown hole',
    env: routes('{"car_get_script":"GET /sm/v1/{id}"}'),
    says: /QUALYS_ROUTES has \{id\} for car_get_script, which fills \{scriptId\} only/,
  },
  {
    name: 'routes, a hole named like a word of JavaScript',
    env: routes('{"car_get_script":"GET /sm/v1/{constructor}"}'),
    says: /QUALYS_ROUTES has \{constructor\} for car_get_script/,
  },
]

const called: readonly Bad[] = [
  {
    name: 'unknown tool',
    args: ['call', 'car_search_job', '--sandbox'],
    says: /no tool "car_search_job": did you mean car_search_jobs\?/,
  },
  {
    name: 'unknown tool, nothing near',
    args: ['call', 'zzzzzzzz', '--sandbox'],
    says: /"zzzzzzzz": `qualys-mcp tools` lists them/,
  },
  {
    name: 'tool that a setting withholds',
    args: ['call', 'car_search_jobs', '--toolsets', 'car.assets'],
    says: /car_search_jobs is withheld by QUALYS_TOOLSETS/,
  },
  ...['{"pageSize":', '[1]', '"text"', '3'].map((text) => ({
    name: `arguments ${text}`,
    args: ['call', 'car_search_jobs', text, '--sandbox'],
    says: /must be one JSON object/,
  })),
]

describe.each([
  { of: 'flags and commands', table: flags },
  { of: 'values', table: values },
  { of: 'environment', table: variables },
  { of: 'call', table: called },
])('$of', ({ table }) => {
  test.each(table)('$name', ({ says, ...start }) => {
    const refusal = startError(start)
    expect(refusal).toMatch(/^[^\n]*([.?]|: qualys-mcp \w+ .*)$/)
    expect(refusal).toMatch(says)
  })
})

test('valid settings start', () => {
  expect(startError({})).toBeUndefined()
  expect(startError({ args: ['call', 'car_search_jobs', '{"pageSize":1}', '--sandbox'] })).toBeUndefined()
  expect(
    startError({ args: ['--mode', 'read-only'], env: { QUALYS_PLATFORM: 'US1', QUALYS_CONCURRENCY: '16' } }),
  ).toBeUndefined()
})
