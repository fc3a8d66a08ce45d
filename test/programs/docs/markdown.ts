import GithubSlugger from 'github-slugger'
import { marked, type Token } from 'marked'

// What a Markdown page links to, and which anchors it has on GitHub.

/** A link or a picture, in Markdown or in HTML. */
export interface Link {
  readonly line: number
  readonly target: string
}

export interface Outline {
  readonly links: readonly Link[]
  readonly anchors: ReadonlySet<string>
}

const attribute = /\s(href|src|srcset|id|name)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi

/** The attributes of HTML that make or take links; comments hold none. */
function attributesIn(html: string): { readonly name: string; readonly value: string }[] {
  return [...html.replace(/<!--[\s\S]*?-->/g, '').matchAll(attribute)].map(
    ([, name = '', double, single]) => ({
      name: name.toLowerCase(),
      value: double ?? single ?? '',
    }),
  )
}

/** `a.svg 1x, b.svg 2x` names two files. */
const sourcesIn = (srcset: string): string[] =>
  srcset.split(',').flatMap((source) => source.trim().split(/\s+/)[0] ?? [])

/** The text of a heading as a reader sees it, from which GitHub makes its anchor. */
function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'html' || token.type === 'image') return ''
      const { tokens: inner, text } = token as { tokens?: Token[]; text?: string }
      return inner ? plainText(inner) : (text ?? '')
    })
    .join('')
}

function targetsOf(token: Token): string[] {
  if (token.type === 'link' || token.type === 'image') return [String(token['href'])]
  if (token.type !== 'html') return []
  return attributesIn(token.raw).flatMap(({ name, value }) => {
    if (name === 'href' || name === 'src') return [value]
    return name === 'srcset' ? sourcesIn(value) : []
  })
}

const linesIn = (text: string): number => text.split('\n').length - 1

/** Reads a page as GitHub does (CommonMark with its extensions). */
export function outlineOf(text: string): Outline {
  const slugger = new GithubSlugger()
  const links: Link[] = []
  const anchors = new Set<string>()
  let line = 1
  for (const block of marked.lexer(text)) {
    // A token has no line number, but the blocks make up the whole page, and links come in the order of their
    // block.
    let from = 0
    marked.walkTokens([block], (token) => {
      if (token.type === 'heading') anchors.add(slugger.slug(plainText(token.tokens ?? [])))
      if (token.type === 'html')
        for (const { name, value } of attributesIn(token.raw))
          if (name === 'id' || name === 'name') anchors.add(value)
      for (const target of targetsOf(token)) {
        const at = block.raw.indexOf(target, from)
        if (at >= 0) from = at
        links.push({ line: line + linesIn(block.raw.slice(0, from)), target })
      }
    })
    line += linesIn(block.raw)
  }
  return { links, anchors }
}
