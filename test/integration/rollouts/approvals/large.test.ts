import { expect, test } from 'vitest'
import { decideWithKey, keyForm } from '../../../support/approvals/local-person.ts'
import { longWait, openLocalServer } from '../../../support/approvals/local-server.ts'
import { forms, yes } from '../../../support/consent/raw-client.ts'
import { objectsOf } from '../../../support/effects/calls.ts'
import { codeIn } from '../../../support/forged/attacks.ts'
import { ask } from '../../../support/page/local.ts'
import { rolloutOf } from '../../../support/plans/rollout-test.ts'
import { openSandbox } from '../../../support/sandbox.ts'

// A plan over 2,000 hosts is asked about in a form of at most 60 lines, and the page shows every host.

const settings = { QUALYS_MAX_ASSETS_PER_RUN: '2000', QUALYS_MAX_ASSETS_PER_PLAN: '2000' }

const largeSandbox = await openSandbox({ jobs: 10, assets: 2_600 })

test('a form shows 2,000 hosts in short, and the page all of them', async () => {
  const { hosts } = await objectsOf(largeSandbox.control)
  expect(hosts.length).toBeGreaterThanOrEqual(2_000)
  const args = rolloutOf(hosts, 50, 450, 1_500)
  const server = await openLocalServer(largeSandbox, 'legacy', {
    settings,
    capabilities: forms,
    callTimes: longWait,
  })
  const reply = server.client.call('car_plan_rollout', args)
  await expect.poll(() => server.client.questions.length, { timeout: 20_000 }).toBe(1)
  const form = String(server.client.questions[0]?.['message'])
  expect(form.split('\n').length).toBeLessThanOrEqual(60)
  expect(form).toContain('3 waves, 2,000 hosts')
  const page = await ask(await server.page.keyLinkFor(codeIn({ text: form })))
  expect(hosts.slice(0, 2_000).filter((id) => page.body.includes(`>${id}<`))).toHaveLength(2_000)
  await server.client.answerLate(yes)
  expect((await reply).text).toMatch(/: running/)
})

test('without forms it is approved on the page', async () => {
  const { hosts } = await objectsOf(largeSandbox.control)
  const server = await openLocalServer(largeSandbox, 'modern', { settings, capabilities: {} })
  const args = rolloutOf(hosts, 50, 450, 1_500)
  const code = codeIn(await server.client.call('car_plan_rollout', args))
  const { link } = await keyForm(server, code)
  const { body } = await ask(link)
  expect(hosts.slice(0, 2_000).filter((id) => body.includes(`>${id}<`))).toHaveLength(2_000)
  expect((await decideWithKey(server, code)).status).toBe(200)
  expect((await server.client.call('car_plan_rollout', args)).text).toMatch(/: running/)
})
