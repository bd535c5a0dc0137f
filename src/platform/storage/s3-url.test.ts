import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../config.ts'
import { parseS3Url } from './s3-url.ts'

test('the address of a bucket says all that is needed', () => {
  expect(parseS3Url('s3://CLE:a%2Fb%2Bc@s3.exemple.fr/artisans')).toEqual({
    endpoint: 'https://s3.exemple.fr',
    region: 'us-east-1',
    accessKeyId: 'CLE',
    secretAccessKey: 'a/b+c',
    bucket: 'artisans',
    prefix: '',
  })
  expect(parseS3Url('s3://a:b@localhost:9000/seau/un/deux/?region=fr-par&tls=off')).toMatchObject({
    endpoint: 'http://localhost:9000',
    region: 'fr-par',
    bucket: 'seau',
    prefix: 'un/deux/',
  })
})

test.each([
  'ftp://a:secret-word@h/seau',
  's3:seau',
  's3://h/seau',
  's3://a@h/seau',
  's3://a:secret-word@h',
  's3://a:secret-word@h/S',
  's3://a:secret-word@h/seau/É',
  's3://a:secret-word@h/seau?tls=no',
  's3://a:secret-word@h/seau?endpoint=x',
  's3://a:secret-word@h/seau#x',
  's3://a:secret-word%@h/seau',
  's3://a:secret-word/+@h/seau',
])('« %s » is refused at the start, without its secret', (url) => {
  const read = () => readConfig({ STORAGE_URL: url })
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(/STORAGE_URL (doit|manque|a un|n’admet)/)
  expect(read).not.toThrow('secret-word')
})
