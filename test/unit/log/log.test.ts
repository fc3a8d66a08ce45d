import { describe, expect, test } from 'vitest'
import {
  factsOf,
  type Log,
  openLog,
  silentLog,
  type Threshold,
  withContext,
} from '../../../src/shared/log.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { canary } from '../../support/canary.ts'
import { commonSpellings, someJwt as jwt, leaks } from '../../support/leak-search.ts'

// The log by itself: JSON Lines, complete, in order, and without secrets.

const levels = ['debug', 'info', 'warn', 'error'] as const
const secret = canary('logged')
const redact = redactor([new Secret(secret)]).redact

/** A log, and its lines so far. */
function openTestLog(threshold: Threshold = 'debug') {
  const written: string[] = []
  const log = openLog(threshold, redact, (line) => written.push(line))
  return { log, written, last: () => JSON.parse(written.at(-1) ?? '') }
}

const logAtAllLevels = (log: Log): void => {
  for (const level of levels) log[level]({ said: level }, 'a line')
}

test.each([
  ['debug', 4],
  ['info', 3],
  ['warn', 2],
  ['error', 1],
  ['silent', 0],
] as const)('of the threshold %s', (threshold, lines) => {
  const { log, written } = openTestLog(threshold)
  logAtAllLevels(log)
  expect(written.map((line) => JSON.parse(line).level)).toEqual(levels.slice(4 - lines))
})

test('a line has level, time, facts and text, and no data of the machine', () => {
  const { log, last } = openTestLog()
  log.warn({ status: 503 }, 'a line')
  expect(last()).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    status: 503,
    msg: 'a line',
  })
})

describe('the context', () => {
  test('is in every line of the work, and of no other', async () => {
    const { log, written } = openTestLog()
    const work = (call: number) =>
      withContext({ call }, async () => {
        log.info({}, 'begins')
        await new Promise(setImmediate)
        await withContext({ deeper: call }, async () => log.info({}, 'ends'))
      })
    await Promise.all([work(1), work(2)])
    log.info({}, 'after')
    const lines = written.map((line) => JSON.parse(line))
    expect(lines.map(({ call, deeper, msg }) => [call, deeper, msg])).toEqual([
      [1, undefined, 'begins'],
      [2, undefined, 'begins'],
      [1, 1, 'ends'],
      [2, 2, 'ends'],
      [undefined, undefined, 'after'],
    ])
  })
})

describe('secrets', () => {
  test.each(Object.entries(commonSpellings))(
    'are redacted in texts and names, in %s, and the line stays JSON',
    (_name, spell) => {
      const { log, written, last } = openTestLog()
      const said = spell(secret)
      log.error({ plain: said, [said]: `x ${said} y` }, `text ${said}`)
      expect(leaks(written)).toEqual([])
      expect(last()).toMatchObject({
        plain: '[masked-by-qualys-mcp]',
        '[masked-by-qualys-mcp]': 'x [masked-by-qualys-mcp] y',
        msg: 'text [masked-by-qualys-mcp]',
      })
    },
  )

  test('of digits are redacted as numbers', () => {
    const written: string[] = []
    const log = openLog('info', redactor([new Secret('1234567890')]).redact, (line) => written.push(line))
    log.info({ id: 1234567890, other: 1234567891 }, 'a line')
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ id: '[masked-by-qualys-mcp]', other: 1234567891 })
  })

  test('are redacted before a long text is truncated', () => {
    const { log, written } = openTestLog()
    for (let from = 7_900; from < 8_000; from++) log.info({ text: 'x'.repeat(from) + secret }, 'a line')
    expect(leaks(written)).toEqual([])
    log.info({ text: 'x'.repeat(100_000) }, 'a line')
    expect(written.at(-1)?.length).toBeLessThan(8_200)
  })

  test('are recognised by their shapes', () => {
    const { log, last } = openTestLog()
    log.info({ a: `Bearer ${jwt}`, b: 'https://corp:geheim@proxy.example.com:3128/' }, jwt)
    expect(last()).toMatchObject({
      a: '[masked-by-qualys-mcp]',
      b: 'https://[masked-by-qualys-mcp]@proxy.example.com:3128/',
      msg: '[masked-by-qualys-mcp]',
    })
  })
})

test('nothing in a line ends it, or moves a terminal’s cursor', () => {
  const { log, written } = openTestLog()
  const hostile = 'a\nb\rc\u001b[2Jd\u009b2Je\u2028f\u202eg\u0000h\ud800i'
  log.info({ hostile, [hostile]: 1 }, hostile)
  expect(written).toHaveLength(1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(written[0]).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]*\n$/)
  expect(JSON.parse(written[0] ?? '').hostile).toBe(hostile)
})

test('of an error only message and stack are logged: some errors carry requests', () => {
  const error = Object.assign(new Error('no'), { headers: { authorization: 'x' }, code: 'E' })
  expect(Object.keys(factsOf(error))).toEqual(['error', 'stack'])
  expect(factsOf('a word')).toEqual({ error: 'a word' })
})

test('the silent one says nothing', () => {
  expect(() => logAtAllLevels(silentLog)).not.toThrow()
})
