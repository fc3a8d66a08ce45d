import { expect, test } from 'vitest'
import { columnTitles } from '../../../src/tools/digest/places/column-titles.ts'
import { digestOf, hostsOf } from '../../support/outputs/digest.ts'

// What a reader calls a place: the words beside it, and in a table the row and the column.

/** The names of all places that differ. */
async function placesOf(output: (index: number) => string): Promise<string[]> {
  const kinds = await digestOf(hostsOf(20, output))
  return kinds.flatMap(({ results, varying }) => [...results, ...varying].map(({ place }) => place)).sort()
}

test('a number of a table is named by its row and its column', async () => {
  const places = await placesOf((index) =>
    [
      '               total        used        free',
      `Mem:            7821        ${2_000 + index * 37}        ${4_000 - index * 53}`,
      `Swap:           2047         ${100 + index * 17}        ${1_000 + index}`,
    ].join('\n'),
  )
  expect(places).toEqual(['Mem free', 'Mem used', 'Swap free', 'Swap used'])
})

test('rows that begin alike are told apart by their ends', async () => {
  const row = (pid: number, command: string): string => `root  ${String(pid).padStart(7)}  ${command}`
  const places = await placesOf((index) =>
    ['USER      PID  COMMAND', row(300 + index * 7, 'sshd -D'), row(4_000 + index * 11, 'cron -f')].join(
      '\n',
    ),
  )
  expect(places).toEqual(['root … cron -f PID', 'root … sshd -D PID'])
})

test('cells between tabs, semicolons and bars have the titles of their columns', () => {
  for (const separator of ['\t', ';', '|', ',']) {
    const table = [
      ['check', 'result', 'time taken'],
      ['disk C', '', '17'],
    ]
    const [titles] = [...columnTitles(table.map((row) => row.join(separator)).join('\n'), undefined).values()]
    expect(titles?.at(-1)).toBe('time taken')
  }
})

test.each([
  ['sentences', 'Finding available software\nTotal size 12'],
  ['settings', 'Name:   a   b\nSize:   1   2'],
  ['another table behind an empty line', 'NAME   KIND   SIZE\n\nDisk   C   12'],
])('%s are no heads of tables', (_what, output) => {
  expect([...columnTitles(output, undefined).values()].flat().filter(Boolean)).toEqual([])
})

test('words that also stand in another line are not enough', async () => {
  expect(
    await placesOf((index) =>
      [`Chain INPUT (policy ${index < 4 ? 'ACCEPT' : 'DROP'} x)`, 'Chain FORWARD (policy DROP y)'].join('\n'),
    ),
  ).toEqual(['Chain INPUT (policy … x'])
})

test('years that are far apart are told, with their hosts', async () => {
  const [kind] = await digestOf(
    hostsOf(
      20,
      (index) => `Not After : Jan ${index + 1} 10:12:${10 + index} ${index % 5 === 2 ? 2019 : 2027} GMT`,
    ),
  )
  const values = kind?.results.flatMap((place) => place.values)
  expect(values?.map(({ value, count }) => [value, count])).toEqual([
    ['year 2019', 4],
    ['year 2027', 16],
  ])
})

test.each([
  ['SMBv1', 'SMBv2'],
  ['TLS 1.0', 'TLS 1.2'],
  ['[01]', '[02]'],
])('%s before a colon is a name like %s, though some hosts have the same for both', async (first, second) => {
  const kinds = await digestOf(
    hostsOf(20, (index) => [`${first}: ${index % 5 === 2 ? 'on' : 'off'}`, `${second}: on`].join('\n')),
  )
  expect(kinds.map(({ results, lines }) => [results.length, lines])).toEqual([[1, []]])
  expect(kinds[0]?.results[0]?.values.map(({ value, count }) => [value, count])).toEqual([
    ['on', 4],
    ['off', 16],
  ])
})

test('at most twelve values are named, also of those that many hosts share', async () => {
  const [kind] = await digestOf(hostsOf(200, (index) => `temperature ${40 + (index % 15)}°C`))
  const [place] = kind?.results ?? []
  expect(place?.values.length).toBe(11)
  expect(place?.moreValues).toBe(4)
})
