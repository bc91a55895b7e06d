export { type ApiVersion, discovery, type Health, health, type KubeVersion, version } from './about.ts';
export type { Asked, KubeAccess, KubeAnswer, KubeConnection, KubeRequest, KubeStream } from './access.ts';
export { asked, type CallOptions } from './asked.ts';
export { type ConnectOptions, connect, type KubePorts } from './connect.ts';
export { type ConnectionKey, Connections } from './connections.ts';
export { type Count, countOf } from './countOf.ts';
export { type KubernetesCode, kubernetesErrors } from './errors.ts';
export {
  applyObject,
  createObject,
  type DeleteOptions,
  deleteObject,
  getObject,
  type KubeObject,
  type ObjectsPage,
  objectsPage,
  type PageRequest,
  patchObject,
  type Selection,
} from './objects.ts';
export { pathOf, type Resource } from './pathOf.ts';
export { problemOf } from './problemOf.ts';
export { type GivenToken, requestToken } from './requestToken.ts';
export { type Attempt, type Identity, may, whoAmI } from './reviews.ts';
export { type TablePage, type TableRequest, tableRows } from './tableRows.ts';
