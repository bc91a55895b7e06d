import { clusterErrors } from '#clusters';
import { type Catalogue, sayCauseBy } from '#errors';
import { kubernetesErrors } from '#kubernetes/errors';
import { netErrors } from '#net/errors';
import { neuvectorErrors } from '#neuvector/errors';
import { secretErrors } from '#secrets/errors';
import { accessErrors } from './access/errors.ts';
import { joinErrors } from './errors.ts';
import { ladderErrors } from './ladder/errors.ts';
import { joinSettingsErrors } from './settings/errors.ts';

/** Of every code that a membership's state, a stage or a warning may carry. */
export const texts: Catalogue = {
  ...netErrors,
  ...kubernetesErrors,
  ...secretErrors,
  // Of a cluster that the way leads through.
  ...clusterErrors,
  ...neuvectorErrors,
  ...accessErrors,
  ...ladderErrors,
  ...joinErrors,
  ...joinSettingsErrors,
};

/** A cause that was kept, in the language of whoever reads it. */
export const sayCause = sayCauseBy(texts);
