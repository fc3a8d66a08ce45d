import type { Edit } from '../../../src/operations/car/content/edit.ts'
import { editContent } from '../../../src/operations/car/content/edit-content.ts'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'

/** A script after edits; or the problem alone. */
export interface Edited {
  readonly problem: string | undefined
  readonly bytes: Buffer
  readonly text: string
  readonly covered: string | undefined
  readonly note: string | undefined
  readonly warnings: readonly string[]
}

export interface EditedOptions {
  readonly platform?: string
  readonly secrets?: readonly string[]
}

/** What edits make of script 7, whose bytes these are. */
export function edited(
  stored: string | Buffer,
  edits: readonly Edit[],
  { platform = 'WINDOWS', secrets = [] }: EditedOptions = {},
): Edited {
  const { cover } = redactor(secrets.map((value) => new Secret(value)))
  const script = { platform, content: new StoredText(Buffer.from(stored as string)) }
  const {
    input,
    problem,
    covered,
    note,
    warnings = [],
  } = editContent({ scriptId: '7', edits }, script, cover)
  const content = input['content'] instanceof StoredText ? input['content'] : new StoredText(Buffer.alloc(0))
  return { problem, bytes: content.bytes, text: content.text, covered, note, warnings }
}

/** The bytes of a text in an encoding, with a byte order mark if the name says so. */
export function bytesIn(encoding: string, text: string): Buffer {
  const [name, mark] = encoding.split(' with ')
  const marked = mark === undefined ? text : `\ufeff${text}`
  if (name === 'windows-1252') return Buffer.from(marked, 'latin1')
  if (name === 'utf-8') return Buffer.from(marked)
  const bytes = Buffer.from(marked, 'utf16le')
  return name === 'utf-16be' ? bytes.swap16() : bytes
}
