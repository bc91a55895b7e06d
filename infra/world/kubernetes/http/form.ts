import { StatusError } from '../status.ts';

/** In which form an object, a list or an event is to be answered. */
export interface Form {
  as: 'object' | 'Table' | 'PartialObjectMetadata';
  /** Of the Table or metadata: `v1` or `v1beta1`. */
  version: string;
  isYaml: boolean;
}

const plain: Form = { as: 'object', version: 'v1', isYaml: false };

/** The first of the client's wishes that can be met: the server keeps to their order, not to `q`. */
export function formOf(accept: string | undefined): Form {
  if (!accept) return plain;
  for (const wish of accept.split(',')) {
    const [type, ...rest] = wish.split(';').map((part) => part.trim());
    const parameters = new Map(rest.map((one) => one.split('=', 2) as [string, string]));
    const isYaml = type === 'application/yaml';
    if (!isYaml && type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const as = parameters.get('as');
    if (as === undefined) return { ...plain, isYaml };
    const version = parameters.get('v') ?? '';
    const kind =
      as === 'Table' ? as : as.startsWith('PartialObjectMetadata') ? 'PartialObjectMetadata' : undefined;
    if (kind && parameters.get('g') === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1'))
      return { as: kind, version, isYaml };
  }
  throw new StatusError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
  );
}
