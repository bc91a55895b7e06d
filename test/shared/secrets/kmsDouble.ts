import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { decrypt, encrypt } from '../../../shared/secrets/aead.ts';

/**
 * A double of KMS: the JSON protocol of two operations, with real encryption under one key and the context bound to
 * it. It checks neither signatures nor rights.
 */
export async function aKmsDouble(keyId = 'arn:aws:kms:eu-central-1:111122223333:key/test') {
  const key = createHash('sha256').update(keyId).digest();
  const calls: { operation: string; body: Record<string, unknown> }[] = [];
  let fault: { status: number; type: string } | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      calls.push({ operation, body });
      const answer = (status: number, content: unknown) =>
        response
          .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
          .end(JSON.stringify(content));
      if (fault) return answer(fault.status, { __type: fault.type, message: 'on demand' });
      const context = JSON.stringify(body.EncryptionContext);
      if (operation === 'GenerateDataKey') {
        const plain = randomBytes(32);
        const blob = encrypt(key, plain, context);
        return answer(200, {
          KeyId: keyId,
          Plaintext: plain.toString('base64'),
          CiphertextBlob: blob.toString('base64'),
        });
      }
      const plain = decrypt(key, Buffer.from(String(body.CiphertextBlob), 'base64'), context);
      if (!plain || body.KeyId !== keyId) return answer(400, { __type: 'InvalidCiphertextException' });
      return answer(200, { KeyId: keyId, Plaintext: plain.toString('base64') });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    keyId,
    calls,
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    failWith: (status: number, type: string) => {
      fault = { status, type };
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
