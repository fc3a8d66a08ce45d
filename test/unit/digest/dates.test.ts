import { describe, expect, test } from 'vitest'
import { isCalendarWord } from '../../../src/tools/digest/lines/calendar.ts'
import { hostsLike, told } from '../../support/workflows/digest.ts'

// Dates and times of many languages: one value each, however many words they have.

const at = (index: number): number => Date.UTC(2026, 2, 3 + index, index % 24, index, index)

const days = (language: string, options: Intl.DateTimeFormatOptions) =>
  hostsLike(4, (index) => {
    const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })
    return `began ${format.format(at(index))}`
  })

describe('a long date is one value', () => {
  test.each(['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'ru', 'pl', 'sv', 'tr', 'cs'])(
    'in %s',
    async (language) => {
      const text = await told(days(language, { year: 'numeric', month: 'long', day: 'numeric' }))
      expect(text).toHaveLength(2)
      expect(text[1]).toMatch(
        /^began .+ on 1 \(ws-1\); .+ on 1 \(ws-\d\); .+ on 1 \(ws-\d\); .+ on 1 \(ws-\d\)$/,
      )
    },
  )

  test.each([
    ['of date', 'Fr 20. Nov 10:12:01 CET 2026', 'Sa 21. Nov 11:13:02 CET 2026'],
    ['of date in English', 'Fri Nov 20 10:12:01 UTC 2026', 'Sat Nov 21 11:13:02 UTC 2026'],
    ['with a weekday', 'jeudi 19 novembre 2026', 'vendredi 20 novembre 2026'],
    ['without blanks', '2026年11月20日', '2026年11月21日'],
    ['with small words', '20 de noviembre de 2026', '21 de noviembre de 2026'],
    ['with halves of the day', 'Nov 20 2026 9:05 PM', 'Nov 21 2026 11:15 AM'],
    ['of days and points', '20.11.26', '21.11.26'],
    ['of numbers', '2026-11-20 10:12:01', '2026-11-21 11:13:02'],
  ])('%s', async (_what, one, other) => {
    const text = await told([one, other])
    expect(text.slice(1)).toEqual([`value: ${one} on 1 (ws-1); ${other} on 1 (ws-2)`])
  })
})

describe('where each host has its own, it varies', () => {
  test.each([
    ['boot: Fri Nov %d 10:12:01 UTC 2026'],
    ['boot: %d novembre 2026'],
    ['boot: 2026年11月%d日'],
    ['boot: %d ноября 2026 г.'],
    ['boot: 2026-11-%d'],
    ['boot: %d.11.2026'],
    ['boot: 2026-11-%dT10:11:12Z'],
  ])('%s', async (form) => {
    const [, ...differences] = await told(hostsLike(10, (index) => form.replace('%d', String(10 + index))))
    expect(differences).toEqual([expect.stringMatching(/^boot.* varies: 10 values/)])
  })
})

test('one other date where all agree is told', async () => {
  const text = await told(hostsLike(20, (index) => `ends ${index === 3 ? '1 janvier 2019' : '1 juin 2027'}`))
  expect(text.slice(1)).toEqual(['only on 1 (ws-4): ends 1 janvier 2019'])
})

test('a month is a word like any other without a number beside it', async () => {
  const text = await told(hostsLike(10, (index) => `it ${index < 5 ? 'may' : 'will'} restart`))
  expect(text.slice(1)).toEqual(['it may on 5 (ws-1 ws-2 ws-3); will on 5 (ws-10 ws-6 ws-7)'])
})

test.each([
  ...['Nov', 'november', 'Dezember', 'déc.', 'novembre', 'ноября', 'noviembre', 'listopada', 'Mart'],
  ...['Sunday', 'Di', 'vendredi', 'пт', 'viernes', 'AM', 'p.m.', 'CET', '月', '년'],
])('%s is a word of dates', (word) => expect(isCalendarWord(word)).toBe(true))

test.each(['running', 'on', 'Nov3', '11月', '', 'x'])('%j is none', (word) =>
  expect(isCalendarWord(word)).toBe(false),
)
