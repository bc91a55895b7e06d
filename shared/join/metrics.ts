import { anyText, defineCounter, defineGauge, type Family, matching, oneOf } from '#metrics';
import { accessFamilies } from './access/metrics.ts';
import { stages } from './model.ts';
import { scrapeFamilies } from './scrape/metrics.ts';

const cause = matching(/^(none|[A-Z][A-Z0-9_]*)$/);
const state = oneOf(
  ...['watching', 'waiting', 'joining', 'joined', 'degraded', 'held', 'failed', 'leaving', 'left'],
  ...['paused', 'deleting'],
);
/** Names of memberships, which are unique and never change: as many series as there are memberships. */
const membership = anyText;

export const gauges = {
  byState: defineGauge({
    name: 'drover_memberships',
    help: 'Memberships by state.',
    labels: { state },
  }),
  state: defineGauge({
    name: 'drover_membership_state',
    help: 'Always 1; its labels say in which state a membership is, and what is the matter.',
    labels: { membership, state, cause },
  }),
  stage: defineGauge({
    name: 'drover_membership_stage',
    help: 'Always 1; its label says which stage of the join was done last, or "none".',
    labels: { membership, stage: oneOf('none', ...stages) },
  }),
  attempts: defineGauge({
    name: 'drover_membership_attempts',
    help: 'Tries that failed since somebody last began anew.',
    labels: { membership },
  }),
  joinSeconds: defineGauge({
    name: 'drover_membership_join_seconds',
    help: 'How long the last join took, from its beginning to the member list.',
    labels: { membership },
  }),
  tokenAge: defineGauge({
    name: 'drover_membership_token_age_seconds',
    help: 'How long ago the join token was given or fetched. NeuVector lets one count for an hour unless told otherwise.',
    labels: { membership },
  }),
  lastCheck: defineGauge({
    name: 'drover_membership_last_check_timestamp_seconds',
    help: 'When a membership was last looked at, in seconds since 1970.',
    labels: { membership },
  }),
};

const counters = {
  looks: defineCounter({
    name: 'drover_join_looks_total',
    help: 'Looks at the controllers of memberships, by what became of them: ok, or the stage that failed.',
    labels: { visit: oneOf('step', 'round'), outcome: oneOf('ok', ...stages) },
  }),
  attempts: defineCounter({
    name: 'drover_join_attempts_total',
    help: 'Joins that were sent, by what was answered: done, or the code of what hindered them.',
    labels: { outcome: matching(/^(done|[A-Z][A-Z0-9_]*)$/) },
  }),
  leaves: defineCounter({
    name: 'drover_join_leaves_total',
    help: 'Leaves that were sent, by what was answered.',
    labels: { outcome: matching(/^(done|[A-Z][A-Z0-9_]*)$/) },
  }),
  ghosts: defineCounter({
    name: 'drover_join_ghosts_total',
    help: "Entries under a cluster's own name or address that were looked for at a primary, by what was found.",
    labels: { found: oneOf('cleared', 'none', 'alive', 'unable', 'failed') },
  }),
};

export const joinFamilies: readonly Family[] = [
  ...Object.values(gauges),
  ...Object.values(counters),
  ...accessFamilies,
  ...scrapeFamilies,
];
