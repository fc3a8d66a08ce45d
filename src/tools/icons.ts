/**
 * Lines on a square of 24 as a data URI, which needs no network; the colour suits light and dark backgrounds.
 */
function toIcon(path: string) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#c33" stroke-width="2"><path d="${path}"/></svg>`
  const src = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
  return [{ src, mimeType: 'image/svg+xml', sizes: ['any'] }]
}

/** A terminal prompt for CAR, a ticked list for SAQ, a shield for tools of both. */
const icons = {
  car: toIcon('M3 4h18v16H3zM7 9l3 3-3 3m5 0h5'),
  saq: toIcon('M4 5l2 2 3-3m3 2h8M4 12l2 2 3-3m3 2h8M4 19l2 2 3-3m3 2h8'),
  qualys: toIcon('M12 2l8 3v7c0 5-4 8-8 10-4-2-8-5-8-10V5z'),
} as const

/** The icon for a name, by the product in it. */
export function iconsOf(name: string) {
  const product = name.split('_')[0]
  return icons[product === 'car' || product === 'saq' ? product : 'qualys']
}
