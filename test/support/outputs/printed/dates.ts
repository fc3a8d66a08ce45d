import type { Draw } from '../draw.ts'
import { type FleetOutput, lines } from '../fleet-output.ts'

// Dates and times as systems of six languages print them.

const formats = new Map<string, Intl.DateTimeFormat>()

/** A date as the locale writes it. */
function write(locale: string, options: Intl.DateTimeFormatOptions, date: Date): string {
  const key = `${locale} ${JSON.stringify(options)}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
  formats.set(key, format)
  return format.format(date)
}

const full = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const
const long = { dateStyle: 'long' } as const

const germanDays = ['So', 'Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa']
const germanMonths = ['Jan', 'Feb', 'Mär', 'Apr', 'Mai', 'Jun', 'Jul', 'Aug', 'Sep', 'Okt', 'Nov', 'Dez']

/** `Fr 20. Nov 10:12:01 CET 2026`, as date prints it. */
function germanDate(draw: Draw): string {
  const at = draw.moment()
  return `${germanDays[at.getUTCDay()]} ${String(at.getUTCDate()).padStart(2)}. ${germanMonths[at.getUTCMonth()]} ${at.toISOString().slice(11, 19)} CET ${at.getUTCFullYear()}`
}

export const dates: readonly FleetOutput[] = [
  {
    name: 'date in German',
    language: 'German',
    output: (draw) => lines(`Letzter Patchlauf: ${germanDate(draw)}`, 'Neustart erforderlich: nein'),
    odd: [
      { replace: /lauf: .*/, by: 'lauf: noch nie', shows: 'nie' },
      { replace: 'lich: nein', by: 'lich: ja', shows: /\bja\b/, usual: 'nein' },
    ],
  },
  {
    name: 'date in French',
    language: 'French',
    output: (draw) => `Dernière mise à jour : ${write('fr', full, draw.moment())}`,
    odd: [{ replace: /: .*/, by: ': jamais', shows: 'jamais' }],
  },
  {
    name: 'date in Japanese',
    language: 'Japanese',
    output: (draw) => lines(`最終更新日: ${write('ja', long, draw.moment())}`, '状態: 正常'),
    odd: [
      { replace: /: .*/, by: ': なし', shows: 'なし' },
      { replace: '正常', by: '異常', shows: '異常', usual: '正常' },
    ],
  },
  {
    name: 'date in Russian',
    language: 'Russian',
    output: (draw) => `Последнее обновление: ${write('ru', long, draw.moment())}`,
    odd: [{ replace: /: .*/, by: ': никогда', shows: 'никогда' }],
  },
  {
    name: 'date in Spanish',
    language: 'Spanish',
    output: (draw) => lines(`Última actualización: ${write('es', long, draw.moment())}`, 'Estado: correcto'),
    odd: [{ replace: 'correcto', by: 'con errores', shows: 'con errores', usual: 'correcto' }],
  },
  {
    name: 'a date of six digits',
    language: 'German',
    output: (draw) => {
      const [year, month, day] = draw.dateParts()
      return `Signaturen vom ${day}.${month}.${year.slice(2)}`
    },
    odd: [{ replace: /vom .*/, by: 'fehlen', shows: 'fehlen' }],
  },
  {
    name: 'durations',
    language: 'English',
    output: (draw) =>
      lines(
        `inventory took 0.${draw.between(100, 999)} s`,
        `scan took ${draw.between(1, 9)} min ${draw.between(1, 59)} s`,
        `all done in ${draw.grouped(1_000, 99_999)} ms`,
      ),
    odd: [{ replace: /scan took .*/, by: 'scan timed out', shows: 'timed out' }],
  },
]
