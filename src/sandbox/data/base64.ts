export const encodeBase64 = (text: string): string => Buffer.from(text).toString('base64')
export const decodeBase64 = (base64: string): string => Buffer.from(base64, 'base64').toString()
