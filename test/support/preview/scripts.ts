import { createHash } from 'node:crypto'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { redactor } from '../../../src/shared/secrets.ts'
import { type Script, scriptOf } from '../../../src/tools/effects/preview/content/facts.ts'
import type { Line } from '../../../src/tools/effects/preview/content/lines.ts'
import type { Guardrails } from '../../../src/tools/effects/targets/guardrails.ts'

// Scripts as people write, sign and pack them.

const { cover } = redactor([])

/** A script with its secrets covered. */
export function scriptFrom(content: string | Buffer): Script {
  const stored = new StoredText(Buffer.from(content as string))
  return scriptOf(stored, cover(stored.text))
}

export const linesFrom = (content: string): readonly Line[] => scriptFrom(content).lines

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Base64 that looks like any: the same for the same seed. */
export function base64Of(length: number, seed = 'a'): string {
  let bytes = Buffer.alloc(0)
  for (let at = 0; bytes.length < length; at++)
    bytes = Buffer.concat([bytes, createHash('sha512').update(`${seed} ${at}`).digest()])
  return bytes.toString('base64').slice(0, length)
}

/** Lines of base64 of one width. */
export const base64Lines = (count: number, width = 64, seed = 'a'): string[] =>
  Array.from({ length: count }, (_, at) => base64Of(width, `${seed}${at}`))

/** A signature block as Set-AuthenticodeSignature writes it, of `count` lines. */
export const signatureLines = (count: number, seed = 'a'): string[] => [
  '# SIG # Begin signature block',
  ...base64Lines(count - 2, 64, seed).map((letters) => `# ${letters}`),
  '# SIG # End signature block',
]

/** Blocks no command: the language alone matters. */
export const guardrailsFor = (name?: string, platform?: string): Guardrails => ({
  language: { name, platform },
  sets: [],
  isOfOneLanguage: true,
})
