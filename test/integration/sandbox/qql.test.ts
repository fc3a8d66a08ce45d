import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SandboxClient } from './sandbox-client.ts'

// The parser itself: test/unit/sandbox/qql.test.ts.

describe('over HTTP', () => {
  let visitor: SandboxClient
  beforeAll(async () => {
    visitor = await SandboxClient.arrive({ jobs: 400 })
  })
  beforeEach(async () => {
    await visitor.control('POST', 'reset')
  })
  afterAll(() => visitor.leave())
  const count = async (filter: string) =>
    (await visitor.post('/sm/v2/jobs/search', { filter })).json.body?.totalCount

  test('an error is 400 and names its position', async () => {
    const { status, json } = await visitor.post('/sm/v2/jobs/search', { filter: 'title:(a' })
    expect(status).toBe(400)
    expect(json.message).toMatch(/^Invalid filter: .*position \d+$/)
  })

  test('the knob decides what an unknown token does', async () => {
    expect(await count('scriptname:x')).toBeUndefined()
    await visitor.control('PATCH', 'knobs', { unknownToken: 'nothing' })
    expect(await count('scriptname:x')).toBe(0)
    await visitor.control('PATCH', 'knobs', { unknownToken: 'ignore' })
    expect(await count('scriptname:x')).toBe(400)
  })

  test('counts match the stored rows', async () => {
    const stored = await visitor.dump<{ platform: string; executionType: string; severity: number }>('jobs')
    const expected = stored.filter(
      (job) =>
        ['WINDOWS', 'MAC'].includes(job.platform) && job.executionType !== 'Automated' && job.severity > 2,
    )
    expect(await count('platform:[WINDOWS, MAC] AND NOT executionType:Automated AND severity > 2')).toBe(
      expected.length,
    )
    expect(expected.length).toBeGreaterThan(0)
  })

  test('the tokens of the other lists work', async () => {
    for (const [path, filter] of [
      ['assetjobs', 'output.code:5 AND asset.name:*'],
      ['assets', 'tags.name:"CAR lab" AND lab:true AND lastSeen > now-90d'],
      ['scheduler', 'scheduleType:RECURRING AND activate:true'],
      ['scripts', 'name:log4j AND category.name:*'],
      ['block-commands', 'languageId:201'],
      ['assettags', 'name:servers'],
    ]) {
      const answer = await visitor.post(`/sm/v1/${path}/search`, { filter })
      expect([path, answer.status, answer.list.length > 0]).toEqual([path, 200, true])
    }
  })
})
