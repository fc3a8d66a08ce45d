import { expect } from 'vitest'
import { checkAsyncProperty } from '../properties/property.ts'
import type { TestSandbox } from '../sandbox.ts'
import { games } from './draw.ts'
import { fleetOf, play } from './play.ts'

/** Plays so many games: nothing beyond the limits is on the wire, and what is within them is sent. */
export async function expectLimitsHold(sandbox: TestSandbox, count: number): Promise<void> {
  let sent = 0
  let played = 0
  await checkAsyncProperty(games(await fleetOf(sandbox)), count, async (game) => {
    const { broken, stopped, replies, ...result } = await play(sandbox, game)
    expect(broken, replies).toEqual([])
    expect(stopped, replies).toEqual([])
    sent += result.sent
    played += game.steps.length
  })
  // Limits that refuse everything would pass as well.
  expect(sent).toBeGreaterThan(played / 8)
}
