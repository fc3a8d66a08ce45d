import type { Partition, Parts } from '../../../operations/long-records.ts'
import { nounOf, type Operation } from '../../../operations/operation.ts'
import { inSentence } from '../../../operations/sentences.ts'
import type { Binding, Row } from '../../../session/answer.ts'
import { formatNumber, texts } from '../../../shared/format.ts'
import { jsonLine } from '../../../shared/json.ts'
import { cell, fence, fenceNote, isLong, maxCellLength, plainText, toStructured } from '../cells.ts'
import { replyRow } from '../columns.ts'
import { fieldLine } from '../line-start.ts'
import { type Reply, sizeOf } from '../reply.ts'
import { tokenAt } from './position.ts'
import { cutItem, groupsOf, groupsText, itemsBefore, type Unit, unitsOf } from './units.ts'

/** What a part shows. */
interface PartInput {
  readonly operation: Operation
  readonly parts: Parts
  readonly partition: Partition
  /** The number of units that earlier parts showed; undefined for the first part, which has the other fields. */
  readonly shown: number | undefined
  readonly fingerprint: number
  readonly binding: Binding
  /** Sentences about the answer. */
  readonly notes: readonly string[]
  readonly budget: number
}

/** `questions 1-104 of 332, sections 1-4 of 9`. */
function range({ parts, partition: { groups } }: PartInput, units: readonly Unit[]): string {
  const [first, last] = [units[0], units.at(-1)]
  const before = itemsBefore(groups, parts)
  const all = unitsOf(groups, parts).filter(({ item }) => item !== undefined).length
  const items = units.filter(({ item }) => item !== undefined)
  const numberOf = ({ group, item = 0 }: Unit): number => (before[group] ?? 0) + item + 1
  const span = (from: number, to: number, of: number): string =>
    `${formatNumber(from)}-${formatNumber(to)} of ${formatNumber(of)}`
  const [firstItem, lastItem] = [items[0], items.at(-1)]
  return texts(
    firstItem && lastItem && `${parts.items} ${span(numberOf(firstItem), numberOf(lastItem), all)}`,
    first && last && `${parts.groups} ${span(first.group + 1, last.group + 1, groups.length)}`,
    !first && `no ${groups.length === 0 ? parts.groups : `${parts.groups} in this part`}`,
  ).join(', ')
}

/** The other fields, each on a line, and a long text between fences. */
function fieldLines(fields: Row, maxTextLength: number): string[] {
  const lines: string[] = []
  const blocks: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (isLong(value)) blocks.push(fence(name, plainText(value), maxTextLength))
    else if (plainText(value) !== '') lines.push(fieldLine(name, cell(value)))
  }
  return [...lines, fenceNote, ...blocks]
}

const whole = Number.MAX_SAFE_INTEGER

/** As many of the other fields as fit. */
function fitting(flat: Row, room: number): Row {
  let used = 0
  const entries = Object.entries(flat).filter(([name, value]) => {
    used += name.length + Math.min(JSON.stringify(value ?? '').length, room / 2) + 8
    return used <= room
  })
  return Object.fromEntries(entries)
}

/** The reply with some units; without any it has the other fields alone. */
function compose(input: PartInput, units: readonly Unit[], next: Unit | undefined, cut?: Row): Reply {
  const { operation, parts, partition, shown, fingerprint, binding, budget } = input
  const all = replyRow(partition.fields)
  const flat = fitting(all, budget / 2)
  const left = Object.keys(all).length - Object.keys(flat).length
  // No text of one field takes what the questions need.
  const maxTextLength = Math.floor(budget / 4)
  const structured = Object.entries(flat).map(
    ([name, value]) => [name, toStructured(value, maxTextLength)] as const,
  )
  const groups = groupsOf(partition.groups, units, parts, cut)
  const lists = shown === undefined ? partition.lists : {}
  const token = next && tokenAt(next, fingerprint, binding)
  const isClipped = shown === undefined && structured.some(([, { isCut }]) => isCut)
  const note = texts(
    shown === undefined && partition.notes,
    input.notes,
    shown === undefined && left > 0 && `${formatNumber(left)} more fields did not fit.`,
    isClipped && 'A long field is cut: a reply holds no more (QUALYS_REPLY_CHARS).',
    cut &&
      `The first of these ${parts.items} is longer than a reply, and cut: it cannot be passed as it is. ${parts.whenCut}`,
    token !== undefined &&
      `The ${parts.groups} of all parts, joined in their order, are the whole list${units.length > 0 ? '; continued marks one that goes on' : ''}.`,
  ).join(' ')
  const fields: Row = Object.fromEntries(structured.map(([name, { value }]) => [name, value]))
  const head = shown === undefined ? fieldLines(flat, maxTextLength) : [fenceNote]
  const body = texts(
    head,
    Object.entries(lists).map(([name, list]) => fence(name, jsonLine(list), whole)),
    units.length > 0 && fence(parts.groups, groupsText(groups, parts), whole),
    note !== '' && `Note: ${note}`,
  )
  return {
    summary: `${nounOf(operation.name)} ${inSentence(cell(flat['id']), maxCellLength)}: ${range(input, units)}`,
    body: body.join('\n'),
    rows: [
      {
        ...(shown === undefined ? { ...fields, ...lists } : { id: fields['id'] }),
        ...(units.length > 0 || token === undefined ? { [parts.groups]: groups } : {}),
      },
    ],
    ...(token !== undefined && { continuationToken: token }),
    ...(note !== '' && { note }),
  }
}

/** The number of units, from the first on, whose reply is within the budget. */
function most(input: PartInput, rest: readonly Unit[]): number {
  const fits = (count: number): boolean =>
    sizeOf(compose(input, rest.slice(0, count), rest[count])) <= input.budget
  let [low, high] = [0, 1]
  while (high <= rest.length && fits(high)) [low, high] = [high, high * 2]
  high = Math.min(high, rest.length + 1)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}

/** A unit that no reply holds, as much of it as one holds. */
function composeCut(input: PartInput, rest: readonly Unit[]): Reply {
  const { partition, parts, budget } = input
  const [unit] = rest
  const list = partition.groups[unit?.group ?? 0]?.[parts.items]
  const item = Array.isArray(list) ? list[unit?.item ?? 0] : undefined
  for (let max = budget; ; max = Math.floor(max * 0.7)) {
    const reply = compose(input, rest.slice(0, 1), rest[1], cutItem(item, max))
    if (sizeOf(reply) <= budget || max < 100) return reply
  }
}

/** One part of a record, in both forms: as many items as a reply holds, and a token that goes on behind them. */
export function partReply(input: PartInput): Reply {
  const { partition, parts, shown } = input
  const rest = unitsOf(partition.groups, parts).slice(shown ?? 0)
  const count = most(input, rest)
  // The first part may hold the other fields alone.
  if (count > 0 || rest.length === 0 || shown === undefined)
    return compose(input, rest.slice(0, count), rest[count])
  return composeCut(input, rest)
}
