/** Imported lazily by couriers.ts, in one piece: only what is named here then comes into the bundles. */
export { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
