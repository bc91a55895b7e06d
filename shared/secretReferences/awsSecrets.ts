import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';

const requestHandler = { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** A client is loaded when the first secret of its kind is asked for: most deployments never need one. */
export class AwsSecrets {
  #parameters: SSMClient | undefined;
  #secrets: SecretsManagerClient | undefined;

  /** Throws the SDK's errors. */
  async parameter(name: string): Promise<string | undefined> {
    const { GetParameterCommand, SSMClient } = await import('./ssm.ts');
    this.#parameters ??= new SSMClient({ requestHandler });
    const asked = new GetParameterCommand({ Name: name, WithDecryption: true });
    return (await this.#parameters.send(asked)).Parameter?.Value;
  }

  /** Throws the SDK's errors. */
  async secret(id: string): Promise<string | undefined> {
    const { GetSecretValueCommand, SecretsManagerClient } = await import('./secretsManager.ts');
    this.#secrets ??= new SecretsManagerClient({ requestHandler });
    return (await this.#secrets.send(new GetSecretValueCommand({ SecretId: id }))).SecretString;
  }
}
