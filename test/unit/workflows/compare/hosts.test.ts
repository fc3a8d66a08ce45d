import { describe, expect, test } from 'vitest'
import { type ComparedHost, compared, hosts } from '../../../support/workflows/compared-runs.ts'

// Which results of two runs belong to one host.

const uuid = (digit: number): string => `${String(digit).repeat(8)}-aaaa-4bbb-8ccc-1234567890ab`
const on = (asset: object | null, more: Partial<ComparedHost> = {}): ComparedHost => ({
  asset,
  output: 'ok',
  ...more,
})

/** How many hosts are in both, in A alone and in B alone. */
async function matched(a: readonly ComparedHost[], b: readonly ComparedHost[]): Promise<string> {
  const { text } = await compared(a, b)
  return text.split('\n')[0]?.replace(/^.*?": (?:nothing changed: )?/, '') ?? ''
}

describe('a host is the same', () => {
  test.each<[string, object, object]>([
    ['by its number, whatever its name', { id: 7, name: 'old' }, { id: '7', name: 'new' }],
    [
      'by its UUID where a result shows no number',
      { id: 7, agentUuid: uuid(1) },
      { agentUuid: uuid(1).toUpperCase() },
    ],
    ['by its UUID though its number is another one', { id: 7, uuid: uuid(1) }, { id: 8, uuid: uuid(1) }],
    ['by its name where one result shows no id', { id: 7, name: 'ws-1' }, { name: 'WS-1' }],
  ])('%s', async (_, a, b) => {
    expect(await matched([on(a)], [on(b)])).toMatch(/^1 host in both/)
  })
})

describe('a host is another one', () => {
  test('that has the same name and another number', async () => {
    const [a, b] = [
      { id: 7, name: 'localhost' },
      { id: 8, name: 'localhost' },
    ]
    expect(await matched([on(a)], [on(b)])).toBe('0 of 2 hosts in both, 1 only in A, 1 only in B')
  })

  test('that has the same name and another UUID', async () => {
    const [a, b] = [
      { agentUuid: uuid(1), name: 'localhost' },
      { agentUuid: uuid(2), name: 'localhost' },
    ]
    expect(await matched([on(a)], [on(b)])).toBe('0 of 2 hosts in both, 1 only in A, 1 only in B')
  })

  test('where several have its name', async () => {
    const two = [on({ id: 7, name: 'localhost' }), on({ id: 8, name: 'localhost' })]
    expect(await matched(two, [on({ name: 'localhost' })])).toBe(
      '0 of 3 hosts in both, 2 only in A, 1 only in B',
    )
    expect(await matched([on({ name: 'localhost' })], two)).toBe(
      '0 of 3 hosts in both, 1 only in A, 2 only in B',
    )
  })

  test('for a second host: the first one has it', async () => {
    const a = [on({ id: 7, uuid: uuid(1) }), on({ id: 9, uuid: uuid(2) })]
    const b = [on({ id: 7, uuid: uuid(2) })]
    expect(await matched(a, b)).toBe('1 of 2 hosts in both, 1 only in A')
  })
})

test('results that name no host are counted, and not compared', async () => {
  const { text } = await compared([...hosts(2), on(null)], [...hosts(2), on(null), on({ id: '' })])
  expect(text).toMatch(/: nothing changed: 2 hosts in both/)
  expect(text).toContain(
    'Note: 1 result of run A names no host, and is not compared. 2 results of run B name no host, and are not compared.',
  )
})

test('of several results of a host, the newest counts, wherever it stands', async () => {
  const [older, newer] = [
    on({ id: 7, name: 'a' }, { code: 1, text: 'FAILED', after: 1_000 }),
    on({ id: 7, name: 'a' }, { after: 2_000 }),
  ]
  for (const repeated of [
    [older, newer],
    [newer, older],
  ]) {
    const { text } = await compared([on({ id: 7, name: 'a' })], repeated)
    expect(text).toMatch(/: nothing changed: 1 host in both/)
    expect(text).toContain('1 result of run B is older than another one of the same host, and not compared.')
  }
})
