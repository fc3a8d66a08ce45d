import { InputError, QualysError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { quotation } from '../../../shared/safe-text.ts'
import { labelled, type PreviewField } from '../preview/preview.ts'
import { addressKey } from '../targets/addresses.ts'
import type { Targets } from '../targets/targets.ts'
import type { ImportSource, RowRange } from './import-source.ts'

// What is said of a file before and after its rows are sent.

const shortHash = (hash: string): string => hash.slice(0, 16)

const rangeText = ({ from, to, total }: RowRange): string =>
  `${from === to ? 'row' : 'rows'} ${[...new Set([from, to])].map(formatNumber).join('-')} of ${formatNumber(total)}`

/** The line of a preview. */
export const sourceLine = ({ name, sha256, rows, count }: ImportSource): PreviewField =>
  labelled(
    'file',
    name,
    `sha256 ${shortHash(sha256)}`,
    ...(rows ? [rangeText(rows)] : count === undefined ? [] : [count]),
  )

/** The facts for the audit log. */
export const sourceFacts = ({ name, sha256, rows }: ImportSource) => ({
  file: { name, sha256, ...(rows && { rows: [rows.from, rows.to, rows.total] }) },
})

const nextText = ({ to, total }: RowRange): string =>
  to < total ? `next: from ${to + 1}` : 'the file is done'

/** The clause of a reply: which rows were sent, and with which row the next call begins. */
export const doneClause = ({ name, rows, count }: ImportSource): string =>
  rows
    ? `${rangeText(rows)} of ${quotation(name)}, ${nextText(rows)}`
    : `from ${quotation(name)}${count === undefined ? '' : `, ${count}`}`

/** The error, which says which rows it is about. */
export function withSource(error: unknown, source: ImportSource | undefined): unknown {
  if (!source?.rows || !(error instanceof QualysError)) return error
  return error.withMessage(
    `${error.message} It was about ${rangeText(source.rows)} of ${quotation(source.name)}.`,
  )
}

/** Throws an InputError if all addresses of the rows belong to users already: nothing of them would be new. */
export function refuseNothingNew(source: ImportSource | undefined, targets: Targets): void {
  if (!source?.rows || targets.product !== 'saq') return
  const { named, existingUsers } = targets
  const existing = new Set(existingUsers?.map(({ row }) => addressKey(row?.['emailAddress'])))
  const addresses = named.newAddresses ?? []
  if (addresses.length === 0 || !addresses.every((address) => existing.has(addressKey(address)))) return
  const { to, total } = source.rows
  throw new InputError(
    `All addresses of ${rangeText(source.rows)} exist already, so there is nothing to create.`,
    to < total ? `Go on with from ${to + 1}.` : 'The file is done.',
  )
}

/** What a reply says where the addresses could not be looked up before. */
export function unknownBefore(source: ImportSource | undefined, targets: Targets): string | false {
  const isUnknown =
    targets.product === 'saq' &&
    targets.named.newAddresses !== undefined &&
    targets.existingUsers === undefined
  return source !== undefined && isUnknown && 'which addresses existed before could not be looked up'
}
