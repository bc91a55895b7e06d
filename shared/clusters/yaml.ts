/** What reads or writes YAML, whose parser is a tenth of a cold start: to be loaded when it is needed. */
export { accessManifest, missingManifest, subjectOf } from './accessManifest/accessManifest.ts';
export { readContexts } from './kubeconfig/readKubeconfig.ts';
