import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ApiRequest } from '../kubernetes/api.ts';
import { certificateUser } from '../kubernetes/auth/index.ts';

/**
 * Who the client certificate names. A foreign or expired one is no failure of the connection: a real API server asks
 * for a certificate, takes any, and leaves it to authentication to refuse it.
 */
export function presented(socket: Socket): Pick<ApiRequest, 'certificateUser' | 'certificateFault'> {
  if (!(socket instanceof TLSSocket)) return {};
  const certificate = socket.getPeerCertificate();
  if (!certificate.subject) return {};
  if (!socket.authorized) return { certificateFault: String(socket.authorizationError) };
  const user = certificateUser(certificate);
  return user ? { certificateUser: user } : {};
}
