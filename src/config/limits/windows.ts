import { normalizedBy, plainText } from '../normalizations.ts'
import { parser } from '../parsers.ts'

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const minutesOfDay = 24 * 60
const minuteMs = 60_000

/** What a clock in a zone shows. */
interface LocalTime {
  /** Sunday is 0. */
  readonly day: number
  readonly minute: number
  readonly date: string
}

function minuteOf(hour: string, minute: string): number | undefined {
  const value = Number(hour) * 60 + Number(minute)
  return Number(minute) < 60 && value <= minutesOfDay ? value : undefined
}

/**
 * Hours of some days in which code may run and mail may go. It is open whenever the clock of its zone shows one of
 * these hours: a time that the clock shows twice counts twice, and one that it leaves out never comes.
 */
export class TimeWindow {
  readonly text: string
  readonly zone: string
  /** The days on which it opens. */
  readonly #days: ReadonlySet<number>
  readonly #opens: number
  /** Above a day if it closes after midnight. */
  readonly #closes: number
  readonly #format: Intl.DateTimeFormat

  constructor(text: string, days: ReadonlySet<number>, hours: readonly [number, number], zone: string) {
    const [opens, closes] = hours
    this.text = text
    this.zone = zone
    this.#days = days
    this.#opens = opens
    this.#closes = closes > opens ? closes : closes + minutesOfDay
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'long',
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
      hourCycle: 'h23',
    })
  }

  toString(): string {
    return this.text
  }

  #localTime(at: number): LocalTime {
    const parts = Object.fromEntries(this.#format.formatToParts(at).map(({ type, value }) => [type, value]))
    const { weekday = '', year, month, day, hour = '', minute = '' } = parts
    return {
      day: dayNames.findIndex((name) => weekday.startsWith(name)),
      minute: Number(hour) * 60 + Number(minute),
      date: `${weekday.slice(0, 3)} ${year}-${month}-${day} ${hour}:${minute}`,
    }
  }

  /** True if it is open at this time, in milliseconds since 1970. */
  isOpen(at: number): boolean {
    const { day, minute } = this.#localTime(at)
    const yesterday = (day + 6) % 7
    return (
      (this.#days.has(day) && minute >= this.#opens && minute < this.#closes) ||
      (this.#days.has(yesterday) && minute + minutesOfDay < this.#closes)
    )
  }

  /**
   * The next time at which it opens. Clocks are changed at quarters of an hour, so that between two of them local time
   * runs evenly. A change leaves out one opening at most.
   */
  nextOpening(from: number): number {
    const last = from + 15 * minutesOfDay * minuteMs
    let at = Math.ceil(from / minuteMs) * minuteMs
    while (!this.isOpen(at) && at < last) {
      const untilQuarter = 15 - ((at / minuteMs) % 15)
      const untilOpening = (this.#opens - this.#localTime(at).minute + minutesOfDay) % minutesOfDay
      at += Math.min(untilQuarter, untilOpening || minutesOfDay) * minuteMs
    }
    return at
  }

  /** This time as a clock of the zone shows it. */
  localText(at: number): string {
    return `${this.#localTime(at).date} ${this.zone}`
  }
}

function dayOf(name: string): number | undefined {
  const day = dayNames.findIndex((full) =>
    [full, full.slice(0, 3)].some((known) => known.toLowerCase() === name.toLowerCase()),
  )
  return day < 0 ? undefined : day
}

/** `Mon-Fri`, `Sat`, or several of them parted by commas. */
function daysIn(text: string): ReadonlySet<number> | undefined {
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [first, last = first] = part.split('-').map((name) => dayOf(name.trim()))
    if (first === undefined || last === undefined || part.split('-').length > 2) return undefined
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === last) break
    }
  }
  return days
}

const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The texts of the windows. A comma parts windows as a semicolon does, unless it stands between days. */
function windowTexts(text: string): string[] {
  const texts: string[] = []
  for (const group of text.split(';')) {
    let days = ''
    for (const part of group.split(',').map((part) => part.trim())) {
      if (/^[a-z]+(\s*-\s*[a-z]+)?$/i.test(part)) {
        days += `${part},`
        continue
      }
      texts.push(`${days}${part}`)
      days = ''
    }
    if (days !== '') texts.push(days)
  }
  return texts.filter((one) => one !== '')
}

const windowPattern = /^(?:([a-z][a-z\s,-]*?)\s+)?(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)(?:\s+(\S+))?$/i
const allDays = 'Sun-Sat'

function windowIn(text: string): TimeWindow | undefined {
  const [, days = allDays, openHour = '', openMinute = '', closeHour = '', closeMinute = '', zone = 'UTC'] =
    windowPattern.exec(text) ?? []
  const opens = minuteOf(openHour, openMinute)
  const closes = minuteOf(closeHour, closeMinute)
  const chosen = daysIn(days)
  if (openHour === '' || opens === undefined || closes === undefined || opens === closes) return undefined
  if (opens >= minutesOfDay || !chosen || !isZone(zone)) return undefined
  return new TimeWindow(text, chosen, [opens, closes], zone)
}

const namesZone = (text: string): boolean => / [^\s\d]\S*$/.test(text)

function windowsIn(text: string): readonly TimeWindow[] | undefined {
  const texts = windowTexts(text.replace(/\s+/g, ' ').replace(/[–—]/g, '-'))
  const windows = texts.map(windowIn)
  const isMixed = texts.some(namesZone) && !texts.every(namesZone)
  return texts.length > 0 && !isMixed && windows.every((window) => window !== undefined) ? windows : undefined
}

/** When code may run and mail may go. */
export const timeWindows = normalizedBy(
  parser(
    windowsIn,
    'must be windows such as Mon-Fri 22:00-05:00 Europe/Berlin, parted by semicolons, with a zone for each or for none (UTC), and 00:00-24:00 for a whole day',
  ),
  ...plainText,
)
