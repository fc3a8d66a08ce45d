import type { SealedBlock, SealedFacts } from '../preview/sealed.ts'
import { linesOf } from '../preview/text.ts'
import { bytesOf, truncateTo } from './truncate.ts'

/** A preview as far as a line of the log has room for it. */
interface ShownPreview {
  readonly shown: SealedFacts
  /** Lines of the preview that are not in it. */
  readonly linesLeftOut: number
}

/** Of the room that is left, a list takes no more. */
const listShare = 0.25

/** Takes from a list what fits. */
class Room {
  #bytes: number

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  /** The first of the entries, as many as fit into this share of the room. */
  take<Entry>(entries: readonly Entry[], share = 1): Entry[] {
    const least = this.#bytes * (1 - share)
    const kept: Entry[] = []
    for (const entry of entries) {
      const bytes = bytesOf(entry) + 1
      if (this.#bytes - bytes < least) break
      this.#bytes -= bytes
      kept.push(entry)
    }
    return kept
  }
}

/** The lines of a block; a row counts as one. */
function linesIn(block: SealedBlock): number {
  if (typeof block === 'string') return linesOf(block).length
  if ('rows' in block) return block.rows.length
  return 'excerpt' in block ? block.excerpt.length : linesOf(block).length
}

const linesInAll = (blocks: readonly SealedBlock[]): number =>
  blocks.reduce((sum, block) => sum + linesIn(block), 0)

/** As much of a block as there is room for: a list in part, anything else whole or not at all. */
function within(room: Room, block: SealedBlock): SealedBlock[] {
  if (typeof block === 'string') return room.take([block])
  if ('rows' in block) {
    const [frame] = room.take([{ ...block, rows: [] }], listShare)
    const rows = frame ? room.take(block.rows, listShare) : []
    return rows.length > 0 ? [{ ...block, rows }] : []
  }
  if (!('excerpt' in block)) return room.take([block])
  const excerpt = room.take(block.excerpt, listShare)
  return excerpt.length > 0 ? [{ ...block, excerpt }] : []
}

/**
 * The facts of a preview within so many bytes: first the warnings, then the lines in their order. Long lists of objects
 * give way first, since their ids are in the log as well.
 */
export function shownWithin(facts: SealedFacts, maxBytes: number): ShownPreview {
  if (bytesOf(facts) <= maxBytes) return { shown: facts, linesLeftOut: 0 }
  const headline = String(truncateTo(facts.headline, maxBytes / 8))
  const room = new Room(maxBytes - bytesOf(headline) - 100)
  const warnings = room.take(facts.warnings, 0.5)
  const blocks = facts.blocks.flatMap((block) => within(room, block))
  const linesLeftOut = facts.warnings.length - warnings.length + linesInAll(facts.blocks) - linesInAll(blocks)
  // A list without rows has no line, and a headline that is cut has one.
  return { shown: { ...facts, headline, warnings, blocks }, linesLeftOut: Math.max(linesLeftOut, 1) }
}
