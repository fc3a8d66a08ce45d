import type { Assistant, ToolReply } from '../assistant.ts'
import type { Control } from '../sandbox.ts'

/** A row of an answer about code. */
export interface FoundScript {
  readonly id: string
  readonly line: number
}

/** Scripts whose stored code holds a text, newest first, with the first line: looked for without the program. */
export async function scriptsWith(control: Control, text: string): Promise<FoundScript[]> {
  const scripts = await control.dump('scripts')
  const newestFirst = [...scripts].sort((a, b) => createdAt(b) - createdAt(a))
  return newestFirst.flatMap(({ id, content }) => {
    const code = Buffer.from(String(content), 'base64').toString().replace(/\r\n?/g, '\n').toLowerCase()
    const at = code.indexOf(text.toLowerCase())
    return at === -1 ? [] : [{ id: String(id), line: code.slice(0, at).split('\n').length }]
  })
}

const createdAt = ({ created }: Record<string, unknown>): number =>
  (created as { readonly dateTime: number }).dateTime

/** All pages of a list, as programs get them. */
export async function allPages(
  assistant: Pick<Assistant, 'call'>,
  tool: string,
  args: object,
): Promise<ToolReply['structured'][]> {
  const pages: ToolReply['structured'][] = []
  for (let token: string | undefined; ; ) {
    const reply = await assistant.call(tool, { ...args, ...(token && { continuationToken: token }) }, 'json')
    if (reply.isError) throw new Error(reply.text)
    pages.push(reply.structured)
    token = reply.structured.continuationToken
    if (token === undefined) return pages
    if (pages.length > 200) throw new Error('the list does not end')
  }
}

/** The scripts of some pages with their lines. */
export const foundIn = (pages: readonly ToolReply['structured'][]): FoundScript[] =>
  pages.flatMap(({ rows }) => rows.map(({ id, line }) => ({ id: String(id), line: Number(line) })))
