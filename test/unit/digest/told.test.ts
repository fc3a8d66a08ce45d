import { describe, expect, test } from 'vitest'
import { hostsLike, kindsOf, told } from '../../support/workflows/digest.ts'

// What a reader must learn of a host that is not like the others, and which hosts a kind stands for.

/** Ten hosts; the fifth printed something else. */
const oneOfTen = (usual: string, other: string) => told(hostsLike(10, (at) => (at === 4 ? other : usual)))

describe('one host of ten is named if it alone has', () => {
  test.each<[what: string, usual: string, other: string]>([
    [
      'two blocks with swapped states',
      'Name: a\nState: running\nName: b\nState: stopped',
      'Name: a\nState: stopped\nName: b\nState: running',
    ],
    [
      'two blocks with swapped states above their names',
      'State: running\nName: a\n\nState: stopped\nName: b',
      'State: stopped\nName: a\n\nState: running\nName: b',
    ],
    ['two sections with swapped values', '[a]\non=1\n[b]\non=0', '[a]\non=0\n[b]\non=1'],
    ['two headings with swapped words', 'disk C\nok\ndisk D\nbad', 'disk C\nbad\ndisk D\nok'],
    [
      'two records with swapped lists',
      '[{"n":"a","v":[{"s":1}]},{"n":"b","v":[{"s":2}]}]',
      '[{"n":"a","v":[{"s":2}]},{"n":"b","v":[{"s":1}]}]',
    ],
    ['the same line twice', 'disk bad\nend', 'disk bad\ndisk bad\nend'],
    ['a field without content', '{"a":1}', '{"a":1,"x":{}}'],
    ['a word for nothing', '{"a":null}', '{"a":"null"}'],
    ['an empty list for an empty record', '{}', '[]'],
    ['another long number', '{"id":12345678901234567890}', '{"id":12345678901234567891}'],
    [
      'another value beyond many fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 2_100 }, (_, at) => [`k${at}`, 'ok']))),
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 2_100 }, (_, at) => [`k${at}`, at === 2_099 ? 'no' : 'ok'])),
      ),
    ],
  ])('%s', async (_what, usual, other) => {
    const kinds = await kindsOf(hostsLike(10, (at) => (at === 4 ? other : usual)))
    const named = kinds.flatMap(({ count, hosts, results, lines }) =>
      count === 1
        ? [hosts]
        : [
            ...lines.map((line) => line.hosts),
            ...results.flatMap(({ values }) =>
              values.filter((value) => value.count === 1).map((v) => v.hosts),
            ),
          ],
    )
    expect(named.flat()).toContain('ws-5')
  })
})

test('a state is told below the name of its own block', async () => {
  const blocks = (state: string): string =>
    `State: on\nName: spooler\nLabel: Spooler\n\nState: ${state}\nName: winrm\nLabel: WinRM`
  const text = (await oneOfTen(blocks('on'), blocks('off'))).slice(1).join('\n')
  expect(text).toContain('off')
  expect(text).not.toMatch(/spooler/i)
})

test('a heading is told without signs of ours', async () => {
  const units = (state: string): string =>
    `Unit: sshd\nActive: on\nRestarts: 0\nUnit: cron\nActive: ${state}\nRestarts: 0`
  const text = (await oneOfTen(units('on'), units('failed'))).join('\n')
  expect(text).toContain('failed')
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u)
})

test('a sample is of a host of its kind', async () => {
  const kinds = await kindsOf(hostsLike(10, (at) => `KB5032189\n${at % 2 === 0 ? 'KB5031356' : 'KB5030219'}`))
  for (const { hosts, sample } of kinds) {
    const isEven = Number(hosts.at(-1)?.slice(3)) % 2 === 1
    expect(sample.output).toContain(isEven ? 'KB5031356' : 'KB5030219')
  }
  expect(kinds.flatMap(({ hosts }) => hosts).sort()).toEqual(
    hostsLike(10, () => '')
      .map((_, at) => `ws-${at + 1}`)
      .sort(),
  )
})

describe('values of one place', () => {
  test('that are patches are all results', async () => {
    const [, text] = await told(hostsLike(6, (at) => `latest KB${5_031_000 + at}`))
    expect(text).toContain('KB5031000 on 1 (ws-1); KB5031001 on 1 (ws-2)')
  })

  test('that are numbers vary together, whatever the number of their digits', async () => {
    const hosts = hostsLike(20, (at) => `free: ${at % 2 === 0 ? 99_999_999_000 + at : 100_000_000_000 + at}`)
    expect((await told(hosts)).slice(1)).toEqual(['free varies: 20 values, 99999999000 to 100000000019'])
  })

  test('that lie far from all others are told, also if some hosts share one', async () => {
    const text = await told(hostsLike(200, (at) => `errors: ${at < 6 ? 0 : 500 + at}`))
    expect(text.slice(1).join('\n')).toMatch(/errors: 0\b.*on 6 |on 6 .*errors: 0\b/)
  })

  test('of which one has another unit', async () => {
    const text = await told(hostsLike(20, (at) => `free: ${20 + at}${at === 4 ? 'MB' : 'GB'}`))
    expect(text.slice(1).join('\n')).toMatch(/24MB.*ws-5|ws-5.*24MB/)
  })

  test('of the outcome are compared without the own name', async () => {
    const text = await told(
      hostsLike(6, (at) => ({
        host: `host-${'abcdef'[at]}`,
        output: 'x',
        text: `host-${'abcdef'[at]} is off`,
      })),
    )
    expect(text).toEqual(['6: x'])
  })
})

test('JSON with the own name is compared by its fields', async () => {
  const hosts = hostsLike(6, (at) => {
    const [host, a] = [`host-${'abcdef'[at]}`, 1]
    return { host, output: JSON.stringify(at % 2 === 0 ? { host, a, b: 2 } : { b: 2, a, host }) }
  })
  const [, ...differences] = await told(hosts)
  expect(differences).toEqual([])
})

test('weekdays of a date are no results', async () => {
  const format = new Intl.DateTimeFormat('de', { dateStyle: 'full', timeZone: 'UTC' })
  const [, ...differences] = await told(
    hostsLike(14, (at) => `Start: ${format.format(Date.UTC(2026, 2, 2 + at))}`),
  )
  expect(differences).toEqual([expect.stringMatching(/^Start varies: 14 values/)])
})

describe('half a megabyte is compared of', () => {
  test.each(['1:', 'f:', '::%a', '1年', '日1', 'C:\\', '1 ', '1,', '[1,', '0 1 ', '1', '10'])(
    '%j',
    async (text) => {
      const output = text.repeat(500_000 / text.length)
      const kinds = await kindsOf([...hostsLike(5, (at) => `${output}${at}`), `${output}x\nthe end`])
      expect(kinds.reduce((sum, { count }) => sum + count, 0)).toBe(6)
    },
  )
})
