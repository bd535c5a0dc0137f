export interface S3Place {
  /** `https://host:port` */
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  bucket: string
  /** What precedes every key in the bucket: empty, or ends with a slash. */
  prefix: string
}

const form = 's3://ACCÈS:SECRET@hôte[:port]/seau[/préfixe][?region=…][&tls=off]'
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const prefixName = /^([a-z0-9][a-z0-9._-]*\/)*$/

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('a un identifiant ou un secret mal codé : / s’écrit %2F, + %2B et % %25')
  }
}

/**
 * Reads STORAGE_URL; whatever in the secret is no letter or digit is percent-encoded.
 * @throws {Error} whose message, in French, says what is wrong without what is secret
 */
export function parseS3Url(text: string): S3Place {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 's3:' || url.hostname === '' || url.hash !== '') throw new Error(`doit être ${form}`)
  const [bucket = '', ...folders] = url.pathname.split('/').filter(Boolean)
  const prefix = folders.map((folder) => `${folder}/`).join('')
  if (url.username === '' || url.password === '') throw new Error(`manque l’identifiant ou le secret : ${form}`)
  if (!bucketName.test(bucket)) throw new Error(`manque le nom du seau (bucket), ou il est faux : ${form}`)
  if (!prefixName.test(prefix)) throw new Error('a un préfixe qui contient autre chose que a-z 0-9 . _ - /')
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'region' && name !== 'tls')
  const tls = url.searchParams.get('tls') ?? 'on'
  if (unknown !== undefined || !['on', 'off'].includes(tls)) throw new Error('n’admet que region=… et tls=on|off')
  return {
    endpoint: `${tls === 'on' ? 'https' : 'http'}://${url.host}`,
    region: url.searchParams.get('region') || 'us-east-1',
    accessKeyId: decode(url.username),
    secretAccessKey: decode(url.password),
    bucket,
    prefix,
  }
}
