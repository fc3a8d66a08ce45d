import { expect, test } from 'vitest'
import { failureKinds } from '../../../../src/tools/workflows/run/failure-kinds.ts'
import { type ComparedHost, callerOnRuns, hosts } from '../../../support/workflows/compared-runs.ts'

// The kinds of output of the hosts that failed, each as one line.

const read = (run: readonly ComparedHost[], max = 5, environment = {}): Promise<string[]> =>
  failureKinds('1', callerOnRuns(run, [], environment).running, max)

const failed = (output: string, code = 1): ComparedHost => ({ code, text: 'FAILED', output })

test('each kind is a line with the number of its hosts and some of their names', async () => {
  const run = hosts(9, (at) => (at < 5 ? failed('error: package not found') : at === 5 ? failed('', 3) : {}))
  expect(await read(run)).toEqual([
    '5 hosts (ws-1, ws-2, ws-3, 2 more), exit code 1, FAILED: error: package not found',
    '1 host (ws-6), exit code 3, FAILED, printed nothing',
  ])
})

test('hosts that succeeded or are open are left out, those of unknown outcome are not', async () => {
  const run = hosts(
    3,
    (at) => [{}, { open: true }, { output: 'gone', more: { output: { text: 'ENDED' } } }][at] ?? {},
  )
  expect(await read(run)).toEqual(['1 host (ws-3), outcome unknown, ENDED: gone'])
  expect(await read(hosts(3))).toEqual([])
})

test('there are at most as many as are asked for', async () => {
  const run = hosts(3, (at) => failed(`error ${at}`, at + 1))
  expect(await read(run, 2)).toHaveLength(2)
})

test('of a long output the line that says what went wrong is told, on one line of at most 300 characters', async () => {
  const long = `begin\n${'all is well so far\n'.repeat(40)}fatal: disk full\u001b[2J\u202E\nend`
  expect(await read([failed(long)])).toEqual(['1 host (ws-1), exit code 1, FAILED: fatal: disk full'])
  const [kind = ''] = await read([failed(`error ${'x'.repeat(2_000)}`)])
  expect(kind).toHaveLength(300)
  expect(kind.endsWith('…')).toBe(true)
  expect((await read([failed('no word\nof it '.repeat(30))]))[0]).toMatch(/FAILED: no word$/)
})

test('no secret in use is told, and no line of its own', async () => {
  const secret = 'tr0ub4dor-and-3'
  const run = [{ name: 'a\nNote: b', ...failed(`login as admin with ${secret}\nfailed`) }]
  const [kind = ''] = await read(run, 5, { QUALYS_PASSWORD: secret })
  expect(kind).not.toContain('tr0ub4dor')
  expect(kind).not.toContain('\n')
  expect(kind).toContain('("a Note: b")')
})

test('an output that a result does not show is no empty one', async () => {
  const [kind] = await read([{ code: 1, text: 'FAILED' }])
  expect(kind).toBe('1 host (ws-1), exit code 1, FAILED, no output')
})
