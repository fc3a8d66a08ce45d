import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { type Asked, searches, throughMany, throughOne, type Walked, withoutAhead } from './pages.ts'

/** Cases by what they are. */
export const named = (all: readonly Walked[]) =>
  all.map((walked) => [JSON.stringify(walked), walked] as const)
const answers = (pages: readonly Asked[]): string[] => pages.map(({ answer }) => answer)

/** The same numbers in an order that is always the same, and no order. */
const mixed = (count: number): number[] =>
  Array.from({ length: count }, (_, at) => at).sort((a, b) => ((a * 7919) % 104_729) - ((b * 7919) % 104_729))

/** Does something with an assistant who leaves then. */
export async function by<T>(
  sandbox: TestSandbox,
  settings: Environment | undefined,
  act: (assistant: Assistant) => Promise<T>,
): Promise<T> {
  const assistant = await assistantOn(sandbox, settings)
  return act(assistant).finally(() => assistant.close())
}

/** Compares forwards; then every page once more, by one who goes to and fro. */
export async function compare(sandbox: TestSandbox, walked: Walked): Promise<void> {
  const { control } = sandbox
  const { tool, settings } = walked
  await control.forget()
  const plain = await withoutAhead(sandbox, settings, (one) => throughOne(one, walked))
  expect(plain.length).toBeGreaterThan(2)
  expect(await searches(control)).toHaveLength(plain.length)
  expect(answers(await throughMany(sandbox, walked))).toEqual(answers(plain))
  await by(sandbox, settings, async (one) => {
    await control.forget()
    expect(answers(await throughOne(one, walked))).toEqual(answers(plain))
    const calls = (await searches(control)).length
    // Templates come whole, with up to megabytes: they are read page by page.
    if (/template/.test(tool)) expect(calls).toBe(plain.length)
    else if (plain.length > 6) expect(calls).toBeLessThan(plain.length)
    for (const at of mixed(plain.length)) {
      const { args, answer } = plain[at] as Asked
      expect(JSON.stringify((await one.call(tool, args, 'json')).raw)).toBe(answer)
    }
  })
}
