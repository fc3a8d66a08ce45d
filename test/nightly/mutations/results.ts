import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Mutation } from './draw.ts'
import type { Verdict } from './judge.ts'
import type { Noticed } from './stage.ts'

/** What a list of results belongs to. */
export interface Header {
  readonly seed: number
  /** How many mutations of each area. */
  readonly shares: Readonly<Record<string, number>>
  readonly commit: string
}

/** What the tests of an older commit make of a survivor. */
export type OldVerdict = Verdict | { readonly verdict: 'not comparable'; readonly because: string }

/** A mutation with what became of it. */
export interface Result extends Omit<Mutation, 'edit'>, Verdict {
  /** Why no test can notice it. */
  readonly equivalent?: string
  readonly old?: OldVerdict
}

const lines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')

/** Results in a file of JSON Lines: a header, then a line for each mutation; of two for the same one the last counts. */
export class Results {
  readonly path: string
  readonly header: Header
  readonly #results = new Map<number, Result>()

  private constructor(path: string, header: Header, results: readonly Result[]) {
    this.path = path
    this.header = header
    for (const result of results) this.#results.set(result.number, result)
  }

  static start(path: string, header: Header): Results {
    return new Results(path, header, []).#written()
  }

  static load(path: string): Results {
    if (!existsSync(path)) throw new Error(`There are no results in ${path}.`)
    const [header, ...results] = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown)
    return new Results(path, header as Header, results as Result[])
  }

  get all(): Result[] {
    return [...this.#results.values()].sort((a, b) => a.number - b.number)
  }

  /** Those that no test noticed, and of which nobody has said why. */
  get survivors(): Result[] {
    return this.all.filter(({ verdict, equivalent }) => verdict === 'survived' && equivalent === undefined)
  }

  /** What is known of a mutation, if it is still the same one. */
  of({ number, key }: Mutation): Result | undefined {
    const result = this.#results.get(number)
    return result?.key === key ? result : undefined
  }

  add(result: Result): void {
    this.#results.set(result.number, result)
    appendFileSync(this.path, lines([result]))
  }

  /** Notes why no test can notice a mutation. */
  explain(number: number, equivalent: string): void {
    const result = this.#results.get(number)
    if (result?.verdict !== 'survived') throw new Error(`Mutation ${number} is none that survived.`)
    this.add({ ...result, equivalent })
  }

  /** Leaves one line for each mutation. */
  tidy(): void {
    this.#written()
  }

  #written(): this {
    mkdirSync(dirname(this.path), { recursive: true })
    writeFileSync(this.path, lines([this.header, ...this.all]))
    return this
  }
}

const place = ({ file, test }: Noticed): string =>
  [file, test && `"${test}"`].filter((part) => part !== '').join(' ')

export function outcomeOf({ verdict, by, equivalent }: Result): string {
  if (verdict === 'survived') return equivalent === undefined ? 'survived' : `equivalent: ${equivalent}`
  return `${verdict === 'hung' ? 'killed by a hang' : 'killed'} by ${by ? place(by) : 'the run'}`
}

/** The same in the tests of an older commit. */
export function whereOld(old: OldVerdict): string {
  if (old.verdict === 'not comparable') return `not comparable with the older commit: ${old.because}`
  if (old.verdict === 'survived') return 'survives the older tests, too'
  return `an older test catches it: ${old.by ? place(old.by) : 'the run'}`
}

/** The results as a table for people. */
export function tableOf(results: Results): string {
  const { seed, commit, shares } = results.header
  const all = results.all
  const count = (wanted: string): number => all.filter(({ verdict }) => verdict === wanted).length
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('`', "'")
  const explained = all.filter(({ equivalent }) => equivalent !== undefined).length
  const rows = all.map((result) => {
    const { number, area, file, line, kind, before, after } = result
    const outcome = [outcomeOf(result), ...(result.old ? [whereOld(result.old)] : [])].join('; ')
    return `| ${number} | ${area} | ${kind} | ${file}:${line} | \`${cell(before)}\` → \`${cell(after)}\` | ${cell(outcome)} |`
  })
  return [
    '# Mutations',
    '',
    'Written by `npx tsx test/nightly/mutations/mutations.ts --record`; do not edit.',
    '',
    `Seed ${seed}, commit ${commit}: ${Object.values(shares).reduce((sum, share) => sum + share, 0)} drawn, ${count('killed')} killed, ${count('hung')} ended by a hang, ${count('survived')} survived, ${explained} of these equivalent.`,
    '',
    '| # | area | kind | place | change | outcome |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
