import { vi } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { ReadAheadCache } from '../../../src/session/paging/read-ahead.ts'
import { type Assistant, openAssistantOn, type ToolReply } from '../../support/assistant.ts'
import type { Control, SandboxRequest } from '../../support/sandbox.ts'

/** A list, and how an assistant pages through it. */
export interface WalkOptions {
  readonly tool: string
  readonly args?: object
  /** Page sizes, in turn. */
  readonly sizes: readonly number[]
  /** Columns, in turn. */
  readonly fields?: readonly (readonly string[] | undefined)[]
  readonly settings?: Environment
}

/** One page: the arguments, and the whole answer. */
export interface PageRead {
  readonly args: object
  readonly answer: string
  readonly structured: ToolReply['structured']
}

/** Every page of a list; `who` chooses the assistant for each. */
async function collectPages(who: () => Promise<Assistant>, { tool, args, sizes, fields = [] }: WalkOptions) {
  const pages: PageRead[] = []
  for (let continuationToken: string | undefined; ; ) {
    const { length } = pages
    const asked = {
      ...args,
      pageSize: sizes[length % sizes.length],
      fields: fields[length % fields.length],
      continuationToken,
    }
    const { raw, isError, text, structured } = await (await who()).call(tool, asked, 'json')
    if (isError) throw new Error(text)
    pages.push({ args: asked, answer: JSON.stringify(raw), structured })
    continuationToken = structured.continuationToken
    if (continuationToken === undefined) return pages
    if (length > 2_000) throw new Error('a list that does not end')
  }
}

/** Every page by one assistant. */
export const pagesFromOneServer = (assistant: Assistant, walked: WalkOptions): Promise<PageRead[]> =>
  collectPages(async () => assistant, walked)

/** Every page by a server of its own: nothing is cached. */
export async function pagesFromNewServers(sandbox: Sandbox, walked: WalkOptions): Promise<PageRead[]> {
  let current: Assistant | undefined
  const another = async (): Promise<Assistant> => {
    await current?.close()
    current = await openAssistantOn(sandbox, walked.settings)
    return current
  }
  return collectPages(another, walked).finally(() => current?.close())
}

/** Runs `act` on a server without read-ahead: every page is one request for its number of rows. */
export async function withoutReadAhead<T>(
  sandbox: Sandbox,
  settings: Environment | undefined,
  act: (assistant: Assistant) => Promise<T>,
): Promise<T> {
  const spy = vi.spyOn(ReadAheadCache.prototype, 'wrap').mockImplementation((next) => next)
  const assistant = await openAssistantOn(sandbox, settings)
  try {
    return await act(assistant)
  } finally {
    await assistant.close()
    spy.mockRestore()
  }
}

/** Searches of the list that is paged, as the sandbox received them; names of tags are looked up besides. */
export async function searches({ requests }: Control): Promise<SandboxRequest[]> {
  const all = (await requests()).filter(({ path }) => !path.startsWith('/auth'))
  return all.filter(({ path }) => path === all[0]?.path)
}

/** How many rows each search of CAR requested. */
export async function requestedSizes(control: Control): Promise<unknown[]> {
  return (await searches(control)).map(({ body }) => JSON.parse(body).pageSize)
}
