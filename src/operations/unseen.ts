/**
 * Characters that draw nothing, for the inside of a class of a regular expression with the flag u. Operations do not
 * know `shared/`: a test compares this with the rule there.
 */
export const unseen =
  '\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Cs}\\p{Co}\\p{Noncharacter_Code_Point}\\p{Zl}\\p{Zp}\\u2800\\u{1d159}\\u{16fe4}'
