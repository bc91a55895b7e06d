import { defineCounter, type Family, oneOf } from '#metrics';

export const accessFamilies: readonly Family[] = [
  defineCounter({
    name: 'drover_controller_sign_ins_total',
    help: 'Sign-ins at NeuVector controllers: done, refused, unanswered (they count as refused), or untried.',
    labels: { outcome: oneOf('done', 'refused', 'unanswered', 'untried') },
  }),
];
