import { type Line, type Style, widthOf } from './terminal.ts'

// A terminal as a self-contained SVG: no script, no font, no address.

export type Theme = 'light' | 'dark'

export interface Picture {
  /** The title for screen readers. */
  readonly title: string
  /** What the picture shows, for whoever cannot see it. */
  readonly description: string
  /** In the bar of the window. */
  readonly caption: string
  readonly lines: readonly Line[]
}

/** How wide the terminal is, in characters. */
export const columns = 100

/** Each text has a contrast of at least 4.5 to 1 against the ground (WCAG 2.2, 1.4.3). */
const colours = {
  light: {
    ground: '#ffffff',
    bar: '#f6f8fa',
    border: '#d0d7de',
    buttons: ['#ff5f57', '#febc2e', '#28c840'],
    plain: '#1f2328',
    dim: '#656d76',
    strong: '#1f2328',
    title: '#0550ae',
    prompt: '#1a7f37',
    good: '#1a7f37',
    warning: '#9a6700',
  },
  dark: {
    ground: '#0d1117',
    bar: '#161b22',
    border: '#30363d',
    buttons: ['#ff5f57', '#febc2e', '#28c840'],
    plain: '#e6edf3',
    dim: '#8b949e',
    strong: '#f0f6fc',
    title: '#79c0ff',
    prompt: '#3fb950',
    good: '#3fb950',
    warning: '#d29922',
  },
} as const satisfies Readonly<
  Record<
    Theme,
    Readonly<Record<Style | 'ground' | 'bar' | 'border', string>> & { readonly buttons: readonly string[] }
  >
>

const heavy: readonly Style[] = ['strong', 'title', 'prompt', 'good']

const fontSize = 14
/** Most monospaced fonts are 0.6 em wide; `textLength` stretches the others to that. */
const cellWidth = 8.4
const lineHeight = 20
const margin = 22
const barHeight = 38

/** What XML 1.0 can hold, with its special characters escaped. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100)

/** The texts of a line, each at its first character; blanks around them are left out. */
function textsOf(pieces: Line, y: number): string[] {
  let column = 0
  return pieces.flatMap(({ text, style }) => {
    const at = column + (/^ */.exec(text)?.[0].length ?? 0)
    column += widthOf([{ text, style }])
    const shown = text.trim()
    if (shown === '') return []
    const width = widthOf([{ text: shown, style }]) * cellWidth
    return `<text class="${style}" x="${rounded(margin + at * cellWidth)}" y="${y}" textLength="${rounded(width)}">${escaped(shown)}</text>`
  })
}

function styleSheet(theme: Theme): string {
  const palette = colours[theme]
  const styles: readonly Style[] = ['plain', 'dim', 'strong', 'title', 'prompt', 'good', 'warning']
  const rules = styles.map(
    (style) => `.${style} { fill: ${palette[style]};${heavy.includes(style) ? ' font-weight: 600;' : ''} }`,
  )
  return [
    `text { font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace; white-space: pre; }`,
    ...rules,
  ].join('\n')
}

/** Draws a terminal. The same lines give the same file, byte by byte. */
export function drawSvg({ title, description, caption, lines }: Picture, theme: Theme): string {
  const { ground, bar, border, buttons } = colours[theme]
  const width = Math.ceil(columns * cellWidth) + 2 * margin
  const height = barHeight + lines.length * lineHeight + 2 * margin - 8
  const first = barHeight + margin + fontSize - 4
  const texts = lines.flatMap((pieces, at) => textsOf(pieces, first + at * lineHeight))
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc" xml:space="preserve">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(description)}</desc>`,
    `<style>`,
    styleSheet(theme),
    `</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${ground}" stroke="${border}"/>`,
    `<path d="M0.5 ${barHeight}.5V10.5a10 10 0 0 1 10-10H${width - 10.5}a10 10 0 0 1 10 10V${barHeight}.5Z" fill="${bar}" stroke="${border}"/>`,
    ...buttons.map(
      (fill, at) => `<circle cx="${margin + 4 + at * 20}" cy="${barHeight / 2 + 0.5}" r="6" fill="${fill}"/>`,
    ),
    `<text class="dim" x="${width / 2}" y="${barHeight / 2 + 5}" text-anchor="middle">${escaped(caption)}</text>`,
    ...texts,
    `</svg>`,
  ].join('\n')}\n`
}
