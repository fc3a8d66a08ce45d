import { expect } from 'vitest'
import { car, test } from '../../support/doctor/recorder-fixtures.ts'

// What a recording shows of runs on many hosts, some of which never report.

const tool = 'car_search_asset_jobs unfinished results of old runs'

/** Starts a run on a host in the portal. */
async function startRun(gatewayUrl: string, assetId: unknown): Promise<void> {
  await ask(gatewayUrl, 'POST', 'portal-run', {
    ...{ scriptId: 19218, assetIds: [assetId], description: 'wave 1 abcdefghijkl' },
  })
}

async function ask(gatewayUrl: string, method: string, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${gatewayUrl}/_sandbox/${path}`, { method, body: JSON.stringify(body) })
  expect(response.status, await response.text()).toBe(200)
}

test('hosts that never report have results that stay open', async ({ sandbox, record }) => {
  const { control, gatewayUrl } = sandbox
  // Every open result of the data is of the last day.
  const before = (await record(car)).compared().text
  expect(before).toContain(`${tool}: there are none: a host that never reports may have no result`)

  await control.knobs({ jobDelayMs: 0, hostSeconds: 0 })
  const [silent, other] = (await control.dump('assets')).filter(({ lab }) => lab)
  await ask(gatewayUrl, 'PUT', 'silent', [silent?.['id']])
  await startRun(gatewayUrl, silent?.['id'])
  await ask(gatewayUrl, 'POST', 'advance', { seconds: 9 * 86_400 })
  await startRun(gatewayUrl, other?.['id'])
  const after = (await record(car)).compared().text
  expect(after).toContain(`${tool}: there are: a host that never reports has a result that stays open`)
})

test('whether runs show their description', async ({ sandbox, record }) => {
  const { control, gatewayUrl } = sandbox
  await control.knobs({ jobDelayMs: 0 })
  const [asset] = (await control.dump('assets')).filter(({ lab }) => lab)
  await startRun(gatewayUrl, asset?.['id'])
  const described = async () => {
    const { transcript, text } = await record(car)
    expect(text()).not.toContain('abcdefghijkl')
    const own = transcript().answers.find(
      ({ operation, kind }) => operation === 'car_search_jobs' && kind === 'own',
    )
    return own?.record?.fields['description']
  }
  expect(await described()).toBeUndefined()
  await control.knobs({ runDescriptions: 'shown' })
  expect(await described()).toEqual({ present: 1, of: 50, kinds: { text: 1 } })
})

test('how many ids a filter takes: of this sandbox fewer than 500', async ({ record }) => {
  const { text } = (await record(car)).compared()
  expect(text).toContain('car_search_assets filter of 100 ids: works\n')
  expect(text).toContain('car_search_assets filter of 500 ids: does not work: 400')
})
