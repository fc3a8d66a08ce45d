import type { Environment } from '../../../src/config/settings.ts'
import { decideWithKey, openByLink, signByLink } from '../approvals/local-person.ts'
import { openLocalServer, stateFolderWith } from '../approvals/local-server.ts'
import { answerInTerminal } from '../consent/fixtures.ts'
import { type Era, forms, yes } from '../consent/raw-client.ts'
import { postForm } from '../page/local.ts'
import { pinned, softwareKey } from '../passkeys/software-key.ts'
import type { TestSandbox } from '../sandbox.ts'
import { type Matter, tool } from './cells.ts'

/** A server over stdio of each kind of client, and the page and the terminal of its person. */
export async function overStdio(sandbox: TestSandbox, era: Era, settings: Environment): Promise<Matter> {
  const key = softwareKey()
  const anna = pinned(key, { person: 'Anna', rpId: 'localhost', origin: 'http://localhost:40123' })
  const stateDir = stateFolderWith(anna)
  const plain = await openLocalServer(sandbox, era, { capabilities: {}, stateDir, settings })
  const ofForms = { capabilities: forms, stateDir: stateFolderWith(anna), settings }
  const withForms = await openLocalServer(sandbox, era, ofForms)
  return {
    call: (args, way) =>
      way === 'form' ? withForms.client.callAndAnswer(tool, args, yes) : plain.client.call(tool, args),
    act: async (code, way) => {
      switch (way) {
        case 'page':
          return decideWithKey(plain, code)
        case 'link': {
          // With all that the page gives to who has the link.
          const { link, fields } = await openByLink(plain, code)
          return postForm(link, { ...fields, decision: 'approve' })
        }
        case 'terminal':
          return answerInTerminal(stateDir, code).catch((error: unknown) => error)
        case 'passkey':
          return signByLink(plain, code, key)
        default:
          return undefined
      }
    },
  }
}
