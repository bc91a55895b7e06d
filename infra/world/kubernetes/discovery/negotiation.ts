import { noRepresentation, notAcceptable } from '../status.ts';

/** One clause of an Accept header. */
export interface Clause {
  type: string;
  parameters: Readonly<Record<string, string>>;
}

/** The clauses of an Accept header, the most wanted first. */
export function clauses(accept = ''): readonly Clause[] {
  const read = (accept.trim() || '*/*').split(',').map((clause) => {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    return {
      type: type.toLowerCase(),
      parameters: Object.fromEntries(
        parameters.map((parameter) => {
          const [name = '', value = ''] = parameter.split('=');
          return [name.trim(), value.trim()];
        }),
      ),
    };
  });
  const quality = ({ parameters }: Clause) => Number(parameters.q ?? 1);
  return read.sort((a, b) => quality(b) - quality(a));
}

export const types = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** Routes compare types before who writes the answer looks at their parameters, and refuse in their own words. */
export function requireRoute(accept: string | undefined, produced: readonly string[]): void {
  const isProduced = clauses(accept).some(({ type }) => produced.some((one) => matches(type, one)));
  if (!isProduced) throw noRepresentation(produced);
}

export interface Form {
  isAggregated: boolean;
  isYaml: boolean;
}

/** The first that is wanted and can be given; protobuf cannot. */
export function formOf(accept: string | undefined, hasAggregated: boolean): Form {
  for (const { type, parameters } of clauses(accept)) {
    const isYaml = type === 'application/yaml';
    if (!isYaml && !matches(type, 'application/json')) continue;
    if (parameters.as === undefined) return { isAggregated: false, isYaml };
    if (hasAggregated && isAggregated(parameters)) return { isAggregated: true, isYaml };
  }
  throw notAcceptable(types);
}

const isAggregated = ({ as, g, v }: Clause['parameters']): boolean =>
  as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2';

export const matches = (clause: string, type: string): boolean =>
  clause === type || clause === '*/*' || clause === `${type.split('/')[0]}/*`;
