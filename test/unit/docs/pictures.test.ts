import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { columns, drawSvg } from '../../programs/docs/svg.ts'
import { aligned, line, piece, type widthOf, wrapLine } from '../../programs/docs/terminal.ts'

const textOf = (pieces: Parameters<typeof widthOf>[0]): string => pieces.map(({ text }) => text).join('')

describe('a terminal', () => {
  test('aligns cells, closer together where they would not fit', () => {
    expect(aligned(['id\tname\tcode', '1\tMÜNCHEN\t22'], 80)).toEqual([
      'id  name     code',
      '1   MÜNCHEN  22',
    ])
    expect(aligned(['id\tname\tcode', '1\tMÜNCHEN\t22'], 16)).toEqual(['id name    code', '1  MÜNCHEN 22'])
  })

  test('wraps at words, keeps styles, and loses nothing', () => {
    const whole = [piece('! ', 'warning'), piece('one two three'), piece(' four', 'dim')]
    const lines = wrapLine(whole, 10)
    expect(lines.map(textOf)).toEqual(['! one two', '  three', '  four'])
    expect(lines.at(-1)?.at(-1)).toEqual(piece('four', 'dim'))
    expect(wrapLine([piece('short')], 10)).toEqual([[piece('short')]])
  })

  test('cuts a word that is longer than a line', () => {
    const lines = wrapLine(line('x'.repeat(25)), 10).map(textOf)
    expect(lines).toEqual(['x'.repeat(10), `  ${'x'.repeat(8)}`, `  ${'x'.repeat(7)}`])
  })
})

describe('a picture', () => {
  const hostile = '<script>alert("a & b")</script> ]]> \u0007 é …'
  const picture = {
    title: 'A <title>',
    description: `What "${hostile}" shows`,
    caption: 'a & b',
    lines: [line(hostile, 'warning'), [piece('  $ ', 'prompt'), piece('run  it')], line('')],
  }

  test.each(['light', 'dark'] as const)('is valid XML with all its text, %s', (theme) => {
    const svg = drawSvg(picture, theme)
    expect(XMLValidator.validate(svg)).toBe(true)
    const parser = new XMLParser({ ignoreAttributes: false, trimValues: false, parseTagValue: false })
    const { svg: root } = parser.parse(svg)
    expect(root['@_role']).toBe('img')
    expect(root.title['#text']).toBe('A <title>')
    expect(root.desc['#text']).toContain('<script>')
    const texts = root.text.map((text: { '#text': string }) => text['#text'])
    expect(texts).toEqual(['a & b', hostile.replace('\u0007', '\ufffd'), '$', 'run  it'])
  })

  test('needs no other file', () => {
    const svg = drawSvg(picture, 'light').replace('xmlns="http://www.w3.org/2000/svg"', '')
    expect(svg).not.toMatch(/https?:|<script|<image|@import|@font-face|url\(|\shref|\son\w+=/)
  })

  test('is the same in both themes except for its colours', () => {
    const colourless = (svg: string): string => svg.replaceAll(/#[0-9a-f]{6}/g, '#')
    expect(colourless(drawSvg(picture, 'light'))).toBe(colourless(drawSvg(picture, 'dark')))
  })

  test('has colours that can be read', () => {
    const luminance = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = [1, 3, 5]
        .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((part) => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    for (const theme of ['light', 'dark'] as const) {
      const svg = drawSvg(picture, theme)
      const background = luminance(/<rect [^>]*fill="(#\w+)"/.exec(svg)?.[1] ?? '')
      const inks = [...svg.matchAll(/^\.\w+ \{ fill: (#\w+);/gm)].map(([, ink = '']) => ink)
      expect(inks).toHaveLength(7)
      for (const ink of inks) {
        const [dark = 0, light = 0] = [background, luminance(ink)].sort((a, b) => a - b)
        expect((light + 0.05) / (dark + 0.05), `${ink}, ${theme}`).toBeGreaterThanOrEqual(4.5)
      }
    }
  })

  test('has no line that exceeds its width', () => {
    const svg = drawSvg({ ...picture, lines: wrapLine(line('word '.repeat(60)), columns) }, 'light')
    const width = Number(/ width="(\d+)"/.exec(svg)?.[1])
    for (const [, x, length] of svg.matchAll(/ x="([\d.]+)" y="\d+" textLength="([\d.]+)"/g))
      expect(Number(x) + Number(length)).toBeLessThan(width - 10)
  })
})
