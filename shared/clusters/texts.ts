import { type Catalogue, sayCauseBy } from '#errors';
import { kubernetesErrors } from '#kubernetes/errors';
import { netErrors } from '#net/errors';
import { clusterErrors } from './errors.ts';
import { syncErrors } from './sync/errors.ts';

/** Of every code that a cluster's state, a step or a warning may carry. */
export const texts: Catalogue = {
  ...netErrors,
  ...kubernetesErrors,
  ...clusterErrors,
  ...syncErrors,
};

/** A cause that was kept, in the language of whoever reads it. */
export const sayCause = sayCauseBy(texts);
