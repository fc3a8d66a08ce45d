import { existsSync } from 'node:fs'
import { describe, expect } from 'vitest'
import type { Way } from '../../../../src/tools/effects/approval/pending/stored-call.ts'
import { decideWithKey, signByLink } from '../../../support/approvals/local-person.ts'
import { noWait, openLocalServer, stateFolderWith } from '../../../support/approvals/local-server.ts'
import { answerInTerminal } from '../../../support/consent/fixtures.ts'
import { eras, forms, yes } from '../../../support/consent/raw-client.ts'
import { pathOf, waitingFile, writeFile } from '../../../support/forged/approved-files.ts'
import {
  type Asked,
  askFor,
  clone,
  cloneOf,
  codeIn,
  sentWith,
  type Told,
} from '../../../support/forged/attacks.ts'
import { pinned, softwareKey } from '../../../support/passkeys/software-key.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import type { TestService } from '../../../support/service/service.ts'
import { browserOf, decide, pageOrigin, pageSettings } from '../../../support/service-page/page.ts'
import { sign } from '../../../support/service-page/signing.ts'

// Every way to say yes, in processes that take some of them. The file of the waiting call is changed first to say that all
// of them count, so that page and terminal take what they are given: whoever sends decides by its own settings.

const test = serviceTestOn()

const allWays: readonly Way[] = ['client', 'page', 'terminal', 'passkey']
const subsets = ['', 'client', 'page', 'terminal', 'client,page', 'client,terminal', 'page,terminal'] as const
type Subset = (typeof subsets)[number]

const counts = (subset: Subset, way: 'client' | 'page' | 'terminal'): boolean =>
  subset === '' || subset.split(',').includes(way)

/** Says that every way counts, and that nobody else is asked for. */
function openAllWays(stateDir: string, code: string): void {
  const { needsOther: _, ...file } = waitingFile(stateDir, code)
  writeFile(stateDir, { ...file, ways: allWays }, `${file.digest}.pending`)
}

/** Waits under a code, with all ways open; asked for anew if it was approved before. */
async function askOpenly(asked: Asked, title: string) {
  const target = await askFor(asked, title)
  openAllWays(asked.stateDir, target.code)
  return target
}

describe.for(subsets)('over stdio with QUALYS_APPROVE_BY=%s', (subset) => {
  test.for(['', 'create'])('and QUALYS_PASSKEY_FOR=%s', async (passkeyFor, { sandbox }) => {
    const key = softwareKey()
    const stateDir = stateFolderWith(
      pinned(key, { person: 'Anna', rpId: 'localhost', origin: 'http://localhost:40123' }),
    )
    const settings = {
      ...(subset !== '' && { QUALYS_APPROVE_BY: subset }),
      ...(passkeyFor !== '' && { QUALYS_PASSKEY_FOR: passkeyFor }),
    }
    const era = eras[subsets.indexOf(subset) % 2] ?? 'legacy'
    const server = await openLocalServer(sandbox, era, { capabilities: {}, stateDir, settings })
    const isOnly = passkeyFor !== ''
    const elsewhere = {
      key: [!isOnly && counts(subset, 'page'), (code: string) => decideWithKey(server, code)],
      terminal: [!isOnly && counts(subset, 'terminal'), (code: string) => answerInTerminal(stateDir, code)],
      passkey: [isOnly || counts(subset, 'page'), (code: string) => signByLink(server, code, key)],
    } as const
    // A form alone leaves no call behind.
    const canWait = isOnly || subset !== 'client'
    for (const [way, [isTaken, approve]] of canWait ? Object.entries(elsewhere) : []) {
      const title = `${era} ${subset} ${passkeyFor} ${way}`
      const { code, callAgain } = await askOpenly(server, title)
      await approve(code)
      const { isError, text } = await callAgain()
      expect([isError, await sentWith(sandbox, title)], `${title}: ${text}`).toEqual(
        isTaken ? [false, 1] : [true, 0],
      )
      if (!isTaken)
        expect(text).toMatch(
          /^It was approved .+, but only .+ counts?\. Nothing was sent\. Ask the person to/,
        )
    }
    const client = await openLocalServer(sandbox, era, { stateDir, settings })
    const title = `${era} ${subset} ${passkeyFor} form`
    const { isError } = await client.client.callAndAnswer(clone, cloneOf(title), yes)
    const isTaken = !isOnly && counts(subset, 'client')
    expect([isError, await sentWith(sandbox, title)]).toEqual(isTaken ? [false, 1] : [true, 0])
    expect(client.client.questions).toHaveLength(isTaken ? 1 : 0)
  })
})

