import { setImmediate } from 'node:timers/promises'
import { texts } from '../../../../shared/format.ts'
import type { Guardrails } from '../../targets/guardrails.ts'
import type { ScriptLanguage } from '../../targets/script-language.ts'
import type { LongText } from '../preview.ts'
import { differenceOf } from './difference.ts'
import { excerpt, maxRows } from './excerpt.ts'
import { contentFacts, formDifferences, type Script, unusualEnds } from './facts.ts'
import { guardrailWarnings } from './guardrails.ts'
import { maskedText } from './lines.ts'
import { maskWarnings } from './masks.ts'
import { segmentsOf } from './segments.ts'
import { signatureWarnings } from './signature.ts'

/** How many lines of a short view a stored script takes, about. */
const maxStoredRows = 12

/** What a person reads about the new content of a script. */
export interface ContentPreview {
  readonly content: LongText
  /** What a person must not overlook, one sentence each. */
  readonly warnings: readonly string[]
  /** The same where it holds once the content is stored, too. */
  readonly faults: readonly string[]
}

/** The preview of new content; its difference to what is stored, if that is known. */
export async function contentPreview(
  added: Script,
  stored: Script | undefined,
  guardrails: Guardrails,
): Promise<ContentPreview> {
  const warnings = [
    ...maskWarnings(added.lines, stored?.lines),
    ...guardrailWarnings(added.lines, guardrails),
  ]
  const faults = signatureWarnings(added.lines, stored?.lines, guardrails.language)
  // Half a megabyte of short lines takes a while: other calls go on in between.
  await setImmediate()
  const about = texts(
    contentFacts(added),
    guardrails.sets === undefined && `blocked commands: not compared, for ${guardrails.unread}`,
    stored ? formDifferences(stored, added) : unusualEnds(added),
  )
  const difference = stored && (await differenceOf(stored.lines, added.lines, guardrails.language))
  const content: LongText = {
    excerpt: [
      ...about,
      ...(difference?.excerpt ?? excerpt(segmentsOf(added.lines, guardrails.language), maxRows)),
    ],
    lines: about,
    ...(difference && { difference: difference.whole }),
    script: maskedText(added.lines),
  }
  return { content, warnings, faults }
}

/** The content of a script that is stored and runs. */
export const storedContent = ({ lines }: Script, language: ScriptLanguage): LongText => ({
  excerpt: excerpt(segmentsOf(lines, language), maxStoredRows),
  lines: [],
  script: maskedText(lines),
})
