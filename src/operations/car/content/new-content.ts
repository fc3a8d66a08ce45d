import type { Adapted, Input } from '../../operation.ts'
import { StoredText } from '../../stored-text.ts'
import { adaptContent } from '../inputs/line-ends.ts'
import { lineEndsText } from './line-end-kinds.ts'

/** What a text has besides its characters: nobody sees it in the text. */
interface Unseen {
  readonly 'line ends': string | undefined
  readonly 'byte order mark': string
  readonly encoding: string
}

const encodingNames: Readonly<Record<string, string>> = { 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16' }

function encodingName({ encoding, isExact }: StoredText): string {
  if (encoding === 'utf-8') return isExact ? 'UTF-8' : 'UTF-8 with bad bytes'
  return encodingNames[encoding] ?? encoding
}

const unseenIn = (stored: StoredText): Unseen => ({
  'line ends': lineEndsText(stored.text),
  'byte order mark': stored.text.startsWith('\ufeff') ? 'added' : 'removed',
  encoding: encodingName(stored),
})

/** The differences that the texts do not show, by their names. */
function unseenChanges(stored: StoredText, content: string): Map<string, string> {
  const [before, after] = [unseenIn(stored), unseenIn(new StoredText(Buffer.from(content)))]
  const [oldEnds, newEnds] = [before['line ends'], after['line ends']]
  const changes = new Map<string, string>()
  if (oldEnds !== undefined && newEnds !== undefined && oldEnds !== newEnds)
    changes.set('line ends', `${oldEnds} -> ${newEnds}`)
  if (before['byte order mark'] !== after['byte order mark'])
    changes.set('byte order mark', after['byte order mark'])
  if (before.encoding !== after.encoding) changes.set('encoding', `${before.encoding} -> ${after.encoding}`)
  return changes
}

interface ScriptContent extends Input {
  readonly content?: string | undefined
}

/**
 * New content as its platform needs it, with a warning of what changes besides its text. What the platform needs is
 * said already.
 */
export function adaptNewContent(input: ScriptContent, script: Input | undefined): Adapted {
  const adapted = adaptContent(input, script?.['platform'])
  const stored = script?.['content']
  const [passed, sent] = [input.content, adapted.input.content]
  if (!(stored instanceof StoredText) || passed === undefined || sent === undefined) return adapted
  const asPassed = unseenChanges(stored, passed)
  const changes = [...unseenChanges(stored, sent)].filter(([what]) => asPassed.has(what))
  const list = changes.map(([what, change]) => `${what}: ${change}`).join('; ')
  return { ...adapted, warnings: list === '' ? [] : [`The new content changes more than text: ${list}.`] }
}
