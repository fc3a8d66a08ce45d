import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Mutation } from './draw.ts'
import type { Detection } from './judging/events.ts'
import type { Verdict } from './judging/judge.ts'

/** What a list of results belongs to. */
export interface Header {
  readonly seed: number
  /** How many mutations of each area. */
  readonly shares: Readonly<Record<string, number>>
  readonly commit: string
}

/** The result of the older tests for a survivor. */
export type OlderVerdict = Verdict | { readonly verdict: 'not comparable'; readonly because: string }

/** A mutation with its result. */
export interface Result extends Omit<Mutation, 'edit'>, Verdict {
  /** Why no test can notice it. */
  readonly equivalent?: string
  readonly old?: OlderVerdict
}

const lines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')

/** Results as JSON Lines: a header, then a line for each mutation; for duplicates the last line counts. */
export class Results {
  readonly path: string
  readonly header: Header
  /** By their keys. */
  readonly #results = new Map<string, Result>()

  private constructor(path: string, header: Header, results: readonly Result[]) {
    this.path = path
    this.header = header
    for (const result of results) this.#results.set(result.key, result)
  }

  static start(path: string, header: Header): Results {
    const results = new Results(path, header, [])
    results.tidy()
    return results
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

  /** Mutations that no test detected, without an explanation. */
  get survivors(): Result[] {
    return this.all.filter(({ verdict, equivalent }) => verdict === 'survived' && equivalent === undefined)
  }

  /** The known result of a mutation. */
  of({ key }: Mutation): Result | undefined {
    return this.#results.get(key)
  }

  add(result: Result): void {
    this.#results.set(result.key, result)
    appendFileSync(this.path, lines([result]))
  }

  /** Notes why no test can notice a mutation. */
  explain(number: number, equivalent: string): void {
    const result = this.all.find((one) => one.number === number)
    if (result?.verdict !== 'survived') throw new Error(`Mutation ${number} is none that survived.`)
    this.add({ ...result, equivalent })
  }

  /**
   * Drops results that the seed does not yield any more, since the source has changed; the others get their new
   * numbers.
   */
  keep(mutations: readonly Mutation[]): void {
    const kept = mutations.flatMap((mutation) => {
      const result = this.of(mutation)
      return result ? [{ ...result, number: mutation.number, line: mutation.line }] : []
    })
    this.#results.clear()
    for (const result of kept) this.#results.set(result.key, result)
    this.tidy()
  }

  /** Leaves one line for each mutation, in their order. */
  tidy(): void {
    mkdirSync(dirname(this.path), { recursive: true })
    writeFileSync(this.path, lines([this.header, ...this.all]))
  }
}

const place = ({ file, test }: Detection): string =>
  [file, test && `"${test}"`].filter((part) => part !== '').join(' ')

/** The result of a mutation in words. */
export function outcomeOf({ verdict, by, equivalent }: Result): string {
  if (verdict === 'survived') return equivalent === undefined ? 'survived' : `equivalent: ${equivalent}`
  return `${verdict === 'hung' ? 'killed by a hang in' : 'killed by'} ${by ? place(by) : 'the run'}`
}

/** The same in the tests of an older commit. */
export function olderOutcomeOf(old: OlderVerdict): string {
  if (old.verdict === 'not comparable') return `not comparable with the older commit: ${old.because}`
  if (old.verdict === 'survived') return 'survives the older tests, too'
  return `an older test catches it: ${old.by ? place(old.by) : 'the run'}`
}

/** Text as a cell of a table. */
const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('`', "'").replaceAll(/\s+/g, ' ')

function rowOf(result: Result): string {
  const { number, area, file, line, kind, before, after, old } = result
  const outcome = [outcomeOf(result), ...(old ? [olderOutcomeOf(old)] : [])].join('; ')
  const change = `\`${cell(before)}\` → \`${cell(after)}\``
  return `| ${number} | ${area} | ${kind} | ${file}:${line} | ${change} | ${cell(outcome)} |`
}

/** The results as a table for people. */
export function tableOf(results: Results): string {
  const { seed, commit } = results.header
  const all = results.all
  const count = (wanted: string): number => all.filter(({ verdict }) => verdict === wanted).length
  const explained = all.filter(({ equivalent }) => equivalent !== undefined).length
  return [
    '# Mutations',
    '',
    'Written by `npx tsx test/nightly/mutations/mutations.ts --record`; do not edit.',
    '',
    `Seed ${seed}, commit ${commit}. Of ${all.length} mutations ${count('killed')} were killed by a failing test, ${count('hung')} by a hang; ${count('survived')} survived, ${explained} of them because nothing can notice them.`,
    '',
    '| # | area | kind | place | change | outcome |',
    '|---|---|---|---|---|---|',
    ...all.map(rowOf),
    '',
  ].join('\n')
}
