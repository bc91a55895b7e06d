import { numberOf } from '../fields.ts';
import type { Family } from './family.ts';

const path = '/v1/debug/admission_stats';

export const admission: Family = {
  name: 'nv_admission',
  officialHelp: 'Debug admission stats of',
  officialType: 'gauge',
  help: {
    nv_admission_allowed: 'Requests of Kubernetes that admission control let through.',
    nv_admission_denied: 'Requests of Kubernetes that admission control refused.',
  },
  async read({ ask, samples, target }) {
    const told = await ask.one(path, 'stats');
    samples.add('nv_admission_allowed', { target }, numberOf(told.k8s_allowed_requests), path);
    samples.add('nv_admission_denied', { target }, numberOf(told.k8s_denied_requests), path);
  },
};
