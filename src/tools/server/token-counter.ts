/** Makes a token counter; loaded only when needed, since its table is large. */
export async function tokenCounter(): Promise<(text: string) => number> {
  const [{ Tiktoken }, { default: ranks }] = await Promise.all([
    import('js-tiktoken/lite'),
    import('js-tiktoken/ranks/o200k_base'),
  ])
  const encoder = new Tiktoken(ranks)
  return (text) => encoder.encode(text, 'all').length
}
