import type { SealedBlock, SealedFacts } from '../preview/sealed.ts'
import { bytesOf, truncateTo } from './truncate.ts'

/** A preview as far as a line of the log has room for it. */
interface ShownPreview {
  readonly shown: SealedFacts
  /** Lines of the preview that are not in it. */
  readonly linesLeftOut: number
}

/** Takes from a list what fits. */
class Room {
  #bytes: number

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  /** The first of the entries, as many as fit into this share of the room. */
  take(entries: readonly string[], share = 1): string[] {
    const least = this.#bytes * (1 - share)
    const kept: string[] = []
    for (const entry of entries) {
      const bytes = bytesOf(entry) + 1
      if (this.#bytes - bytes < least) break
      this.#bytes -= bytes
      kept.push(entry)
    }
    return kept
  }
}

/** The lines of a block. */
const linesOf = (block: SealedBlock): readonly string[] => {
  if (typeof block === 'string') return block.split('\n')
  return 'rows' in block ? block.rows : block.excerpt
}

const linesIn = (blocks: readonly SealedBlock[]): number =>
  blocks.reduce((sum, block) => sum + linesOf(block).length, 0)

/**
 * The facts of a preview within so many bytes: first the warnings, then the lines in their order. Long lists of objects
 * give way first, since their ids are in the log as well.
 */
export function shownWithin(facts: SealedFacts, maxBytes: number): ShownPreview {
  if (bytesOf(facts) <= maxBytes) return { shown: facts, linesLeftOut: 0 }
  const headline = String(truncateTo(facts.headline, maxBytes / 8))
  const room = new Room(maxBytes - bytesOf(headline) - 100)
  const warnings = room.take(facts.warnings, 0.5)
  const blocks = facts.blocks.flatMap((block): SealedBlock[] => {
    if (typeof block === 'string') return room.take([block])
    const lines = room.take(linesOf(block), 0.25)
    if (lines.length === 0) return []
    return [{ ...block, ...('rows' in block ? { rows: lines } : { excerpt: lines }) }]
  })
  const linesLeftOut = facts.warnings.length - warnings.length + linesIn(facts.blocks) - linesIn(blocks)
  return { shown: { ...facts, headline, warnings, blocks }, linesLeftOut }
}
