import { expect } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'

/** Tools that a model sees without further settings, and that only read. */
const readers: ReadonlySet<string> = new Set(
  catalogueOf(readSettings({}, {}).settings).manifests.flatMap(({ name, effect }) =>
    effect === 'read' ? [name] : [],
  ),
)

/** What to do after an unclear effect: do not repeat it, and look with a listed tool that reads. */
export function expectAdvice(name: string, next: string): void {
  expect(next).toMatch(/do not repeat it|do not run it again|before anything is run again/i)
  const tools = next.match(/(car|saq)_\w+/g) ?? []
  expect(tools).not.toContain(name)
  // Qualys documents no list of blocked objects.
  if (/^car_(un)?block_/.test(name)) expect(next).toContain('Qualys UI')
  else
    expect(
      tools.some((tool) => readers.has(tool)),
      next,
    ).toBe(true)
}
