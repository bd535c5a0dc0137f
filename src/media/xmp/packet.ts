import { licenceUrls, type Rights } from '../model.ts'

const escape = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)
// What XML 1.0 cannot hold.
const plain = (text: string) => escape(text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''))

const namespaces = {
  dc: 'http://purl.org/dc/elements/1.1/',
  cc: 'http://creativecommons.org/ns#',
  xmpRights: 'http://ns.adobe.com/xap/1.0/rights/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
}

const list = (name: string, container: 'Seq' | 'Bag', values: string[]) => {
  const kept = values.filter((value) => value !== '')
  if (kept.length === 0) return ''
  return `<${name}><rdf:${container}>${kept.map((value) => `<rdf:li>${plain(value)}</rdf:li>`).join('')}</rdf:${container}></${name}>`
}

/** A text by language; the French one is also the default. */
function languages(name: string, fr: string, en: string): string {
  const texts = [
    ['x-default', fr || en],
    ['fr', fr],
    ['en', en],
  ].filter(([, text]) => text !== '')
  if (texts.length === 0) return ''
  const items = texts.map(([lang, text]) => `<rdf:li xml:lang="${lang}">${plain(text!)}</rdf:li>`)
  return `<${name}><rdf:Alt>${items.join('')}</rdf:Alt></${name}>`
}

/** What may be done with a file, in words (IPTC: usage terms, French then English). */
const terms: Record<Rights['licence'], [fr: string, en: string]> = {
  'none-yet': ['', ''],
  'all-rights-reserved': ['Tous droits réservés', 'All rights reserved'],
  'cc-by': ['Creative Commons Attribution 4.0', 'Creative Commons Attribution 4.0'],
  'cc-by-sa': [
    'Creative Commons Attribution – Partage dans les mêmes conditions 4.0',
    'Creative Commons Attribution-ShareAlike 4.0',
  ],
  'licence-ouverte': ['Licence Ouverte 2.0 (Etalab)', 'Licence Ouverte 2.0 (Etalab)'],
  cc0: ['Creative Commons Zéro 1.0 : libre de tout droit', 'Creative Commons Zero 1.0: no rights reserved'],
}

/**
 * The rights of a file as an XMP packet (ISO 16684-1), to travel inside its copies: Dublin Core, XMP Rights, Creative
 * Commons REL, IPTC. Null when nothing is known of them yet.
 */
export function xmpPacket(rights: Rights): string | null {
  const { author, credit, licence, captionFr, captionEn, altFr, altEn } = rights
  const [termsFr, termsEn] = terms[licence]
  const url = licenceUrls[licence]
  const properties = [
    list('dc:creator', 'Seq', [author]),
    languages('dc:rights', [author && `© ${author}`, termsFr].filter(Boolean).join(' · '), ''),
    languages('dc:description', captionFr, captionEn),
    languages('xmpRights:UsageTerms', termsFr, termsEn),
    licence === 'none-yet' ? '' : `<xmpRights:Marked>${licence === 'cc0' ? 'False' : 'True'}</xmpRights:Marked>`,
    url
      ? `<xmpRights:WebStatement>${plain(url)}</xmpRights:WebStatement><cc:license rdf:resource="${plain(url)}"/>`
      : '',
    // The maker of the picture is its creator; the person whose gesture it shows is the one who is seen.
    credit ? `<photoshop:Credit>${plain(credit)}</photoshop:Credit>` : '',
    list('Iptc4xmpExt:PersonInImage', 'Bag', [credit]),
    languages('Iptc4xmpCore:AltTextAccessibility', altFr, altEn),
  ].join('')
  if (properties === '') return null
  const declared = Object.entries({ ...namespaces, Iptc4xmpCore: 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/' })
    .map(([prefix, address]) => `xmlns:${prefix}="${address}"`)
    .join(' ')
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${declared}>${properties}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
}
