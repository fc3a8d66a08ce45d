import { describe, expect } from 'vitest'
import { decideWithKey, keyForm } from '../../../support/approvals/local-person.ts'
import { noWait, openLocalServer } from '../../../support/approvals/local-server.ts'
import { waitingClients } from '../../../support/approvals/waiting-clients.ts'
import { answerInTerminal } from '../../../support/consent/fixtures.ts'
import { askFor, clone, cloneOf, codeIn, sentWith } from '../../../support/forged/attacks.ts'
import { postForm } from '../../../support/page/local.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { formIn } from '../../../support/service-page/browser.ts'
import { at, browserOf, callOf, decide, pageSettings, people } from '../../../support/service-page/page.ts'

// Several people, several callers, and requests that change while they wait.

const test = serviceTestOn()
const rounds = 8

/** Which of two decisions counted, and that the other one was told so. */
function countedOf(decisions: readonly string[], statuses: readonly number[]): string {
  expect([...statuses].sort()).toEqual([200, 409])
  return decisions[statuses.indexOf(200)] ?? ''
}

describe('two approvers at once', () => {
  test.for([
    ['approve', 'decline'],
    ['approve', 'approve'],
    ['decline', 'decline'],
  ])(
    '%s and %s on the page of a service: one counts, and the other is told',
    async (decisions, { serve, sandbox }) => {
      const callers = { ...people, kim: { role: 'approver', person: 'Kim' } } as const
      const service = await serve({ callers, settings: pageSettings, callTimes: noWait })
      const ada = { client: service.client('ada'), stateDir: service.folder }
      const browsers = [await browserOf(service, 'eve'), await browserOf(service, 'kim')]
      for (let round = 0; round < rounds; round++) {
        const title = `${decisions} ${round}`
        const { code, callAgain } = await askFor(ada, title)
        const address = at(`/approve/${code}`)
        const forms = await Promise.all(
          browsers.map(async (browser) => formIn(await browser.open(address), /^\/approve\//).fields),
        )
        const answers = await Promise.all(
          browsers.map((browser, one) =>
            browser.post(address, { ...forms[one], decision: decisions[one] ?? '' }),
          ),
        )
        const counted = countedOf(
          decisions,
          answers.map(({ status }) => status),
        )
        expect(answers.find(({ status }) => status === 409)?.text).toContain(
          'This request was decided already, so this changed nothing.',
        )
        const isYes = counted === 'approve'
        expect(callOf(service, code).state).toBe(isYes ? 'approved' : 'declined')
        expect((await callAgain()).isError).toBe(!isYes)
        expect(await sentWith(sandbox, title)).toBe(isYes ? 1 : 0)
      }
    },
  )

  test('one on the page and one in a terminal: one counts', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, 'legacy', { capabilities: {} })
    for (let round = 0; round < rounds; round++) {
      const title = `page and terminal ${round}`
      const { code, callAgain } = await askFor(server, title)
      const { link, fields } = await keyForm(server, code)
      const no = round % 2 === 0
      const [onPage, inTerminal] = await Promise.all([
        postForm(link, { ...fields, decision: no ? 'decline' : 'approve' }),
        answerInTerminal(server.stateDir, code, no ? 'yes' : 'no').catch((error: unknown) => String(error)),
      ])
      const isPage = onPage.status === 200
      expect([isPage, /^Error|No call waits|was (?:approved|declined)/.test(inTerminal)]).toEqual([
        isPage,
        isPage,
      ])
      const isYes = isPage ? !no : no
      expect((await callAgain()).isError).toBe(!isYes)
      expect(await sentWith(sandbox, title)).toBe(isYes ? 1 : 0)
    }
  })
})

test('two callers with the identical call: a yes to one is none to the other, and each can be decided', async ({
  serve,
  sandbox,
}) => {
  const callers = { ...people, bob: { role: 'operator', person: 'Bob' } } as const
  const service = await serve({ callers, settings: pageSettings, callTimes: noWait })
  const title = 'of two callers'
  const targets = []
  for (const name of ['ada', 'bob'])
    targets.push(await askFor({ client: service.client(name), stateDir: service.folder }, title))
  const [ada, bob] = targets
  if (!ada || !bob) throw new Error('Nobody asked.')
  expect(ada.code).not.toBe(bob.code)
  const eve = await browserOf(service, 'eve')
  await decide(eve, ada.code, 'approve')
  expect((await bob.callAgain()).text).toContain(`/approve/${bob.code}`)
  expect(await sentWith(sandbox, title)).toBe(0)
  expect((await ada.callAgain()).isError).toBe(false)
  expect(await sentWith(sandbox, title)).toBe(1)
  await decide(eve, bob.code, 'decline')
  expect((await bob.callAgain()).isError).toBe(true)
  expect(await sentWith(sandbox, title)).toBe(1)
})

describe('a request whose preview changes between the question and the yes', () => {
  /** Gives the script that is copied another title, so that the preview of the copy is another one. */
  async function change(sandbox: Parameters<typeof openLocalServer>[0], title: string): Promise<void> {
    const { client } = await openLocalServer(sandbox, 'legacy', { settings: { QUALYS_MODE: 'unattended' } })
    const { isError, text } = await client.call('car_update_script', { scriptId: 61179, title })
    expect(isError, text).toBe(false)
  }

  test('is asked again: the yes was to what was shown', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, 'modern', { capabilities: {} })
    const title = 'changed meanwhile'
    const target = await askFor(server, title)
    await change(sandbox, 'Another script')
    expect((await decideWithKey(server, target.code)).body).not.toContain('Another script')
    const again = await target.callAgain()
    expect([again.isError, codeIn(again)]).toEqual([true, expect.stringMatching(/^\S{9}$/)])
    expect(codeIn(again)).not.toBe(target.code)
    expect(await sentWith(sandbox, title)).toBe(0)
    expect((await decideWithKey(server, codeIn(again))).body).toContain('Another script')
    expect((await target.callAgain()).isError).toBe(false)
    expect(await sentWith(sandbox, title)).toBe(1)
  })

  test('runs with the first yes once it has changed back to what was shown', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, 'legacy', { capabilities: {} })
    const title = 'changed and back'
    const target = await askFor(server, title)
    await decideWithKey(server, target.code)
    await change(sandbox, 'Another script')
    expect((await target.callAgain()).isError).toBe(true)
    await change(sandbox, 'Nginx worker check - servers')
    expect(await sentWith(sandbox, title)).toBe(0)
    expect((await server.client.call(clone, cloneOf(title))).isError).toBe(false)
    expect(await sentWith(sandbox, title)).toBe(1)
  })

  test.for(Object.entries(waitingClients))(
    '%s: a call that waits is asked again',
    async ([name, open], { sandbox }) => {
      const client = await open(sandbox)
      const title = `changed while it waits over ${name}`
      const code = await client.ask(title)
      const call = client.wait(title)
      await expect.poll(call.news, { interval: 20 }).toContain('waiting for a person')
      await change(sandbox, 'Another script')
      expect((await client.decide(code)).status).toBe(200)
      const told = await call.ended
      expect(told?.text).toMatch(
        /^A person has to approve this[^;]*; nothing was sent\. Ask the person to open /,
      )
      expect(codeIn(told ?? { text: '' })).not.toBe(code)
      expect(await sentWith(sandbox, title)).toBe(0)
    },
  )
})
