import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import {
  type PageRead,
  pagesFromNewServers,
  pagesFromOneServer,
  searches,
  type WalkOptions,
  withoutReadAhead,
} from './pages.ts'

/** Cases by name. */
export const namedCases = (all: readonly WalkOptions[]) =>
  all.map((walked) => [JSON.stringify(walked), walked] as const)
const answers = (pages: readonly PageRead[]): string[] => pages.map(({ answer }) => answer)

/** The same numbers in an order that is always the same but not sorted. */
const shuffled = (count: number): number[] =>
  Array.from({ length: count }, (_, at) => at).sort((a, b) => ((a * 7919) % 104_729) - ((b * 7919) % 104_729))

/** Runs `act` with an assistant that is closed afterwards. */
export async function by<T>(
  sandbox: TestSandbox,
  settings: Environment | undefined,
  act: (assistant: Assistant) => Promise<T>,
): Promise<T> {
  const assistant = await openAssistantOn(sandbox, settings)
  return act(assistant).finally(() => assistant.close())
}

/** Compares forwards; then every page once more, by an assistant that goes back and forth. */
export async function compare(sandbox: TestSandbox, walked: WalkOptions): Promise<void> {
  const { control } = sandbox
  const { tool, settings } = walked
  await control.clearRequests()
  const plain = await withoutReadAhead(sandbox, settings, (one) => pagesFromOneServer(one, walked))
  expect(plain.length).toBeGreaterThan(2)
  expect(await searches(control)).toHaveLength(plain.length)
  expect(answers(await pagesFromNewServers(sandbox, walked))).toEqual(answers(plain))
  await by(sandbox, settings, async (one) => {
    await control.clearRequests()
    expect(answers(await pagesFromOneServer(one, walked))).toEqual(answers(plain))
    const calls = (await searches(control)).length
    // Templates are sent whole, with up to megabytes: they are read page by page.
    if (/template/.test(tool)) expect(calls).toBe(plain.length)
    else if (plain.length > 6) expect(calls).toBeLessThan(plain.length)
    for (const at of shuffled(plain.length)) {
      const { args, answer } = plain[at] as PageRead
      expect(JSON.stringify((await one.call(tool, args, 'json')).raw)).toBe(answer)
    }
  })
}
