import { setFlagsFromString } from 'node:v8'

// How much the heap may grow beyond what is alive before it is collected. By default V8 lets it become up to four times
// as large, and rows that were read and dropped fill it. V8 reads this flag at each collection, so it can be set while
// the program runs. Figures: docs/performance.md.

/** In percent. With 100, counting takes 6 % longer. */
const usualGrowth = 200
/** Exports have time left, since they wait for the disk and for Qualys. */
const growthOfExports = 100

let exportsRunning = 0

const setGrowth = (percent: number): void => setFlagsFromString(`--heap-growing-percent=${percent}`)

/** Limits the growth of the heap from now on. */
export const limitHeapGrowth = (): void => setGrowth(usualGrowth)

/** Limits it further while an export runs. */
export async function withSmallHeap<T>(exportRows: () => Promise<T>): Promise<T> {
  exportsRunning++
  setGrowth(growthOfExports)
  try {
    return await exportRows()
  } finally {
    exportsRunning--
    if (exportsRunning === 0) limitHeapGrowth()
  }
}
