import * as z from 'zod';
import { urlFault } from '../../target/url.ts';
import { checkedText, filePath, NOT_TEXT } from './text.ts';
import { tlsSchema } from './tls.ts';

const text = z.string({ error: NOT_TEXT });
const someText = checkedText((given) => (given === '' ? 'is empty (some text is required)' : undefined));

/** `basic_auth`, with the fields that Prometheus gives it. */
export const basicAuthSchema = z
  .strictObject(
    {
      username: text.describe('user name'),
      username_file: filePath().describe('file that holds it, read at each probe'),
      password: text.describe('password'),
      password_file: filePath().describe('file that holds it, read at each probe'),
    },
    { error: 'is not a map of username and password' },
  )
  .partial();

/** `authorization`, with the fields that Prometheus gives it. */
export const authorizationSchema = z
  .strictObject(
    {
      type: checkedText(typeFault).describe('scheme of the Authorization field; `Bearer` if not given'),
      credentials: someText.describe('what follows the scheme'),
      credentials_file: filePath().describe('file that holds it, read at each probe'),
    },
    { error: 'is not a map of type and credentials' },
  )
  .partial();

/** `oauth2`: the client credentials grant (RFC 6749, 4.4), with the fields that Prometheus gives it. */
export const oauth2Schema = z
  .strictObject(
    {
      client_id: someText.describe('client identifier'),
      client_secret: someText.describe('client secret'),
      client_secret_file: filePath().describe('file that holds it, read at each token request'),
      token_url: checkedText(urlFault).describe('URL of the token server; a token is kept until it expires'),
      scopes: z.array(someText, { error: 'is not a list of scopes' }).describe('requested scopes'),
      endpoint_params: z
        .record(z.string(), text, { error: 'is not a map of form fields' })
        .describe('further form fields of the token request'),
      tls_config: tlsSchema.describe('TLS to the token server'),
    },
    { error: 'is not a map of OAuth2 settings' },
  )
  .partial();

function typeFault(type: string): string | undefined {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(type)) return 'is not a scheme (such as Bearer)';
  return type.toLowerCase() === 'basic' ? 'is not allowed here (use basic_auth)' : undefined;
}
