// The name this file had: for tests that still ask for it.
export { type Content, element, type XmlElement, xmlText } from './xml-writer.ts'
