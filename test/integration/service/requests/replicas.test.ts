import { expect } from 'vitest'
import { forms, revisions } from '../../../support/service/client.ts'
import { codeIn } from '../../../support/service/codes.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'

// Several services for one account share no store: effects are refused, reads go on.

const test = serviceTestOn()

const clone = ['car_clone_script', { scriptId: 61179, title: 'A copy' }] as const
const sentence =
  'This service is one of 2 (QUALYS_REPLICAS) without a shared store, so limits and approvals could not hold; nothing was sent. Ask the operator to run one service for all effects; reading works.'

test.for(revisions)(
  '%s: an effect is refused with that sentence, in every mode; reads go on',
  async (revision, { serve, effects }) => {
    for (const mode of ['unattended', 'confirm']) {
      const settings = { QUALYS_REPLICAS: '2', QUALYS_MODE: mode }
      const client = (await serve({ settings })).client('ada', { revision })
      const refused = await client.call(...clone)
      expect(refused.text).toBe(sentence)
      expect(refused.kind).toBe('setup')
      expect((await client.call('car_list_script_types')).isError).toBe(false)
    }
    expect(await effects()).toEqual([])
  },
)

test('nobody is asked, and no call waits, for what will be refused', async ({ serve }) => {
  const service = await serve({ settings: { QUALYS_REPLICAS: '2' } })
  const asked = await service.client('ada', { capabilities: forms }).call(...clone)
  expect(asked.result).not.toHaveProperty('requestState')
  expect(asked.text).toBe(sentence)
  expect(codeIn(await service.client('ada').call(...clone))).toBe('')
})
