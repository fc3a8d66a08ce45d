import { describe, expect, test } from 'vitest'
import { hostsLike, kindsOf, told } from '../../support/workflows/digest.ts'

// Lines that only some hosts of a kind printed.

const base = 'disk ok\nclock right\nagent up'

describe('a line', () => {
  test('that few printed is told with their names', async () => {
    const hosts = hostsLike(20, (at) => (at < 4 ? `${base}\nreboot required` : base))
    expect(await told(hosts)).toEqual([`20: ${base}`, 'only on 4 (ws-1 ws-2 ws-3): reboot required'])
  })

  test('that most printed is told with those who did not', async () => {
    const hosts = hostsLike(20, (at) => (at === 3 ? 'disk ok\nagent up' : base))
    expect(await told(hosts)).toEqual([`20: ${base}`, 'not on 1 (ws-4): clock right'])
  })

  test('that half printed is told with those who did', async () => {
    const hosts = hostsLike(4, (at) => (at < 2 ? `${base}\nreboot required` : base))
    expect((await told(hosts)).slice(1)).toEqual(['only on 2 (ws-1 ws-2): reboot required'])
  })

  test('of a list that one host lacks', async () => {
    const list = ['KB5032189', 'KB5031356', 'KB5030219']
    const hosts = hostsLike(20, (at) => list.filter((name) => at !== 4 || name !== 'KB5031356').join('\n'))
    expect(await told(hosts)).toEqual([`20: ${list.join('\n')}`, 'not on 1 (ws-5): KB5031356'])
  })

  test('that one host printed again with other values', async () => {
    const hosts = hostsLike(20, (at) => `root 0\nguest ${500 + at}${at === 3 ? '\nevil 0' : ''}`)
    expect(await told(hosts)).toContain('only on 1 (ws-4): evil 0')
  })
})

test('the rarest lines come first, and the others are counted', async () => {
  const extra = (at: number): string[] =>
    Array.from({ length: 15 }, (_, line) => (at <= line ? `\n${'abcdefghijklmno'[line]} found` : ''))
  const [kind] = await kindsOf(hostsLike(40, (at) => `${base}\none\ntwo${extra(at).join('')}`))
  const counts = kind?.lines.map(({ count }) => count) ?? []
  expect(counts).toEqual([...counts].sort((a, b) => a - b))
  expect((kind?.lines.length ?? 0) + (kind?.moreLines ?? 0)).toBe(15)
  expect(kind?.moreLines).toBe(3)
})

test('many lines that differ from others in numbers alone push out no other line', async () => {
  const events = (from: number, to: number): string[] =>
    [1, 2, 3, 4, 5].flatMap((day) =>
      Array.from({ length: to - from }, (_, at) => `day ${day} accepted peer ${from + at}`),
    )
  const [few, many] = [events(0, 2), [...events(0, 9), 'day 9 rejected peer 7']]
  const text = await told(hostsLike(2, (at) => (at === 0 ? few : many).join('\n')))
  expect(text).toContain('only on 1 (ws-2): day 1 accepted peer 2')
  expect(text).toContain('only on 1 (ws-2): day 9 rejected peer 7')
})

test('fewer than half of the lines in common make two kinds', async () => {
  const other = 'disk ok\nclock wrong now\nagent is gone'
  const text = await told([...hostsLike(5, () => base), ...hostsLike(3, () => other)])
  expect(text).toEqual([`5: ${base}`, `3: ${other}`])
})
