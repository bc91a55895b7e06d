/** Imported lazily by awsSecrets.ts, in one piece: only what is named here then comes into the bundles. */
export { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
