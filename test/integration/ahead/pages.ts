import { vi } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { Ahead } from '../../../src/session/paging/read-ahead.ts'
import { type Assistant, assistantOn, type Heard } from '../../support/assistant.ts'
import type { Control, Seen } from '../../support/sandbox.ts'

/** A list, and how an assistant pages through it. */
export interface Walked {
  readonly tool: string
  readonly args?: object
  /** Page sizes, in turn. */
  readonly sizes: readonly number[]
  /** Columns, in turn. */
  readonly fields?: readonly (readonly string[] | undefined)[]
  readonly settings?: Environment
}

/** One page: with what it was asked for, and the whole answer. */
export interface Asked {
  readonly args: object
  readonly answer: string
  readonly structured: Heard['structured']
}

/** Every page of a list, each by whoever `who` says. */
async function pagesBy(who: () => Promise<Assistant>, { tool, args, sizes, fields = [] }: Walked) {
  const pages: Asked[] = []
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

/** Every page by one assistant, who remains. */
export const throughOne = (assistant: Assistant, walked: Walked): Promise<Asked[]> =>
  pagesBy(async () => assistant, walked)

/** Every page by a server of its own: nothing is kept anywhere. */
export async function throughMany(sandbox: Sandbox, walked: Walked): Promise<Asked[]> {
  let current: Assistant | undefined
  const another = async (): Promise<Assistant> => {
    await current?.close()
    current = await assistantOn(sandbox, walked.settings)
    return current
  }
  return pagesBy(another, walked).finally(() => current?.close())
}

/** Does something on a server that reads nothing ahead: every page is one call for so many rows. */
export async function withoutAhead<T>(
  sandbox: Sandbox,
  settings: Environment | undefined,
  act: (assistant: Assistant) => Promise<T>,
): Promise<T> {
  const spy = vi.spyOn(Ahead.prototype, 'through').mockImplementation((next) => next)
  const assistant = await assistantOn(sandbox, settings)
  try {
    return await act(assistant)
  } finally {
    await assistant.close()
    spy.mockRestore()
  }
}

/** Searches that the sandbox saw, the login aside. */
export async function searches({ requests }: Control): Promise<Seen[]> {
  return (await requests()).filter(({ path }) => !path.startsWith('/auth'))
}

/** How many rows each search of CAR asked for. */
export async function sizesAsked(control: Control): Promise<unknown[]> {
  return (await searches(control)).map(({ body }) => JSON.parse(body).pageSize)
}
