import type { FastifyRequest } from 'fastify'

/** The file of a form (`multipart/form-data`), or why there is none: missing, or longer than the limit of the form. */
export async function readSentFile(request: FastifyRequest): Promise<Buffer | 'vide' | 'taille'> {
  const part = await request.file()
  if (!part) return 'vide'
  const chunks: Buffer[] = []
  for await (const chunk of part.file as AsyncIterable<Buffer>) chunks.push(chunk)
  if (part.file.truncated) return 'taille'
  const content = Buffer.concat(chunks)
  return content.length === 0 ? 'vide' : content
}
