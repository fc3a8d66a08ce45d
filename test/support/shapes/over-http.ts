import { expect } from 'vitest'
import { testOn, unattended } from '../fixtures.ts'
import type { Control } from '../sandbox.ts'
import { type Answer, expectOutcome, outcomeOf, type Place, type PlaceName, type Shape } from './shape.ts'

/** Answers like this whatever is asked there. */
export async function serve(
  control: Control,
  route: string,
  { status, body, base64, contentType }: Answer,
): Promise<void> {
  await control.faults([
    {
      route,
      kind: 'reply',
      ...(status !== undefined && { status }),
      ...(body !== undefined && { body }),
      ...(base64 !== undefined && { base64 }),
      ...(contentType !== undefined && { contentType }),
    },
  ])
}

interface Expectations {
  /** What an assistant reads of this answer there, and how many requests went out. */
  readonly expectShape: (place: Place, at: PlaceName, shape: Shape, times: number) => Promise<void>
}

/** Nothing is tried again: a failure that a retry would hide is shown. */
export const test = testOn(
  { jobs: 200, assets: 60 },
  { ...unattended, QUALYS_MAX_WAIT_SECONDS: '0' },
).extend<Expectations>({
  expectShape: async ({ sandbox: { control }, assistant }, use) => {
    await use(async ({ tool, args, route }, at, shape, times) => {
      const outcome = outcomeOf(shape, at)
      await serve(control, route, shape)
      const answer = await assistant.call(tool, args)
      expectOutcome(answer, outcome, shape)
      const pattern = new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`)
      const sent = (await control.requests()).filter(({ method, path }) => pattern.test(`${method} ${path}`))
      expect(sent).toHaveLength(times)
    })
  },
})
