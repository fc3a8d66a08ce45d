import { expect, test } from 'vitest'
import { SaqClient } from './saq-client.ts'

// The data themselves: test/unit/sandbox/saq-data.test.ts.

test('the same seed gives the same data, another seed other data', async () => {
  const [one, two, other] = await Promise.all([5, 5, 6].map((seed) => SaqClient.arrive({ seed })))
  for (const kind of ['users', 'campaigns', 'questionnaires', 'templates', 'librarytemplates']) {
    const rows = await one?.visitor.dump(kind)
    expect(rows?.length).toBeGreaterThan(20)
    expect(await two?.visitor.dump(kind)).toEqual(rows)
    expect(await other?.visitor.dump(kind)).not.toEqual(rows)
  }
  await Promise.all([one, two, other].map((visitor) => visitor?.leave()))
})
