import { describe, expect, test } from 'vitest'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import { instructionsFor } from '../../../src/tools/server/instructions.ts'
import { mostInstructions } from '../../programs/costs.ts'
import { countTokens } from '../../programs/token-counter.ts'
import { settingsFrom } from '../../support/environment.ts'

type Given = Readonly<Record<string, string>>

const instructions = (env: Given): string => instructionsFor(catalogueOf(settingsFrom(env)))

const modes: readonly Given[] = [{}, { QUALYS_MODE: 'read-only' }]
const guesses: readonly Given[] = [{}, { QUALYS_UNVERIFIED: 'none' }, { QUALYS_UNVERIFIED: 'all' }]
const sets: readonly Given[] = [
  {},
  { QUALYS_TOOLSETS: 'car' },
  { QUALYS_TOOLSETS: 'saq.users,car.reports' },
  { QUALYS_TOOLS: 'car_search_jobs' },
  { QUALYS_EXCLUDE_TOOLS: 'qualys_status,car_import_library_script,saq_create_template_version' },
]
const every = modes.flatMap((mode) =>
  guesses.flatMap((guess) => sets.map((set) => ({ ...mode, ...guess, ...set }))),
)

describe('the instructions', () => {
  test.each(every)('with %o: short, and with the withheld tools', (env) => {
    const text = instructions(env)
    expect(countTokens(text)).toBeLessThanOrEqual(mostInstructions)
    expect(text).not.toMatch(/[[\]]/)
    const { withheldTools: withheld } = catalogueOf(settingsFrom(env))
    for (const setting of new Set(withheld.values())) expect(text).toContain(`by ${setting} `)
    // The only sentence about a missing tool says that it is missing.
    const [before = ''] = text.split('Withheld')
    const named = before.match(/\b(?:car|saq|qualys)_[a-z_]+[a-z]\b/g) ?? []
    expect(named.filter((name) => withheld.has(name))).toEqual([])
  })

  test('name everything that is withheld where it is little', () => {
    const text = instructions({ QUALYS_UNVERIFIED: 'all', QUALYS_EXCLUDE_TOOLS: 'car_delete_report' })
    expect(text).toMatch(/ Withheld by QUALYS_EXCLUDE_TOOLS car_delete_report: qualys_status names all\.$/)
    expect(instructions({ QUALYS_UNVERIFIED: 'all' })).not.toContain('Withheld')
  })

  test('mention no product without tools, and no effects where there are none', () => {
    expect(instructions({ QUALYS_TOOLSETS: 'saq' })).not.toMatch(/CAR/)
    expect(instructions({ QUALYS_TOOLSETS: 'car' })).not.toMatch(/SAQ/)
    expect(instructions({})).toContain('is shown to a person')
    expect(instructions({ QUALYS_MODE: 'read-only' })).not.toContain('is shown to a person')
  })
})
