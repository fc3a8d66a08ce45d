/** Words of dates in many languages. The platform knows them, so no table of ours has to. */

const calendarLocales =
  'en de fr es pt it nl sv da nb fi pl cs sk sl hr hu ro bg ru uk el tr ja ko zh th vi id he ar'.split(' ')

/** Further words of dates and times: halves of the day, units behind numbers, time zones. */
const otherWords =
  'am pm a.m p.m 年 月 日 时 時 分 秒 년 월 일 г de utc gmt cet cest edt pst pdt cst cdt bst msk jst'.split(
    ' ',
  )

/** A day of each month of 2026, so that every day of the week is among them. */
const daysOfAllNames = [5, 3, 4, 2, 1, 6, 5, 3, 2, 1, 1, 1]

const shortLength = 3

let calendar: ReadonlySet<string> | undefined

/** The names of months and days in the languages of most systems, without their dots, and AM and PM. */
function calendarWords(): ReadonlySet<string> {
  if (calendar) return calendar
  const words = new Set(otherWords)
  for (const locale of calendarLocales) {
    for (const width of ['long', 'short'] as const) {
      // In some languages, a month has another ending next to a day.
      const formats = [
        { month: width, day: 'numeric' },
        { month: width, weekday: width },
      ] as const
      for (const options of formats) {
        const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
        for (let at = 0; at < 12; at++) {
          const parts = format.formatToParts(Date.UTC(2026, at, daysOfAllNames[at]))
          for (const { type, value } of parts) {
            if (type !== 'month' && type !== 'weekday') continue
            words.add(value.toLowerCase().replace(/\.$/, ''))
            // As the C library shortens names: "pią" for "piątek".
            if (value.length > shortLength) words.add(value.toLowerCase().slice(0, shortLength))
          }
        }
      }
    }
  }
  calendar = words
  return words
}

/** True for the name of a month or a day of the week, and for other words of dates. */
export const isCalendarWord = (word: string): boolean =>
  !/\p{N}/u.test(word) && calendarWords().has(word.toLowerCase().replace(/\.$/, ''))
