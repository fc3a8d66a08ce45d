import { describe, expect, test } from 'vitest'
import { outputLines, withoutName } from '../../../src/tools/digest/lines/output-lines.ts'
import { fieldsOf, recordMark } from '../../../src/tools/digest/lines/records.ts'

// The lines of an output that are compared: without blanks, rules and the name of the host; JSON by its fields.

/** The fields of each record of a text. */
const records = (text: string) =>
  outputLines(text, undefined).map((line) =>
    line.startsWith(recordMark) ? fieldsOf(line).map((field) => field.join(' = ')) : line,
  )

describe('a line is compared', () => {
  test.each<[what: string, text: string, lines: string[]]>([
    ['without blanks around it', '  a b \r', ['a b']],
    ['with one blank between words', 'a   b\t\tc\u00a0\u00a0d', ['a b c d']],
    ['with a tab as a blank', 'a\tb', ['a b']],
    ['with the thousands of a number apart', '16\u00a0272 16\u202f272 16\u2009272', ["16'272 16'272 16'272"]],
    ['unless it is empty', 'a\n\n \nb', ['a', 'b']],
    ['unless it is a rule', 'a\n-----\n=====\n+---+---+\n─────\nb', ['a', 'b']],
    ['also if it is two signs', '--\n-', ['--', '-']],
    ['with bars of one length', '[##########] a..........b ab ------ cd', ['[###] a...b ab --- cd']],
    ['with the signs of a mode', '-rw-r----- x', ['-rw-r----- x']],
  ])('%s', (_what, text, lines) => expect(outputLines(text, undefined)).toEqual(lines))
})

describe('JSON is compared by its fields', () => {
  test.each<[what: string, text: string, lines: (string | string[])[]]>([
    ['in one order', '{"b":1,"a":"x"}', [['a = x', 'b = 1']]],
    ['on several lines', '{\n  "a": 1\n}', [['a = 1']]],
    ['with the paths of nested ones', '{"a":{"b":{"c":null}}}', [['a.b.c = null']]],
    ['with a list of values as one', '{"a":[1,"2"]}', [['a = [1,"2"]']]],
    ['with a record for each of a list', '[{"n":1},{"n":2}]', [['[].n = 1'], ['[].n = 2']]],
    ['with records in a field', '{"a":1,"l":[{"x":1}]}', [['a = 1'], ['l[].x = 1']]],
    ['line by line', '{"a":1}\nend\n{"a":2}', [['a = 1'], 'end', ['a = 2']]],
    ['unless it is cut', '{"a":1,', ['{"a":1,']],
    ['unless text stands around it', 'x {"a":1}', ['x {"a":1}']],
    ['unless it is no record', '"a"', ['"a"']],
  ])('%s', (_what, text, lines) => expect(records(text)).toEqual(lines))

  test('down to eight levels, and then as text', () => {
    const deep = (value: number): string => `${'{"a":'.repeat(12)}${value}${'}'.repeat(12)}`
    expect(records(deep(1))).not.toEqual(records(deep(2)))
  })
})

describe('the own name is left out', () => {
  const own = '\u0001'
  test.each<[what: string, host: string, text: string, left: string]>([
    ['in any capitals', 'ws-one', 'WS-One ws-one', `${own} ${own}`],
    ['in a path', 'ws-one', '\\\\WS-ONE$ /var/ws-one.log', `\\\\${own}$ /var/${own}.log`],
    ['with its domain', 'web01.corp.example.com', 'a web01.corp.example.com.', `a ${own}.`],
    ['without its domain', 'web01.corp.example.com', 'web01: up', `${own}: up`],
    ['with signs', 'a+b(c', 'on a+b(c)', `on ${own})`],
    ['as Windows cuts it', 'a-very-long-windows-name', 'A-VERY-LONG-WIN$', `${own}$`],
    ['as a column cuts it', 'a-very-long-name', 'a-very-lo  x', `${own}  x`],
    ['as a column cuts it with points', 'a-very-long-name', 'a-very-lo... x', `${own}... x`],
    ['next to digits', 'web', 'web1', `${own}1`],
  ])('%s', (_what, host, text, left) => expect(withoutName(text, host)).toBe(left))

  test.each<[what: string, host: string, text: string]>([
    ['as a number', '120', '120 failed'],
    ['of two letters', 'db', 'db up'],
    ['within a word', 'one', 'phone ones'],
    ['before a further digit', 'ws-1', 'ws-10'],
    ['behind a further digit', '1ab', '91ab'],
    ['that a column cuts to less than half', 'a-very-long-name', 'a-very x'],
    ['of a host that is cut within a sentence', 'productionserver', 'production, x'],
  ])('but not %s', (_what, host, text) => expect(withoutName(text, host)).toBe(text))

  test('only if it is known', () => expect(withoutName('a ws-1', undefined)).toBe('a ws-1'))
})
