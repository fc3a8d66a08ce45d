import { describe, expect } from 'vitest'
import { answerInTerminal, codeIn, codeText, consentTest } from '../../support/consent/fixtures.ts'
import { eras, temporaryFolder, yes } from '../../support/consent/raw-client.ts'
import { effects as operations } from '../../support/effects/in-memory.ts'
import { minimalArgumentsOn } from '../../support/operations/minimal-arguments.ts'
import type { SandboxRequest } from '../../support/sandbox.ts'

// Every effect x every mode x every answer x both eras, with the requests that arrive counted.

const unverified = { QUALYS_UNVERIFIED: 'all', QUALYS_MAX_ASSETS_PER_RUN: '100' }
/** Every command that the set has, and one more: without one of them, the change would be a deletion. */
const moreCommands = { languageId: 201, commandId: 102, commands: ['runas', 'Get-Service', 'reg'] }
const tools = operations.map(({ name, effect }) => [name as string, effect] as const)

const test = consentTest.extend<{
  argsOf: (tool: string) => object
  /** Requests that change something. */
  changes: () => Promise<SandboxRequest[]>
}>({
  argsOf: async ({ sandbox }, use) => {
    const least: Readonly<Record<string, object>> = {
      ...(await minimalArgumentsOn(sandbox.control)),
      car_update_blocked_commands: moreCommands,
    }
    await use((tool) => {
      const args = least[tool]
      if (!args) throw new Error(`${tool} has no least arguments`)
      return args
    })
  },
  changes: async ({ sandbox }, use) =>
    use(async () =>
      (await sandbox.control.requests()).filter(
        ({ method, path }) =>
          method !== 'GET' && !/\/search(\/|$)/.test(path) && !/\/count\//.test(path) && path !== '/auth',
      ),
    ),
})

const effectIn = (preview: unknown): string => /^[^\n]*?\((\w+)\)/.exec(String(preview))?.[1] ?? ''

describe.each(eras)('%s era', (era) => {
  test.for(tools)(
    '%s needs approval, as %s; after a no nothing is sent',
    async ([tool, effect], { connect, argsOf, changes }) => {
      const client = await connect(era, { settings: unverified })
      for (const action of ['decline', 'cancel']) {
        const { text, isError } = await client.callAndAnswer(tool, argsOf(tool), { action })
        expect(text).toMatch(/nothing was sent/)
        expect(isError).toBe(true)
      }
      expect(client.questions.map(({ message }) => effectIn(message))).toEqual([effect, effect])
      expect(await changes()).toEqual([])
    },
  )

  test.for(tools)('%s is sent once after a yes', async ([tool], { connect, argsOf, changes }) => {
    const client = await connect(era, { settings: unverified })
    const { text } = await client.callAndAnswer(tool, argsOf(tool), yes)
    expect(text).not.toMatch(/nothing was sent/)
    expect(client.questions).toHaveLength(1)
    expect(await changes()).toHaveLength(1)
  })

  test.for(tools)(
    '%s: a client that cannot ask gets a code, which works once',
    async ([tool], { connect, argsOf, changes }) => {
      const stateDir = temporaryFolder()
      const settings = { ...unverified, QUALYS_STATE_DIR: stateDir }
      const client = await connect(era, { settings, capabilities: {} })
      const waiting = await client.call(tool, argsOf(tool))
      expect(waiting.text).toMatch(codeText)
      expect(await changes()).toEqual([])
      await answerInTerminal(stateDir, codeIn(waiting))
      expect((await client.call(tool, argsOf(tool))).text).not.toMatch(codeText)
      expect(await changes()).toHaveLength(1)
    },
  )

  test.for(tools)(
    '%s is sent without a question in mode unattended',
    async ([tool], { connect, argsOf, changes }) => {
      const client = await connect(era, { settings: { ...unverified, QUALYS_MODE: 'unattended' } })
      await client.callAndAnswer(tool, argsOf(tool), { action: 'decline' })
      expect(client.questions).toEqual([])
      expect(await changes()).toHaveLength(1)
    },
  )

  test.for(tools)('%s does not exist in mode read-only', async ([tool], { connect, argsOf, changes }) => {
    const client = await connect(era, { settings: { ...unverified, QUALYS_MODE: 'read-only' } })
    const { text, isError } = await client.callAndAnswer(tool, argsOf(tool), yes)
    expect(isError).toBe(true)
    expect(text).toMatch(/not found/)
    expect(await changes()).toEqual([])
  })

  const narrowed = ['create', 'update', 'delete', 'execute'].flatMap((confirm) =>
    tools.map(([tool, effect]) => [confirm, tool, effect] as const),
  )
  test.for(narrowed)(
    'QUALYS_CONFIRM=%s: %s, which is %s',
    async ([confirm, tool, effect], { connect, argsOf, changes }) => {
      const client = await connect(era, { settings: { ...unverified, QUALYS_CONFIRM: confirm } })
      await client.callAndAnswer(tool, argsOf(tool), { action: 'decline' })
      expect(client.questions).toHaveLength(effect === confirm ? 1 : 0)
      expect(await changes()).toHaveLength(effect === confirm ? 0 : 1)
    },
  )
})