describe('over HTTP', () => {
  const ada = softwareKey()
  const eve = softwareKey()
  const rpId = new URL(pageOrigin).hostname
  const keys = [
    pinned(ada, { person: 'Ada', rpId, origin: pageOrigin }),
    pinned(eve, { person: 'Eve', rpId, origin: pageOrigin }),
  ]
  const callers = {
    ada: { role: ['operator', 'approver'], person: 'Ada' },
    eve: { role: 'approver', person: 'Eve' },
  } as const satisfies Readonly<Record<string, unknown>>

  const asked = (service: TestService): Asked => ({ client: service.client('ada'), stateDir: service.folder })

  const settingsOf = (subset: Subset, passkeyFor: string, fourEyes: string) => ({
    ...pageSettings,
    ...(subset !== '' && { QUALYS_APPROVE_BY: subset }),
    ...(passkeyFor !== '' && { QUALYS_PASSKEY_FOR: passkeyFor }),
    ...(fourEyes !== '' && { QUALYS_FOUR_EYES: fourEyes }),
  })

  describe.for(subsets)('with QUALYS_APPROVE_BY=%s', (subset) => {
    test.for([
      ['', ''],
      ['create', ''],
      ['', 'create'],
      ['create', 'create'],
    ] as const)(
      'QUALYS_PASSKEY_FOR=%s and QUALYS_FOUR_EYES=%s',
      async ([passkeyFor, fourEyes], { serve, sandbox }) => {
        const [isOnly, isOther] = [passkeyFor !== '', fourEyes !== '']
        const usual = subset === '' ? 'page' : subset
        // Four eyes are of the page, whatever else is named.
        const takes = (way: 'client' | 'page' | 'terminal'): boolean =>
          !isOnly && (isOther ? way === 'page' : counts(usual, way))
        const service = await serve({
          callers: { ada: { ...callers.ada, role: [...callers.ada.role] }, eve: callers.eve },
          settings: settingsOf(subset, passkeyFor, fourEyes),
          folder: stateFolderWith(...keys),
          callTimes: noWait,
        })
        const browsers = { ada: await browserOf(service, 'ada'), eve: await browserOf(service, 'eve') }
        const takesKey = isOnly || takes('page')
        const elsewhere = {
          'the login of Eve': [takes('page'), (code: string) => decide(browsers.eve, code, 'approve')],
          'the own login': [
            takes('page') && !isOther,
            (code: string) => decide(browsers.ada, code, 'approve'),
          ],
          'the passkey of Eve': [takesKey, (code: string) => sign(service, browsers.eve, code, eve)],
          'the own passkey': [takesKey && !isOther, (code: string) => sign(service, browsers.ada, code, ada)],
          terminal: [takes('terminal'), (code: string) => answerInTerminal(service.folder, code)],
        } as const
        const canWait = isOnly || takes('page') || takes('terminal')
        for (const [way, [isTaken, approve]] of canWait ? Object.entries(elsewhere) : []) {
          const title = `${subset} ${passkeyFor} ${fourEyes} ${way}`
          const { code, file, callAgain } = await askOpenly(asked(service), title)
          await approve(code)
          // The page and the terminal took it.
          expect(existsSync(pathOf(service.folder, file.digest)), title).toBe(true)
          const { isError, text }: Told = await callAgain()
          expect([isError, await sentWith(sandbox, title)], `${title}: ${text}`).toEqual(
            isTaken ? [false, 1] : [true, 0],
          )
          if (!isTaken)
            expect(text).toMatch(/^It was approved .+\. Nothing was sent\. Ask (?:the|another) person to/)
        }
        const title = `${subset} ${passkeyFor} ${fourEyes} form`
        const client = service.client('ada', { capabilities: forms })
        const question = await client.call(clone, cloneOf(title))
        const state = question.result?.['requestState']
        const isTaken = takes('client')
        expect(typeof state).toBe(isTaken ? 'string' : 'undefined')
        await client.answerQuestion(clone, cloneOf(title), state ?? 'v1.x.y')
        expect(await sentWith(sandbox, title)).toBe(isTaken ? 1 : 0)
        if (!isTaken) expect(codeIn(question)).not.toBe('')
      },
    )
  })
})
