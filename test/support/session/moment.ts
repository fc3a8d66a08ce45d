/** Something that will happen once. */
export function moment(): { readonly come: Promise<void>; readonly now: () => void } {
  let now = (): void => undefined
  const come = new Promise<void>((resolve) => {
    now = resolve
  })
  return { come, now: () => now() }
}
