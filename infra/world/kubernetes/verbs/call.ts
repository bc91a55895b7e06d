import type { ApiRequest } from '../api.ts';
import type { SimulatedCluster } from '../cluster.ts';
import type { Form } from '../http/form.ts';
import type { Resource, Subresource } from '../kinds/kinds.ts';
import type { User } from '../objects.ts';

/** A request that has been understood and permitted. */
export interface Call {
  cluster: SimulatedCluster;
  request: ApiRequest;
  user: User;
  resource: Resource;
  subresource?: Subresource;
  namespace: string | undefined;
  /** The object's; absent for what is asked of all of them. */
  name: string | undefined;
  form: Form;
}
