declare module 'edtf' {
  /** A parsed date of EDTF level 0 to 2; `edtf` is its normal form. */
  interface Extended {
    edtf: string
  }
  /** @throws {Error} when the text is not EDTF */
  export default function edtf(text: string): Extended
}
