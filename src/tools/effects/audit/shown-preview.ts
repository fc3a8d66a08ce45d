import type { PreviewBlock, PreviewFacts } from '../preview/preview.ts'
import { bytesOf, truncateTo } from './truncate.ts'

/** A preview as far as a line of the log has room for it. */
interface ShownPreview {
  readonly shown: PreviewFacts
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

const linesIn = (blocks: readonly PreviewBlock[]): number =>
  blocks.reduce((sum, block) => sum + (typeof block === 'string' ? 1 : block.rows.length), 0)

/**
 * The facts of a preview within so many bytes: first the warnings, then the lines in their order. Long lists of objects
 * give way first, since their ids are in the log as well.
 */
export function shownWithin(facts: PreviewFacts, maxBytes: number): ShownPreview {
  if (bytesOf(facts) <= maxBytes) return { shown: facts, linesLeftOut: 0 }
  const headline = String(truncateTo(facts.headline, maxBytes / 8))
  const room = new Room(maxBytes - bytesOf(headline) - 100)
  const warnings = room.take(facts.warnings, 0.5)
  const blocks = facts.blocks.flatMap((block): PreviewBlock[] => {
    if (typeof block === 'string') return room.take([block])
    const rows = room.take(block.rows, 0.25)
    return rows.length > 0 ? [{ ...block, rows }] : []
  })
  const linesLeftOut = facts.warnings.length - warnings.length + linesIn(facts.blocks) - linesIn(blocks)
  return { shown: { ...facts, headline, warnings, blocks }, linesLeftOut }
}
