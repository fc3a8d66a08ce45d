import { envelope } from '../../fuzz/messages.ts'
import type { SeededRandom } from '../../fuzz/seeded-random.ts'

// Bodies that JSON.stringify cannot write: members that come twice, numbers that no double holds, other spellings.

const meta = JSON.stringify(envelope({}))

const numbers = [
  '9007199254740993',
  '-9007199254740993',
  '12345678901234567890',
  '1e400',
  '-0',
  '1.5',
  '1E2',
  '0.1e1',
  '1e21',
]
const texts = [
  '""',
  '" "',
  '"\\u0000"',
  '"__proto__"',
  '"\\ud800"',
  '"\\u202e"',
  '"1"',
  '"null"',
  `"${'i'.repeat(5_000)}"`,
]
const others = ['null', 'true', '[]', '{}', '[1]', '{"a":1}']

/** A body as text. `modern`: with the envelope of 2026-07-28. */
export function oddJson(random: SeededRandom, modern: boolean): string {
  const params = modern ? `{"_meta":${meta}}` : '{}'
  const id = random.of([...numbers, ...texts, ...others])
  const call = `"method":"tools/call","params":{"name":"car_list_script_types","arguments":{}${modern ? `,"_meta":${meta}` : ''}}`
  const list = `"method":"tools/list","params":${params}`
  const deep = random.of([100, 1_000, 20_000])
  const nested = `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`
  return random.of([
    `{"jsonrpc":"2.0","id":${id},${list}}`,
    `{"jsonrpc":"2.0","id":1,"id":2,${list}}`,
    `{"jsonrpc":"2.0","id":1,"method":"ping",${list}}`,
    `{"jsonrpc":"1.0","jsonrpc":"2.0","id":1,${list}}`,
    `{"jsonrpc":"2.0","id":1,${list},"params":${nested}}`,
    `{"jsonrpc":"2.0","id":1,${list},"params":{"_meta":${nested}}}`,
    `{"jsonrpc":"2.0","id":1,${list},"x":${nested}}`,
    `{"jsonrpc":"2.0","id":1,${call},"result":null,"error":null}`,
    `{"jsonrpc":"2.0","id":1,${call},"__proto__":{"id":2},"constructor":{"prototype":{}},"toString":1}`,
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"__proto__","arguments":{"__proto__":{"x":1}},"_meta":${meta}}}`,
    `{"\\u006asonrpc":"2.0","\\u0069d":1,"\\u006dethod":"tools/list","params":${params}}`,
    `{ "jsonrpc" : "2.0"\n,\t"id" :${' '.repeat(random.below(50_000))}1 , ${list} }\r\n`,
    `{"jsonrpc":"2.0","id":1,${list}}{"jsonrpc":"2.0","id":2,${list}}`,
    `{"jsonrpc":"2.0","id":1,${list},}`,
    `{'jsonrpc':'2.0','id':1,${list}}`,
    `{"jsonrpc":"2.0","id":01,${list}}`,
    `{"jsonrpc":"2.0","id":NaN,${list}}`,
    `{"jsonrpc":"2.0","id":1,${list}} // x`,
    `[${random.times(random.of([0, 1, 3, 101, 2_000]), () => `{"jsonrpc":"2.0","id":${random.below(50)},${list}}`).join(',')}]`,
    `[{"jsonrpc":"2.0","id":1,${list}},{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","id":2,"result":{}},${id}]`,
    `[{"jsonrpc":"2.0","id":1,${call}},{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}]`,
    `[[{"jsonrpc":"2.0","id":1,${list}}]]`,
    `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"},"_meta":${meta}}}`,
  ])
}
