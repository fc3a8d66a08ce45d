import { expect } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'

/** Tools that a model sees without further settings, and that only read. */
const readers: ReadonlySet<string> = new Set(
  catalogueOf(readSettings({}, {}).settings).listings.flatMap(({ name, effect }) =>
    effect === 'read' ? [name] : [],
  ),
)

/** What to do where an effect is unclear: not again, and look with a tool that is there and reads. */
export function expectAdvice(name: string, next: string): void {
  expect(next).toMatch(/do not repeat it|do not run it again|before anything is run again/i)
  const tools = next.match(/(car|saq)_\w+/g) ?? []
  expect(tools).not.toContain(name)
  // Nothing lists what is blocked, as Qualys documents it.
  if (/^car_(un)?block_/.test(name)) expect(next).toContain('Qualys UI')
  else
    expect(
      tools.some((tool) => readers.has(tool)),
      next,
    ).toBe(true)
}
