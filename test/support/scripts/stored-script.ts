import type { Environment } from '../../../src/config/settings.ts'
import { getScript } from '../../../src/operations/car/scripts.ts'
import type { Lines } from '../../../src/tools/replies/slices/line-index.ts'
import { callerOn, type ToolOutcome, toolFor } from '../workflows/memory.ts'

/** What Qualys answers for a script with these bytes. */
const scriptAnswer = (bytes: Uint8Array, more: object = {}): object => ({
  errorCode: null,
  message: null,
  body: { id: 7, title: 'Patch', content: Buffer.from(bytes).toString('base64'), ...more },
})

/** A read of this stored script, in one of both forms. */
export function readerOf(
  stored: string | Uint8Array,
  { more = {}, environment = {} }: { readonly more?: object; readonly environment?: Environment } = {},
): (args?: object, form?: 'text' | 'json') => Promise<ToolOutcome> {
  const bytes = typeof stored === 'string' ? Buffer.from(stored) : stored
  const caller = callerOn(() => ({ body: scriptAnswer(bytes, more) }), environment)
  return (args = {}, form = 'text') => caller.call(toolFor(getScript), { scriptId: '7', ...args }, form)
}

/** Every line of a text. */
export const allLines = ({ count, line }: Lines): string[] =>
  Array.from({ length: count }, (_, at) => line(at + 1))

/** A slice for programs. */
export interface SliceRow {
  readonly content: string
  readonly from: number
  readonly lines: number
  readonly characters: number
  readonly bytes: number
  readonly sha256: string
  readonly exact: boolean
  readonly encoding?: string
  readonly masked?: readonly { readonly line: number; readonly values: number }[]
  readonly next?: { readonly from: number; readonly offset?: number }
}

/** Every slice of a script, as `next` of each says. */
export async function allSlices(
  read: (args: object) => Promise<Record<string, unknown> | undefined>,
): Promise<SliceRow[]> {
  const slices: SliceRow[] = []
  for (let args: object | undefined = {}; args !== undefined; ) {
    const slice = (await read(args)) as SliceRow | undefined
    if (slice === undefined) throw new Error('no slice')
    slices.push(slice)
    if (slices.length > 2_000) throw new Error('the slices do not end')
    args = slice.next
  }
  return slices
}
