import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as plain } from 'vitest'
import { recordingSchema } from '../../../src/cli/probe/recording/schema.ts'
import { processEnvironment, runProgram, spawnProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'

// `qualys-mcp doctor --record` and `--compare` as a person runs them.

const test = testOn({ jobs: 100, assets: 200 }).extend<{
  readonly environment: Record<string, string>
  /** The path of a file that is removed after the test. */
  readonly at: (name: string) => string
}>({
  environment: async ({ sandbox }, use) => use(processEnvironment(environmentFor(sandbox))),
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  at: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-doctor-program-'))
    await use((name) => join(folder, name))
    rmSync(folder, { recursive: true, force: true })
  },
})

test('records the sandbox, and finds every guess confirmed, without settings the second time', async ({
  at,
}) => {
  const file = at('sandbox.json')
  const recorded = await runProgram(['doctor', '--sandbox', '--record', file])
  expect(recorded).toMatchObject({ code: 0, stderr: '' })
  expect(recorded.stdout).toMatch(/main\.js doctor --compare \S+$/m)
  expect(recorded.stdout).toContain(`doctor --compare ${file}\n`)
  expect(recordingSchema.parse(JSON.parse(readFileSync(file, 'utf8')))).toMatchObject({
    platform: 'sandbox',
    complete: true,
  })

  // A setting that prevents every other command does not prevent this one.
  const compared = await runProgram(['doctor', '--compare', file], { QUALYS_MODE: 'nonsense' })
  expect(compared).toMatchObject({ code: 0, stderr: '' })
  expect(compared.stdout).toContain('Nothing to set.')

  const again = await runProgram(['doctor', '--sandbox', '--record', file])
  expect(again).toMatchObject({ code: 2, stdout: '' })
  expect(again.stderr).toContain('exists already, and is not overwritten')
})

test('sends only logins and reads, lists each of them first, and ends with 1 where a guess fails', async ({
  sandbox,
  environment,
  at,
}) => {
  const file = at('moved.json')
  await sandbox.control.faults([
    { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'move', to: 'GET /sm/v4/script/{scriptId}' },
  ])
  const recorded = await runProgram(['doctor', '--record', file], environment)
  expect(recorded).toMatchObject({ code: 0, stderr: '' })
  const seen = await sandbox.control.requests()
  expect(seen.length).toBeGreaterThan(50)
  for (const { method, path } of seen)
    expect(`${method} ${path}`).toMatch(
      /^POST \/auth$|^GET \/(sm|qps)\/|^POST \/sm\/v\d\/[a-z-]+\/search$|^POST \/qps\/rest\/1\.0\/(search|count)\/saq\//,
    )
  expect(seen.filter(({ path }) => path === '/auth')).toHaveLength(1)
  const listed = recorded.stdout.indexOf('GET /sm/v4/script/{scriptId}')
  expect(listed).toBeGreaterThan(0)
  expect(listed).toBeLessThan(recorded.stdout.indexOf('1/87 '))
  expect(statSync(file).mode & 0o777).toBe(0o600)

  const compared = await runProgram(['doctor', '--compare', file])
  expect(compared.code).toBe(1)
  const line = `QUALYS_ROUTES='{"car_get_script":"GET /sm/v4/script/{scriptId}"}'`
  expect(compared.stdout).toContain(line)
  // Users paste it into a shell.
  const value = execFileSync('sh', ['-c', `${line}; printf %s "$QUALYS_ROUTES"`], { encoding: 'utf8' })
  expect(JSON.parse(value)).toEqual({ car_get_script: 'GET /sm/v4/script/{scriptId}' })
})

test.for(['SIGINT', 'SIGTERM'] as const)(
  'keeps the answers so far when it gets %s',
  async (signal, { sandbox, environment, at }) => {
    const file = at(`${signal}.json`)
    await sandbox.control.faults([{ route: 'POST /sm/v1/assettags/search', kind: 'delay', ms: 600_000 }])
    const child = spawnProgram(['doctor', '--record', file], environment)
    const ended = once(child, 'close')
    const paths = async () => (await sandbox.control.requests()).map(({ path }) => path)
    await expect.poll(paths, { interval: 10, timeout: 30_000 }).toContain('/sm/v1/assettags/search')
    child.kill(signal)
    expect(await ended).toEqual([signal === 'SIGINT' ? 130 : 143, null])
    const kept = recordingSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    expect(kept).toMatchObject({ complete: false, ended: 'interrupted' })
    expect(kept.answers.filter(({ held }) => held).length).toBeGreaterThan(3)
    expect(existsSync(`${file}.part`)).toBe(false)
    expect((await runProgram(['doctor', '--compare', file])).code).toBe(1)
  },
)

test('sends no request where the file cannot be written', async ({ sandbox, environment, at }) => {
  const { code, stderr, stdout } = await runProgram(['doctor', '--record', at('none/x.json')], environment)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('cannot be written, since its folder does not exist: name a file elsewhere.')
  expect(await sandbox.control.requests()).toEqual([])
})

plain('two tasks at once, and a recording that is not there, end with a sentence', async () => {
  for (const [args, says] of [
    [['--record', 'a', '--compare', 'b'], 'Pass --record or --compare, one after the other.'],
    [['--compare', join(tmpdir(), 'qualys-mcp-none.json')], 'cannot be read (ENOENT)'],
  ] as const) {
    const { code, stderr, stdout } = await runProgram(['doctor', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).toMatch(/^qualys-mcp: [^\n]+\n$/)
  }
})

test('without an account says what to set, and leaves no file', async ({ at }) => {
  const { code, stdout, stderr } = await runProgram(['doctor', '--record', at('no-account.json')])
  expect(code).toBe(1)
  expect(`${stdout}${stderr}`).toContain('QUALYS_PLATFORM')
  expect(existsSync(at('no-account.json'))).toBe(false)
  expect(existsSync(at('no-account.json.part'))).toBe(false)
})

test('sends its requests slowly, and gives time to cancel before the first one', async ({
  environment,
  at,
}) => {
  const file = at('slow.json')
  const https = {
    ...environment,
    QUALYS_GATEWAY_URL: 'https://127.0.0.1:9',
    QUALYS_API_URL: 'https://127.0.0.1:9',
  }
  const child = spawnProgram(['doctor', '--record', file], https)
  const ended = once(child, 'close')
  let printed = ''
  // Once: a second signal may meet a program that has ended its work, and kill it.
  let isCancelled = false
  for await (const chunk of child.stdout) {
    printed += String(chunk)
    if (isCancelled || !printed.includes('The first goes out in 5 s.')) continue
    isCancelled = true
    child.kill('SIGINT')
  }
  expect(await ended).toEqual([130, null])
  expect(printed).toMatch(/^At most 87 requests, one at a time, 500 ms apart: about \d+ s;.*\n/)
  expect(printed).toContain('Nothing was answered, so that nothing was recorded.')
  expect(existsSync(file)).toBe(false)
  expect(existsSync(`${file}.part`)).toBe(false)
})

test('a hostile recording is refused without quoting it', async ({ at }) => {
  const file = at('hostile.json')
  writeFileSync(file, JSON.stringify({ format: 'qualys-mcp transcript', answers: '\u001b]0;owned\u0007' }))
  const { code, stdout, stderr } = await runProgram(['doctor', '--compare', file])
  expect(code).toBe(2)
  expect(`${stdout}${stderr}`).not.toContain('owned')
  expect(`${stdout}${stderr}`).not.toContain('\u001b')
})
