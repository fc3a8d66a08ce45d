import { AsyncLocalStorage } from 'node:async_hooks'

// When a request arrived. It may wait, behind others or for a token, before its handler runs.

const arrival = new AsyncLocalStorage<number>()

/** Runs `work` for a request that arrived at `at`: `performance.now()`, in ms. */
export const withArrival = <T>(at: number, work: () => T): T => arrival.run(at, work)

/** When the request that is handled arrived, by `performance.now()`; now, if its transport does not say. */
export const arrivalTime = (): number => arrival.getStore() ?? performance.now()
