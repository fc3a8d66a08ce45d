import { describe, expect, test } from 'vitest'
import { sourceText } from '../../../src/tools/effects/approval/page/html/html.ts'
import {
  factsView,
  notesView,
  warningsView,
} from '../../../src/tools/effects/approval/page/html/preview-view.ts'
import type { Preview, PreviewBlock } from '../../../src/tools/effects/preview/preview.ts'
import { plainPreview } from '../../support/page/calls.ts'

const preview = (...blocks: readonly PreviewBlock[]): Preview => ({
  facts: { headline: 'x', warnings: [], blocks },
  notes: [],
})
const facts = (...blocks: readonly PreviewBlock[]): string => sourceText(factsView(preview(...blocks)))

test('a field shows each value by itself, and says what is empty or none', () => {
  expect(facts({ label: 'name', values: ['a'] })).toContain('<dt>name</dt><dd><code class="v">a</code></dd>')
  expect(facts({ label: 'name', values: [''] })).toContain('<span class="none">empty</span>')
  expect(facts({ label: 'name', values: [] })).toContain('<span class="none">none</span>')
  expect(facts({ label: 'name', values: ['a', 'b'], depth: 2 })).toContain(
    '<div class="f2"><dt>name</dt><dd><ul class="values row"><li><code class="v">a</code></li><li><code class="v">b</code></li></ul>',
  )
})

test('fields that follow each other are one list', () => {
  const shown = facts({ label: 'a', values: ['1'] }, { label: 'b', values: ['2'] }, 'said', {
    label: 'c',
    values: ['3'],
  })
  expect(shown.match(/<dl/g)).toHaveLength(2)
  expect(shown.indexOf('<p class="f0">said</p>')).toBeGreaterThan(shown.indexOf('</dl>'))
})

describe('a table', () => {
  test('has headings for columns and rows, and every row', () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => [String(at), `host-${at}`])
    const shown = facts({ label: 'hosts', columns: ['id', 'name'], rows })
    expect(shown).toContain('<th scope="col">id</th><th scope="col">name</th>')
    expect(shown).toContain('<span class="count">2,000 rows</span>')
    expect(shown.match(/<th scope="row">/g)).toHaveLength(2_000)
    expect(shown).toContain('<th scope="row">1999</th><td>host-1999</td>')
  })

  test('of one nameless column is a list', () => {
    const shown = facts({ label: 'names', columns: [], rows: [['a'], ['b']] })
    expect(shown).toContain('<li><code class="v">a</code></li>')
    expect(shown).not.toContain('<table')
  })
})

describe('a script', () => {
  const script = Array.from({ length: 600 }, (_, at) => `line ${at + 1}`).join('\n')

  test('is numbered from its first line to its last', () => {
    const shown = facts({ excerpt: [], lines: [], script })
    expect(shown.match(/<li>line /g)).toHaveLength(600)
    expect([...shown.matchAll(/start="(\d+)"/g)].map(([, at]) => at)).toEqual(['1', '251', '501'])
    expect(shown).toMatch(/start="501"><li>line 501<\/li>/)
  })

  test('shows carriage returns where they are no ends of all lines', () => {
    expect(facts({ excerpt: [], lines: [], script: 'a\r\nb\n' })).toContain('<li>a<b class="x">\\r</b></li>')
    expect(facts({ excerpt: [], lines: [], script: 'a\r\nb\r\n' })).toContain('<li>a</li>')
  })
})

test('a difference marks lines by colour, by sign and by element, each with its own number', () => {
  const shown = sourceText(factsView(plainPreview))
  expect(shown).toContain('<li value="1"><span class="sign"> </span>#!/bin/sh</li>')
  expect(shown).toContain(
    '<li class="del" value="2"><del><span class="sign">-</span>echo &quot;old&quot;</del></li>',
  )
  expect(shown).toContain(
    '<li class="add" value="2"><ins><span class="sign">+</span>echo &quot;new&quot;</ins></li>',
  )
  expect(shown).toContain('<li class="skip">(1 line alike)</li>')
})

test('what is said in place of characters differs from a text that says the same', () => {
  const shown = facts({
    excerpt: [],
    lines: [],
    difference: {
      summary: 'difference',
      lineCount: 1,
      rows: [{ sign: '+', number: 1, parts: ['(5 blanks)', { mark: '5 blanks' }] }],
    },
  })
  expect(shown).toContain('(5 blanks)<i class="mark">5 blanks</i>')
})

test('warnings and notes are lists of their own', () => {
  const { facts } = plainPreview
  const hostile: Preview = {
    facts: { ...facts, warnings: ['<img src=x onerror=alert(1)>'] },
    notes: ['<b>'],
  }
  expect(sourceText(warningsView(hostile) || factsView(hostile))).toContain('&lt;img src=x')
  expect(sourceText(notesView(hostile) || factsView(hostile))).toMatch(
    /Not part of what you approve.*<li>&lt;b&gt;<\/li>/s,
  )
  expect(warningsView(preview())).toBe(false)
  expect(notesView(preview())).toBe(false)
})

test('boxes are explained where there is one', () => {
  expect(facts({ label: 'a', values: ['b'] })).not.toContain('A box such as')
  expect(facts({ label: 'a', values: ['\t'] })).toContain('A box such as')
})

test.each<PreviewBlock>([
  '</p><script>',
  { text: '</p><script>', depth: 1 },
  { label: '</dt><script>', values: ['</code><script>'] },
  { label: '"><script>', columns: ['<script>'], rows: [['<script>', '<script>']] },
  { label: '<script>', columns: [], rows: [['<script>']] },
  {
    excerpt: [],
    lines: ['<script>'],
    script: '</ol><script>',
    difference: {
      summary: '<script>',
      lineCount: 1,
      rows: ['<script>', { sign: '-', number: 1, lines: ['<script>'] }],
    },
  },
])('no block becomes markup: %j', (block) => {
  expect(facts(block)).not.toContain('<script')
  expect(facts(block)).toContain('&lt;script')
})
