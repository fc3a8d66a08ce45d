import type { Environment } from '../../../src/config/settings.ts'
import { noWait, stateFolderWith } from '../approvals/local-server.ts'
import { answerInTerminal } from '../consent/fixtures.ts'
import { pinned, softwareKey } from '../passkeys/software-key.ts'
import type { TestSandbox } from '../sandbox.ts'
import { forms, type Revision } from '../service/client.ts'
import { openTestService } from '../service/service.ts'
import { formIn } from '../service-page/browser.ts'
import { at, browserFor, browserOf, decide, pageOrigin, pageSettings } from '../service-page/page.ts'
import { pageRpId, sign } from '../service-page/signing.ts'
import { type Matter, tool } from './cells.ts'

const callers = {
  ada: { role: ['operator' as const, 'approver' as const], person: 'Ada' },
  eve: { role: 'approver' as const, person: 'Eve' },
}

/** A service with one who asks and may approve, and another approver with a passkey. */
export async function overHttp(
  sandbox: TestSandbox,
  revision: Revision,
  settings: Environment,
): Promise<Matter> {
  const key = softwareKey()
  const service = await openTestService(sandbox, {
    callers,
    settings: { ...pageSettings, ...settings },
    folder: stateFolderWith(pinned(key, { person: 'Eve', rpId: pageRpId, origin: pageOrigin })),
    callTimes: noWait,
  })
  const clients = {
    form: service.client('ada', { revision, capabilities: forms }),
    other: service.client('ada', { revision }),
  }
  for (const client of Object.values(clients)) if (!client.isModern) await client.initialize()
  const eve = await browserOf(service, 'eve')
  return {
    call: async (args, way) => {
      const client = way === 'form' ? clients.form : clients.other
      const answer = await client.call(tool, args)
      const state = answer.result?.['requestState']
      return state === undefined ? answer : client.answerQuestion(tool, args, state)
    },
    act: async (code, way) => {
      switch (way) {
        case 'page':
          return decide(eve, code, 'approve')
        case 'own':
          return decide(await browserOf(service, 'ada'), code, 'approve')
        case 'link': {
          // With the form of the one who is logged in, and not with the cookie.
          const { fields } = formIn(await eve.open(at(`/approve/${code}`)), /^\/approve\//)
          return browserFor(service).post(at(`/approve/${code}`), { ...fields, decision: 'approve' })
        }
        case 'terminal':
          return answerInTerminal(service.folder, code).catch((error: unknown) => error)
        case 'passkey':
          return sign(service, eve, code, key)
        default:
          return undefined
      }
    },
  }
}
