import { X509Certificate } from 'node:crypto';
import { certificateAuthority, issue } from '../support/certificates.ts';
import { replaceFile } from './replace-file.ts';

/** The web config of the exporter, whose certificate is replaced now and then. */
export type WebCertificate = {
  readonly configFile: string;
  /** What its certificates are verified against. */
  readonly ca: string;
  /** The serial number of the certificate in the file. */
  readonly serial: string;
  replace(): Promise<void>;
};

/** Makes a web config with its files in a folder. */
export async function webCertificate(folder: string): Promise<WebCertificate> {
  const root = await certificateAuthority();
  const files = { cert_file: 'web.pem', key_file: 'web.key' };
  const made = {
    configFile: await replaceFile(folder, 'web.yml', JSON.stringify({ tls_server_config: files })),
    ca: root.certPem,
    serial: '',
    async replace() {
      const { certPem, keyPem } = await issue({ by: root });
      await replaceFile(folder, files.cert_file, certPem);
      await replaceFile(folder, files.key_file, keyPem);
      made.serial = new X509Certificate(certPem).serialNumber;
    },
  };
  await made.replace();
  return made;
}
