import { expect } from 'vitest'
import { approveOnPage } from '../../../src/cli/approval/approve-on-page.ts'
import type { CommandContext } from '../../../src/cli/context.ts'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { FoundCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { noWait, openLocalServer } from '../../support/approvals/local-server.ts'
import { answerInTerminal } from '../../support/consent/fixtures.ts'
import { askFor, type Target } from '../../support/forged/attacks.ts'
import { serviceTestOn } from '../../support/service/fixture.ts'
import { pageSettings, people } from '../../support/service-page/page.ts'

// `approve CODE` and `approve CODE --page` on the machine of a server, where only its page counts.

const test = serviceTestOn()

/** What the command says to a person at a terminal on a machine without a screen. */
async function onPage(stateDir: string, { code }: Target): Promise<string> {
  const context = {
    invocation: { command: 'approve', operands: [code], flags: {}, settings: {} },
    environment: { QUALYS_STATE_DIR: stateDir, QUALYS_OPEN_BROWSER: 'never' },
    isTerminal: () => true,
    print: () => undefined,
    writeLog: () => undefined,
    cleanup: { add: () => undefined },
    shutdown: { requested: new Promise<void>(() => undefined) },
  } as unknown as CommandContext
  const outcome = approveOnPage(context, stateDir, findCall(stateDir, code) as FoundCall)
  return outcome.then(String, (error: Error) => error.message)
}

const inTerminal = (stateDir: string, { code }: Target): Promise<string> =>
  answerInTerminal(stateDir, code).catch((error: Error) => error.message)

test('a call of a service is led to the page of the service, since a yes elsewhere would not count', async ({
  serve,
}) => {
  const service = await serve({ callers: people, settings: pageSettings, callTimes: noWait })
  const { folder } = service
  const target = await askFor({ client: service.client('ada'), stateDir: folder }, 'of a service')
  const link = `https://mcp.example.com/approve/${target.code}`
  expect(await inTerminal(folder, target)).toBe(
    `For this call only a yes on the approval page counts, and nothing was approved: open ${link} (or run \`qualys-mcp approve ${target.code} --state-dir ${folder} --page\`).`,
  )
  expect(await onPage(folder, target)).toBe(
    `No browser could be opened on this machine: open ${link} in one.`,
  )
  expect(findCall(folder, target.code)?.state).toBe('pending')
})

test('a call of a server on this machine gets a page of the command, and without a screen another way', async ({
  sandbox,
}) => {
  const without = 'No browser could be opened on this machine'
  const usual = await openLocalServer(sandbox, 'legacy', { capabilities: {} })
  const target = await askFor(usual, 'of this machine')
  expect(await onPage(usual.stateDir, target)).toBe(
    `${without}: run \`qualys-mcp approve ${target.code}\` in this terminal instead.`,
  )
  const settings = { QUALYS_APPROVE_BY: 'page' }
  const alone = await openLocalServer(sandbox, 'legacy', { capabilities: {}, settings })
  const other = await askFor(alone, 'of this machine')
  expect(await onPage(alone.stateDir, other)).toBe(
    `${without}, and for this call only a yes on the approval page counts: run this command at the screen of this machine, or use a passkey, for which the link is enough (${await alone.page.linkFor(other.code)}).`,
  )
})
