import type { KubeObject, User } from '../objects.ts';
import {
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
} from './accessReviews.ts';
import type { AuthCluster } from './authCluster.ts';
import { selfSubjectReview, tokenReview } from './identityReviews.ts';
import { tokenRequest } from './tokenRequest.ts';

/** A question put as an object: it is answered, not stored. */
export interface VirtualRequest {
  cluster: AuthCluster;
  user: User;
  body: KubeObject;
  namespace?: string | undefined;
  /** Of the object whose subresource is created. */
  name?: string | undefined;
}

export type VirtualHandler = (request: VirtualRequest) => KubeObject;

/** What `create` of these does, by `GROUP/RESOURCE[/SUBRESOURCE]`. */
export const virtual: Readonly<Record<string, VirtualHandler>> = {
  '/serviceaccounts/token': tokenRequest,
  'authentication.k8s.io/selfsubjectreviews': selfSubjectReview,
  'authentication.k8s.io/tokenreviews': tokenReview,
  'authorization.k8s.io/localsubjectaccessreviews': localSubjectAccessReview,
  'authorization.k8s.io/selfsubjectaccessreviews': selfSubjectAccessReview,
  'authorization.k8s.io/selfsubjectrulesreviews': selfSubjectRulesReview,
  'authorization.k8s.io/subjectaccessreviews': subjectAccessReview,
};
