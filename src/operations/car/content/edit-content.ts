import type { Adapted, Input } from '../../operation.ts'
import { StoredText } from '../../stored-text.ts'
import { lineFeedPlatform } from '../inputs/line-ends.ts'
import { largestContent } from '../inputs/script.ts'
import { applyEdits } from './apply-edits.ts'
import type { Edit } from './edit.ts'
import { layoutOf } from './layout.ts'
import { lineEndKinds, lineEndNames } from './line-end-kinds.ts'
import { Search } from './search.ts'

interface EditedInput extends Input {
  readonly scriptId: string
  readonly edits?: readonly Edit[] | undefined
}

type Cover = (text: string) => string

function editedScript(id: string, stored: StoredText, edits: readonly Edit[], cover: Cover) {
  const layout = layoutOf(stored)
  if (!layout)
    return `Script ${id} is stored in several encodings at once: pass the whole content instead of edits`
  const covered = cover(stored.text)
  const script = { id, stored, covered, search: new Search(covered), layout }
  const edited = applyEdits(script, edits, cover)
  if (typeof edited === 'string') return edited
  if (edited.content.text.trim() === '')
    return `After these edits script ${id} would be empty: keep some of its text`
  if (edited.content.bytes.length > largestContent)
    return `After these edits script ${id} would be larger than the 500 KB that Qualys takes: write less`
  return edited
}

/** What an edited script still has that breaks it on its platform, and the edit that mends it. */
function platformWarnings({ text }: StoredText, platform: unknown): string[] {
  const known = lineFeedPlatform(platform)
  if (known === undefined) return []
  const broken = lineEndKinds(text).filter((kind) => kind !== '\n')
  return [
    ...broken.map(
      (kind) =>
        `The script keeps its ${lineEndNames[kind]} line ends, which break it on ${known}: the edit {"find":${JSON.stringify(kind)},"replace":"\\n"} changes all of them.`,
    ),
    ...(text.startsWith('\ufeff')
      ? [
          `The script keeps its byte order mark, which breaks it on ${known}: the edit {"find":"\\ufeff","replace":""} takes it away.`,
        ]
      : []),
  ]
}

/**
 * The stored content with these edits, instead of the edits. Nothing else is changed: not the line ends, not the
 * encoding.
 */
export function editContent(input: EditedInput, script: Input | undefined, cover: Cover): Adapted {
  const { edits = [], ...rest } = input
  const stored = script?.['content']
  if (!(stored instanceof StoredText))
    return {
      input,
      problem: `The content of script ${input.scriptId} cannot be read, so there is nothing to edit: pass the whole content`,
    }
  const edited = editedScript(input.scriptId, stored, edits, cover)
  if (typeof edited === 'string') return { input, problem: edited }
  const { content, covered, note } = edited
  return {
    input: { ...rest, content },
    covered,
    note,
    warnings: platformWarnings(content, script?.['platform']),
  }
}
