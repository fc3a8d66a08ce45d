import { digestCosts } from './parts/digest.ts'
import { http } from './parts/http.ts'
import { lists } from './parts/lists.ts'
import { loop } from './parts/loop.ts'
import { measuredQuestions } from './parts/questions.ts'
import { replies } from './parts/replies.ts'
import { call, count, exports, walk } from './parts/rows.ts'
import { memory, start } from './parts/start.ts'
import { xml } from './parts/xml.ts'
import type { Measured } from './table.ts'

/** Measures less with `quick`. */
type Part = (quick: boolean) => Promise<Measured>

/** What can be measured, in the order of the table. */
export const parts: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['start', start],
  ['call', call],
  ['walk', walk],
  ['count', count],
  ['export', exports],
  ['memory', memory],
  ['xml', xml],
  ['loop', loop],
  ['digest', digestCosts],
  ['http', http],
  ['lists', lists],
  ['replies', replies],
  ['questions', measuredQuestions],
])
