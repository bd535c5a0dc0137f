import { PGliteClient } from './pglite.ts'

const client = new PGliteClient(process.argv[2]!)
await client.waitReady
await client.close()
process.disconnect()
