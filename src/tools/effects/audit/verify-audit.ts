import { counted, texts } from '../../../shared/format.ts'
import { approvalFault } from './approval-fault.ts'
import { emptyFileFinding, openAudit } from './audit-file.ts'
import { type Entry, type Line, matchesHash, parseEntry } from './audit-line.ts'
import { type PinnedKey, SignatureReview } from './signature-review.ts'

/** How far a chain has been followed. */
interface ChainState {
  readonly next: number
  readonly hash: string
  readonly line: number
  readonly hasEnded: boolean
  /** The last missing lines. If they appear later, they were moved. */
  readonly gap?: { readonly from: number; readonly before: number; readonly line: number }
}

/** Further findings are only counted. */
const maxFindings = 1_000

const missingRange = (from: number, before: number): string =>
  before - from === 1 ? `seq ${from} is` : `seq ${from} to ${before - 1} are`

const nameOf = (chain: string): string => `chain ${chain.slice(0, 8)}`

/** What is wrong with the position of a line, compared with the chain so far; undefined if it is right. */
function positionFault({ chain, seq, prev }: Entry, known: ChainState | undefined): string | undefined {
  const name = nameOf(chain)
  if (!known) {
    if (seq > 0) return `${name} does not begin at seq 0: ${missingRange(0, seq)} missing`
    return prev === '' ? undefined : `seq 0 of ${name}, but another line once stood before it`
  }
  const { next, gap } = known
  if (seq > next) return `${missingRange(next, seq)} missing before it in ${name}`
  if (gap && seq >= gap.from && seq < gap.before)
    return `seq ${seq} of ${name} belongs before line ${gap.line}: the order was changed`
  if (seq < next) return `seq ${seq} of ${name} for a second time: a line was copied, or the chain forks`
  if (prev !== known.hash)
    return `does not continue line ${known.line} of ${name}: one of the two was changed or replaced`
  return known.hasEnded ? `${name} goes on after its end` : undefined
}

/** Follows every chain through the file, with one small record for each. */
class AuditReview {
  readonly #chains = new Map<string, ChainState>()
  readonly #findings: string[] = []
  readonly #exposure: string | undefined
  readonly #signatures: SignatureReview
  #found = 0
  #lines = 0
  #beginnings = 0

  /** `exposure`: why others may change the file. `pinned`: the keys of the file of passkeys, to compare with. */
  constructor(exposure: string | undefined, pinned: readonly PinnedKey[] | undefined) {
    this.#exposure = exposure
    this.#signatures = new SignatureReview(pinned)
  }

  async addLine({ number, bytes, isClosed: closed }: Line): Promise<void> {
    // Blank lines are allowed: a writer adds one after a line that was cut off.
    if (bytes?.length === 0) return
    this.#lines += 1
    if (!closed) this.#addFinding(`line ${number}: cut off, or its line break was taken away`)
    const line = bytes && parseEntry(bytes)
    if (!line) {
      const what = bytes
        ? 'no line of an audit log, or only a part of one'
        : 'longer than this log writes any'
      this.#addFinding(`line ${number}: ${what}`)
      return
    }
    const known = this.#chains.get(line.chain)
    const expected = known?.next ?? 0
    if (matchesHash(bytes)) {
      const isApproval = line.event === 'approved'
      const approval = isApproval && approvalFault(line.facts)
      const signature = isApproval ? await this.#signatures.faults(line.facts) : []
      this.#signatures.addKey(line.event, line.facts)
      for (const wrong of texts(positionFault(line, known), approval, signature))
        this.#addFinding(`line ${number}: ${wrong}`)
    } else {
      this.#addFinding(`line ${number}: changed, for it does not fit its own hash`)
      // Of a changed line only its position is trusted, and only if it fits.
      if (line.seq !== expected) return
    }
    if (line.seq < expected) return
    const gap = line.seq > expected ? { from: expected, before: line.seq, line: number } : known?.gap
    if (line.seq === 0) this.#beginnings += 1
    this.#chains.set(line.chain, {
      next: line.seq + 1,
      hash: line.hash,
      line: number,
      hasEnded: line.event === 'end',
      ...(gap && { gap }),
    })
  }

  /** The findings, and the number of lines read. */
  result(): { readonly lines: string[]; readonly ok: boolean } {
    for (const [id, { hasEnded: ended, line }] of this.#chains)
      if (!ended)
        this.#addFinding(
          `${nameOf(id)} has no end after line ${line}: its program still runs or was killed, or lines were cut off at the end`,
        )
    const aboutFile = this.#fileFindings()
    const found = this.#found + aboutFile.length
    const read = `${counted(this.#chains.size, 'chain')}, ${counted(this.#lines, 'line')}`
    const more = this.#found > maxFindings ? ` (the first ${counted(maxFindings, 'finding')} above)` : ''
    const last = found > 0 ? `${counted(found, 'finding')}${more}` : 'intact'
    return { lines: [...aboutFile, ...this.#findings, `${read}: ${last}`], ok: found === 0 }
  }

  #fileFindings(): string[] {
    const hasLines = this.#lines > 0
    return texts(
      this.#exposure !== undefined && `the file proves nothing: ${this.#exposure}`,
      !hasLines && emptyFileFinding,
      hasLines &&
        this.#beginnings === 0 &&
        'no chain has its first line: the beginning of the file was taken away',
    )
  }

  #addFinding(what: string): void {
    this.#found += 1
    if (this.#findings.length < maxFindings) this.#findings.push(what)
  }
}

/**
 * Checks that every line of every chain exists once, in order and unchanged, that approvals fit their previews, and that
 * those with a passkey are signed. `pinned`: the keys of the file of passkeys, to compare with.
 */
export async function verifyAudit(
  path: string,
  pinned?: readonly PinnedKey[],
): Promise<{ readonly lines: string[]; readonly ok: boolean }> {
  const { exposure, lines } = openAudit(path)
  const review = new AuditReview(exposure, pinned)
  for await (const line of lines) await review.addLine(line)
  return review.result()
}
