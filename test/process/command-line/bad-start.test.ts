import { expect, test } from 'vitest'
import { runProgram } from '../../support/command-line/program.ts'
import type { StartInput } from '../../support/command-line/start-check.ts'

// What prevents the start: exit code 2, nothing on stdout, one line on stderr that says what to do. All invalid
// flags and settings: test/unit/command-line/bad-start.test.ts.

interface Bad extends StartInput {
  readonly name: string
  readonly says: RegExp
}

const sandboxed = (...args: readonly string[]) => ['sandbox', ...args]

test.concurrent.for<Bad>([
  { name: 'unknown flag', args: ['--toolset', 'car'], says: /no flag --toolset: did you mean --toolsets\?/ },
  { name: 'unknown command', args: ['doctr'], says: /no command "doctr": did you mean doctor\?/ },
  { name: 'flag with a wrong value', args: ['--mode', 'readonly'], says: /^--mode must be one of read-only/ },
  {
    name: 'unknown toolset',
    args: ['--toolsets', 'car.rnus', '--sandbox'],
    says: /toolset "car\.rnus", which does not exist: did you mean car\.runs\?/,
  },
  {
    name: 'misspelt variable',
    env: { QUALYS_PASSWRD: 'x' },
    says: /QUALYS_PASSWRD is no setting.*use QUALYS_PASSWORD/,
  },
  {
    name: 'secret from a file that is not there',
    args: ['doctor'],
    env: { QUALYS_CLIENT_SECRET_FILE: '/nonexistent' },
    says: /QUALYS_CLIENT_SECRET_FILE names cannot be read/,
  },
  {
    name: 'limit that cannot be read',
    env: { QUALYS_MAX_ASSETS_PER_RUN: 'unlimited' },
    says: /^QUALYS_MAX_ASSETS_PER_RUN must /,
  },
  { name: 'no tool', args: ['call', '--sandbox'], says: /Name the tool to call/ },
  {
    name: 'unknown tool',
    args: ['call', 'car_search_job', '--sandbox'],
    says: /no tool "car_search_job": did you mean car_search_jobs\?/,
  },
  {
    name: 'tool that a setting withholds',
    args: ['call', 'car_search_jobs', '--toolsets', 'car.assets'],
    says: /car_search_jobs is withheld by QUALYS_TOOLSETS/,
  },
  {
    name: 'arguments that are no object',
    args: ['call', 'car_search_jobs', '[1]', '--sandbox'],
    says: /must be one JSON object/,
  },
  {
    name: 'port that is no number',
    args: sandboxed('--port', 'http'),
    says: /--port must be a whole number/,
  },
  {
    name: 'port too high',
    args: sandboxed('--port', '65536'),
    says: /--port must be a whole number from 0 to 65535/,
  },
  { name: 'negative jobs', args: sandboxed('--jobs=-1'), says: /--jobs must be a whole number from 81 / },
  { name: 'jobs too few', args: sandboxed('--jobs', '80'), says: /--jobs must be a whole number from 81 / },
  { name: 'evidence', args: sandboxed('--evidence', 'none'), says: /--evidence must be all or documented/ },
])('$name', async ({ args = [], env, says }) => {
  const { code, stdout, stderr } = await runProgram(args, env)
  const [line = '', ...rest] = stderr.split('\n')
  expect(rest, stderr).toEqual([''])
  expect(line).toMatch(/^qualys-mcp: .*([.?]|: qualys-mcp \w+ .*)$/)
  expect(line.replace('qualys-mcp: ', '')).toMatch(says)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})
