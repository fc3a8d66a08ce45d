import { describe, expect, test } from 'vitest'
import type { Kind } from '../../../src/tools/digest/kind.ts'
import { renderKind } from '../../../src/tools/digest/render-kind.ts'
import { digestOf, hostsOf } from '../../support/outputs/digest.ts'

// What one host prints is shown, whatever the others print, and it changes nothing of what is said about them.

const textsOf = (kinds: readonly Kind[]): string =>
  JSON.stringify(kinds.map(({ sample: _, ...others }) => others))

describe('one host cannot hide another one', () => {
  test('with many odd lines', async () => {
    const kinds = await digestOf(
      hostsOf(200, (index) => {
        const usual = Array.from(
          { length: 60 },
          (_, at) => `check of part ${String.fromCharCode(97 + (at % 26))}${at}: ok`,
        )
        if (index === 3)
          return [...usual, ...usual.slice(0, 25).map((line) => line.replace('check of', 'Aaa bbb'))].join(
            '\n',
          )
        return [...usual, ...(index === 9 ? ['zzz: the disk has failed'] : [])].join('\n')
      }),
    )
    expect(kinds).toHaveLength(1)
    expect(kinds[0]?.lines.find(({ hosts }) => hosts.includes('ws-009'))?.line).toBe(
      'zzz: the disk has failed',
    )
  })

  test('with lines of the form of the others', async () => {
    const kinds = await digestOf(
      hostsOf(200, (index) =>
        index === 9
          ? Array.from({ length: 500 }, (_, at) => `agent ${at} is away`).join('\n')
          : `agent ${index} is ${index === 50 ? 'stopped' : 'running'}`,
      ),
    )
    expect(textsOf(kinds)).toContain('ws-009')
    expect(kinds.flatMap(({ lines }) => lines).find(({ hosts }) => hosts.includes('ws-050'))?.line).toBe(
      'agent 50 is stopped',
    )
  })
})

test('all lines that one host alone prints are told, or counted', async () => {
  const kinds = await digestOf(
    hostsOf(20, (index) =>
      ['ok', 'fine', 'up', ...(index === 4 ? ['user mallory', 'user eve'] : [])].join('\n'),
    ),
  )
  expect(textsOf(kinds)).toMatch(/user mallory.*user eve|user eve.*user mallory/)
})

test('of two hosts with a line of their own above, the differences below it are told', async () => {
  const kinds = await digestOf(
    hostsOf(2, (index) =>
      [`# written 2026-01-0${index + 1}`, 'nameserver 10.1.0.2', `nameserver 10.1.0.${index + 3}`].join('\n'),
    ),
  )
  expect(kinds.flatMap(({ results }) => results).find(({ place }) => place === 'nameserver')?.values).toEqual(
    [
      { value: '10.1.0.3', count: 1, hosts: ['ws-000'] },
      { value: '10.1.0.4', count: 1, hosts: ['ws-001'] },
    ],
  )
})

test('the name of a host in the text of its outcome makes no difference', async () => {
  const failed = hostsOf(10, () => 'ok').map((result) => ({
    ...result,
    outcome: 'failed',
    text: `no answer from ${result.host}`,
  }))
  const kinds = await digestOf(failed)
  expect(kinds.map(({ count, results }) => [count, results])).toEqual([[10, []]])
})

test('a value that reads like a sentence about values is quoted', async () => {
  const [kind] = await digestOf(
    hostsOf(8, (index) => JSON.stringify({ state: index < 3 ? 'ok on 5 hosts; all well' : 'bad' })),
  )
  if (!kind) throw new Error('there is no kind')
  const { block } = renderKind(kind, 8, { sample: 100, differences: 10 })
  expect(block).toContain('"ok on 5 hosts; all well" on 3 hosts')
  expect(block).toContain('; bad on 5 hosts')
})
