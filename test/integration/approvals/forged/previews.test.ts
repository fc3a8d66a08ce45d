import { expect } from 'vitest'
import type { StoredCall } from '../../../../src/tools/effects/approval/pending/stored-call.ts'
import {
  decideWithKey,
  openByLink,
  sendSignature,
  signatureOn,
} from '../../../support/approvals/local-person.ts'
import { openLocalServer, stateFolderWith } from '../../../support/approvals/local-server.ts'
import { answerInTerminal, consentTest as test } from '../../../support/consent/fixtures.ts'
import { writeFile } from '../../../support/forged/approved-files.ts'
import { askFor, type Forgery, sentWith, tryAll } from '../../../support/forged/attacks.ts'
import { ask } from '../../../support/page/local.ts'
import { pinned, softwareKey } from '../../../support/passkeys/software-key.ts'

// A waiting call whose file was changed, so that a person would read something else than what runs.

const changed =
  'The file of this request was changed since it was asked, so what is shown here may not be what would run: it cannot be approved.'

/** Previews that show something else, of the same form. */
const changes: Readonly<
  Record<string, (facts: StoredCall['preview']['facts']) => StoredCall['preview']['facts']>
> = {
  'another headline': (facts) => ({ ...facts, headline: 'Look at a script (read)' }),
  'no warnings': (facts) => ({ ...facts, warnings: ['It is only a test.'] }),
  'no blocks': (facts) => ({ ...facts, blocks: [] }),
  'one block less': (facts) => ({ ...facts, blocks: facts.blocks.slice(1) }),
  'blocks in another order': (facts) => ({ ...facts, blocks: [...facts.blocks].reverse() }),
  'one block more': (facts) => ({ ...facts, blocks: [...facts.blocks, 'This was agreed on by phone.'] }),
  'a value with a blank more': (facts) => JSON.parse(JSON.stringify(facts).replace('61179', '61179 ')),
  'another title': (facts) => JSON.parse(JSON.stringify(facts).replaceAll('shown otherwise', 'harmless')),
}

test('is approved nowhere: 0 requests, and page and terminal say why', async ({ sandbox }) => {
  const key = softwareKey()
  const anna = pinned(key, { person: 'Anna', rpId: 'localhost', origin: 'http://localhost:40123' })
  const stateDir = stateFolderWith(anna)
  const server = await openLocalServer(sandbox, 'legacy', { capabilities: {}, stateDir })
  const target = await askFor(server, 'shown otherwise')
  const { file, code } = target
  const page = await openByLink(server, code)
  const signature = signatureOn(page, key)
  const forgeries = Object.entries(changes).flatMap(([name, change]): Forgery[] => {
    const forged = { ...file, preview: { ...file.preview, facts: change(file.preview.facts) } }
    const write = (): void => writeFile(stateDir, forged, `${file.digest}.pending`)
    expect(JSON.stringify(forged), name).not.toBe(JSON.stringify(file))
    return [
      [
        `${name}, on the page`,
        async () => {
          write()
          const { status, body } = await decideWithKey(server, code)
          expect([status, body], name).toEqual([403, expect.stringContaining(changed)])
        },
      ],
      [
        `${name}, with a passkey`,
        async () => {
          write()
          expect((await ask(page.link)).body, name).not.toContain('data-options')
          const { status, body } = await sendSignature(page, signature)
          expect([status, JSON.parse(body)], name).toEqual([403, { error: changed }])
        },
      ],
      [
        `${name}, in a terminal`,
        async () => {
          write()
          await expect(answerInTerminal(stateDir, code), name).rejects.toThrow(changed)
        },
      ],
    ]
  })
  expect(await tryAll(server, target, forgeries)).toBe(24)
  expect(await sentWith(sandbox, target.title)).toBe(0)
  // Notes are no part of what is approved, and are computed anew.
  const notes = { ...file, preview: { ...file.preview, notes: ['now: 3 hosts left'] } }
  writeFile(stateDir, notes, `${file.digest}.pending`)
  expect((await decideWithKey(server, code)).status).toBe(200)
  expect((await target.callAgain()).isError).toBe(false)
  expect(await sentWith(sandbox, target.title)).toBe(1)
})
