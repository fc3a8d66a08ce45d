import { Tiktoken } from 'js-tiktoken/lite'
import o200kBase from 'js-tiktoken/ranks/o200k_base'

const encoder = new Tiktoken(o200kBase)

/** The tokens of a text. o200k_base stands in for tokenizers that are not public. */
export const countTokens = (text: string): number => encoder.encode(text, 'all').length
