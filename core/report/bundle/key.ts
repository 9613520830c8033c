import { generateKeyPairSync } from 'node:crypto';
import { fingerprintOf } from './make.ts';

/** A new Ed25519 key as PEM, and the SHA-256 of its public half. */
export function makeKey(): { readonly privateKey: string; readonly publicKey: string; readonly fingerprint: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    fingerprint: fingerprintOf(publicKey),
  };
}
