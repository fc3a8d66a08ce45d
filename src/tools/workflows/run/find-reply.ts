import { quoted } from '../../../operations/sentences.ts'
import { InputError } from '../../../shared/errors.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { countMasks } from '../../../shared/secrets.ts'
import type { HostResult } from '../../digest/host-result.ts'
import { fence, fenceNote } from '../../replies/cells.ts'
import { type Reply, sizeOf } from '../../replies/reply.ts'
import { largestFitting } from '../../replies/slices/boundaries.ts'
import {
  type FindRange,
  findLines,
  grepText,
  type LineForm,
  type OutputMatches,
  type ShownLine,
} from './find-lines.ts'
import { isOpen } from './outcomes.ts'

/** What to look for, from where on, and how much to show, in characters. */
export interface FindRequest extends FindRange {
  readonly find: string
  readonly maxChars: number
  readonly budget: number
  /** What is to be said of the row. */
  readonly rowNote?: string | undefined
}

/** The text as outputs hold it: without what is not shown of them. */
function searchedText(find: string): string {
  const text = safeText(find)
  if (text.trim() !== '') return text
  throw new InputError('find holds nothing that can be seen.', 'Pass a text as the output shows it.')
}

/** The forms of lines, the one that shows most first. */
const formsFor = (budget: number): readonly [LineForm, ...LineForm[]] => {
  const width = Math.min(500, Math.floor(budget / 12))
  return [
    { around: 2, width },
    { around: 0, width },
    { around: 0, width: 80 },
  ]
}

/** What is said where no line holds the text, so that it is no false zero. */
function absenceNotes({ output = '', outcome }: HostResult): string[] {
  const masked = countMasks(output)
  return texts(
    isOpen(outcome) && 'The host is still open: more output may come.',
    masked > 0 &&
      `${counted(masked, 'value')} of the output ${masked === 1 ? 'is' : 'are'} masked, and not looked in.`,
  )
}

/** The way to the rest of a line of which a part is shown. */
function cutNote(lines: readonly ShownLine[], found: OutputMatches): string | undefined {
  const line = lines.find(({ cut, isMatch }) => cut && isMatch)
  if (line?.cut === undefined) return undefined
  const { number, cut } = line
  const next = found.nextPlace(number, cut.textEnd)
  return `Line ${formatNumber(number)} is cut${
    next === undefined ? '' : `, and holds it again: offset ${next} shows where`
  }; offset ${cut.from} without find shows more of it.`
}

/** The lines of an output that hold a text, with the lines around them, as many as fit. */
export async function findReply(
  result: HostResult,
  title: string,
  request: FindRequest,
  signal?: AbortSignal,
): Promise<Reply> {
  const { output = '', assetJobId, host, outcome, code, text } = result
  const { offset, fromEnd, maxChars, budget, rowNote } = request
  const find = searchedText(request.find)
  const found = await findLines(output, find, request, signal)
  const { numbers, lineCount, skipped, first } = found
  const facts = {
    ...{ assetJobId, host, outcome, code, text },
    ...{ characters: output.length, lines: lineCount, matches: numbers.length },
  }
  const share = `${numbers.length === 0 ? 'none' : formatNumber(numbers.length)} of`
  const last = first > 1 ? `the last ${formatNumber(lineCount - first + 1)} of ` : ''
  const all = `${numbers.length === 0 && first === 1 ? 'the ' : ''}${counted(lineCount, 'line')}`
  const summary = `${title}; ${quoted(find, 200)} is in ${share} ${last}${all}`
  if (skipped === numbers.length) {
    const isNowhere = numbers.length === 0
    const note = texts(isNowhere ? absenceNotes(result) : `None from offset ${offset} on.`, rowNote).join(' ')
    return {
      summary,
      body: note && `Note: ${note}`,
      rows: [facts],
      ...(note !== '' && { note }),
    }
  }

  /** The lines of the end are the ones that are asked for: what does not fit of them is before. */
  const rangeOf = (count: number): readonly [from: number, to: number] =>
    fromEnd === undefined ? [skipped, skipped + count] : [numbers.length - count, numbers.length]
  const compose = (count: number, form: LineForm): Reply => {
    const [from, to] = rangeOf(count)
    const lines = found.shown(from, to, form)
    const excerpt = grepText(lines)
    const next = numbers[to]
    const nextOffset = next === undefined ? undefined : found.startOf(next)
    const before = fromEnd !== undefined && from > 0 ? { offset: found.startOf(first) } : undefined
    const cut = cutNote(lines, found)
    const note = texts(
      cut !== undefined && (fromEnd === undefined ? cut : `${cut} Leave out fromEnd with offset.`),
      nextOffset !== undefined && `The next lines: the same arguments with offset ${nextOffset}.`,
      before && `From the first of them on: offset ${before.offset} in place of fromEnd.`,
      rowNote,
    ).join(' ')
    const range = count < numbers.length ? `; ${formatNumber(from + 1)}-${formatNumber(to)} of these` : ''
    return {
      summary: `${summary}${range}`,
      body: texts(fenceNote, fence('output', excerpt, excerpt.length), note !== '' && `Note: ${note}`).join(
        '\n',
      ),
      rows: [
        {
          ...{ ...facts, output: excerpt, shown: numbers.slice(from, to) },
          ...(nextOffset !== undefined && { nextOffset }),
          ...(before && { before }),
        },
      ],
      ...(note !== '' && { note }),
    }
  }
  const fits = (count: number, form: LineForm): boolean =>
    grepText(found.shown(...rangeOf(count), form)).length <= maxChars &&
    sizeOf(compose(count, form)) <= budget

  const [most, ...less] = formsFor(budget)
  const form = [most, ...less].find((form) => fits(1, form)) ?? less.at(-1) ?? most
  // Each line takes its number and more.
  const max = Math.min(numbers.length - skipped, Math.ceil(budget / 4))
  return compose(
    fits(max, form)
      ? max
      : Math.max(
          1,
          largestFitting(max, (count) => count <= 1 || fits(count, form)),
        ),
    form,
  )
}
