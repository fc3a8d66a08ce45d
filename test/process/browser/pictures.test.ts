import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { drawPictures, type PicturedPage, stalePictures } from '../../programs/docs/page-pictures.ts'

// The pictures of pages in the documentation (npm run docs): which of them are out of date.

const folder = mkdtempSync(join(tmpdir(), 'qualys-pictures-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pictured = (body: string, css: string): PicturedPage => ({
  name: 'notice',
  origin: 'http://localhost:8765',
  path: '/notice',
  files: {
    '/notice': {
      type: 'text/html; charset=utf-8',
      body: `<!doctype html><link rel="stylesheet" href="/page.css"><p>${body}`,
    },
    '/page.css': { type: 'text/css', body: css },
  },
})

test('pictures are stale when page or style changed, or when a picture was changed by hand', async () => {
  const page = pictured('Approve?', 'p { color: green }')
  const names = ['notice-light.png', 'notice-dark.png', 'notice-narrow.png']
  expect(stalePictures(page, folder)).toEqual(names)
  await drawPictures(page, folder)
  expect(stalePictures(page, folder)).toEqual([])
  expect(stalePictures(pictured('Approve it?', 'p { color: green }'), folder)).toEqual(names)
  expect(stalePictures(pictured('Approve?', 'p { color: red }'), folder)).toEqual(names)
  expect(stalePictures({ ...page, name: 'other' }, folder)).toHaveLength(3)

  const picture = join(folder, 'notice-dark.png')
  const data = readFileSync(picture)
  writeFileSync(picture, Buffer.concat([data, Buffer.of(0)]))
  expect(stalePictures(page, folder)).toEqual(['notice-dark.png'])
  writeFileSync(picture, data)
  expect(stalePictures(page, folder)).toEqual([])
})

test('a page that asks for more than its files is not drawn', async () => {
  const page = pictured('<img src="/logo.png">', 'p { color: green }')
  await expect(drawPictures({ ...page, name: 'other' }, folder)).rejects.toThrow('/logo.png')
  expect(stalePictures(page, folder)).toHaveLength(3)
})
