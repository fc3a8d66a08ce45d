import { sha256 } from '../../../shared/crypto.ts'
import { canonicalJson } from '../../../shared/json.ts'
import type { LongText, PreviewBlock, PreviewFacts, PreviewLine, PreviewTable } from './preview.ts'

/** A long text as an approval is sealed and logged: its excerpt, and the hash of all of it. */
export interface SealedText {
  readonly excerpt: readonly string[]
  readonly sha256: string
}

export type SealedBlock = PreviewLine | PreviewTable | SealedText

/** The facts of a preview in a form that stays small however long a script is. */
export interface SealedFacts extends Omit<PreviewFacts, 'blocks'> {
  readonly blocks: readonly SealedBlock[]
}

const sealText = ({ excerpt, lines, difference, script = '' }: LongText): SealedText => ({
  excerpt,
  sha256: sha256(canonicalJson([lines, difference ?? null, script])),
})

const sealBlock = (block: PreviewBlock): SealedBlock =>
  typeof block === 'object' && 'excerpt' in block ? sealText(block) : block

export const sealedFacts = (facts: PreviewFacts): SealedFacts => ({
  ...facts,
  blocks: facts.blocks.map(sealBlock),
})
