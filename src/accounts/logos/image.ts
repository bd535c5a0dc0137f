import type { LogoRefusal } from './model.ts'

const pixels = 40_000_000
const longestSide = 512
const seconds = 10

/** By its first bytes: sharp would read many others, SVG among them, which can call for other files. */
function isAccepted(content: Buffer): boolean {
  const head = content.subarray(0, 12).toString('latin1')
  return head.startsWith('\x89PNG\r\n\x1a\n') || head.startsWith('\xff\xd8\xff') || /^RIFF[^]{4}WEBP$/.test(head)
}

/**
 * Makes a logo of an image: WebP of 512 pixels at most, upright, without what a camera or a program wrote in it.
 * @returns the image, or why it is refused
 */
export async function makeLogo(content: Buffer): Promise<Buffer | LogoRefusal> {
  if (!isAccepted(content)) return 'format'
  // Loaded only here: the library takes memory for as long as the program runs.
  const { default: sharp } = await import('sharp')
  try {
    return await sharp(content, { limitInputPixels: pixels, failOn: 'error' })
      .autoOrient()
      .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 90 })
      .timeout({ seconds })
      .toBuffer()
  } catch {
    return 'image'
  }
}
