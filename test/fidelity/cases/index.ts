import type { Cases } from '../play/play.ts';
import { applying } from './applying.ts';
import { collecting } from './collecting.ts';
import { connecting } from './connecting.ts';
import { creating } from './creating.ts';
import { customising } from './customising.ts';
import { deleting } from './deleting.ts';
import { discovering } from './discovering.ts';
import { managing } from './managing.ts';
import { paging } from './paging.ts';
import { patching } from './patching.ts';
import { placing } from './placing.ts';
import { reading } from './reading.ts';
import { refusing } from './refusing.ts';
import { impersonating, permitting, reviewing } from './reviewing.ts';
import { selecting } from './selecting.ts';
import { subresources } from './subresources.ts';
import { trying } from './trying.ts';
import { updating } from './updating.ts';
import { validating } from './validating.ts';
import { versions } from './versions.ts';
import { watching } from './watching.ts';

/** All cases by group; a group is one file of recordings. */
export const groups: Readonly<Record<string, Cases>> = {
  applying,
  collecting,
  connecting,
  creating,
  customising,
  deleting,
  discovering,
  impersonating,
  managing,
  paging,
  patching,
  permitting,
  placing,
  reading,
  refusing,
  reviewing,
  selecting,
  subresources,
  trying,
  updating,
  validating,
  versions,
  watching,
};
