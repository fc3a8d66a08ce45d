import { describe, expect, test } from 'vitest'
import { hostsLike, told } from '../../support/workflows/digest.ts'

// The line of a host that stands out is told whole, with the host.

/** 200 hosts with a line each; the eighth has another one. */
const withOdd = (usual: (index: number) => string, odd: string) =>
  told(hostsLike(200, (at) => (at === 7 ? odd : usual(at))))

describe('a line is odd with', () => {
  test.each<[what: string, usual: (index: number) => string, odd: string]>([
    ['another word', () => 'nginx running', 'nginx stopped'],
    ['another number where all agree', () => 'failed: 0', 'failed: 3'],
    ['another number beside one that varies', (at) => `PID ${300 + at}; failed 0`, 'PID 555; failed 3'],
    ['0 among other numbers', (at) => `free: ${50 + at} GB`, 'free: 0 GB'],
    ['a number below 0', (at) => `offset: ${20 + at} ms`, 'offset: -512 ms'],
    ['a number of another order', (at) => `errors: ${20 + at}`, 'errors: 9000'],
    ['a word among numbers', (at) => `free: ${50 + at} GB`, 'free: N/A GB'],
    ['another unit', (at) => `free: ${50 + at} GB`, 'free: 70 MB'],
    ['another day where all agree', () => 'expires 2027-01-01', 'expires 2019-01-01'],
    ['another value in a table', (at) => `sshd ${900 + at} yes yes 10`, 'sshd 907 yes no 10'],
    ['another value in CSV', (at) => `x,${900 + at},yes,yes,10`, 'x,907,yes,no,10'],
    ['the name of another host', () => 'peer (unknown) is ok', 'peer (db-1) is ok'],
  ])('%s', async (_what, usual, odd) => {
    const [first = '', ...others] = await withOdd(usual, odd)
    expect(first).toMatch(/^200: /)
    expect(others).toContain(`only on 1 (ws-8): ${odd}`)
  })

  test('another field of a record', async () => {
    const record = (pid: number, isOk: boolean): string => JSON.stringify({ pid, ok: isOk })
    expect(await withOdd((at) => record(300 + at, true), record(555, false))).toEqual([
      '200: {"pid":300,"ok":true}',
      'ok: false on 1 (ws-8); true on 199 (ws-1 ws-10 ws-100)',
      'pid varies: 200 values, 300 to 555',
    ])
  })
})

test('the other values are told without the odd line', async () => {
  const text = await withOdd((at) => `errors: ${20 + at}`, 'errors: 9000')
  expect(text).toContain('errors varies: 199 values, 20 to 219')
})

test('two odd lines of one host are both told', async () => {
  const text = await withOdd(() => 'a ok\nb ok', 'a failed\nb failed')
  expect(text).toEqual(['200: a ok\nb ok', 'only on 1 (ws-8): a failed', 'only on 1 (ws-8): b failed'])
})

describe('where the host that is shown has the odd line', () => {
  const withOddFirst = (count: number, usual: (index: number) => string, odd: string) =>
    told(hostsLike(count, (at) => (at === 0 ? odd : usual(at))))

  test.each([5, 200])('what the others agree in is told: %d hosts', async (count) =>
    expect(await withOddFirst(count, () => 'Signature: sha256', 'Signature: sha1')).toEqual([
      `${count}: Signature: sha1`,
      'only on 1 (ws-1): Signature: sha1',
      `Signature: sha256 on ${count - 1} (${count === 5 ? 'ws-2 ws-3 ws-4' : 'ws-10 ws-100 ws-101'})`,
    ]),
  )

  test('so is what they agree in on a line that varies', async () => {
    const text = await withOddFirst(200, (at) => `PID ${300 + at}; failed 0`, 'PID 555; failed 3')
    expect(text).toContain('failed 0 on 199 (ws-10 ws-100 ws-101)')
  })
})

test('fewer than five hosts have no odd line: all is told', async () =>
  expect(await told(hostsLike(4, (at) => `nginx ${at === 2 ? 'stopped' : 'running'}`))).toEqual([
    '4: nginx running',
    'nginx stopped on 1 (ws-3); running on 3 (ws-1 ws-2 ws-4)',
  ]))

test('what more than a twentieth of the hosts have is no odd line', async () => {
  const hosts = hostsLike(100, (at) => `nginx ${at < 6 ? 'stopped' : 'running'}`)
  expect(await told(hosts)).toEqual([
    '100: nginx running',
    'nginx stopped on 6 (ws-1 ws-2 ws-3); running on 94 (ws-10 ws-100 ws-11)',
  ])
})
