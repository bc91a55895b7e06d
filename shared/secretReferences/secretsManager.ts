/** Imported lazily by awsSecrets.ts, in one piece: only what is named here then comes into the bundles. */
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
