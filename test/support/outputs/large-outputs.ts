import { type Draw, drawOf } from './draw.ts'
import type { FleetHost } from './fleet.ts'

/** Runs that are as large as a run may be. */
export interface LargeRun {
  readonly hosts: number
  /** Characters of each output. */
  readonly characters: number
  /** Whether the hosts print the same but for numbers, or every host something else. */
  readonly likeness: 'alike' | 'unlike'
}

export const largeRuns: readonly LargeRun[] = [
  { hosts: 10_000, characters: 4_000, likeness: 'alike' },
  { hosts: 10_000, characters: 4_000, likeness: 'unlike' },
  { hosts: 200, characters: 1_000_000, likeness: 'alike' },
  { hosts: 200, characters: 1_000_000, likeness: 'unlike' },
]

const paths = ['/etc/passwd', '/etc/ssh/sshd_config', '/var/lib/app/state.db', '/opt/qualys/agent.conf']

/** A word that hardly any other host prints. */
const word = (draw: Draw): string => Math.floor(draw.next() * 26 ** 6).toString(26)

const lineOf: Readonly<Record<LargeRun['likeness'], (draw: Draw, at: number) => string>> = {
  alike: (draw, at) =>
    `${draw.iso()} check ${paths[at % paths.length]}: ok in ${draw.between(1, 90_000)} ms, pid ${draw.pid()}\n`,
  unlike: (draw) => `${draw.times(draw.between(2, 9), () => word(draw)).join(' ')}\n`,
}

/** What of a text is drawn anew: the rest is one line again and again. */
const maxDrawn = 100_000
const filler = 'a line that every host prints again and again, since nobody reads that far\n'

function drawLines(characters: number, draw: Draw, likeness: LargeRun['likeness']): string {
  let text = ''
  for (let at = 0; text.length < characters; at++) text += lineOf[likeness](draw, at)
  return text
}

/** Some hosts of such a run. */
export function largeHosts({ characters, likeness }: LargeRun, from: number, count: number): FleetHost[] {
  const drawn = Math.min(characters, maxDrawn)
  return Array.from({ length: count }, (_, index) => {
    const number = from + index
    const draw = drawOf(17, `${likeness} ${number}`)
    const half = drawLines(drawn / 2, draw, likeness)
    const middle = filler.repeat(Math.ceil((characters - drawn) / filler.length))
    const output = `${half}${middle}${drawLines(drawn / 2, draw, likeness)}`.slice(0, characters)
    return { id: String(50_000 + number), name: `ws-${String(number).padStart(5, '0')}`, code: 0, output }
  })
}
