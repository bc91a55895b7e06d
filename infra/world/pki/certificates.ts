import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Instant } from '#time';
import {
  bits,
  type Der,
  integer,
  objectId,
  octets,
  sequence,
  setOf,
  tagged,
  time,
  utf8,
  wrapped,
  yes,
} from './der.ts';

/** A certificate and its private key (PKCS #8), both in PEM. */
export interface Certified {
  readonly certPem: string;
  readonly keyPem: string;
}

/** From the first instant to the last, to the second. */
export interface Validity {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/** A certificate authority that signs itself: EC P-256, as is everything it signs. */
export function createCa(given: Validity & { readonly commonName: string }): Certified {
  const key = newKey();
  const name = nameOf(given.commonName);
  return certify(key, { key, name }, name, given, [
    critical(id.basicConstraints, sequence(yes)),
    // Signing certificates and lists of those withdrawn: bits 5 and 6.
    critical(id.keyUsage, bits(Buffer.from([0b0000_0110]), 1)),
  ]);
}

/** `names` are DNS names and addresses; a client checks these and not the common name, which is the first of them. */
export function serverCertificate(
  ca: Certified,
  given: Validity & { readonly names: readonly [string, ...string[]] },
): Certified {
  return leaf(ca, nameOf(given.names[0]), given, serverUse(given.names));
}

/** Signed by itself and no CA, as a server makes one that was given none. */
export function selfSignedCertificate(
  given: Validity & { readonly names: readonly [string, ...string[]] },
): Certified {
  const key = newKey();
  const name = nameOf(given.names[0]);
  return certify(key, { key, name }, name, given, [...serverUse(given.names), digitalSignature]);
}

/** Kubernetes takes the common name as the user and the organizations as the groups. */
export function clientCertificate(
  ca: Certified,
  given: Validity & { readonly commonName: string; readonly organizations?: readonly string[] },
): Certified {
  return leaf(ca, nameOf(given.commonName, given.organizations), given, [
    extension(id.extendedKeyUsage, sequence(id.clientAuth)),
  ]);
}

interface Issuer {
  readonly key: KeyObject;
  readonly name: Der;
}

const id = {
  commonName: objectId('2.5.4.3'),
  organization: objectId('2.5.4.10'),
  ecdsaWithSha256: objectId('1.2.840.10045.4.3.2'),
  subjectKeyIdentifier: objectId('2.5.29.14'),
  keyUsage: objectId('2.5.29.15'),
  subjectAltName: objectId('2.5.29.17'),
  basicConstraints: objectId('2.5.29.19'),
  authorityKeyIdentifier: objectId('2.5.29.35'),
  extendedKeyUsage: objectId('2.5.29.37'),
  serverAuth: objectId('1.3.6.1.5.5.7.3.1'),
  clientAuth: objectId('1.3.6.1.5.5.7.3.2'),
};

function leaf(ca: Certified, name: Der, validity: Validity, extensions: readonly Der[]): Certified {
  const issuer = {
    key: createPrivateKey(ca.keyPem),
    // Those of createCa have a common name and nothing else.
    name: nameOf(new X509Certificate(ca.certPem).toLegacyObject().subject.CN as string),
  };
  return certify(newKey(), issuer, name, validity, [
    ...extensions,
    digitalSignature,
    extension(id.authorityKeyIdentifier, sequence(tagged(0, keyIdentifier(issuer.key)))),
  ]);
}

function certify(
  key: KeyObject,
  issuer: Issuer,
  subject: Der,
  { notBefore, notAfter }: Validity,
  extensions: readonly Der[],
): Certified {
  const signature = sequence(id.ecdsaWithSha256);
  const content = sequence(
    wrapped(0, integer(Buffer.from([2]))), // version 3
    integer(randomBytes(16)),
    signature,
    issuer.name,
    sequence(time(notBefore), time(notAfter)),
    subject,
    publicKeyInfo(key),
    wrapped(3, sequence(...extensions, extension(id.subjectKeyIdentifier, octets(keyIdentifier(key))))),
  );
  const certificate = sequence(content, signature, bits(sign('sha256', content, issuer.key)));
  return {
    certPem: new X509Certificate(certificate).toString(),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const publicKeyInfo = (key: KeyObject): Der => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** By custom the SHA-1 of the public key's bits, which for P-256 are the last 65 bytes; it names, and secures nothing. */
const keyIdentifier = (key: KeyObject): Buffer =>
  createHash('sha1').update(publicKeyInfo(key).subarray(-65)).digest();

function nameOf(commonName: string, organizations: readonly string[] = []): Der {
  const attribute = (type: Der, value: string) => setOf(sequence(type, utf8(value)));
  return sequence(
    ...organizations.map((organization) => attribute(id.organization, organization)),
    attribute(id.commonName, commonName),
  );
}

const generalName = (name: string): Der =>
  isIP(name) ? tagged(7, Buffer.from(ipaddr.parse(name).toByteArray())) : tagged(2, Buffer.from(name));

const extension = (type: Der, value: Der): Der => sequence(type, octets(value));
const critical = (type: Der, value: Der): Der => sequence(type, yes, octets(value));

const serverUse = (names: readonly string[]): readonly Der[] => [
  extension(id.extendedKeyUsage, sequence(id.serverAuth)),
  extension(id.subjectAltName, sequence(...names.map(generalName))),
];

/** Bit 0. */
const digitalSignature = critical(id.keyUsage, bits(Buffer.from([0b1000_0000]), 7));
