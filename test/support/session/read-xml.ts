import { readXml } from '../../../src/session/products/xml.ts'

// Run as a process of its own: reads XML whose CDATA is never closed.

const open = `<a>${'<![CDATA['.repeat(1_800_000)}`
for (const text of [open, `${open}<!DOCTYPE a>`]) readXml(Buffer.from(text))
