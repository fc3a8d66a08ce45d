import { expect } from 'vitest'
import { testOn, unattendedSettings } from '../fixtures.ts'
import type { Control } from '../sandbox.ts'
import { type Answer, type CallKind, expectOutcome, outcomeOf, type SampleCall, type Shape } from './shape.ts'

/** Sends this answer to every request there. */
export async function serveAnswer(
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
  /** What an assistant reads after this answer, and how many requests were sent. */
  readonly expectShape: (place: SampleCall, at: CallKind, shape: Shape, times: number) => Promise<void>
}

/** Without retries: a retry would hide the failure. */
export const test = testOn(
  { jobs: 200, assets: 60 },
  { ...unattendedSettings, QUALYS_MAX_WAIT_SECONDS: '0' },
).extend<Expectations>({
  expectShape: async ({ sandbox: { control }, assistant }, use) => {
    await use(async ({ tool, args, route }, at, shape, times) => {
      const outcome = outcomeOf(shape, at)
      await serveAnswer(control, route, shape)
      const answer = await assistant.call(tool, args)
      expectOutcome(answer, outcome, shape)
      const pattern = new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`)
      const sent = (await control.requests()).filter(({ method, path }) => pattern.test(`${method} ${path}`))
      expect(sent).toHaveLength(times)
    })
  },
})
