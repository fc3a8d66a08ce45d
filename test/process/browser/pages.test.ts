import { afterAll, beforeAll, expect } from 'vitest'
import { accessibilityFaults } from '../../support/browser/accessibility.ts'
import { chromiumPath } from '../../support/browser/chromium.ts'
import { browserTest as test } from '../../support/browser/fixtures.ts'
import { takePicture, views } from '../../support/browser/profile.ts'
import { type Site, serveSite } from '../../support/browser/site.ts'

// What the tests of the approval page would not notice if it were broken: that faults of a page are found.

const page = (body: string): string =>
  `<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,"><style>
  body { margin: 8px; color: #222; background: #fff; transition: color 30s }
  @media (prefers-color-scheme: dark) { body { color: #eee; background: #222 } }
  </style><main><h1>A page</h1>${body}</main></html>`

const strict = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:" }

let site: Site
let closed: Site
beforeAll(async () => {
  site = await serveSite({
    '/clean': page('<p style="height: 1000px">Some text.</p>'),
    '/pale': page('<p style="color: #bbb; background: #fff">Some text.</p><img src="data:,">'),
    '/outside': page(
      '<img alt="" src="http://images.example/a.png"><img alt="" src="http://127.0.0.1:1/b.png">',
    ),
    '/broken': page('<script>console.error("one"); setTimeout(() => { throw new Error("two") })</script>'),
  })
  closed = await serveSite({ '/closed': page('<script src="http://scripts.example/a.js"></script>') }, strict)
})
afterAll(() => Promise.all([site.close(), closed.close()]))

test('a clean page has no faults in any view, and a picture of each', async ({ open }) => {
  const pictures = new Set<string>()
  for (const view of Object.values(views)) {
    const { page, traffic } = await open({ view })
    await page.goto(`${site.origin}/clean`)
    expect(await accessibilityFaults(page)).toEqual([])
    const picture = await takePicture(page)
    expect(picture).toEqual(await takePicture(page))
    pictures.add(picture.toString('base64'))
    // The header of a PNG: width and height. The page is higher than the window.
    expect(picture.readUInt32BE(16)).toBe(view.width)
    expect(picture.readUInt32BE(20)).toBeGreaterThan(1000)
    expect(traffic.requests).toEqual([`${site.origin}/clean`])
    expect(traffic.outside(site.origin)).toEqual([])
    expect(traffic.errors).toEqual([])
  }
  expect(pictures.size).toBe(3)
})

test('pale text and a picture without words are found', async ({ open }) => {
  const { page } = await open()
  await page.goto(`${site.origin}/pale`)
  expect(await accessibilityFaults(page)).toEqual([
    expect.stringMatching(/^color-contrast: .+\(p\)$/),
    expect.stringMatching(/^image-alt: .+\(img\)$/),
  ])
})

test('requests to other origins are seen, also those that a policy stops', async ({ open }) => {
  const { page, traffic } = await open()
  await page.goto(`${site.origin}/outside`)
  const outside = ['http://images.example/a.png', 'http://127.0.0.1:1/b.png']
  expect(traffic.outside(site.origin)).toEqual(outside)
  await page.goto(`${closed.origin}/closed`)
  expect(traffic.outside(site.origin)).toContain(`${closed.origin}/closed`)
  expect(traffic.outside(closed.origin)).toContain('http://scripts.example/a.js')
  await expect.poll(() => traffic.errors.join()).toContain('Content Security Policy')
})

test('errors on the console and errors that nothing caught are seen', async ({ open }) => {
  const { page, traffic } = await open()
  await page.goto(`${site.origin}/broken`)
  await expect.poll(() => traffic.errors).toHaveLength(2)
  expect(traffic.errors[0]).toContain('one')
  expect(traffic.errors[1]).toContain('two')
  const silent = await open({ javaScript: false })
  await silent.page.goto(`${site.origin}/broken`)
  expect(silent.traffic.errors).toEqual([])
})

test('without Chromium, one sentence says how to install it', () => {
  expect(() => chromiumPath({ CHROMIUM_PATH: '/nowhere/chromium' })).toThrow(
    /^There is no Chromium at \/nowhere\/chromium: run "sudo apt-get install chromium fonts-dejavu-core"/,
  )
})
