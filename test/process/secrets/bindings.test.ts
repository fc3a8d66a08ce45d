import { describe, expect, test } from 'vitest'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'

// Bindings of secrets as an operator meets them: in the settings of the built program.

const value = 'ghp-not-a-real-one'
const script = {
  ...{ title: 'X', typeId: 1, subType: 'Detection', languageId: 201, platform: 'WINDOWS', severity: 1 },
  repositoryToken: 'corp-github',
}
const call = (sourceUrl: string, settings: Readonly<Record<string, string>>) =>
  runProgram(
    ['call', 'car_create_script', JSON.stringify({ ...script, sourceUrl }), '--sandbox'],
    processEnvironment({ QUALYS_SECRET_CORP_GITHUB: value, ...settings }),
  )
const unattended = { QUALYS_MODE: 'unattended' }

describe('car_create_script', () => {
  test.each([
    ['https://gіthub.com/corp/tools/blob/main/x.sh', {}, /sourceUrl: must spell its host in ASCII letters/],
    ['https://github.com/corp/tools/blob/main/x.sh', {}, /the secret "corp-github" is bound to nothing/],
    [
      'https://gitlab.com/corp/tools/-/blob/main/x.sh',
      { QUALYS_SECRET_CORP_GITHUB_FOR: 'github.com' },
      /may go to "github\.com" \(QUALYS_SECRET_CORP_GITHUB_FOR\), and not to the repository host "gitlab\.com"/,
    ],
  ])('%s is refused', async (url, settings, says) => {
    const { code, stdout, stderr } = await call(url, { ...unattended, ...settings })
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(says)
    expect(stdout + stderr).not.toContain(value)
  })
})

test.each([
  [
    'QUALYS_SECRET_CORP_GITHUB_FOR',
    'localhost',
    /^qualys-mcp: QUALYS_SECRET_CORP_GITHUB_FOR must list hosts/,
  ],
  ['QUALYS_SECRET_CORP_GITHUB_FOR', '19218', /names script 19218 without its content, which mode unattended/],
  ['QUALYS_SECRET_OTHER_FOR', 'github.com', /says where QUALYS_SECRET_OTHER may go, which is not set/],
  ['QUALYS_SECRET_OTHER_FOR_FILE', '/nonexistent', /no name of a secret ends in _FILE or _FOR/],
])('%s=%s stops the start with one sentence', async (name, text, says) => {
  const { code, stdout, stderr } = await call('https://github.com/a/blob/x', { ...unattended, [name]: text })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(says)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).not.toContain(value)
})

test('doctor and qualys_status say where each secret may go, and show no value', async () => {
  const pin = `25209@${'a'.repeat(64)}`
  const environment = processEnvironment({
    ...unattended,
    ...{ QUALYS_SECRET_CORP_GITHUB: value, QUALYS_SECRET_CORP_GITHUB_FOR: `GitHub.com ${pin}` },
    QUALYS_SECRET_LOOSE: value,
  })
  const doctor = await runProgram(['doctor', '--sandbox'], environment)
  expect(doctor.stdout.split('\n')).toEqual(
    expect.arrayContaining([
      `  QUALYS_SECRET_CORP_GITHUB is set, for github.com,${pin}  (QUALYS_SECRET_CORP_GITHUB_FOR)`,
      '  QUALYS_SECRET_LOOSE is set, and bound to nothing: mode unattended does not use it  (QUALYS_SECRET_LOOSE_FOR is not set)',
    ]),
  )
  const status = await runProgram(['call', 'qualys_status', '--sandbox'], environment)
  expect(status.stdout.split('\n')).toContain(
    `secrets: corp-github for github.com, ${pin}; loose for nothing, since it is bound to nothing`,
  )
  expect(doctor.stdout + doctor.stderr + status.stdout + status.stderr).not.toContain(value)
})
