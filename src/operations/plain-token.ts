const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i
const hexadecimal = /^(?=\D*\d)[\da-f]{8,64}$/i
const number = /^-?\d{1,40}(?:\.\d{1,20})?$/
/** `a1`, `CAR-1001`, `r2.7`: with a digit, and without a word of five letters. */
const short = /^(?=\D*\d)(?!.*[A-Za-z]{5})[A-Za-z\d]{1,20}(?:[-_.][A-Za-z\d]{1,20}){0,2}$/
/** `APPROVED`, `PARTIALLY_COMPLETED`. */
const state = /^[A-Z][A-Z\d]{0,39}(?:[_-][A-Z\d]{1,39}){0,9}$/
const time =
  /^(?:\d\d:\d\d(?::\d\d)?|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?)$/
const shapes = [number, short, state, uuid, hexadecimal, time, /^(?:true|false)$/]

/** True for the shape of an id, a state or a time: no sentence can be told in it. */
export const isPlainToken = (text: string): boolean => shapes.some((shape) => shape.test(text))
