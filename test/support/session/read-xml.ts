import { readXml } from '../../../src/session/products/xml.ts'

// Runs as a process: reads XML whose CDATA is never closed.

const open = `<a>${'<![CDATA['.repeat(1_800_000)}`
for (const text of [open, `${open}<!DOCTYPE a>`]) await readXml(Buffer.from(text))
