import { parentPort } from 'node:worker_threads'
import { decodeText } from '../../../shared/text-decoding.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { type Slice, sliceAnswer } from './slices.ts'

// The thread that reads large answers. It gets an answer as bytes and gives it back in slices, each when it is asked
// for: a port hands on all that has come at once, which would hold the main thread.

const post = (message: FromWorker): void => parentPort?.postMessage(message)

let slices: Iterator<Slice> | undefined

parentPort?.on('message', (message: ToWorker) => {
  if (message === 'next') {
    const next = slices?.next()
    if (next === undefined || next.done) {
      slices = undefined
      return post('end')
    }
    return post({ slice: next.value })
  }
  const { answer, leftOut, slices: own } = sliceAnswer(decodeText(message.bytes), message.reading)
  slices = own
  post({ answer, ...(leftOut && { leftOut }) })
})
