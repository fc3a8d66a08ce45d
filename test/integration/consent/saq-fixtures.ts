import { consentTest } from '../../support/consent/fixtures.ts'
import { wholeOf } from '../../support/consent/pending-resource.ts'
import { expectWellFormed } from '../../support/consent/previews.ts'
import type { RawClient } from '../../support/consent/raw-client.ts'

export type Row = Readonly<Record<string, unknown>>

interface Fixtures {
  readonly client: RawClient
  /** Users of the sandbox, by id. */
  readonly users: ReadonlyMap<string, Row>
  /** All lines of a preview, of which the form may show a short view. */
  readonly linesOf: (tool: string, args: object) => Promise<string[]>
}

/** A `test` that reads previews of SAQ. */
export const previewTest = consentTest.extend<Fixtures>({
  client: async ({ connect }, use) =>
    use(await connect('modern', { settings: { QUALYS_UNVERIFIED: 'all' } })),
  users: async ({ sandbox }, use) =>
    use(new Map((await sandbox.control.dump('users')).map((row) => [String(row['id']), row]))),
  linesOf: async ({ client }, use) => {
    await use(async (tool, args) => {
      const { preview, text } = await client.call(tool, args)
      if (preview === undefined) throw new Error(text)
      expectWellFormed(preview)
      const whole = await wholeOf(client, preview)
      expectWellFormed(whole)
      return whole.split('\n')
    })
  },
})

/** The row of a person of the sandbox. */
export const personRow = (id: string, users: ReadonlyMap<string, Row>): string =>
  `  ${personLine('', id, users).slice(2)}`

/** The preview line of a person of the sandbox. */
export function personLine(label: string, id: string, users: ReadonlyMap<string, Row>): string {
  const row = users.get(id) ?? {}
  const name = `${String(row['firstName'])} ${String(row['lastName'])}`
  return `${label}: "${id}", "${name}", "${String(row['company'])}", "${String(row['emailAddress'])}"`
}
