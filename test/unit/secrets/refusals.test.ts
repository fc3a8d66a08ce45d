import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { canary } from '../../support/canary.ts'
import { type StartInput, startError } from '../../support/command-line/start-check.ts'
import { leaks } from '../../support/leak-search.ts'

// An error that prevents the start does not contain the secret that it is about.

const hidden = canary('hidden')
const inAddress = encodeURIComponent(hidden)

const starts: readonly (readonly [what: string, start: StartInput])[] = [
  ['an unknown flag, with the secret', { args: ['--password', hidden] }],
  ['the same with an equals sign', { args: [`--client-secret=${hidden}`, 'call'] }],
  ['an unknown flag of a command', { args: ['doctor', '--client-secret', hidden] }],
  ['a misspelt flag', { args: [`--pasword=${hidden}`] }],
  ['a short flag', { args: ['--pass', hidden] }],
  ['a setting that is no flag', { args: ['--https-proxy', `http://a:${hidden}@b`] }],
  ['a misspelt variable', { env: { QUALYS_PASSWRD: hidden } }],
  ['an address with credentials', { env: { QUALYS_GATEWAY_URL: `https://u:${inAddress}@a.example.com` } }],
  ['a proxy of another kind', { env: { HTTPS_PROXY: `ftp://u:${inAddress}@proxy.example.com` } }],
  ['a platform', { env: { QUALYS_PLATFORM: hidden } }],
  ['routes', { env: { QUALYS_ROUTES: `{"${hidden}` } }],
  ['a secret that is given twice', { env: { QUALYS_PASSWORD: hidden, QUALYS_PASSWORD_FILE: '/dev/null' } }],
  ['the secret in place of its file', { env: { QUALYS_PASSWORD_FILE: hidden } }],
  ['a file that is not there', { env: { QUALYS_PASSWORD: '', QUALYS_PASSWORD_FILE: '/nonexistent' } }],
  ['a named secret that is given twice', { env: { QUALYS_SECRET_A: hidden, QUALYS_SECRET_A_FILE: 'x' } }],
  ['a named secret in place of its file', { env: { QUALYS_SECRET_A_FILE: `/nonexistent/${hidden}` } }],
  ['arguments', { args: ['call', 'car_search_jobs', `{"password":"${hidden}`] }],
]

test.each(starts)('%s', (_what, start) => {
  const refusal = startError(start)
  expect(refusal).toMatch(/\w/)
  expect(leaks(refusal)).toEqual([])
})

describe('a variable that is no setting', () => {
  test.each(['QUALYS_SECRETT_A', 'QUALYS_SECRET_A-B'])('%s is named, without its value', (name) => {
    const refusal = startError({ env: { [name]: hidden } })
    const said = refusal ?? readSettings({}, { [name]: hidden }).unknown.join()
    expect(said).toContain(name)
    expect(leaks(said)).toEqual([])
  })
})
