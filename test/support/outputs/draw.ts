import { SeededRandom } from '../../nightly/fuzz/seeded-random.ts'
import { seedOf } from '../../nightly/mutations/random.ts'

const pad = (value: number): string => String(value).padStart(2, '0')

/** What differs between hosts that do the same, drawn from a seed. */
export class Draw extends SeededRandom {
  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  decimal(least: number, most: number, digits = 1): string {
    return (least + this.next() * (most - least)).toFixed(digits)
  }

  /** A whole number with commas, or with another sign between thousands. */
  grouped(least: number, most: number, separator = ','): string {
    return String(this.between(least, most)).replace(/\B(?=(\d{3})+$)/g, separator)
  }

  hex(length: number): string {
    return this.times(length, () => '0123456789abcdef'[this.below(16)]).join('')
  }

  pid(): number {
    return this.between(302, 65_535)
  }

  /** `10:12:01` */
  time(): string {
    return `${this.clock()}:${pad(this.below(60))}`
  }

  /** `10:12` */
  clock(): string {
    return `${pad(this.below(24))}:${pad(this.below(60))}`
  }

  /** A second of two years. */
  moment(): Date {
    return new Date(Date.UTC(2025, 0, 1) + this.below(730 * 86_400) * 1_000)
  }

  /** `2026-11-20T10:12:01` */
  iso(): string {
    return this.moment().toISOString().slice(0, 19)
  }

  /** Year, month, day, hour, minute and second of a moment, for `20.11.2026` and its like. */
  dateParts(): readonly [year: string, month: string, day: string, time: string] {
    const [date = '', time = ''] = this.iso().split('T')
    const [year = '', month = '', day = ''] = date.split('-')
    return [year, month, day, time]
  }

  address(): string {
    return `10.${this.below(256)}.${this.below(256)}.${this.between(1, 254)}`
  }

  mac(separator = ':'): string {
    return this.times(6, () => this.hex(2)).join(separator)
  }

  guid(): string {
    return [8, 4, 4, 4, 12].map((length) => this.hex(length)).join('-')
  }

  shuffled<T>(values: readonly T[]): T[] {
    return values
      .map((value) => [this.next(), value] as const)
      .sort(([one], [other]) => one - other)
      .map(([, value]) => value)
  }
}

/** The numbers of one name below a seed: other names do not change them. */
export const drawOf = (seed: number, name: string): Draw => new Draw(seedOf(seed, name))
