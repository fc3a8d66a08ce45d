import { expect, test } from 'vitest'
import { CallTimeoutError } from '../../../src/shared/deadline.ts'
import { SetupError } from '../../../src/shared/errors.ts'
import { look } from '../../../src/tools/effects/verify/look.ts'
import { toolContextOn } from '../../support/effects/in-memory.ts'
import { instantClock } from '../../support/effects/instant-clock.ts'
import { MemorySession } from '../../support/effects/memory-session.ts'

// The one read after an effect that is done: it has its own time, and no failure of it is one of the effect.

const context = (signal?: AbortSignal) => toolContextOn(new MemorySession({}), {}, signal ? { signal } : {})

/** A read that ends only when it is aborted. */
const endless = ({ signal }: { readonly signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

test('what is found', async () => {
  expect(await look(context(), instantClock(), async () => 5)).toEqual({ found: 5 })
})

test('a read that Qualys is slow with ends after ten seconds', async () => {
  const clock = instantClock()
  const looking = look(context(), clock, endless)
  await clock.sleep(9_999, new AbortController().signal)
  await clock.sleep(1, new AbortController().signal)
  expect(await looking).toEqual({ failure: 'could not be read in time' })
})

test.each([new SetupError('No.', ''), new TypeError('a slip of ours')])('a failure: %s', async (error) => {
  const failing = async (): Promise<never> => {
    throw error
  }
  expect(await look(context(), instantClock(), failing)).toEqual({ failure: 'could not be read' })
})

test('the time of the call is up', async () => {
  const ending = new AbortController()
  const looking = look(context(ending.signal), instantClock(), endless)
  ending.abort(new CallTimeoutError('late', ''))
  expect(await looking).toEqual({ failure: 'was not looked at, since time was up' })
})

test('a call that is cancelled ends', async () => {
  const ending = new AbortController()
  const looking = look(context(ending.signal), instantClock(), endless)
  ending.abort(new Error('cancelled'))
  await expect(looking).rejects.toThrow('cancelled')
})
