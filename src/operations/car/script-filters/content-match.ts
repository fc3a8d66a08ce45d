import { z } from 'zod'
import type { Operation } from '../../operation.ts'
import {
  type LocalFilter,
  localFilter,
  type Reads,
  type RowTest,
  unreadable,
} from '../../reads/local-filter.ts'
import { counted } from '../../sentences.ts'
import { unseen } from '../../unseen.ts'
import { batchSize, CodeReader, type CodeSources, maxSingles } from './code-reader.ts'
import { findLines, lineColumns } from './matching-lines.ts'

type Row = Readonly<Record<string, unknown>>

const hidden = new RegExp(`(?![\\t\\n])[\\p{Cc}${unseen}]`, 'gu')

/** The text as it stands in code that is shown. No secret in it is masked: the reply would tell that it is one. */
const asShown = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(hidden, '')
    .replace(/\p{Zs}/gu, ' ')

const text = z
  .string({ error: 'must be a text that stands in the code' })
  .max(200, { error: 'must be at most 200 characters' })
  .refine((value) => asShown(value).trim().length >= 2, { error: 'must have at least 2 characters' })
  .describe('text in the code')

const goOn = 'car_get_script with from reads on at a line.'

/** Finds scripts whose code holds a text. */
class ContentTest {
  readonly #reader: CodeReader
  readonly #reads: Reads<Operation>
  readonly #text: string
  /** True for the first page of a list: a later one follows rows that show their code. */
  readonly #isFirst: boolean
  #matches = 0
  #masked = 0

  constructor(reader: CodeReader, reads: Reads<Operation>, text: string, isFirst: boolean) {
    this.#reader = reader
    this.#reads = reads
    this.#text = asShown(text)
    this.#isFirst = isFirst
  }

  readonly rows = async (
    rows: readonly Row[],
    mayStop: boolean,
  ): Promise<(Row | typeof unreadable | undefined)[]> => {
    const answers = await this.#reader.read(rows, mayStop, async (code, row) => ({
      row: await this.#search(code, row),
    }))
    return answers.map((answer) => (answer === undefined ? unreadable : answer.row))
  }

  readonly refusal = () => {
    const { problem } = this.#reader
    if (problem === undefined || !this.#isFirst) return undefined
    return {
      message: `Code cannot be searched on this account: ${problem}.`,
      next: 'Without contentMatch, match searches the titles and descriptions of scripts; the Qualys UI shows their code.',
    }
  }

  async #search(code: string, row: Row): Promise<Row | undefined> {
    const { text, isMasked } = await this.#reads.readable(code)
    const lines = findLines(text, this.#text)
    if (lines === undefined) {
      if (isMasked) this.#masked++
      return undefined
    }
    this.#matches++
    return { ...row, ...lines }
  }

  readonly notes = (): readonly string[] => {
    const { singles, unread, pause, batchProblem } = this.#reader
    return [
      this.#matches > 0 ? goOn : 'Looked for exactly this text, blanks included, in any case.',
      ...(singles > 0 && this.#reader.isOneByOne
        ? [`Code is read script by script, at most ${maxSingles} a call, since ${batchProblem}.`]
        : []),
      ...(unread > 0 ? [`${counted(unread, 'script')} were not read: pages of the list reach them.`] : []),
      ...(this.#masked > 0
        ? [`Masked secrets are not searched: ${counted(this.#masked, 'script')} without a match holds some.`]
        : []),
      ...(pause === undefined ? [] : [`Stopped early: ${pause}`]),
    ]
  }
}

/** Keeps scripts whose code holds a text, and shows the line. */
export const contentMatch = (sources: CodeSources): LocalFilter<Operation> =>
  localFilter(text, (text, reads, { continuationToken }): RowTest => {
    const reader = new CodeReader(sources, reads)
    const { rows, refusal, notes } = new ContentTest(reader, reads, text, continuationToken === undefined)
    return {
      extend: { batchSize, rows, refusal },
      needs: 'their code',
      columns: ['id', 'title', ...lineColumns],
      notes,
    }
  })
