import { z } from 'zod'
import { isText } from '../../fields.ts'

const part = (max: number) =>
  z
    .string({ error: 'must be text' })
    .max(max, { error: `must be at most ${max.toLocaleString('en')} characters` })
    .refine(isText, { error: 'must be text, not bytes' })

export const edits = z
  .array(
    z.strictObject({
      find: part(8_000).min(1, { error: 'must not be empty' }),
      // An empty text deletes what is found.
      replace: part(200_000).meta({ emptiable: true }),
    }),
    { error: 'must be a list such as [{"find":"exit 1","replace":"exit 2"}]' },
  )
  .min(1, { error: 'must hold at least one edit' })
  .max(50, { error: 'must hold at most 50 edits' })
  .describe('each find occurs once; instead of content')

/** One change of a stored text. */
export type Edit = z.output<typeof edits>[number]

const lineEnd = /^(?:\r\n|\r|\n)$/

/** True for an edit of line ends alone: the one kind that changes every place. */
export const isOfLineEnds = ({ find, replace }: Edit): boolean => lineEnd.test(find) && lineEnd.test(replace)

/** Why these edits are wrong, whatever is stored. */
export function validateEdits(list: readonly Edit[]): string | undefined {
  const idle = list.findIndex(({ find, replace }) => find === replace)
  return idle === -1
    ? undefined
    : `Edit ${idle + 1} replaces a text by itself: pass the new text as its replace, or leave the edit out.`
}
