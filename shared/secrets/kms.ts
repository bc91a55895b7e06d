import type { KMSClient } from '@aws-sdk/client-kms';
import { secretError } from './errors.ts';
import type { KeyKeeper } from './wrapping.ts';

/** Wrapping keys in KMS. The SDK is loaded when the first key is asked for: most calls never need one. */
export function kmsKeys(keyId: string): KeyKeeper {
  let loaded: Promise<{ sdk: typeof import('@aws-sdk/client-kms'); client: KMSClient }> | undefined;
  const load = () => {
    loaded ??= import('@aws-sdk/client-kms').then((sdk) => ({
      sdk,
      client: new sdk.KMSClient({
        requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
      }),
    }));
    return loaded;
  };
  return {
    async newDataKey(scope) {
      const { sdk, client } = await load();
      const command = new sdk.GenerateDataKeyCommand({
        KeyId: keyId,
        KeySpec: 'AES_256',
        EncryptionContext: contextOf(scope),
      });
      const answer = await answered('GenerateDataKey', client.send(command));
      return {
        plain: bytes('GenerateDataKey', answer.Plaintext),
        wrapped: bytes('GenerateDataKey', answer.CiphertextBlob),
        by: answer.KeyId ?? keyId,
      };
    },
    async unwrap(wrapped, by, scope) {
      const { sdk, client } = await load();
      const command = new sdk.DecryptCommand({
        CiphertextBlob: wrapped,
        // Named, so that KMS refuses a blob of any other key.
        KeyId: by,
        EncryptionContext: contextOf(scope),
      });
      return bytes('Decrypt', (await answered('Decrypt', client.send(command))).Plaintext);
    },
  };
}

const contextOf = (scope: string) => ({ 'drover:scope': scope });

async function answered<T>(operation: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode ?? 0;
    const isRefusal = status >= 400 && status < 500 && name !== 'ThrottlingException';
    throw secretError(
      isRefusal ? 'KEY_SERVICE_REFUSED' : 'KEY_SERVICE_UNANSWERED',
      {
        operation,
        reason: name ?? 'unknown',
      },
      { cause: error },
    );
  }
}

function bytes(operation: string, value: Uint8Array | undefined): Uint8Array {
  if (value) return value;
  throw secretError('KEY_SERVICE_UNANSWERED', { operation, reason: 'empty' });
}
